"""How each process of an annex stands with its head: approved as it is, or not.

An approval holds while the process has the digest that was approved (docs/decisions/0017); it is
void when the process changes, and holds again when the change is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from registry.models import Process, User
from risk.content.annex_texts import cover_digest, cover_now
from risk.content.build_sheets import sheet_of
from risk.content.canonical import digest_of, process_data
from risk.content.reading import AnnexContent
from risk.content.values import ProcessSheet
from risk.enums import ApprovalStatus
from risk.models import Approval


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process as it is now, beside the last approval it was given (None: never)."""

    process: Process
    sheet: ProcessSheet
    data: str
    digest: str
    approval: Approval | None

    @property
    def state(self) -> ApprovalStatus:
        if self.approval is not None:
            is_same = self.approval.digest == self.digest
            return ApprovalStatus.APPROVED if is_same else ApprovalStatus.CHANGED
        return ApprovalStatus.TO_APPROVE if self.process.origin_uid else ApprovalStatus.NEW

    @property
    def is_approved(self) -> bool:
        return self.state == ApprovalStatus.APPROVED


def approval_status(content: AnnexContent) -> list[ProcessStatus]:
    """Return how each process in use stands, in their order; one query."""
    given = Approval.objects.filter(process__annex=content.annex)
    approvals = {row.process_id: row for row in last_of_each(given).select_related("by")}
    return [
        _status(process, sheet_of(process, content), approvals.get(process.pk))
        for process in content.processes
    ]


def last_of_each(approvals: QuerySet) -> QuerySet:
    """Return only the last of some approvals of each process."""
    last = approvals.order_by().values("process").annotate(last=Max("pk")).values("last")
    return Approval.objects.filter(pk__in=last)


def write_approvals(statuses: Iterable[ProcessStatus], *, by: User) -> list[Approval]:
    """Write the approval of each process that is not approved as it is now; return them.

    The caller has locked the annex and checked that `by` may approve; no query where none is
    missing, else one.
    """
    missing = [row for row in statuses if not row.is_approved]
    rows = [
        Approval(process=row.process, digest=row.digest, data=row.data, by=by) for row in missing
    ]
    return Approval.objects.bulk_create(rows)


def digest_of_all(content: AnnexContent, statuses: Iterable[ProcessStatus]) -> str:
    """Return one digest for an annex: its own names and texts, its processes and their order."""
    rows = (f"{row.process.uid} {row.digest}" for row in statuses)
    return digest_of("\n".join((cover_digest(cover_now(content)), *rows)))


def _status(process: Process, sheet: ProcessSheet, approval: Approval | None) -> ProcessStatus:
    data = process_data(sheet)
    return ProcessStatus(process, sheet, data, digest_of(data), approval)
