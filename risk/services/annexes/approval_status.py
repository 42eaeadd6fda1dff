"""How each process of an annex stands with its head: approved as it is, or not.

An approval holds while the digest it was given on is the present one (docs/decisions/0017).

An approval holds while the process has the digest that was approved; it is void when the process
changes, and holds again when the change is taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from registry.models import Annex, Process, User
from risk.content.annex_texts import cover_digest, cover_now
from risk.content.build_sheets import sheet_of
from risk.content.canonical import digest_of, process_data
from risk.content.reading import LoadedAnnex, load
from risk.content.values import Sheet
from risk.enums import Standing
from risk.models import Approval


@dataclass(frozen=True, slots=True)
class ProcessStanding:
    """One process as it is now, beside the last approval it was given (None: never)."""

    process: Process
    sheet: Sheet
    data: str
    digest: str
    approval: Approval | None

    @property
    def state(self) -> Standing:
        if self.approval is not None:
            is_same = self.approval.digest == self.digest
            return Standing.APPROVED if is_same else Standing.CHANGED
        return Standing.TO_APPROVE if self.process.origin_uid else Standing.NEW

    @property
    def is_approved(self) -> bool:
        return self.state == Standing.APPROVED


def standings_of(annex: Annex | LoadedAnnex) -> list[ProcessStanding]:
    """Return the processes in use, in their order; the queries of loading the annex and one."""
    loaded = annex if isinstance(annex, LoadedAnnex) else load(annex)
    given = Approval.objects.filter(process__annex=loaded.annex)
    approvals = {row.process_id: row for row in last_of_each(given).select_related("by")}
    return [
        _standing(process, sheet_of(process, loaded), approvals.get(process.pk))
        for process in loaded.processes
    ]


def last_of_each(approvals: QuerySet) -> QuerySet:
    """Return only the last of some approvals of each process."""
    last = approvals.order_by().values("process").annotate(last=Max("pk")).values("last")
    return Approval.objects.filter(pk__in=last)


def write_approvals(standings: Iterable[ProcessStanding], *, by: User) -> list[Approval]:
    """Write the approval of each process that is not approved as it is now; return them.

    The caller has locked the annex and checked that `by` may approve; no query where none is
    missing, else one.
    """
    missing = [row for row in standings if not row.is_approved]
    rows = [
        Approval(process=row.process, digest=row.digest, data=row.data, by=by) for row in missing
    ]
    return Approval.objects.bulk_create(rows)


def digest_of_all(annex: Annex | LoadedAnnex, standings: Iterable[ProcessStanding]) -> str:
    """Return one digest for an annex: its own names and texts, its processes and their order."""
    rows = (f"{row.process.uid} {row.digest}" for row in standings)
    return digest_of("\n".join((cover_digest(cover_now(annex)), *rows)))


def _standing(process: Process, sheet: Sheet, approval: Approval | None) -> ProcessStanding:
    data = process_data(sheet)
    return ProcessStanding(process, sheet, data, digest_of(data), approval)
