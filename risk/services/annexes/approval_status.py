"""How each process of an annex stands with its head: approved as it is, or not.

An approval holds while the process has the digest that was approved (docs/decisions/0017); it is
void when the process changes, and holds again when the change is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Max, QuerySet

from registry.models import Process, User
from risk.content.kept import KeptAnnex, KeptProcess
from risk.enums import ApprovalStatus
from risk.models import Approval
from risk.services.annexes.contents import kept_data


class Given(NamedTuple):
    """What tells of an approval whether it holds: its key, and the digest it was given to.

    Of three hundred processes that is all that is read; of those on a page the approval itself.
    """

    pk: int
    digest: str


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process as it is now, beside the last approval it was given (None: never)."""

    kept: KeptProcess
    given: Given | None

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
        if self.given is not None:
            is_same = self.given.digest == self.digest
            return ApprovalStatus.APPROVED if is_same else ApprovalStatus.CHANGED
        return ApprovalStatus.TO_APPROVE if self.kept.origin_uid else ApprovalStatus.NEW

    @property
    def is_approved(self) -> bool:
        return self.state == ApprovalStatus.APPROVED


def approval_status(kept: KeptAnnex) -> list[ProcessStatus]:
    """Return how each process in use stands, in their order; one query."""
    given = last_of_each(Approval.objects.filter(process__annex=kept.annex))
    return [ProcessStatus(row, given.get(row.pk)) for row in kept.processes]


def last_of_each(approvals: QuerySet) -> dict[int, Given]:
    """Return of some approvals the last of each process, by its key; one query."""
    last = approvals.order_by().values("process").annotate(last=Max("pk")).values("last")
    rows = Approval.objects.filter(pk__in=last).order_by()
    return {key: Given(*given) for key, *given in rows.values_list("process_id", "pk", "digest")}


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
