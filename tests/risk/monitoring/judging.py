"""Judging how fit measures are, and the editions that are told."""

from types import SimpleNamespace

from registry.models import Plan
from risk.enums import PlanVerb
from risk.models import PlannedMeasure, Suitability
from risk.services.completeness.plan_points import PlanPoint, plan_points
from risk.services.monitoring.suitability import judge_suitability

YEAR = 2021
WEAK = {"judgement": "strengthen", "factor": "present", "motivation": "Guarda una pratica sola."}


def of(world, name="own") -> PlannedMeasure:
    rows = PlannedMeasure.objects.select_related("plan__administration", "annex")
    return rows.get(pk=world.planned[name].pk)


def judge(world, name="own", who="rpct", **values) -> Suitability:
    values = {"year": YEAR, **WEAK, **values}
    return judge_suitability(measure=of(world, name), by=world.people[who], **values)


def next_edition(world, *names: str) -> SimpleNamespace:
    """Open an edition with copies of some measures, each of its own office."""
    body, first = world.plan.administration, YEAR + 1
    told = {"first_year": first, "last_year": first + 2, "origin": world.plan}
    title = f"PTPCT {first}, da {world.plan.title}"
    plan = Plan.objects.create(administration=body, title=title, **told)
    copies = {}
    for name in names:
        annex, _made = plan.annexes.get_or_create(office=of(world, name).annex.office)
        copies[name] = PlannedMeasure.objects.create(
            plan=plan, annex=annex, measure=of(world, name).measure, scope="annex"
        )
        PlannedMeasure.objects.filter(pk=copies[name].pk).update(
            origin=of(world, name), origin_uid=of(world, name).uid
        )
        copies[name].refresh_from_db()
    return SimpleNamespace(plan=plan, **copies)


def undecided(plan: Plan) -> list[PlanPoint]:
    """Return what is told before an edition is adopted of what was proposed to it."""
    codes = ("plan-proposal-undecided", "plan-review-undecided")
    points = plan_points(Plan.objects.get(pk=plan.pk), verb=PlanVerb.ADOPT)
    return [one for one in points if one.rule.code in codes]
