"""Words are looked up when a template is loaded, and say what Django's own tags say."""

import pytest
from django.core.checks import run_checks
from django.template import Context, Engine, engines
from django.test import override_settings
from django.utils import translation
from django.utils.safestring import mark_safe

from ptpct.kept_words import keep_words

LIBRARIES = ("ptpct.wording", "django.templatetags.i18n")
VALUES = {
    "office": "Ufficio <gare> & contratti",
    "safe": mark_safe("<b>grassetto</b>"),
    "count": 1234,
    "row": {"name": "Riga d’esempio"},
}
TEMPLATES = [
    '{% translate "Vai al contenuto" %}',
    '{% translate "L’attività è <b>svolta</b> & \\"chiusa\\" al 100 %" %}',
    '{% translate "Perché no?" as why %}[{{ why }}]',
    "{% translate office %}",
    '{% translate "detto"|upper %}',
    '{% translate "No" context "risposta" %}',
    '{% translate "Yes" %} {% translate "Please enter a valid date." noop %}',
    "{% blocktranslate %}Ufficio {{ office }}: {{ safe }} {{ count }}{% endblocktranslate %}",
    "{% blocktranslate with a=row.name trimmed %}\n  Riga\n  {{ a }}\n{% endblocktranslate %}",
    "{% blocktranslate with office=row.name %}{{ office }}{% endblocktranslate %}{{ office }}",
    "{% blocktranslate asvar said %}di {{ office }}{% endblocktranslate %}[{{ said }}]",
    "{% blocktranslate %}manca {{ nobody }}, {{ row.name }}{% endblocktranslate %}",
    "{% blocktranslate %}al 100 % di {{ office }}{% endblocktranslate %}",
    "{% blocktranslate count count=count %}una{% plural %}{{ count }} righe{% endblocktranslate %}",
    "{% autoescape off %}{% blocktrans %}{{ office }}{% endblocktrans %}{% endautoescape %}",
    '{% trans "Vecchio nome" %} {% blocktrans %}anche {{ office }}{% endblocktrans %}',
]


def said(library: str, text: str) -> str:
    engine = Engine(libraries={"i18n": library})
    return engine.from_string("{% load i18n %}" + text).render(Context(VALUES))


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_text_says_what_it_says_by_the_tags_of_django(text):
    ours, theirs = (said(library, text) for library in LIBRARIES)

    assert ours == theirs


YES = "{% load i18n %}{% translate 'Yes' %} {% blocktranslate %}Yes{% endblocktranslate %}"


def test_words_are_looked_up_when_the_template_is_loaded():
    template = Engine(libraries={"i18n": LIBRARIES[0]}).from_string(YES)

    with translation.override("de"):
        assert template.render(Context()) == "Sì Sì"


@pytest.fixture
def _two_languages():
    """The site with a second language; Django throws its words away before and after."""
    with override_settings(LANGUAGES=[("it", "Italiano"), ("de", "Deutsch")]):
        yield
    keep_words()


@pytest.mark.usefixtures("_two_languages")
def test_with_a_second_language_they_follow_whoever_asks():
    template = Engine(libraries={"i18n": LIBRARIES[0]}).from_string(YES)

    with translation.override("de"):
        assert template.render(Context()) == "Ja Ja"
    with translation.override("it"):
        assert template.render(Context()) == "Sì Sì"


def test_no_command_warns_of_them():
    assert [message for message in run_checks() if not message.is_silenced()] == []


def test_the_templates_of_the_site_are_loaded_so():
    assert engines["django"].engine.libraries["i18n"] == LIBRARIES[0]
