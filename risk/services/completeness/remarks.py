"""The rule of what an annex still misses that reads its remarks: one query, of however many."""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import QuerySet

from registry.kept_statements import KeptStatement
from registry.normalise import short
from risk.content.kept import Gap, KeptAnnex
from risk.enums import Verb
from risk.models import Remark


def open_remarks(annexes: Sequence[KeptAnnex], found: Sequence[Gap]) -> Iterator[tuple[int, Gap]]:
    """Open remarks made to block a step, with the key of their annex.

    Those on a retired process speak of the annex.
    """
    remarks = _BLOCKING([annex.annex.pk for annex in annexes])
    # of most annexes there is none, and then hundreds of processes are not gone through
    processes = {row.pk: row for annex in annexes if remarks for row in annex.processes}
    for row in remarks:
        gap = Gap(
            processes.get(row.process_id),
            "",
            {"step": Verb(row.blocks).label, "text": short(row.text)},
            verb=row.blocks,
            remark=row.uid,
        )
        yield row.annex_id, gap


def _blocking(annexes: Collection[int]) -> QuerySet[Remark]:
    rows = Remark.objects.filter(annex__in=annexes, closed_at=None)
    return rows.exclude(blocks="").order_by("pk")


_BLOCKING = KeptStatement(_blocking)
