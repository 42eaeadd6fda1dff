"""What a head of office approves: one process, or all that is left of the annex.

An approval is bound to the digest of what was seen (docs/decisions/0017). The approval of the last
process is the approval of the annex, through the one door for its state
(`risk.services.annexes.moves`).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from registry import trail
from registry.models import Annex, Process, User
from registry.trail.subjects import process_subject
from risk.enums import Verb
from risk.models import Approval, Transition
from risk.services.annexes.approval_status import approval_status, write_approvals
from risk.services.annexes.contents import ContentChangedError, kept_annex
from risk.services.annexes.moves import (
    MoveRefusedError,
    check_approver,
    lock_annex,
    make_move_on,
    moves_refused_recorded,
    read_for_move,
    refusals_recorded,
)
from risk.services.completeness.points import blocking_points

KIND = "process-approve"


def approve_process(*, process: Process, by: User, seen: str = "", texts: str = "") -> Approval:
    """Approve one process as it is now; the last one approves the annex with it.

    `seen` is the digest of what the person had on the page: when the process has changed since,
    nobody has read it; `texts` is that of the annex's own texts (`KeptAnnex.cover_digest`), which
    are approved with the last process. In one transaction: the annex is locked, the person checked
    (state, role, four eyes), so is what the process misses; the approval is written, and its record
    on the trail; when no process is left the annex moves as any move is made, or all is undone.

    Raises `MoveRefusedError`; then nothing has changed and the refusal is on the trail.
    """
    subject = process_subject(process)
    with moves_refused_recorded(kind=KIND, subject=subject, by=by), transaction.atomic():
        annex = lock_annex(process.annex_id)
        check_approver(annex=annex, by=by)
        kept = kept_annex(annex)
        statuses = approval_status(kept)
        row = next((one for one in statuses if one.pk == process.pk), None)
        if row is None:
            raise MoveRefusedError([_("Il processo è in archivio: non si approva.")])
        if row.is_approved:
            raise MoveRefusedError([_("Il processo è già approvato.")])
        if seen and seen != row.digest:
            raise MoveRefusedError([_read_again()])
        points = blocking_points(kept, Verb.APPROVE)
        if missing := [str(one.sentence) for one in points if one.process == process]:
            raise MoveRefusedError(missing)
        try:
            (approval,) = write_approvals(kept, [row], by=by)
        except ContentChangedError as error:
            raise MoveRefusedError([_read_again()]) from error
        # an approval has no history rows for an act to find: its record is written here
        detail = {"annex": str(annex.uid), "digest": row.digest}
        trail.bind_row(detail, approval)
        trail.write(kind=KIND, by=by, subject=subject, detail=detail)
        others = [one for one in statuses if one is not row]
        if all(one.is_approved for one in others):
            if texts and texts != kept.cover_digest:
                raise MoveRefusedError([_overtaken()])
            make_move_on(kept, verb=Verb.APPROVE, by=by, statuses=others)
        return approval


def approve_annex(*, annex: Annex, by: User, seen: str = "") -> Transition:
    """Approve an annex whole: every process not yet approved, and the move, in one act.

    `seen` is the digest of its own texts and all its processes as the person had them on the page
    (`KeptAnnex.seen`).

    Raises `MoveRefusedError`; then nothing has changed and the refusal is on the trail.
    """
    with refusals_recorded(annex=annex, verb=Verb.APPROVE, by=by), transaction.atomic():
        kept = read_for_move(lock_annex(annex.pk), verb=Verb.APPROVE, by=by)
        if seen and seen != kept.seen:
            check_approver(annex=kept.annex, by=by)
            raise MoveRefusedError([_overtaken()])
        return make_move_on(kept, verb=Verb.APPROVE, by=by)


def _read_again() -> str:
    return _("Il processo è cambiato da quando lo hai letto: rileggilo, poi approvalo.")


def _overtaken() -> str:
    return _("L’allegato è cambiato da quando lo hai letto: rileggilo, poi approvalo.")
