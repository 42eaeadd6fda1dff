"""What an annex prints of its own, around its processes: today, and as it was at a moment."""

from datetime import datetime
from typing import Any

from registry.models import Annex
from risk.content.build import cover_of
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import AnnexContent, past_blocks_of
from risk.content.values import AnnexDocument
from risk.models import TextBlock


def cover_now(content: AnnexContent) -> AnnexDocument:
    """Return the names and texts of an annex; one whose fields are not filled stays as written."""
    return cover_of(content.annex, content.blocks, strict=False)


def cover_at(annex: Annex, at: datetime) -> AnnexDocument:
    """Return the same as it was at a moment, from the histories of all that is printed."""
    then = row_at(annex, at)
    then.office = annex.office
    then.plan = row_at(annex.plan, at)
    then.plan.administration = row_at(annex.plan.administration, at)
    return cover_of(then, past_blocks_of(then, TextBlock.history.as_of(at)), strict=False)


def cover_digest(cover: AnnexDocument) -> str:
    """Return the digest of names and texts: what is sent back with an approval of the annex."""
    return digest_of(snapshot(cover))


def row_at(row: Any, at: datetime) -> Any:
    """Return a row as it was; what has no history of that time has not changed since."""
    try:
        return row.history.as_of(at)
    except type(row).DoesNotExist:
        return type(row).objects.get(pk=row.pk)
