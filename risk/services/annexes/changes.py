"""What the page of changes shows: each process beside what was approved and the last edition."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from uuid import UUID

from django.core.paginator import Page, Paginator

from registry.models import Annex, Plan, Process, User
from registry.permissions import roles_on
from risk.content.annex_texts import cover_at
from risk.content.canonical import restore_process
from risk.content.comparison import ContentChange, changes_between, renumbered
from risk.content.kept import KeptAnnex, KeptProcess
from risk.content.text_comparison import TextChanges, cover_changes
from risk.content.values import AnnexDocument
from risk.enums import ApprovalStatus, Verb
from risk.models import Approval
from risk.services.annexes.approval_status import (
    Given,
    ProcessStatus,
    approval_status,
    last_of_each,
)
from risk.services.annexes.contents import kept_annex, kept_data
from risk.services.annexes.earlier import Earlier, ancestors_of, earlier_of
from risk.services.annexes.moves import MoveRefusedError, check_approver, open_moves
from risk.workflow import may_make

PROCESSES_A_PAGE = 30
NEXT = "next"
"""In the place of the uid of a process: the first that is still to be approved."""


@dataclass(frozen=True)
class ProcessChanges:
    """One process; `since_act` and `since_edition` are None where there is nothing before it.

    `approval` is the last it was given, its data not read; None where there is none.
    """

    status: ProcessStatus
    approval: Approval | None
    since_act: tuple[ContentChange, ...] | None
    since_edition: tuple[ContentChange, ...] | None

    @property
    def process(self) -> Process:
        return self.status.process


@dataclass(frozen=True)
class ChangesPage:
    """The changes of an annex, for one person; `act` is what their changes are counted from.

    That is the last approval, or for the RPCT the last validation. `statuses` are those of all
    processes, `rows` the changes of those on the page that is `listed`. `retired` are the processes
    that were approved once and are in the archive; `gone` number and title of those of the last
    edition that are in this one no more.
    """

    annex: Annex
    act: Verb
    has_act: bool
    edition: Plan | None
    texts: TextChanges
    statuses: tuple[ProcessStatus, ...]
    listed: Page
    rows: tuple[ProcessChanges, ...]
    changed_since_act: int
    changed_since_edition: int
    new_in_edition: int
    retired: tuple[Process, ...]
    gone: tuple[tuple[str, str], ...]
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
        counts = Counter(row.state for row in self.statuses)
        return {state: counts[state] for state in ApprovalStatus}

    @property
    def to_approve(self) -> list[ProcessStatus]:
        """The processes still to be approved."""
        return [row for row in self.statuses if not row.is_approved]

    @property
    def left(self) -> int:
        """How many processes are still to be approved."""
        return len(self.to_approve)


def page_of(
    *,
    annex: Annex,
    user: User,
    number: str | int | None = 1,
    at: UUID | str | None = None,
    size: int = PROCESSES_A_PAGE,
) -> ChangesPage:
    """Return the changes of an annex as a person sees them; the queries do not grow with it.

    Of its processes those of one page of some `size`: that with a `number`, or where the process
    `at` this uid is; `NEXT` is the first that is still to be approved.
    Raises `UnknownFormatError` for an edition before that was issued by a later version.
    """
    roles = roles_on(user, annex)
    validates = may_make(Verb.VALIDATE, roles) and not may_make(Verb.APPROVE, roles)
    act = Verb.VALIDATE if validates else Verb.APPROVE
    kept = kept_annex(annex, examined=False)
    statuses = approval_status(kept)
    given = {row.pk: row.given for row in statuses if row.given}
    approved = _validated(annex) if validates else given
    earlier = earlier_of(annex)
    listed = _listed(statuses, number, at, size)
    editions = _since_edition(kept, earlier)
    acts = _since_act(annex, [row.kept for row in listed], approved)
    approvals = _approvals(listed)
    open_now = _verbs(annex, user)
    stopped = _stopped(annex, user, open_now)
    return ChangesPage(
        annex=annex,
        act=act,
        has_act=bool(approved),
        edition=earlier.plan if earlier else None,
        texts=_texts(kept, act, earlier.cover if earlier else None),
        statuses=tuple(statuses),
        listed=listed,
        rows=tuple(
            ProcessChanges(row, approvals.get(row.pk), acts.get(row.pk), editions.get(row.pk))
            for row in listed
        ),
        changed_since_act=sum(_differs(row, approved.get(row.pk)) for row in statuses),
        changed_since_edition=sum(map(bool, editions.values())),
        new_in_edition=sum(not _was_in(earlier, row.kept) for row in statuses),
        retired=_retired(annex),
        gone=_gone(annex, earlier, kept.processes),
        approves=Verb.APPROVE in open_now and not stopped,
        validates=Verb.VALIDATE in open_now,
        returns=Verb.RETURN in open_now,
        seen=kept.seen,
        stopped=stopped,
    )


def _listed(
    statuses: Sequence[ProcessStatus],
    number: str | int | None,
    at: UUID | str | None,
    size: int,
) -> Page:
    uids = [row.kept.uid for row in statuses] if at else []
    if at == NEXT:
        at = next((row.kept.uid for row in statuses if not row.is_approved), None)
    if str(at) in uids:
        number = uids.index(str(at)) // size + 1
    return Paginator(statuses, size).get_page(number)


def _texts(kept: KeptAnnex, act: Verb, earlier: AnnexDocument | None) -> TextChanges:
    """Return what changed in the annex's own texts since its last move `act` and the edition."""
    annex, now = kept.annex, kept.cover
    last = annex.transitions.filter(verb=act).order_by("-id").first()
    compared = partial(cover_changes, after=now, is_open=annex.is_open)
    return TextChanges(
        since_act=compared(cover_at(annex, last.at), same_plan=True) if last else None,
        since_edition=compared(earlier, same_plan=False) if earlier is not None else None,
        digest=kept.cover_digest,
    )


