"""Records of the trail that services and pages write themselves: what was refused, what leaves."""

from typing import Any

from registry import trail
from registry.enums import TrailOutcome
from registry.models import TrailRecord


def record_refusal(*, kind: str, by: Any, subject: str = "", reason: str = "") -> TrailRecord:
    """Write down an attempt that was refused, in a transaction of its own (docs/decisions/0011)."""
    detail = {"reason": reason} if reason else {}
    return trail.write(
        kind=kind, by=by, subject=subject, detail=detail, outcome=TrailOutcome.REFUSED
    )


def record_export(
    *,
    by: Any,
    subject: str,
    file_format: str,
    rows: int | None = None,
    detail: dict[str, Any] | None = None,
    refused_because: str = "",
) -> TrailRecord:
    """Write down that a file leaves the register, or why it could not; return the record.

    `subject` is what left, as "annex <uid>", "issue <uid>" or "list registry.process";
    `file_format` is "pdf", "html", "xlsx", "csv", "json" or "zip"; `rows` how many rows a list has;
    `detail` what else there is to know, as the layout. `by` is None for a command.
    """
    record_detail: dict[str, Any] = {"format": file_format, **(detail or {})}
    if rows is not None:
        record_detail["rows"] = rows
    if refused_because:
        record_detail["reason"] = refused_because
    outcome = TrailOutcome.REFUSED if refused_because else TrailOutcome.DONE
    return trail.write(kind="export", by=by, subject=subject, detail=record_detail, outcome=outcome)
