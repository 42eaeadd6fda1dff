"""Where an office begins with an annex it got back: the processes it was sent back for."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Q, QuerySet, Subquery

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.enums import RowKind, Verb
from risk.models import Remark, Transition
from risk.services.annexes.remarks import by_row

_BACK = (Verb.RETURN, Verb.REOPEN)


@dataclass(kw_only=True)
class Beginning:
    """What was said of single processes when an annex was sent back, in their order.

    `named` are open remarks of who sent it back, made since the annex had been submitted.
    """

    named: list[Remark] = field(default_factory=list)

    @property
    def processes(self) -> list[Process]:
        """The processes to begin with, each once, in the order of the annex."""
        return list({row.process_id: row.process for row in self.named}.values())

    def said_of(self, process: Process) -> list[Remark]:
        """Return what was said of one process."""
        return [row for row in self.named if row.process_id == process.pk]

    def after(self, process: Process) -> Process | None:
        """Return the one to go on with from a process: the next, or the first where it is none."""
        keys = [row.pk for row in self.processes]
        at = keys.index(process.pk) + 1 if process.pk in keys else 0
        return next(iter(self.processes[at:]), None)


@dataclass(kw_only=True)
class SentBack(Beginning):
    """The move an annex came back by, with what was said of its processes."""

    move: Transition


def sent_back(annexes: Iterable[Annex]) -> dict[int, SentBack]:
    """Return, of those of some annexes that were sent back, how each was; two queries at most."""
    keys = [row.pk for row in annexes if row.state == AnnexState.RETURNED]
    if not keys:
        return {}
    moves = Transition.objects.filter(annex__in=keys, verb__in=_BACK).select_related("by")
    back = {row.annex_id: SentBack(move=row) for row in moves.order_by("pk")}
    for row in _named(Remark.objects.filter(annex__in=keys)):
        if row.annex_id in back and _begins(row):
            back[row.annex_id].named.append(row)
    return back


def remarks_and_beginning(process: Process) -> tuple[dict[str, list[Remark]], Beginning]:
    """Return the open remarks on a process by row, and where its office begins; one query.

    Its annex was sent back; see `remarks_of` for the remarks.
    """
    mine, of_processes = Q(process=process), Q(annex=process.annex_id, row_kind=RowKind.PROCESS)
    rows = list(_dated(Remark.objects.filter(mine | of_processes)).select_related("by"))
    named = [row for row in rows if _is_of_process(row) and _begins(row)]
    here = sorted((row for row in rows if row.process_id == process.pk), key=lambda row: row.pk)
    return by_row(here), Beginning(named=named)


def _is_of_process(row: Remark) -> bool:
    return (
        row.row_kind == RowKind.PROCESS and row.process is not None and not row.process.is_retired
    )


def _begins(row: Remark) -> bool:
    """Return whether an open remark is of who sent the annex back, made while it was with them."""
    if row.by_id != row.back_by or row.submitted_at is None:
        return False
    return row.submitted_at <= row.at <= row.back_at


def _named(rows: QuerySet[Remark]) -> list[Remark]:
    return [row for row in _dated(rows.filter(row_kind=RowKind.PROCESS)) if _is_of_process(row)]


def _dated(rows: QuerySet[Remark]) -> QuerySet[Remark]:
    """Return open remarks in the order of the processes, with the last moves of their annex."""
    moves = Transition.objects.filter(annex=OuterRef("annex")).order_by("-id")
    back, submitted = moves.filter(verb__in=_BACK), moves.filter(verb=Verb.SUBMIT)
    rows = rows.open().select_related("process").order_by("process__position", "pk")
    return rows.annotate(
        back_by=Subquery(back.values("by")[:1]),
        back_at=Subquery(back.values("at")[:1]),
        submitted_at=Subquery(submitted.values("at")[:1]),
    )
