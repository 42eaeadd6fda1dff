"""An annex read by its head, one process after the other, each decided where it is read."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import Annex, Process, User
from registry.readable import grouped
from registry.services.history import HistoryEntry
from risk.content.values import DrawnSheet
from risk.enums import RowKind, Verb
from risk.models import Remark, Transition
from risk.services.annexes.asked import Asked, asked_of
from risk.services.annexes.changes import NEXT, ChangesPage, ProcessChanges, page_of
from risk.services.annexes.drawn_sheets import drawn_sheets
from risk.services.annexes.histories import history_of_process
from risk.services.annexes.moves import (
    lock_annex,
    make_move_on,
    move_act,
    read_for_move,
    refusals_recorded,
)
from risk.services.annexes.remarks import add_remark

EDITS = 30
"""How much of what was written since a return is told beside a process; its history has all."""


@dataclass(frozen=True)
class Review:
    """The process a head reads now, among those of the annex.

    `row` is None where the annex has none; `sheet` is its whole text, for one that was never
    approved. `after` is the uid of the next that is to be approved, the first coming after the
    last, None where there is no other.
    """

    changes: ChangesPage
    row: ProcessChanges | None
    sheet: DrawnSheet | None
    after: UUID | None
    returned: Transition | None
    """The last time the annex was sent back, if it ever was."""
    since_return: tuple[HistoryEntry, ...]
    """What was written in the process since, the last first; at most `EDITS` and one more."""
    remarked: tuple[Remark, ...]
    """What this person has remarked since the annex came to them, on processes, still open."""

    @property
    def edits(self) -> tuple[HistoryEntry, ...]:
        """Of what was written since, as much as is told here."""
        return self.since_return[:EDITS]

    @property
    def total(self) -> int:
        """How many processes the annex has in use."""
        return len(self.changes.statuses)

    @property
    def approved(self) -> int:
        """How many of them are approved as they are."""
        return self.total - self.changes.left

    @property
    def is_last(self) -> bool:
        """Whether the annex is approved with this process."""
        row = self.row
        return row is not None and not row.status.is_approved and self.changes.left == 1


def review_of(*, annex: Annex, user: User, at: str = "") -> Review:
    """Return what a head reads now: the process `at` this uid, or the next to be approved.

    The queries do not grow with the annex. Raises `UnknownFormatError` for an edition before that
    was issued by a later version.
    """
    changes = page_of(annex=annex, user=user, at=at or NEXT, size=1)
    row = changes.rows[0] if changes.rows else None
    is_read_whole = row is not None and row.status.given is None
    named = [(row.status.pk, row.status.kept.number)] if row is not None else []
    sheets = drawn_sheets(annex, named) if is_read_whole else ()
    returned = annex.transitions.filter(verb=Verb.RETURN).order_by("-id").first()
    is_read_again = row is not None and returned is not None
    since = history_of_process(row.process).since(returned.at, EDITS + 1) if is_read_again else ()
    return Review(
        changes=changes,
        row=row,
        sheet=sheets[0] if sheets else None,
        after=_after(changes, row),
        returned=returned,
        since_return=tuple(since),
        remarked=tuple(remarked_since_submission(annex, by=user)),
    )


def _after(changes: ChangesPage, row: ProcessChanges | None) -> UUID | None:
    """Return the next process to be approved but the one that is read."""
    if row is None:
        return None
    keys = [one.pk for one in changes.statuses]
    at = keys.index(row.status.pk)
    behind = (*changes.statuses[at + 1 :], *changes.statuses[:at])
    return next((UUID(one.kept.uid) for one in behind if not one.is_approved), None)


def remarked_since_submission(annex: Annex, *, by: User) -> list[Remark]:
    """Return the open remarks a person has made on processes since the annex came to them.

    Two queries.
    """
    last = (
        annex.transitions.filter(verb=Verb.SUBMIT)
        .order_by("-id")
        .values_list("at", flat=True)
        .first()
    )
    rows = Remark.objects.filter(annex=annex, by=by, row_kind=RowKind.PROCESS).open()
    rows = rows.filter(process__isnull=False).select_related("process")
    return list((rows.filter(at__gte=last) if last else rows.none()).order_by("pk"))


def return_annex(
    *,
    annex: Annex,
    by: User,
    reason: str = "",
    process: Process | None = None,
    remarks: Collection[Remark] = (),
) -> Transition:
    """Send an annex back for one process, for what was remarked on others, or both, in one act.

    `reason` is why, of the `process` where there is one: it is kept as a remark there too. It may
    be empty where there are `remarks`, each of which is told with its process. Where the office
    begins is told by `risk.services.annexes.returns`.

    Raises `MoveRefusedError`; then nothing has changed and the refusal is on the trail.
    """
    whole = _whole_reason(reason, process, remarks)
    with (
        refusals_recorded(annex=annex, verb=Verb.RETURN, by=by),
        move_act(annex=annex, verb=Verb.RETURN, by=by, reason=whole),
    ):
        kept = read_for_move(lock_annex(annex.pk), verb=Verb.RETURN, by=by)
        if reason.strip() and process is not None:
            about = {"row": process, "kind": RowKind.PROCESS, "process": process}
            add_remark(annex=kept.annex, text=reason, by=by, **about)
        return make_move_on(kept, verb=Verb.RETURN, by=by, reason=whole)


def asked_of_return(
    *,
    annex: Annex,
    by: User,
    reason: str = "",
    process: Process | None = None,
    remarks: Collection[Remark] = (),
) -> Asked:
    """Return what is asked before `return_annex` is done; it could be done now. Nothing is written.

    Its last number is of how many processes something is said. Raises as `asked_of`.
    """
    whole = _whole_reason(reason, process, remarks)
    asked = asked_of(annex=annex, verb=Verb.RETURN, by=by, reason=whole)
    named = {row.process_id for row in remarks}
    if reason.strip() and process is not None:
        named.add(process.pk)
    sentence = ngettext("%(n)s da correggere", "%(n)s da correggere", len(named))
    return replace(asked, numbers=[*asked.numbers, sentence % {"n": grouped(len(named))}])


def _whole_reason(reason: str, process: Process | None, remarks: Collection[Remark]) -> str:
    """Return all that is said of a return; nothing where nothing is, which the move refuses."""
    told = reason.strip()
    said = [_about(process, told) if told and process is not None else told]
    said += [_about(row.process, row.text) for row in remarks]
    return "\n".join(filter(None, said))


def _about(process: Process | None, text: str) -> str:
    """Return a reason with the process it is about before it."""
    about = {"process": process.printed if process else "", "text": text.strip()}
    return _("%(process)s: %(text)s") % about
