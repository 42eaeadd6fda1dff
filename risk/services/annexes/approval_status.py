"""How each process of an annex stands with its head: approved as it is, or not.

An approval holds while the process has the digest that was approved (docs/decisions/0017); it is
void when the process changes, and holds again when the change is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from registry.models import Process, User
from risk.content.kept import KeptAnnex, KeptProcess
from risk.enums import ApprovalStatus
from risk.models import Approval
from risk.services.annexes.contents import kept_data


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process as it is now, beside the last approval it was given (None: never).

    The data of the approval are not read with it.
    """

    kept: KeptProcess
    approval: Approval | None

    @property
    def pk(self) -> int:
        """The key of the process."""
        return self.kept.pk

    @property
    def process(self) -> Process:
        return self.kept.process

    @property
    def digest(self) -> str:
        return self.kept.digest

    @property
    def state(self) -> ApprovalStatus:
        if self.approval is not None:
            is_same = self.approval.digest == self.digest
            return ApprovalStatus.APPROVED if is_same else ApprovalStatus.CHANGED
        return ApprovalStatus.TO_APPROVE if self.kept.origin_uid else ApprovalStatus.NEW

    @property
    def is_approved(self) -> bool:
        return self.state == ApprovalStatus.APPROVED


def approval_status(kept: KeptAnnex) -> list[ProcessStatus]:
    """Return how each process in use stands, in their order; one query."""
    given = Approval.objects.filter(process__annex=kept.annex)
    last = last_of_each(given).defer("data").select_related("by")
    approvals = {row.process_id: row for row in last}
    return [ProcessStatus(row, approvals.get(row.pk)) for row in kept.processes]


def last_of_each(approvals: QuerySet) -> QuerySet:
    """Return only the last of some approvals of each process."""
    last = approvals.order_by().values("process").annotate(last=Max("pk")).values("last")
    return Approval.objects.filter(pk__in=last)


def write_approvals(
    kept: KeptAnnex, statuses: Iterable[ProcessStatus], *, by: User
) -> list[Approval]:
    """Write the approval of each process that is not approved as it is now; return them.

    The caller has locked the annex and checked that `by` may approve; no query where none is
    missing, else two. Raises `ContentChangedError` when a process is not any more as it was read.
    """
    missing = [row for row in statuses if not row.is_approved]
    if not missing:
        return []
    data = kept_data(kept.annex, [row.kept for row in missing])
    rows = [
        Approval(process=row.process, digest=row.digest, data=data[row.pk], by=by)
        for row in missing
    ]
    return Approval.objects.bulk_create(rows)
