"""What a closed round says, read once for all its pages, while nothing it is made of is written.

To be issued it is read anew (`risk.services.monitoring.issuing`).
"""

from typing import Any

from django.db.models import Max, Q, Sum

from registry.fleeting import made_key, recall, remember
from registry.spreadsheets.serialising import packed, unpacked
from risk.guards.marks import BODY, NATIONAL, PLAN
from risk.models import (
    ContentMark,
    Measurement,
    MonitoringRound,
    RoundCheck,
    RoundTransition,
)
from risk.services.monitoring.report_data import measures_told, round_content

_KEPT_FOR = 24 * 60 * 60


def content_to_read(row: MonitoringRound) -> dict[str, Any]:
    """Return what a closed round says, for its pages; its measures may be those kept before."""
    key = made_key("round", _stamp(row))
    kept = recall(key)
    told = measures_told(row) if kept is None else unpacked(kept)
    if kept is None:
        remember(key, packed(told), _KEPT_FOR)
    return round_content(row, told=told)


def _stamp(row: MonitoringRound) -> str:
    """Return what is the same as long as nothing its measures tell of is written; five statements.

    Marks never come back; versions and keys only grow.
    """
    body = row.plan.administration_id
    marks = ContentMark.objects.filter(
        Q(scope=PLAN, key=row.plan_id) | Q(scope=BODY, key__in=(body, NATIONAL))
    )
    of_round = {"item__round": row}
    told = (
        row.uid,
        *marks.order_by("scope", "key").values_list("scope", "key", "mark"),
        row.items.order_by().aggregate(items=Sum("version"), answers=Sum("answer__version")),
        RoundCheck.objects.filter(**of_round).aggregate(last=Max("pk")),
        Measurement.objects.filter(**of_round).aggregate(last=Max("pk")),
        # how indicators went is told of rounds issued meanwhile too
        RoundTransition.objects.filter(round__plan__administration=body).aggregate(last=Max("pk")),
    )
    return " ".join(map(str, told))
