"""What is asked in other words while a job waits is another job: nobody's words are lost."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from registry.enums import PlanState
from registry.models import Job, Plan
from registry.services.jobs import known_kinds
from risk.enums import RoundState
from risk.models import MonitoringRound, RegisterImport
from risk.services.desk.several import SeveralAct, SeveralAsked
from risk.services.plans.issues import AdoptionAct
from risk.tasks import (
    ask_adoption,
    ask_copy,
    ask_correction,
    ask_import,
    ask_several,
    ask_taking,
)
from tests.people import make_member
from tests.register import adopt, close, complete_annex
from tests.registry.jobs.kinds import KIND
from tests.registry.jobs.test_going_on import PREPARE

pytestmark = pytest.mark.django_db

DAY = datetime.date(2021, 3, 1)
ACT = {"adopting_organ": "Giunta", "act_kind": "Deliberazione", "act_number": "1", "act_date": DAY}
NEXT = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024, "kind": "ordinary"}
SAID = {"said": "Era avvenuta.", "reason": "Il decreto è arrivato dopo."}


def _several(world, **asked: Any) -> Job:
    values = {"reason": "Da correggere.", "due_on": DAY, **asked}
    uids = [str(world.annex.uid)]
    plan = {"plan": world.plan, "by": world.rpct}
    return ask_several(act=SeveralAct.EXTEND, uids=uids, asked=SeveralAsked(**values), **plan)


def _correction(world, **said: str) -> Job:
    day = {"situation_on": DAY, "state": RoundState.ISSUED}
    row = MonitoringRound(uid=world.annex.uid, plan=world.plan, label="Intermedio", **day)
    return ask_correction(row=row, by=world.rpct, **{**SAID, **said})


def _adoption(world, **act: Any) -> Job:
    return ask_adoption(plan=world.proposed, act=AdoptionAct(**{**ACT, **act}), by=world.rpct)


def _copy(world, **values: Any) -> Job:
    return ask_copy(plan=world.plan, by=world.rpct, **{**NEXT, **values})


def _import(world, digest: str = "a") -> Job:
    row = RegisterImport(uid=world.annex.uid, plan=world.plan, filename="foglio.xlsx")
    return ask_import(register_import=row, digest=digest, by=world.rpct)


def _taking(world, digest: str = "a") -> Job:
    row = MonitoringRound(plan=world.plan, label="Intermedio")
    upload = RegisterImport(uid=world.annex.uid, plan=world.plan, filename="fogli.zip")
    return ask_taking(row=row, upload=upload, digest=digest, by=world.rpct)


TYPED: dict[str, tuple[Callable[..., Job], list[dict[str, Any]]]] = {
    "several-annexes": (
        _several,
        [{"reason": "Un altro motivo."}, {"due_on": datetime.date(2021, 4, 1)}],
    ),
    "round-correct": (_correction, [{"said": "Non è avvenuta."}, {"reason": "Un altro."}]),
    "adopt-plan": (
        _adoption,
        [{"act_number": "2"}, {"act_date": datetime.date(2021, 2, 1)}, {"adopting_organ": "CdA"}],
    ),
    "copy-plan": (_copy, [{"kind": "update", "first_year": 2021, "last_year": 2023}]),
    "take-import": (_import, [{"digest": "b"}]),
    "take-round-books": (_taking, [{"digest": "b"}]),
}
"""Kinds whose jobs carry what somebody has typed, or agreed to: how they are asked, and otherwise.

Those that take a list of the back office in are told apart by all their fields.
"""
PLAIN = {
    *("issue-annex", "round-issue", "discard-plan", "take-list", "preview-list"),
    *("preview-import", "undo-import", "read-round-books", "undo-round-books"),
}
"""Kinds that are asked for by their subject alone, or by all their fields.

The others prepare a file (`tests.registry.jobs.test_going_on`): what it is of is in its subject.
"""


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """A plan that is adopted, and another that an organ may adopt."""
    with django_db_blocker.unblock(), transaction.atomic():
        annex = complete_annex()
        body = annex.plan.administration
        rpct = make_member("rpct", "rpct", body=body)
        close(annex, "issued")
        adopt(annex.plan)
        plan, proposed = (Plan.objects.select_related("administration").get() for _n in range(2))
        # as it was before: asking looks at no more
        proposed.state = PlanState.PROPOSED
        yield SimpleNamespace(annex=annex, plan=plan, proposed=proposed, rpct=rpct)
        transaction.set_rollback(True)


@pytest.fixture
def world(db, made, settings):
    settings.TASK_ENGINE = "database"
    return made


@pytest.mark.parametrize("kind", TYPED)
def test_other_words_are_another_job(world, kind):
    ask, others = TYPED[kind]
    first = ask(world)

    assert first.kind == kind
    assert ask(world) == first, "the same words meanwhile"
    for other in others:
        second = ask(world, **other)
        assert second.pk != first.pk
        assert ask(world, **other) == second
    assert Job.objects.filter(kind=kind).count() == len(others) + 1


def test_every_kind_of_job_is_in_the_table():
    # beside those that other tests of this process have made up
    kinds = {one for one in known_kinds() if not one.startswith("prova-")}
    assert kinds - {KIND} == {*TYPED, *PLAIN, *PREPARE}
