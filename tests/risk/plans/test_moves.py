"""The way of a plan as a table, and what stops it."""

import datetime
import itertools

import pytest
from django.core.exceptions import ValidationError

from registry.enums import PlanState
from registry.models import Office, Plan, RiskArea, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.enums import PlanVerb
from risk.models import Confirmation, Exemption, PlanTransition, Remark
from risk.services.annexes.moves import MoveRefusedError
from risk.services.completeness.plan_points import plan_points
from risk.services.plans.exemptions import exempt_annex, lift_exemption
from risk.services.plans.moves import CONDITIONS, confirm_plan, make_plan_move, move_plan
from tests.register import adopt, close, make_annex

pytestmark = pytest.mark.django_db

ALLOWED = {
    ("preparation", "consult"): "consultation",
    ("consultation", "propose"): "proposed",
    ("consultation", "back"): "preparation",
    ("proposed", "back"): "preparation",
    ("adopted", "publish"): "published",
    ("published", "close"): "closed",
    ("confirmed", "close"): "closed",
}
"""State and verb: where it leads. Adoption and confirmation have acts of their own."""

WITH_ACT = {("proposed", "adopt"), ("published", "confirm"), ("confirmed", "confirm")}

ACT = {
    "organ": "Giunta",
    "act_kind": "Deliberazione",
    "act_number": "3",
    "act_date": datetime.date(2022, 1, 20),
}


def put(plan: Plan, state: str) -> Plan:
    """Put a plan in a state, with its transition written first."""
    if state in ("adopted", "published", "confirmed", "closed"):
        adopt(plan, state)
    elif state != plan.state:
        by = people_by(plan)
        fields = {"from_state": plan.state, "to_state": state, "by": by}
        PlanTransition.objects.create(plan=plan, verb="consult", **fields)
        Plan.objects.filter(pk=plan.pk).update(state=state)
    return Plan.objects.get(pk=plan.pk)


def people_by(plan):
    return plan.administration.memberships.first().user


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(PlanState, PlanVerb)))
def test_every_state_with_every_verb_and_every_role(annex, people, state, verb):
    plan = put(annex.plan, state)
    target = ALLOWED.get((state.value, verb.value))
    for who in ("head", "editor", "auditor", "colleague", "stranger"):
        with pytest.raises(MoveRefusedError):
            move_plan(plan=plan, verb=verb, by=people[who], reason="Da rivedere.")
    assert Plan.objects.get(pk=plan.pk).state == state
    if target is None:
        expected = "estremi dell’atto" if (state, verb) in WITH_ACT else "questo passo non c’è"
        with pytest.raises(MoveRefusedError, match=expected):
            move_plan(plan=plan, verb=verb, by=people["rpct"], reason="Da rivedere.")
    else:
        moved = move_plan(plan=plan, verb=verb, by=people["rpct"], reason="Da rivedere.")
        assert (moved.from_state, moved.to_state) == (state, target)
        assert Plan.objects.get(pk=plan.pk).state == target


def test_going_back_needs_a_reason(annex, people):
    plan = put(annex.plan, "consultation")
    with pytest.raises(MoveRefusedError, match="Scrivi il motivo"):
        move_plan(plan=plan, verb=PlanVerb.BACK, by=people["rpct"], reason=" ")


def test_moves_and_refusals_are_on_the_trail(annex, people):
    with pytest.raises(MoveRefusedError):
        move_plan(plan=annex.plan, verb=PlanVerb.CONSULT, by=people["head"])
    move_plan(plan=annex.plan, verb=PlanVerb.CONSULT, by=people["rpct"])
    told = TrailRecord.objects.filter(subject__startswith="plan ").order_by("pk")
    assert [(row.kind, row.outcome) for row in told] == [
        ("plan-consult", "refused"),
        ("plan-consult", "done"),
    ]
    assert verify_trail() == []


def test_publication_writes_the_day_and_the_page(annex, people, settings):
    settings.TODAY = datetime.date(2021, 2, 3)
    plan = put(annex.plan, "adopted")
    link = "https://comune.example/trasparente"
    move_plan(plan=plan, verb=PlanVerb.PUBLISH, by=people["rpct"], publication_link=link)
    plan = Plan.objects.get(pk=plan.pk)
    assert (plan.published_on, plan.publication_link) == (datetime.date(2021, 2, 3), link)


def test_a_link_that_is_none_is_refused(annex, people):
    plan = put(annex.plan, "adopted")
    with pytest.raises(ValidationError):
        move_plan(plan=plan, verb=PlanVerb.PUBLISH, by=people["rpct"], publication_link="non so")
    assert Plan.objects.get(pk=plan.pk).state == "adopted"


