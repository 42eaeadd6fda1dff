"""The measures of a round with all that is said of them, and what is known of each."""

from django.db.models import Prefetch, QuerySet

from risk.enums import ItemState
from risk.models import Measurement, MonitoringRound, ProgressIndicator, RoundCheck, RoundItem
from risk.scoring.outcomes import OutcomeFacts, measured_value
from risk.services.monitoring.steps import days_of_steps

_ANSWERED = (ItemState.CONFIRMED, ItemState.VERIFIED)


def is_answered(item: RoundItem) -> bool:
    """Tell whether a measure has an answer: one that its head confirmed, and nobody sent back."""
    return item.state in _ANSWERED


def check_of(item: RoundItem) -> RoundCheck | None:
    """Return the check of a measure of `with_all` that counts: of the answer that stands."""
    checks = [one for one in item.checks.all() if one.outcome]
    return checks[-1] if checks and item.state == ItemState.VERIFIED else None


def with_all(
    rows: QuerySet[RoundItem], indicators: QuerySet[ProgressIndicator] | None = None
) -> QuerySet[RoundItem]:
    """Return measures of a round with all that is said of them, in few statements.

    `indicators` are those to read with more than their own columns.
    """
    measured = Measurement.objects.filter(replaced_by=None).select_related("indicator")
    return rows.select_related(
        "office", "answer", "planned_measure__measure", "planned_measure__annex__office"
    ).prefetch_related(
        Prefetch("measurements", queryset=measured.order_by("pk")),
        "evidence",
        "checks",
        "step_states",
        "planned_measure__steps",
        Prefetch("planned_measure__progress_indicators", queryset=indicators),
    )


def facts_of(item: RoundItem, row: MonitoringRound) -> OutcomeFacts:
    """Return what is known of a measure of `with_all` on the day the round tells of."""
    indicators = list(item.planned_measure.progress_indicators.all())
    masters = [one for one in indicators if one.is_master]
    master = masters[0] if len(masters) == 1 else None
    of_master = [one for one in item.measurements.all() if master and one.indicator_id == master.pk]
    last = of_master[-1] if of_master else None
    check = check_of(item)
    return OutcomeFacts(
        situation_on=row.situation_on,
        declared=item.answer.declared if is_answered(item) else "",
        steps=len(item.planned_measure.steps.all()),
        indicators=len(indicators),
        masters=len(masters),
        baseline=master.baseline if master else None,
        target=master.target if master else None,
        target_on=master.target_on if master else None,
        value=last
        and measured_value(
            master.kind if master else "",
            value=last.value,
            numerator=last.numerator,
            denominator=last.denominator,
        ),
        has_evidence=bool(item.evidence.all()),
        check=check.outcome if check else "",
        is_due=item.state != ItemState.NOT_DUE,
        is_written=item.state == ItemState.ANSWERED,
        is_returned=item.state == ItemState.RETURNED,
        proposed_on=item.answer.proposed_on,
        step_days=days_of_steps(item, row.situation_on),
    )