def _verbs(annex: Annex, user: User) -> set[Verb]:
    return {move.verb for move in open_moves(annex=annex, user=user)}


def _stopped(annex: Annex, user: User, open_now: set[Verb]) -> tuple[str, ...]:
    if Verb.APPROVE not in open_now:
        return ()
    try:
        check_approver(annex=annex, by=user)
    except MoveRefusedError as refused:
        return tuple(refused.reasons)
    return ()


def _differs(row: ProcessStatus, given: Given | None) -> bool:
    return given is not None and given.digest != row.digest


def _approvals(rows: Iterable[ProcessStatus]) -> dict[int, Approval]:
    """Return the last approvals of some processes, by the key of the process; at most one query."""
    keys = [row.given.pk for row in rows if row.given]
    given = Approval.objects.filter(pk__in=keys).defer("data").select_related("by")
    return {row.process_id: row for row in given}


def _since_act(
    annex: Annex, rows: Collection[KeptProcess], approved: Mapping[int, Given]
) -> dict[int, tuple[ContentChange, ...]]:
    """Return what changed in processes since an approval, by key; nothing of one without."""
    given = {row.pk: approved[row.pk] for row in rows if row.pk in approved}
    changed = [r for r in rows if r.pk in given and given[r.pk].digest != r.digest]
    now = kept_data(annex, changed) if changed else {}
    then = Approval.objects.filter(pk__in=[given[key].pk for key in now])
    since: dict[int, tuple[ContentChange, ...]] = dict.fromkeys(given, ())
    for key, data in then.values_list("process_id", "data") if now else ():
        changes = changes_between(restore_process(data), restore_process(now[key]))
        since[key] = changes or (renumbered(),)
    return since


def _was_in(earlier: Earlier | None, row: KeptProcess) -> bool:
    return earlier is not None and row.origin_uid in earlier.digests


def _since_edition(
    kept: KeptAnnex, earlier: Earlier | None
) -> dict[int, tuple[ContentChange, ...]]:
    """Return what changed in each process that was in the edition before, by key.

    Only those are compared that are not, row by row, the same.
    """
    if earlier is None:
        return {}
    rows = [row for row in kept.processes if _was_in(earlier, row)]
    since: dict[int, tuple[ContentChange, ...]] = {row.pk: () for row in rows}
    other = [r for r in rows if r.edition_digest != earlier.digests[r.origin_uid]]
    if other:
        now, names = kept_data(kept.annex, other), ancestors_of(kept.annex, [*since])
        then = earlier.sheets([row.origin_uid for row in other])
        for row in other:
            before, after = then[row.origin_uid], restore_process(now[row.pk])
            since[row.pk] = changes_between(before, after, names=names)
    return since


def _gone(
    annex: Annex, earlier: Earlier | None, rows: Collection[KeptProcess]
) -> tuple[tuple[str, str], ...]:
    if earlier is None:
        return ()
    followed = {row.origin_uid for row in rows}
    left = {uid: name for uid, name in earlier.names.items() if uid not in followed}
    if not left:
        return ()
    # what went to another office of the edition is not gone
    elsewhere = Process.objects.filter(annex__plan=annex.plan_id, origin_uid__in=left)
    moved = {
        str(uid) for uid in elsewhere.exclude(annex=annex).values_list("origin_uid", flat=True)
    }
    return tuple(name for uid, name in left.items() if uid not in moved)


def _validated(annex: Annex) -> dict[int, Given]:
    """Return what the RPCT validated last, by process: what was approved at that moment."""
    last = annex.transitions.filter(verb=Verb.VALIDATE).order_by("-id").first()
    if last is None:
        return {}
    return last_of_each(Approval.objects.filter(process__annex=annex, at__lte=last.at))


def _retired(annex: Annex) -> tuple[Process, ...]:
    """Return the processes in the archive that were approved before they went there."""
    rows = annex.processes.filter(retired_on__isnull=False, approvals__isnull=False)
    return tuple(rows.order_by("position").distinct())
