"""Two people act on a plan at the same instant: it is adopted whole, once, or not at all."""

import pytest
from django.core.exceptions import ValidationError

from registry.models import Annex
from registry.services.processes import create_process
from registry.services.trail_verification import verify_trail
from risk.content.canonical import content_digest
from risk.content.reading import read_annex
from risk.enums import PlanVerb, Verb
from risk.models import Exemption, PlanIssue, PlanTransition
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.plans.exemptions import lift_exemption
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from tests.concurrency import race
from tests.people import make_member
from tests.risk.plans.proposing import ACT, fresh_plan, proposed_plan
from tests.soak import rounds

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=50)),
]


@pytest.fixture
def proposed():
    return proposed_plan()


@pytest.fixture
def annex(proposed):
    return proposed.annex


@pytest.fixture
def people(proposed):
    second = make_member("rpct2", "rpct", body=proposed.plan.administration)
    return {**proposed.people, "second": second}


@pytest.fixture
def plan(proposed):
    return proposed.plan


@pytest.fixture
def exempted(plan):
    return Annex.objects.with_names().get(exemption__isnull=False)


def adopting(plan, by):
    """Return the adoption of a plan that draws its document first and only then is in the race."""

    def run(go):
        def at_the_end(step, total, message):
            if step == 2:
                go()

        return adopt_plan(plan=fresh_plan(plan), act=ACT, by=by, progress=at_the_end)

    return run


def is_whole(plan) -> bool:
    """Tell whether the plan is adopted; fail when it is so in part, or is not what it says."""
    plan = fresh_plan(plan)
    issues = PlanIssue.objects.filter(plan=plan)
    moves = PlanTransition.objects.filter(plan=plan, verb="adopt").count()
    assert (issues.count(), moves) == ((1, 1) if plan.is_adopted else (0, 0))
    for issue in issues:
        printed = set(issue.annex_issues.values_list("annex_id", "data_digest"))
        annexes = plan.annexes.with_names().filter(exemption=None)
        assert printed == {(row.pk, content_digest(read_annex(row))) for row in annexes}
        assert {row.state for row in annexes} == {"issued"}
    assert verify_trail() == []
    return plan.is_adopted


def one_refused(ends) -> None:
    """Fail unless exactly one of two was refused, and neither failed otherwise."""
    refused = [isinstance(end, MoveRefusedError | ValidationError) for end in ends]
    failed = [isinstance(end, Exception) for end in ends]
    assert (sorted(refused), failed) == ([False, True], refused), ends


def test_two_adopt(plan, people, round):
    one_refused(race(adopting(plan, people["rpct"]), adopting(plan, people["second"])))
    assert is_whole(plan)


def test_one_adopts_while_another_reopens_an_annex(plan, annex, people, round):
    def reopen(go):
        seen = Annex.objects.with_names().get(pk=annex.pk)
        go()
        return move_annex(annex=seen, verb=Verb.REOPEN, by=people["second"], reason="Un errore.")

    one_refused(race(adopting(plan, people["rpct"]), reopen))
    state = Annex.objects.get(pk=annex.pk).state
    assert state == ("issued" if is_whole(plan) else "returned")


def test_one_adopts_while_another_takes_the_plan_back(plan, people, round):
    def back(go):
        go()
        return move_plan(plan=plan, verb=PlanVerb.BACK, by=people["second"], reason="Si rivede.")

    one_refused(race(adopting(plan, people["rpct"]), back))
    assert fresh_plan(plan).state == ("adopted" if is_whole(plan) else "preparation")


def test_one_adopts_while_another_lifts_the_exemption(plan, exempted, people, round):
    def lift(go):
        go()
        lift_exemption(annex=exempted, by=people["second"])

    one_refused(race(adopting(plan, people["rpct"]), lift))
    assert is_whole(plan) == Exemption.objects.exists()


def test_one_adopts_while_another_writes_in_the_exempted_draft(plan, exempted, people, round):
    """Both may come through, the writer first; nobody writes in an adopted edition."""

    def write(go):
        go()
        return create_process(annex=exempted, title="Un altro", by=people["second"])

    adopted, written = race(adopting(plan, people["rpct"]), write)
    assert not isinstance(adopted, Exception), adopted
    assert is_whole(plan)
    if isinstance(written, Exception):
        assert "non è aperto" in str(written)
    assert exempted.processes.exists() == (not isinstance(written, Exception))
    if not isinstance(written, Exception):
        adoption = PlanTransition.objects.get(verb="adopt")
        assert written.history.get().history_date < adoption.at
