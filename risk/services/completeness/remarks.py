"""The rule of what an annex still misses that reads its remarks: one query."""

from collections.abc import Iterator, Sequence

from registry.normalise import short
from risk.content.kept import Gap, KeptAnnex
from risk.enums import Verb
from risk.models import Remark


def open_remark(annex: KeptAnnex, found: Sequence[Gap]) -> Iterator[Gap]:
    """Open remarks made to block a step; those on a retired process speak of the annex."""
    processes = {row.pk: row for row in annex.processes}
    rows = Remark.objects.filter(annex=annex.annex, closed_at=None).exclude(blocks="")
    for row in rows.order_by("pk"):
        yield Gap(
            processes.get(row.process_id),
            "",
            {"step": Verb(row.blocks).label, "text": short(row.text)},
            verb=row.blocks,
            remark=row.uid,
        )
