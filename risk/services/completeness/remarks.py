"""The rule of what an annex still misses that reads its remarks: one query."""

from collections.abc import Iterator

from registry.normalise import short
from risk.content.reading import AnnexContent
from risk.enums import Verb
from risk.models import Remark
from risk.services.completeness.rules import Gap


def open_remark(content: AnnexContent) -> Iterator[Gap]:
    """Open remarks made to block a step; those on a retired process speak of the annex."""
    processes = {row.pk: row for row in content.processes}
    rows = Remark.objects.filter(annex=content.annex, closed_at=None).exclude(blocks="")
    for row in rows.order_by("pk"):
        yield Gap(
            processes.get(row.process_id),
            "",
            {"step": Verb(row.blocks).label, "text": short(row.text)},
            verb=row.blocks,
            remark=row.uid,
        )
