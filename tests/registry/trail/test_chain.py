"""The trail finds whatever was changed, taken away or added, and says which record it is."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from model_bakery import baker

from registry import guards, triggers
from registry.acts import act
from registry.enums import TrailOutcome
from registry.models import Process, TrailRecord
from registry.services.bulk import create_in_bulk
from registry.services.trail import record_refusal
from registry.services.trail_verification import verify_trail
from registry.trail.records import record_digest
from risk.models import EventCategory
from tests.register import make_annex, make_behaviour, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def unguarded():
    """Somebody with the keys of the database."""
    every = [*guards.GUARDS, *guards.history_guards("registry"), *guards.history_guards("risk")]
    triggers.remove(every)
    yield
    triggers.install(every)


@pytest.fixture
def three_acts(annex, anna):
    with act("map", by=anna, subject=f"annex {annex.uid}"):
        process = make_process(annex, "Primo")
    with act("edit", by=anna):
        process.title = "Secondo"
        process.save()
    with act("list", by=anna):
        category = EventCategory.objects.create(code="1", label="Conflitto")
        make_behaviour(process).categories.add(category)
    return process


def sentences() -> list[str]:
    """What is found when the guards are back, as after any migrate."""
    if triggers.missing_guards():
        triggers.install(triggers.declared_guards())
    return [finding.sentence for finding in verify_trail()]


def test_an_act_is_one_record_with_its_person(annex, anna):
    with act("map", by=anna, subject="annex x", detail={"come": "prova"}) as opened:
        make_process(annex)
        with act("inner", by=anna):
            make_process(annex)
    record = TrailRecord.objects.get()
    assert (record.kind, record.uid, record.person) == ("map", opened.uid, anna.trail_token)
    assert (record.subject, record.detail) == ("annex x", {"come": "prova"})
    assert (record.number, record.row_count, record.outcome) == (1, 2, TrailOutcome.DONE)


def test_an_act_that_fails_or_touches_nothing_leaves_no_record(annex, anna):
    with act("nothing", by=anna):
        pass

    def fail():
        with act("fails", by=anna):
            make_process(annex)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not TrailRecord.objects.exists()


def test_rows_written_in_bulk_are_part_of_the_act(annex, anna):
    rows = [Process(annex=annex, position=n, number=n, title=f"P{n}", version=1) for n in (1, 2)]
    create_in_bulk(rows, kind="paste", by=anna)
    assert TrailRecord.objects.get().row_count == 2
    assert sentences() == []


def test_an_untouched_trail_is_whole(three_acts):
    assert TrailRecord.objects.count() == 3
    assert sentences() == []
    call_command("verify_trail")


def test_a_refusal_is_written_down(anna):
    record_refusal(kind="approve", by=anna, subject="annex x", reason="non è il responsabile")
    record = TrailRecord.objects.get()
    assert (record.outcome, record.detail) == ("refused", {"reason": "non è il responsabile"})
    assert sentences() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE registry_trailrecord SET kind = 'x'", "DELETE FROM registry_trailrecord"]
)
def test_the_database_refuses_to_change_the_trail(three_acts, statement):
    with (
        pytest.raises(IntegrityError, match="registry_trailrecord_no_"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_changed_record_is_found(three_acts, unguarded):
    TrailRecord.objects.filter(number=2).update(kind="altro")
    assert sentences() == ["La registrazione n. 2 è stata modificata."]


def test_a_missing_record_is_found(three_acts, unguarded):
    TrailRecord.objects.filter(number=2).delete()
    found = sentences()
    assert "Mancano registrazioni: dopo la n. 1 viene la n. 3." in found
    assert any("mai registrata" in sentence for sentence in found)


def test_a_record_written_over_with_its_own_digest_breaks_the_chain(three_acts, unguarded):
    record = TrailRecord.objects.get(number=2)
    record.kind = "altro"
    TrailRecord.objects.filter(number=2).update(kind="altro", digest=record_digest(record))
    assert sentences() == ["La registrazione n. 3 non segue quella che la precede."]


def test_a_changed_history_is_found(three_acts, unguarded):
    Process.history.filter(title="Primo").update(title="Mai scritto")
    assert sentences() == ["La storia scritta con la registrazione n. 1 è stata modificata."]


def test_a_missing_history_is_found(three_acts, unguarded):
    Process.history.filter(title="Secondo").delete()
    assert "Della registrazione n. 2 restano 0 righe di storia su 1." in sentences()


def test_a_changed_list_is_found(three_acts, unguarded):
    apps.get_model("risk", "HistoricalRiskBehaviour_categories").objects.all().delete()
    assert any("registrazione n. 3" in sentence for sentence in sentences())


def test_an_invented_history_is_found(three_acts):
    record = Process.history.first()
    record.pk = None
    record.history_change_reason = "edit:00000000-0000-0000-0000-000000000000"
    record.save()
    assert any("mai registrata" in sentence for sentence in sentences())


def test_the_command_says_so_and_fails(three_acts, unguarded):
    TrailRecord.objects.filter(number=2).update(kind="altro")
    with pytest.raises(SystemExit) as stop:
        call_command("verify_trail")
    assert stop.value.code == 1
