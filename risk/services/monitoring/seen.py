"""What somebody had before them of an answer: a stamp, so that nobody agrees to other words.

An answer is confirmed, and checked, as it was shown: whoever answers for it may write, or a
workbook be taken, while the page is open (docs/decisions/0085).
"""

import hashlib
from collections.abc import Collection

from django.db.models import Prefetch, QuerySet
from django.utils.translation import ngettext

from registry.models import User
from risk.models import ProgressIndicator, RoundItem
from risk.services.monitoring.progress import counting, measured_in
from risk.services.monitoring.steps import states_of

UNSEEN = "-"
"""What stands for the stamp of a page that sent none: nothing was read."""


def stamp_of(item: RoundItem, by: User, *, checks: bool = False) -> str:
    """Return what is the same as long as nobody else writes of a measure, read by a page of rounds.

    It is of the answer, of what was measured and proved and of its steps; with `checks` also of
    what was found before. A proof of one's own changes nothing of what one has read.
    """
    told = (
        item.answer.version,
        sorted(one.pk for one in measured_in(item).values()),
        [one.pk for one in item.evidence.all() if one.by_id != by.pk],
        sorted((key, one.version) for key, one in states_of(item).items()),
        sorted(one.pk for one in item.checks.all()) if checks else "",
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def stamps_of(rows: QuerySet[RoundItem], by: User, *, checks: bool = False) -> dict[int, str]:
    """Return the stamp of measures as they are now, by their keys; seven statements at most."""
    indicators = ProgressIndicator.objects.prefetch_related(counting())
    read = rows.select_related("answer", "planned_measure").prefetch_related(
        "evidence",
        "step_states",
        "planned_measure__steps",
        Prefetch("planned_measure__progress_indicators", queryset=indicators),
        *(("checks",) if checks else ()),
    )
    return {item.pk: stamp_of(item, by, checks=checks) for item in read}


def changed_sentence(measures: Collection[str]) -> str:
    """Return what is said of answers that are no longer as they were read, by their measures."""
    said = ngettext(
        "La risposta su %(names)s è cambiata da quando l’hai letta: rileggila, poi confermala.",
        "Le risposte su %(names)s sono cambiate da quando le hai lette: rileggile, poi confermale.",
        len(measures),
    )
    return said % {"names": ", ".join(f"«{one}»" for one in measures)}
