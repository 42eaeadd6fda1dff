"""How the installation is: each sign, when it is well, worth a look, and wrong."""

import datetime

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.enums import SignState, Upkeep
from registry.models import LastRun, TrailRecord
from registry.services.health import LONGEST_SILENCE, is_well, record_run, signs_of_life
from registry.tasks import run
from tests.statements import at_most

pytestmark = pytest.mark.django_db

GOOD, LATE, FAILED = SignState.GOOD, SignState.LATE, SignState.FAILED


@pytest.fixture(autouse=True)
def with_a_worker(settings):
    """An installation whose long work a worker does."""
    settings.TASK_ENGINE = "database"


def state_of(name: str) -> SignState:
    return {sign.name: sign.state for sign in signs_of_life()}[name]


def long_ago(kind: Upkeep, *, by: datetime.timedelta) -> None:
    LastRun.objects.filter(kind=kind).update(at=timezone.now() - by)


@pytest.mark.parametrize("kind", list(Upkeep), ids=lambda kind: kind.value)
def test_what_is_done_by_itself_is_told_when_it_stops_or_fails(kind):
    assert state_of(kind) == LATE  # never yet

    record_run(kind)
    assert state_of(kind) == GOOD

    long_ago(kind, by=LONGEST_SILENCE[kind] + datetime.timedelta(seconds=5))
    assert state_of(kind) == FAILED

    record_run(kind, failure="non conformi: 2")
    assert state_of(kind) == FAILED
    assert any("non conformi: 2" in sign.sentence for sign in signs_of_life())

    record_run(kind)
    assert state_of(kind) == GOOD
    assert LastRun.objects.filter(kind=kind).count() == 1


@pytest.mark.parametrize(("minutes", "state"), [(1, GOOD), (20, LATE), (61, FAILED)])
def test_work_that_waits_is_told_by_the_oldest(minutes, state):
    run.using(backend="default").enqueue("nessuno")
    run.using(backend="default").enqueue("nessuno")
    first = DBTaskResult.objects.order_by("enqueued_at")[:1]
    moment = timezone.now() - datetime.timedelta(minutes=minutes)
    DBTaskResult.objects.filter(pk__in=first.values("pk")).update(enqueued_at=moment)

    assert state_of("queue") == state
    assert any(f"in attesa 2, da {minutes} minuti" in sign.sentence for sign in signs_of_life())


def test_a_full_disk_is_told_and_a_folder_that_is_gone(settings, tmp_path):
    assert state_of("disk") == GOOD

    settings.MIN_FREE_MB = 10**9
    assert state_of("disk") == FAILED

    settings.MIN_FREE_MB, settings.VAR_DIR = 0, tmp_path / "non-c-e"
    assert state_of("disk") == FAILED


def test_without_a_worker_there_is_none_to_be_silent(settings):
    settings.TASK_ENGINE = "immediate"

    assert Upkeep.WORKER not in {sign.name for sign in signs_of_life()}


def test_a_database_that_is_away_is_a_sign_and_no_error():
    def away(*args):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(away):
        signs = signs_of_life()

    assert [(sign.name, sign.state) for sign in signs] == [("database", FAILED), ("disk", GOOD)]
    assert not is_well(signs)


def test_the_statements_are_two_whatever_waits():
    for _number in range(3):
        run.using(backend="default").enqueue("nessuno")
    for kind in Upkeep:
        record_run(kind)

    with at_most(2):
        signs = signs_of_life()

    assert is_well(signs)


def test_commands_keep_when_they_were_run(capsys):
    call_command("verify_trail")
    call_command("send_notices")

    kept = dict(LastRun.objects.values_list("kind", "failure"))
    assert kept == {Upkeep.VERIFICATION: "", Upkeep.NOTICES: ""}


def test_a_verification_that_finds_something_is_kept_as_failed(capsys):
    # a record whose digest is not its own
    TrailRecord.objects.create(
        number=1, at=timezone.now(), kind="x", outcome="done", digest="0" * 64
    )

    with pytest.raises(SystemExit):
        call_command("verify_trail")

    assert state_of(Upkeep.VERIFICATION) == FAILED
    assert "non conformi" in LastRun.objects.get().failure


def test_the_machine_itself_is_told_everything(capsys):
    for kind in Upkeep:
        record_run(kind)
    call_command("show_health")
    well = capsys.readouterr().out

    record_run(Upkeep.NOTICES, failure="non partiti: 3")
    with pytest.raises(SystemExit) as ended:
        call_command("show_health")

    assert well.count("a posto") == 3 + len(Upkeep)
    assert "avvisi per posta: errore" in capsys.readouterr().out
    assert ended.value.code == 1
