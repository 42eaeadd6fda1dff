"""Fields of forms are written as Django's templates of them do, to the last character."""

from datetime import date

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.forms.renderers import get_default_renderer as renderer_of_the_house
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from ptpct.widgets import WidgetRenderer

CHOICES = [
    ("", "—"),
    ("1", "D’Amico & <figli>"),
    (1234, 1234),
    ("Gruppo «a»", [("2", mark_safe("<b>due</b>")), ("3", gettext_lazy("tre"))]),
]
ATTRIBUTES = {"id": "id_1", "class": 'a "b"', "required": True, "disabled": False, "rows": 3}
WIDGETS = [
    (forms.TextInput(), 'Via «Roma» & "co" <1>'),
    (forms.TextInput(), None),
    (forms.TextInput(), mark_safe("a&amp;b")),
    (forms.TextInput(), 12345),
    (forms.HiddenInput(), ""),
    (forms.NumberInput(), 1234.5),
    (forms.EmailInput(), "a@esempio.example"),
    (forms.URLInput(), "https://esempio.example/?a=1&b=2"),
    (forms.DateInput(), date(2026, 11, 28)),
    (forms.PasswordInput(render_value=False), "segreta"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.Textarea(), "riga\n<b>seconda</b> & terza"),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), "1"),
    (forms.Select(choices=CHOICES), 1234),
    (forms.NullBooleanSelect(), True),
    (forms.SelectMultiple(choices=CHOICES), ["1", "3"]),
    (forms.RadioSelect(choices=CHOICES), "3"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["2"]),
    (forms.ClearableFileInput(), None),
    (forms.SplitDateTimeWidget(), None),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("attributes", [{}, ATTRIBUTES], ids=["bare", "attributes"])
def test_a_field_is_what_its_template_says(widget, value, attributes):
    written = widget.render("campo", value, attributes, renderer=WidgetRenderer())

    assert written == widget.render("campo", value, attributes, renderer=DjangoTemplates())


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_one_of_several_buttons_is_what_its_template_says(kind):
    class Form(forms.Form):
        what = forms.MultipleChoiceField(choices=CHOICES, widget=kind)

    def buttons(renderer):
        return [(one.tag(), str(one)) for one in Form(renderer=renderer)["what"]]

    assert buttons(WidgetRenderer()) == buttons(DjangoTemplates())


def test_a_list_whose_options_have_a_template_of_their_own_is_left_to_it():
    class Marked(forms.Select):
        option_template_name = "django/forms/widgets/radio_option.html"

    widget = Marked(choices=CHOICES)

    assert 'type="' not in forms.Select(choices=CHOICES).render("a", "1")
    assert widget.render("a", "1", renderer=WidgetRenderer()) == widget.render(
        "a", "1", renderer=DjangoTemplates()
    )


def test_no_choice_is_one_dash_and_not_nine():
    chosen = forms.Select(choices=[*BLANK_CHOICE_DASH, ("1", "uno")])

    assert ">—</option>" in chosen.render("a", "")
    assert "---" not in chosen.render("a", "")


def test_the_forms_of_the_site_are_written_so():
    assert isinstance(renderer_of_the_house(), WidgetRenderer)
