"""The end of a round: each measure gets its outcome, derived, and what was found is issued."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet

from registry import clock, trail
from registry.acts import Act
from registry.models import User
from registry.services.bulk import update_in_bulk
from risk.content.canonical import digest_of
from risk.enums import DerivedOutcome, ItemState, RoundVerb
from risk.models import Measurement, MonitoringRound, RoundIssue, RoundItem
from risk.scoring.outcomes import OutcomeFacts, measured_value, outcome_of
from risk.services.monitoring.follow_ups import follow_up_data
from risk.services.monitoring.rounds import move_round
from risk.services.monitoring.sampling import sample_data

FORMAT = 1
_ANSWERED = (ItemState.CONFIRMED, ItemState.VERIFIED)


def with_all(rows: QuerySet[RoundItem]) -> QuerySet[RoundItem]:
    """Return measures of a round with all that is said of them, in few statements."""
    measured = Measurement.objects.filter(replaced_by=None).select_related("indicator")
    return rows.select_related(
        "office", "answer", "planned_measure__measure", "planned_measure__annex__office"
    ).prefetch_related(
        Prefetch("measurements", queryset=measured.order_by("pk")),
        "evidence",
        "checks",
        "planned_measure__steps",
        "planned_measure__progress_indicators",
    )


def facts_of(item: RoundItem, row: MonitoringRound) -> OutcomeFacts:
    """Return what is known of a measure of `with_all` on the day the round tells of."""
    indicators = list(item.planned_measure.progress_indicators.all())
    masters = [one for one in indicators if one.is_master]
    master = masters[0] if len(masters) == 1 else None
    of_master = [one for one in item.measurements.all() if master and one.indicator_id == master.pk]
    last = of_master[-1] if of_master else None
    checks = [one for one in item.checks.all() if one.outcome]
    verified = checks and item.state == ItemState.VERIFIED
    return OutcomeFacts(
        situation_on=row.situation_on,
        declared=item.answer.declared if item.state in _ANSWERED else "",
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
        check=checks[-1].outcome if verified else "",
        is_due=item.state != ItemState.NOT_DUE,
    )


def close_round(*, row: MonitoringRound, by: User) -> None:
    """Close a round: no more answers, and each measure has its outcome and the reason. One act."""

    def derive(locked: MonitoringRound, opened: Act) -> None:
        items = list(with_all(locked.items.order_by("pk")))
        for item in items:
            item.outcome, item.outcome_reason = outcome_of(facts_of(item, locked))
        update_in_bulk(items, fields=["outcome", "outcome_reason"], opened=opened)
        opened.detail["outcomes"] = dict(Counter(str(item.outcome) for item in items))

    move_round(row=row, verb=RoundVerb.CLOSE, by=by, before=derive)


def issue_round(*, row: MonitoringRound, by: User) -> RoundIssue:
    """Issue a closed round: what it says is kept as canonical data, for ever. One act."""
    made: list[RoundIssue] = []

    def keep(locked: MonitoringRound, opened: Act) -> None:
        data = round_data(locked, with_all(locked.items.order_by("pk")))
        issue = RoundIssue.objects.create(
            round=locked, by=by, issued_at=clock.now(), data=data, data_digest=digest_of(data)
        )
        trail.bind_row(opened.detail, issue)
        opened.detail["digest"] = issue.data_digest
        made.append(issue)

    move_round(row=row, verb=RoundVerb.ISSUE, by=by, before=keep)
    return made[0]


def round_data(row: MonitoringRound, items: Iterable[RoundItem]) -> str:
    """Return what a round says as canonical JSON: the same rows give the same text."""
    content: dict[str, Any] = {
        "plan": row.plan.title,
        "label": row.label,
        "kind": row.kind,
        "situation_on": str(row.situation_on),
        "coverage": row.coverage,
        "criteria": row.criteria,
        "measures": [_said(item) for item in items],
    }
    if drawn := sample_data(row):
        content["sample"] = drawn
    if left := follow_up_data(row):
        content["follow_ups"] = left
    return json.dumps(
        {"format": FORMAT, "round": content},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _said(item: RoundItem) -> dict[str, Any]:
    answer = item.answer
    told = [one for one in item.evidence.all() if not one.has_personal_data]
    files = [one.file_digest for one in told if one.file_digest]
    checks = [one for one in item.checks.all() if one.outcome]
    return {
        "uid": str(item.uid),
        "measure": item.planned_measure.measure.label,
        "planned": str(item.planned_measure.uid),
        "asked": item.asked,
        "office": item.office.name,
        "declared": answer.declared,
        "done": answer.done,
        "cause": answer.cause,
        "reason": answer.reason,
        "measurements": [
            {
                "indicator": one.indicator.label,
                "on": str(one.measured_on),
                "value": None if one.value is None else str(one.value),
                "numerator": None if one.numerator is None else str(one.numerator),
                "denominator": None if one.denominator is None else str(one.denominator),
                "source": one.source,
            }
            for one in item.measurements.all()
        ],
        "evidence": [one.reference for one in told if one.reference],
        # by digest alone: a name may say who somebody is
        **({"files": files} if files else {}),
        "check": checks[-1].outcome if checks else "",
        "outcome": item.outcome,
        "outcome_reason": item.outcome_reason,
    }


def outcome_counts(row: MonitoringRound, user: User) -> list[tuple[DerivedOutcome, int]]:
    """Return how many measures a person sees of a closed round have each outcome, in order."""
    items = RoundItem.objects.visible_to(user).filter(round=row)
    counted = Counter(items.order_by().values_list("outcome", flat=True))
    return [(one, counted[one]) for one in DerivedOutcome if counted[one]]
