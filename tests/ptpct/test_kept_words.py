"""Words that are kept are those the catalogues have, and no more of them than there is room for."""

from django.utils import translation
from django.utils.translation import gettext, pgettext, trans_real

from ptpct import kept_words
from ptpct.kept_words import KeptTranslation

TEXTS = ["Yes", "Delete", "May", "Processi & rischi", "Funzione\r\nistituzionale", "", "%(n)d"]


def test_a_text_is_said_as_djangos_own_catalogues_say_it(monkeypatch):
    monkeypatch.setattr(kept_words, "MOST_KEPT", 3)
    kept, own = trans_real.DjangoTranslation("it"), trans_real.DjangoTranslation("it")
    kept.__class__, kept._said = KeptTranslation, {}

    for _again in range(2):
        assert [kept.gettext(text) for text in TEXTS] == [own.gettext(text) for text in TEXTS]
    assert kept.gettext("Delete") != "Delete"
    assert len(kept._said) == 3


def test_the_site_keeps_its_words_and_whoever_turns_them_off_has_none():
    said = gettext("Delete"), pgettext("naming people", "%(person)s"), gettext("")

    assert isinstance(trans_real.translation("it"), KeptTranslation)
    assert said == ("Cancella", "%(person)s", "")
    with translation.override(None):
        assert gettext("Delete") == "Delete"
    assert gettext("Delete") == "Cancella"
