"""Two people on the same row: nothing is overwritten silently."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from model_bakery import baker

from registry import guards, triggers
from registry.hanging import sure_path
from registry.models import Action, Annex, Office, Phase, Process
from registry.services.editing import StaleRow, save_fields
from risk.models import (
    Assessment,
    Coverage,
    ImplementationStep,
    PlannedMeasure,
    Rating,
    RiskBehaviour,
)
from tests.register import close, make_annex, make_behaviour, make_phase, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    administration = baker.make("registry.Administration", ipa_code="c_x001")
    office = Office(administration=administration, code="U1", name="Tributi")
    office.save()
    return office


@pytest.fixture
def person():
    return baker.make("registry.User", username="anna")


def test_it_writes_only_what_changed_and_counts_the_version(office, person):
    saved = save_fields(
        row=office, values={"name": "Entrate", "code": "U1"}, version=1, kind="edit", by=person
    )
    assert saved.written == ("name",)
    assert saved.row.version == 2
    record = office.history.first()
    assert (record.name, record.history_user) == ("Entrate", person)
    assert record.history_change_reason.startswith("edit:")


def test_it_writes_nothing_when_nothing_changed(office, person):
    saved = save_fields(row=office, values={"name": "Tributi"}, version=1, kind="edit", by=person)
    assert saved.written == ()
    assert office.history.count() == 1


def test_it_joins_changes_of_different_fields(office, person):
    save_fields(row=office, values={"name": "Entrate"}, version=1, kind="edit", by=person)
    saved = save_fields(
        row=office, values={"name": "Tributi", "code": "E1"}, version=1, kind="edit", by=person
    )
    assert saved.written == ("code",)
    assert saved.merged == ("name",)
    office.refresh_from_db()
    assert (office.name, office.code) == ("Entrate", "E1")


def test_it_refuses_to_write_over_the_same_field(office, person):
    save_fields(row=office, values={"name": "Entrate"}, version=1, kind="edit", by=person)
    with pytest.raises(StaleRow) as refused:
        save_fields(
            row=office, values={"name": "Imposte", "code": "E1"}, version=1, kind="edit", by=person
        )
    (clash,) = refused.value.clashes
    assert (clash.shown, clash.typed, clash.saved) == ("Tributi", "Imposte", "Entrate")
    assert refused.value.by == person
    office.refresh_from_db()
    assert (office.name, office.code) == ("Entrate", "U1")


def test_the_same_change_twice_is_no_conflict(office, person):
    save_fields(row=office, values={"name": "Entrate"}, version=1, kind="edit", by=person)
    saved = save_fields(row=office, values={"name": "Entrate"}, version=1, kind="edit", by=person)
    assert saved.written == ()


def test_without_history_every_difference_is_asked(office, person):
    triggers.remove(guards.history_guards("registry"))
    office.history.all().delete()
    Office.objects.filter(pk=office.pk).update(version=5)
    with pytest.raises(StaleRow):
        save_fields(row=office, values={"name": "Imposte"}, version=1, kind="edit", by=person)


def test_an_invalid_value_changes_nothing(office, person):
    with pytest.raises(ValidationError):
        save_fields(row=office, values={"name": ""}, version=1, kind="edit", by=person)
    office.refresh_from_db()
    assert office.name == "Tributi"


def test_it_validates_what_is_written_and_what_a_constraint_ties_to_it():
    process = make_process(make_annex(), "Rimborso")
    with at_most(6):
        save_fields(row=process, values={"output": "Esito"}, version=1, kind="edit", by=None)
    with pytest.raises(ValidationError, match="motivo"):
        save_fields(
            row=process,
            values={"retired_on": date(2026, 1, 31)},
            version=2,
            kind="edit",
            by=None,
        )
    other = make_process(process.annex, "Accertamento")
    with pytest.raises(ValidationError, match="numero"):
        save_fields(row=other, values={"number": 1}, version=1, kind="edit", by=None)


def test_a_row_whose_annex_was_closed_meanwhile_is_refused_with_a_sentence(person):
    process = make_process(make_annex())
    steps = [process, make_phase(process)]
    steps.append(steps[-1].actions.create(position=1, title="Azione"))
    steps.append(make_behaviour(process))
    close(process.annex)
    for row in steps:
        values = {"text" if hasattr(row, "text") else "title": "Altro"}
        with pytest.raises(ValidationError) as refused:
            save_fields(row=row, values=values, version=1, kind="edit", by=person)
        (sentence,) = refused.value.message_dict["__all__"]
        assert sentence.startswith("L’allegato non è aperto")


@pytest.mark.parametrize(
    ("model", "way"),
    [
        (Process, "annex"),
        (Phase, "process__annex"),
        (Action, "phase__process__annex"),
        (RiskBehaviour, "process__annex"),
        (Coverage, "behaviour__process__annex"),
        (Annex, ""),
        (Office, None),
        (PlannedMeasure, None),
        (ImplementationStep, None),
        (Assessment, None),
        (Rating, None),
    ],
)
def test_the_way_from_every_row_to_its_annex(model, way):
    assert sure_path(model) == way
