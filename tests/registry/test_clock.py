"""Two servers whose clocks are two minutes apart agree on who was first, and on who is silent."""

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ptpct.signin.sessions import SEEN_AT
from registry import clock, presence
from registry.acts import act
from registry.enums import JobState, SignState, Upkeep
from registry.models import Annex, Job
from registry.services.expiry import sweep
from registry.services.health import record_run, signs_of_life
from registry.services.jobs import _held, beat
from risk.enums import Verb
from risk.models import Approval
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.edits import last_editor
from risk.services.annexes.moves import move_annex
from tests.people import client_of, people_of
from tests.register import complete_annex
from tests.registry.accounts.sign_in import SECRET, code_of, give_second_factor

pytestmark = pytest.mark.django_db(transaction=True)

APART = {"postgresql": datetime.timedelta(minutes=2, seconds=5), "sqlite": datetime.timedelta()}
"""How far two servers may be apart: a file of SQLite has one machine, and one clock."""
NEARLY = datetime.timedelta(seconds=2)
OtherServer = Callable[[int], object]


@pytest.fixture
def other_server(monkeypatch) -> Iterator[OtherServer]:
    """Return what lets a block run on another server: 1 for a clock that is fast, -1 for slow."""
    true = timezone.now

    @contextmanager
    def at(way: int) -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: true() + way * APART[connection.vendor])
            connection.close()
            connection.ensure_connection()
            yield
        connection.close()
        connection.ensure_connection()

    yield at
    connection.close()
    connection.ensure_connection()


@pytest.mark.parametrize("way", [1, -1])
def test_the_moment_is_that_of_the_database(other_server, way, caplog):
    before = timezone.now()
    with other_server(way):
        assert abs(clock.now() - before) < NEARLY + NEARLY
    assert ("the clock of the database" in caplog.text) == (connection.vendor == "postgresql")


def test_who_edited_last_on_a_slow_server_is_who_edited_last(other_server):
    annex = complete_annex()
    people, process = people_of(annex), annex.processes.get()
    with act("describe", by=people["editor"]):
        process.save()
    with other_server(-1), act("describe", by=people["head"]):
        process.save()
    assert last_editor(annex) == people["head"]


def test_an_approval_on_a_slow_server_comes_after_the_submission(other_server):
    annex = Annex.objects.with_names().get(pk=complete_annex().pk)
    people = people_of(annex)
    with other_server(1):
        sent = move_annex(annex=annex, verb=Verb.SUBMIT, by=people["editor"])
    with other_server(-1):
        approve_process(process=annex.processes.get(), by=people["head"])
    assert Approval.objects.get().at >= sent.at


def test_work_on_a_slow_server_is_not_given_up_for_dead(other_server):
    annex = complete_annex()
    job = Job.objects.create(
        kind="prova",
        by=people_of(annex)["head"],
        administration=annex.plan.administration,
        subject="prova",
        state=JobState.RUNNING,
        beat_at=clock.now(),
    )
    with other_server(-1):
        _held.append(job)
        beat()
        _held.remove(job)
    assert sweep().interrupted == 0
    with other_server(1):
        assert sweep().interrupted == 0


def test_a_worker_on_a_slow_server_is_not_silent(other_server, settings):
    settings.TASK_ENGINE = "database"
    with other_server(-1):
        record_run(Upkeep.WORKER)
    (worker,) = [sign for sign in signs_of_life() if sign.name == Upkeep.WORKER]
    assert worker.state == SignState.GOOD


def test_the_door_goes_by_the_clock_of_the_database(rf, monkeypatch):
    """Attempts, codes, sessions, presence: on a host two minutes behind as on one that is right.

    Some seconds more: how far the clock was before is known to as much as an answer takes.
    """
    people = people_of(complete_annex())
    head, ahead = people["head"], 125
    give_second_factor(head)
    attempt = {"request": rf.post(reverse("account_login")), "app": "allauth.account"}
    while ratelimit.consume(**attempt, action="login"):
        pass
    before, code = client_of(head).session, code_of()
    presence.note("una-scheda", by=people["editor"])
    monkeypatch.setattr(clock, "_ahead", datetime.timedelta(seconds=ahead))
    # what a minute ago was too many
    assert ratelimit.consume(**attempt, action="login", dry_run=True)
    assert presence.note("una-scheda", by=head) == []
    after = client_of(head).session
    assert ahead <= after[SEEN_AT] - before[SEEN_AT] < ahead + 60
    ends = datetime.timedelta(seconds=after.get_expiry_age()) + timezone.now()
    assert after.get_expiry_date() - ends > datetime.timedelta(seconds=ahead - 60)
    assert not validate_totp_code(SECRET, code)


def test_a_code_of_the_telephone_opens_once_for_as_long_as_it_would_open(monkeypatch):
    head = people_of(complete_annex())["head"]
    give_second_factor(head)
    used = TOTP(Authenticator.objects.get(user=head, type=Authenticator.Type.TOTP))
    code = code_of()
    # what the addresses are read with
    assert reverse("account_login")
    assert used.validate_code(code)
    # half a minute later for the cache: the library would have forgotten it
    later = time.time() + 40
    monkeypatch.setattr(time, "time", lambda: later)
    assert validate_totp_code(SECRET, code)
    assert not used.validate_code(code)
