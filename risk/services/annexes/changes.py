"""What the page of changes shows: each process beside what was approved and the last edition."""

import dataclasses
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial

from registry.enums import AnnexState
from registry.models import Annex, Plan, Process, User
from registry.permissions import roles_on
from risk.content.annex_texts import cover_at, cover_digest, cover_now
from risk.content.build_sheets import sheet_of
from risk.content.canonical import restore, restore_process
from risk.content.comparison import ContentChange, Names, changes_between, renumbered
from risk.content.reading import AnnexContent, read_annex
from risk.content.text_comparison import TextChanges, cover_changes
from risk.content.values import AnnexDocument, ProcessSheet
from risk.enums import ApprovalStatus, Verb
from risk.models import Approval
from risk.services.annexes.approval_status import (
    ProcessStatus,
    approval_status,
    digest_of_all,
    last_of_each,
)
from risk.services.annexes.moves import MoveRefusedError, check_approver, open_moves
from risk.workflow import may_make


@dataclass(frozen=True)
class ProcessChanges:
    """One process; `since_act` and `since_edition` are None where there is nothing before it."""

    status: ProcessStatus
    since_act: tuple[ContentChange, ...] | None
    since_edition: tuple[ContentChange, ...] | None

    @property
    def process(self) -> Process:
        return self.status.process


@dataclass(frozen=True)
class ChangesPage:
    """The changes of an annex, for one person; `act` is what their changes are counted from.

    That is the last approval, or for the RPCT the last validation. `retired` are the processes that
    were approved once and are in the archive; `gone` those of the last edition that are in this one
    no more.
    """

    annex: Annex
    act: Verb
    has_act: bool
    edition: Plan | None
    texts: TextChanges
    rows: tuple[ProcessChanges, ...]
    retired: tuple[Process, ...]
    gone: tuple[ProcessSheet, ...]
    approves: bool
    validates: bool
    returns: bool
    seen: str
    """The digest a person sends back with the approval of the whole annex."""
    stopped: tuple[str, ...] = ()
    """Why the head does not approve now: four eyes."""

    @cached_property
    def counts(self) -> dict[ApprovalStatus, int]:
        """How many processes stand how, all four said."""
        counts = Counter(row.status.state for row in self.rows)
        return {state: counts[state] for state in ApprovalStatus}

    @property
    def left(self) -> int:
        """How many processes are still to be approved."""
        return len(self.rows) - self.counts[ApprovalStatus.APPROVED]

    @property
    def changed_since_act(self) -> int:
        return sum(bool(row.since_act) for row in self.rows)

    @property
    def changed_since_edition(self) -> int:
        return sum(bool(row.since_edition) for row in self.rows)

    @property
    def new_in_edition(self) -> int:
        return sum(row.since_edition is None for row in self.rows)


def page_of(*, annex: Annex, user: User) -> ChangesPage:
    """Return the changes of an annex as a person sees them; the queries do not grow with it."""
    roles = roles_on(user, annex)
    validates = may_make(Verb.VALIDATE, roles) and not may_make(Verb.APPROVE, roles)
    act = Verb.VALIDATE if validates else Verb.APPROVE
    content = read_annex(annex)
    statuses = approval_status(content)
    given = {row.process.pk: row.approval for row in statuses}
    approved = _validated(annex) if validates else given
    before = _edition_before(annex)
    earlier = _earlier_edition(before) if before is not None else None
    sheets = {sheet.uid: sheet for sheet in earlier.sheets} if earlier is not None else {}
    names = _ancestors(content)
    rows = tuple(
        ProcessChanges(
            status=row,
            since_act=_since(row, approved.get(row.process.pk)),
            since_edition=_since_edition(row, sheets, names),
        )
        for row in statuses
    )
    followed = {str(row.process.origin_uid) for row in statuses}
    open_now = _verbs(annex, user)
    stopped = _stopped(annex, user) if Verb.APPROVE in open_now else ()
    return ChangesPage(
        annex=annex,
        act=act,
        has_act=any(approved.values()),
        edition=before.plan if before is not None else None,
        texts=_texts(content, act, earlier),
        rows=rows,
        retired=_retired(annex),
        gone=tuple(sheet for uid, sheet in sheets.items() if uid not in followed),
        approves=Verb.APPROVE in open_now and not stopped,
        validates=Verb.VALIDATE in open_now,
        returns=Verb.RETURN in open_now,
        seen=digest_of_all(content, statuses),
        stopped=stopped,
    )


