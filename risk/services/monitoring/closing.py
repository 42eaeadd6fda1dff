"""The end of a round: each measure gets its outcome, derived (`issuing` keeps its report)."""

from collections import Counter

from registry.acts import Act
from registry.models import User
from registry.services.bulk import update_in_bulk
from risk.enums import DerivedOutcome, RoundVerb
from risk.models import MonitoringRound, RoundItem
from risk.scoring.outcomes import late_days_of, outcome_of
from risk.services.monitoring.closing_rows import facts_of, with_all
from risk.services.monitoring.rounds import move_round


def close_round(*, row: MonitoringRound, by: User) -> None:
    """Close a round: no more answers, and each measure has its outcome and the reason. One act."""

    def derive(locked: MonitoringRound, opened: Act) -> None:
        items = list(with_all(locked.items.order_by("pk")))
        for item in items:
            facts = facts_of(item, locked)
            item.outcome, item.outcome_reason = outcome_of(facts)
            item.late_days = late_days_of(item.outcome, facts)
        fields = ["outcome", "outcome_reason", "late_days"]
        update_in_bulk(items, fields=fields, opened=opened)
        opened.detail["outcomes"] = dict(Counter(str(item.outcome) for item in items))

    move_round(row=row, verb=RoundVerb.CLOSE, by=by, before=derive)


def outcome_counts(row: MonitoringRound, user: User) -> list[tuple[DerivedOutcome, int]]:
    """Return how many measures a person sees of a closed round have each outcome, in order."""
    items = RoundItem.objects.visible_to(user).filter(round=row)
    counted = Counter(items.order_by().values_list("outcome", flat=True))
    return [(one, counted[one]) for one in DerivedOutcome if counted[one]]
