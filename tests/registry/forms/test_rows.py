"""A form of one row: it saves, it asks when somebody else was faster, it obeys the answer."""

import pytest
from model_bakery import baker

from registry import presence
from registry.forms.rows import RowForm
from registry.models import Office

pytestmark = pytest.mark.django_db


class OfficeForm(RowForm):
    class Meta:
        model = Office
        fields = ["code", "name"]


@pytest.fixture
def office():
    administration = baker.make("registry.Administration", ipa_code="c_x001")
    return Office.objects.create(administration=administration, code="U1", name="Tributi")


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna", first_name="Anna", last_name="Riva")


def bound(office, **data) -> OfficeForm:
    form = OfficeForm({"code": "U1", "version": 1, **data}, instance=Office.objects.get())
    assert form.is_valid(), form.errors
    return form


def test_it_saves_and_reports(office, anna):
    saved = bound(office, name="Entrate").save_row(by=anna)
    assert saved.written == ("name",)
    assert Office.objects.get().name == "Entrate"


def test_it_shows_both_versions_and_writes_neither(office, anna):
    bound(office, name="Entrate").save_row(by=anna)
    form = bound(office, name="Imposte")
    assert form.save_row(by=anna) is None
    (clash,) = form.clashes
    assert (clash.label, clash.shown) == ("Denominazione", "Tributi")
    assert (clash.typed, clash.saved) == ("Imposte", "Entrate")
    assert form["version"].value() == 2
    assert Office.objects.get().name == "Entrate"


@pytest.mark.parametrize(("choice", "name"), [("mio", "Imposte"), ("suo", "Entrate")])
def test_it_obeys_the_choice(office, anna, choice, name):
    bound(office, name="Entrate").save_row(by=anna)
    form = bound(office, name="Imposte", version=2, **{"tieni-name": choice})
    assert form.save_row(by=anna) is not None
    assert Office.objects.get().name == name


def test_presence_names_the_others_only(office, anna):
    bruno = baker.make("registry.User", username="bruno", first_name="", last_name="")
    assert presence.note("prova-uid", by=anna) == []
    assert presence.note("prova-uid", by=bruno) == ["Anna Riva"]
    assert presence.note("prova-uid", by=anna) == ["bruno"]
