"""Where an office begins with an annex it got back: the processes it was sent back for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from registry.enums import AnnexState
from registry.models import Annex, Process
from risk.enums import RowKind, Verb
from risk.models import Remark, Transition


@dataclass
class SentBack:
    """The move an annex came back by, and what was said of single processes, in their order.

    `named` are open remarks of who sent it back, made since the annex had been submitted.
    """

    move: Transition
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


def sent_back(annexes: Iterable[Annex]) -> dict[int, SentBack]:
    """Return, of those of some annexes that were sent back, how each was; two queries at most."""
    keys = [row.pk for row in annexes if row.state == AnnexState.RETURNED]
    if not keys:
        return {}
    submitted, back = _last_moves(keys)
    rows = Remark.objects.filter(annex__in=keys, row_kind=RowKind.PROCESS).open()
    rows = rows.filter(process__isnull=False, process__retired_on__isnull=True)
    for row in rows.select_related("process").order_by("process__position", "pk"):
        annex, whole = row.annex_id, back.get(row.annex_id)
        if whole is None or row.by_id != whole.move.by_id or annex not in submitted:
            continue
        if submitted[annex].at <= row.at <= whole.move.at:
            whole.named.append(row)
    return back


def _last_moves(keys: Collection[int]) -> tuple[dict[int, Transition], dict[int, SentBack]]:
    """Return by annex its last submission, and its last return or reopening."""
    verbs = [Verb.SUBMIT, Verb.RETURN, Verb.REOPEN]
    moves = Transition.objects.filter(annex__in=keys, verb__in=verbs).select_related("by")
    submitted, back = {}, {}
    for move in moves.order_by("pk"):
        if move.verb == Verb.SUBMIT:
            submitted[move.annex_id] = move
        else:
            back[move.annex_id] = SentBack(move)
    return submitted, back
