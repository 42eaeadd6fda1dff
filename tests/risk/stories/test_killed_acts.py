"""Power cut: whoever does an act is killed in it, and the act has not been, or is done whole.

Issues, adoptions and imports that are jobs are killed with their worker, each in the folder of its
subject (`test_power_cut.py`, `test_jobs.py`).
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from registry.models import Annex, Phase, PlanDeadline
from registry.services.editing import save_fields
from registry.services.jobs import no_progress
from registry.services.last_act import last_act
from registry.services.trail_verification import verify_trail
from registry.services.undo import undo
from registry.trail.seals import seal
from risk.enums import MeasureScope, PlanVerb, Verb
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import move_annex
from risk.services.annexes.reconfirmation import apply_reconfirmation, propose_reconfirmation
from risk.services.desk.several import SeveralAct, SeveralAsked, act_on_each
from risk.services.imports import apply_import, undo_import
from risk.services.plans.deadlines import extend_annex, move_deadline
from risk.services.plans.editions import copy_plan
from risk.services.plans.moves import move_plan
from risk.services.treatment.measures import plan_measure
from risk.services.treatment.repeated import repeated_in, unite_in_annex
from tests.killed import RECORD, WRITES, kill_in
from tests.people import people_of
from tests.project.schema import counts_of
from tests.register import add_complete_process, adopt, complete_annex
from tests.risk.annexes.reconfirming import next_edition
from tests.risk.imports.files import brought
from tests.risk.plans.proposing import fresh_plan
from tests.soak import SOAK

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]

ROWS = "Processo;Area di rischio\n" + "".join(f"Processo {n};F\n" for n in range(20))
SOON = datetime.date(2099, 1, 1)
REASON = "Ufficio senza personale."
APART = frozenset({"risk_processcontent", "risk_annexcontent", "risk_plancontent"})
"""What is only kept to be quick, written before an act begins."""
Act = Callable[[], Any]


def fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def a_field(annex, people) -> Act:
    phase = Phase.objects.get()
    values = {"title": "Verifica"}
    return lambda: save_fields(
        row=phase, values=values, version=phase.version, kind="edit", by=people["editor"]
    )


def the_last_act_taken_back(annex, people) -> Act:
    a_field(annex, people)()
    by = people["editor"]
    record, cancelled = last_act(annex=annex, by=by)
    return lambda: undo(uid=record.uid, at=record.at, by=by, cancelled=cancelled)


def a_submission(annex, people) -> Act:
    return lambda: move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["head"])


def an_approval_of_a_process(annex, people) -> Act:
    a_submission(annex, people | {"head": people["rpct"]})()
    return lambda: approve_process(process=annex.processes.get(), by=people["head"])


def an_approval_of_an_annex(annex, people) -> Act:
    a_submission(annex, people | {"head": people["rpct"]})()
    seen = kept_annex(fresh(annex)).seen
    return lambda: approve_annex(annex=fresh(annex), by=people["head"], seen=seen)


def a_validation_among_several(annex, people) -> Act:
    an_approval_of_an_annex(annex, people)()
    return lambda: list(
        act_on_each(
            act=SeveralAct.VALIDATE,
            annexes=Annex.objects.all(),
            uids=[str(annex.uid)],
            asked=SeveralAsked(),
            by=people["rpct"],
            progress=no_progress,
        )
    )


def a_day_of_the_calendar_moved(annex, people) -> Act:
    row = PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-18", kind="transmission", label="Invio"
    )
    return lambda: move_deadline(deadline=row, due_on=SOON, reason=REASON, by=people["rpct"])


def a_day_moved_for_one_office(annex, people) -> Act:
    return lambda: extend_annex(annex=fresh(annex), due_on=SOON, reason=REASON, by=people["rpct"])


def a_seal(annex, people) -> Act:
    a_field(annex, people)()
    return seal


def a_file(annex, people) -> Act:
    found = brought(annex.plan, annex.office, by=people["rpct"], content=ROWS.encode())
    digest = found.report["digest"]
    return lambda: apply_import(register_import=found, digest=digest, by=people["rpct"])


def a_file_taken_back(annex, people) -> Act:
    found = brought(annex.plan, annex.office, by=people["rpct"], content=ROWS.encode())
    apply_import(register_import=found, digest=found.report["digest"], by=people["rpct"])
    found.refresh_from_db()
    return lambda: undo_import(register_import=found, by=people["rpct"])


def a_publication(annex, people) -> Act:
    adopt(annex.plan)
    return lambda: move_plan(plan=fresh_plan(annex.plan), verb=PlanVerb.PUBLISH, by=people["rpct"])


def an_edition_whose_offices_changed(annex, people) -> Act:
    adopt(annex.plan)
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    plan, changes = fresh_plan(annex.plan), f"{annex.office.code}; unito; ALTRO"
    return lambda: copy_plan(
        plan=plan, kind="ordinary", offices=changes, by=people["rpct"], **values
    )


def a_confirmation_in_block(annex, people) -> Act:
    add_complete_process(annex, "Rateazione")
    copied = next_edition(annex.plan)
    processes = list(copied.processes.in_use().order_by("position"))
    digest = propose_reconfirmation(processes=processes).digest
    return lambda: apply_reconfirmation(
        annex=fresh(copied), processes=processes, digest=digest, by=people["editor"]
    )


def measures_made_one(annex, people) -> Act:
    for _time in range(2):
        first = annex.planned_measures.first()
        plan_measure(measure=first.measure, scope=MeasureScope.ANNEX, annex=annex, by=None)
    (group,) = repeated_in(fresh(annex))
    return lambda: unite_in_annex(annex=fresh(annex), digest=group.digest, by=people["editor"])


ACTS = [
    a_field,
    the_last_act_taken_back,
    a_submission,
    an_approval_of_a_process,
    an_approval_of_an_annex,
    a_validation_among_several,
    a_day_of_the_calendar_moved,
    a_day_moved_for_one_office,
    a_seal,
    a_file,
    a_file_taken_back,
    a_publication,
    an_edition_whose_offices_changed,
    a_confirmation_in_block,
    measures_made_one,
]


def rows() -> dict[str, int]:
    """Return how many rows each table holds, as whoever comes next finds them."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - APART
    with connection.cursor() as cursor:
        return counts_of(cursor, sorted(tables))


def moments() -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield after which statement to strike: the first and the last, or in the soak after each."""
    if SOAK:
        yield from ((number, WRITES) for number in range(1, 200))
    else:
        yield 1, WRITES
    yield 1, RECORD


@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__)
def test_killed_in_the_middle_of_an_act(prepare):
    annex = complete_annex()
    do = prepare(annex, people_of(annex))
    before, state, killed = rows(), fresh(annex).state, 0
    for number, of in moments():
        if not kill_in(do, after=number, of=of):
            # it had no more statements to be killed after, and came to its end
            break
        killed += 1
        assert (rows(), fresh(annex).state) == (before, state)
        assert verify_trail() == []
    else:
        do()

    # a seal is one statement, and so one moment of the soak
    assert killed >= (1 if SOAK else 2)
    assert (rows(), fresh(annex).state) != (before, state)
    assert verify_trail() == []
