"""How fit each measure is, judged once a year by the RPCT, apart from how it was carried out.

A judgement is written once; another of the same year names the one it replaces
(docs/decisions/0093).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.models import Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.rows import store
from registry.trail.subjects import plan_subject
from risk.enums import RoundState
from risk.models import PlannedMeasure, RoundItem, Suitability
from risk.services.monitoring.rounds import is_in_force

KIND = "suitability"
_ENDED = (RoundState.CLOSED, RoundState.ISSUED)


def years_of(plan: Plan) -> list[int]:
    """Return the years a plan is judged for, the last first: from its adoption to this one."""
    if not plan.is_adopted or plan.act_date is None:
        return []
    return list(range(clock.today().year, plan.act_date.year - 1, -1))


def judge_suitability(
    *,
    measure: PlannedMeasure,
    year: int,
    judgement: str,
    factor: str,
    motivation: str,
    by: User,
    seen: str = "",
) -> Suitability:
    """Judge a measure of a plan in force for a year; return the judgement. One act.

    `seen` is the uid of the last judgement of the year the person has read, "" for none. Raises
    `RuleRefused` for who is not the RPCT, for a plan not in force, and where another person has
    judged meanwhile; `ValidationError` for another year and without a motivation.
    """
    plan = measure.plan
    subject = plan_subject(plan.administration, plan.title)
    with act(KIND, by=by, subject=subject):
        if not is_rpct_of_plan(by, plan):
            raise RuleRefused(_("L’idoneità la giudica il RPCT dell’amministrazione."))
        if not is_in_force(plan):
            raise RuleRefused(_("Si giudica un piano adottato, finché la sua edizione è aperta."))
        if year not in years_of(plan):
            raise ValidationError(
                _("Si giudica un anno dall’adozione del piano a quello in corso.")
            )
        last = last_judgement(measure, year)
        if (str(last.uid) if last else "") != seen:
            raise RuleRefused(_("Un’altra persona l’ha giudicata ora: rileggila."))
        row = Suitability(
            planned_measure=measure,
            year=year,
            judgement=judgement,
            factor=factor,
            motivation=motivation.strip(),
            replaces=last,
            by=by,
        )
        store(row, sure={"planned_measure", "by"})
        # it has no history rows for an act to find: its record is written here
        detail: dict[str, Any] = {"measure": str(measure.uid), "year": year}
        trail.bind_row(detail, row)
        trail.write(kind=KIND, by=by, subject=subject, detail=detail)
        return row


def last_judgement(measure: PlannedMeasure, year: int) -> Suitability | None:
    """Return what counts of a measure for a year; None while it is not judged."""
    rows = Suitability.objects.filter(planned_measure=measure, year=year, replaced_by=None)
    return rows.first()


def judgements_of(measure: PlannedMeasure) -> QuerySet[Suitability]:
    """Return all that was ever judged of a measure, the last first; what is replaced included."""
    rows = Suitability.objects.filter(planned_measure=measure).select_related("by", "replaced_by")
    return rows.order_by("-year", "-pk")


def judged(rows: QuerySet[PlannedMeasure], year: int, user: User) -> QuerySet[PlannedMeasure]:
    """Return measures with `is_judged`, `judgement` of a year and their last `outcome` in it.

    The outcome of what the person may read: another office’s is empty (docs/decisions/0085).
    """
    given = Suitability.objects.filter(planned_measure=OuterRef("pk"), year=year, replaced_by=None)
    asked = (
        RoundItem.objects.visible_to(user)
        .filter(
            planned_measure=OuterRef("pk"), round__state__in=_ENDED, round__situation_on__year=year
        )
        .order_by("-round__situation_on", "-round")
    )
    return rows.annotate(
        is_judged=Exists(given),
        judgement=Subquery(given.values("judgement")[:1]),
        outcome=Subquery(asked.values("outcome")[:1]),
    )


def missing(plan: Plan, year: int) -> QuerySet[PlannedMeasure]:
    """Return the measures of a plan nobody has judged for a year (`suitability-missing`)."""
    given = Suitability.objects.filter(planned_measure=OuterRef("pk"), year=year)
    return PlannedMeasure.objects.filter(~Exists(given), plan=plan).in_use()


def said_by_offices(measure: PlannedMeasure, year: int, user: User) -> QuerySet[RoundItem]:
    """Return what closed rounds of a year found of a measure, with what its office judges.

    As far as the person reads what offices answered: who reads a measure does not for that.
    """
    rows = RoundItem.objects.visible_to(user).filter(
        planned_measure=measure, round__state__in=_ENDED, round__situation_on__year=year
    )
    return rows.select_related("round", "office", "answer").order_by("-round__situation_on", "-pk")