def _texts(content: AnnexContent, act: Verb, earlier: AnnexDocument | None) -> TextChanges:
    """Return what changed in the annex's own texts since its last move `act` and the edition."""
    annex, now = content.annex, cover_now(content)
    last = annex.transitions.filter(verb=act).order_by("-id").first()
    compared = partial(cover_changes, after=now, is_open=annex.is_open)
    return TextChanges(
        since_act=compared(cover_at(annex, last.at), same_plan=True) if last else None,
        since_edition=compared(earlier, same_plan=False) if earlier is not None else None,
        digest=cover_digest(now),
    )


def _verbs(annex: Annex, user: User) -> set[Verb]:
    return {move.verb for move in open_moves(annex=annex, user=user)}


def _stopped(annex: Annex, user: User) -> tuple[str, ...]:
    try:
        check_approver(annex=annex, by=user)
    except MoveRefusedError as refused:
        return tuple(refused.reasons)
    return ()


def _since(row: ProcessStatus, approval: Approval | None) -> tuple[ContentChange, ...] | None:
    """Return what changed in a process since an approval, None when it never had one."""
    if approval is None:
        return None
    if approval.digest == row.digest:
        return ()
    changes = changes_between(restore_process(approval.data), row.sheet)
    return changes or (renumbered(),)


def _since_edition(
    row: ProcessStatus, sheets: dict[str, ProcessSheet], names: Names
) -> tuple[ContentChange, ...] | None:
    before = sheets.get(str(row.process.origin_uid))
    return None if before is None else changes_between(before, row.sheet, names=names)


def _validated(annex: Annex) -> dict[int, Approval]:
    """Return what the RPCT validated last, by process: what was approved at that moment."""
    last = annex.transitions.filter(verb=Verb.VALIDATE).order_by("-id").first()
    if last is None:
        return {}
    given = Approval.objects.filter(process__annex=annex, at__lte=last.at)
    return {row.process_id: row for row in last_of_each(given)}


def _edition_before(annex: Annex) -> Annex | None:
    if annex.origin_id is None:
        return None
    return Annex.objects.with_names().get(pk=annex.origin_id)


def _issued(before: Annex) -> AnnexDocument | None:
    """Return an annex as it was issued, None where it is not."""
    if before.state != AnnexState.ISSUED:
        return None
    issue = before.issues.order_by("-issued_at").defer("html", "pdf").first()
    return restore(issue.data) if issue is not None else None


def _earlier_edition(before: Annex) -> AnnexDocument:
    """Return what an annex says: as issued where it is issued, else as it is."""
    issued = _issued(before)
    if issued is not None:
        return issued
    content = read_annex(before)
    sheets = tuple(sheet_of(process, content) for process in content.processes)
    return dataclasses.replace(cover_now(content), sheets=sheets)


def _ancestors(content: AnnexContent) -> Names:
    """Return the uid each row had in the edition it was copied from."""
    rows = [
        row
        for process in content.processes
        for row in (
            *process.phases.all(),
            *(action for phase in process.phases.all() for action in phase.actions.all()),
            *process.behaviours.all(),
            *content.measures.get(process.pk, ()),
        )
    ]
    return {str(row.uid): str(row.origin_uid) for row in rows if row.origin_uid}


def _retired(annex: Annex) -> tuple[Process, ...]:
    """Return the processes in the archive that were approved before they went there."""
    rows = annex.processes.filter(retired_on__isnull=False, approvals__isnull=False)
    return tuple(rows.order_by("position").distinct())