def codes(plan, verb=None) -> set[str]:
    return {point.rule.code for point in plan_points(Plan.objects.get(pk=plan.pk), verb=verb)}


def test_what_a_plan_misses(annex, people):
    plan = annex.plan
    found = codes(plan)
    assert {"plan-annex-issued", "plan-office-annex"} <= found
    assert "plan-mandatory-area" not in found
    body = plan.administration
    RiskArea.objects.create(
        administration=body, code="B", label="Concorsi", kind="general", is_mandatory=True
    )
    assert "plan-mandatory-area" in codes(plan, PlanVerb.PROPOSE)
    assert "plan-annex-issued" not in codes(plan, PlanVerb.PROPOSE)
    Office.objects.filter(code="ALTRO").update(parent=annex.office)
    assert "plan-office-annex" not in codes(plan)


def test_an_open_remark_that_blocks_stops_the_adoption(annex, people):
    fields = {
        "row_kind": "annex",
        "row_uid": annex.uid,
        "text": "Da rivedere",
        "by": people["rpct"],
    }
    Remark.objects.create(annex=annex, **fields)
    assert "plan-remark-open" in codes(annex.plan, PlanVerb.ADOPT)
    Remark.objects.create(annex=annex, blocks="issue", **fields)
    assert "plan-remark-blocking" in codes(annex.plan, PlanVerb.ADOPT)


def test_points_cost_the_same_for_any_number_of_annexes(annex, django_assert_num_queries):
    for number in range(12):
        make_annex(annex.plan.administration, office=f"Ufficio {number}")
    plan = Plan.objects.select_related("administration").get(pk=annex.plan_id)
    with django_assert_num_queries(5):
        plan_points(plan)


def test_an_office_is_exempted_with_a_reason_and_wanted_again(annex, people):
    exempt_annex(annex=annex, reason="Ufficio soppresso.", by=people["rpct"])
    assert "plan-annex-issued" not in codes(annex.plan)
    assert "plan-empty" in codes(annex.plan, PlanVerb.PROPOSE)
    lift_exemption(annex=annex, by=people["rpct"])
    assert not Exemption.objects.exists()
    assert verify_trail() == []


@pytest.mark.parametrize(("who", "reason"), [("head", "x"), ("auditor", "x"), ("rpct", " ")])
def test_exemptions_are_the_rpct_s_and_reasoned(annex, people, who, reason):
    with pytest.raises((MoveRefusedError, ValidationError)):
        exempt_annex(annex=annex, reason=reason, by=people[who])
    assert not Exemption.objects.exists()


def test_an_issued_annex_is_not_exempted_nor_any_after_adoption(annex, people):
    other = make_annex(annex.plan.administration, office="Altro")
    close(annex, "issued")
    with pytest.raises(ValidationError, match="già emesso"):
        exempt_annex(annex=annex, reason="x", by=people["rpct"])
    adopt(annex.plan)
    other.plan.refresh_from_db()
    with pytest.raises(MoveRefusedError, match="Il piano è adottato"):
        exempt_annex(annex=other, reason="x", by=people["rpct"])


def confirm(plan, by, **changes):
    values = {
        "year": 2022,
        "staff": 20,
        "conditions": dict.fromkeys(CONDITIONS, True),
        "act_values": ACT,
    }
    return confirm_plan(plan=plan, by=by, **{**values, **changes})


def test_a_small_body_confirms_year_by_year(annex, people):
    plan = put(annex.plan, "published")
    assert confirm(plan, people["rpct"]).year == 2022
    plan = Plan.objects.get(pk=plan.pk)
    assert plan.state == "confirmed"
    assert confirm(plan, people["rpct"], year=2023).year == 2023
    assert verify_trail() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"year": 2021},
        {"year": 2024},
        {"staff": 50},
        {"conditions": dict.fromkeys(CONDITIONS[:3], True)},
        {"act_values": {**ACT, "act_date": datetime.date(2999, 1, 1)}},
    ],
)
def test_what_does_not_let_a_plan_be_confirmed(annex, people, changes):
    plan = put(annex.plan, "published")
    with pytest.raises(ValidationError):
        confirm(plan, people["rpct"], **changes)
    assert not Confirmation.objects.exists()
    assert Plan.objects.get(pk=plan.pk).state == "published"


def test_only_the_rpct_confirms(annex, people):
    plan = put(annex.plan, "published")
    with pytest.raises(MoveRefusedError):
        confirm(plan, people["head"])


def test_the_same_move_cannot_be_made_twice(annex, people):
    stale = annex.plan
    make_plan_move(plan=stale, verb=PlanVerb.CONSULT, by=people["rpct"])
    with pytest.raises(MoveRefusedError, match="questo passo non c’è"):
        make_plan_move(plan=stale, verb=PlanVerb.CONSULT, by=people["rpct"])
