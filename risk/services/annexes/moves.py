"""One door for the state of an annex: checks, writes, records, always together.

Page, admin and command call `move_annex`; nothing else changes `Annex.state`, and the database
refuses whoever tries (`risk.guards.freezing`).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import Act, act
from registry.enums import AnnexState, MembershipRole
from registry.hanging import on_annexes
from registry.models import Annex, Membership, User
from registry.normalise import fold
from registry.permissions import roles_on
from registry.roles import HEADING
from registry.services.plans import said_of_adopted
from registry.services.trail import record_refusal
from registry.trail.subjects import annex_subject
from risk.content.canonical import OF_DIGESTS, content_digest
from risk.content.kept import KeptAnnex
from risk.content.reading import read_annex
from risk.content.texts import UnresolvedField
from risk.enums import Verb
from risk.models import Approval, Assessment, Transition
from risk.services.annexes.approval_status import ProcessStatus, approval_status, write_approvals
from risk.services.annexes.contents import ContentChangedError, kept_annex
from risk.services.annexes.edits import last_editor
from risk.services.annexes.readings import erase_readings
from risk.services.assessment.frozen_methods import bind_methods
from risk.services.completeness.missing import MissingPoint
from risk.services.completeness.points import blocking_points
from risk.workflow import MOVES, Move, move_for, moves_from

_WORD = re.compile(r"[^\W\d_]{2}")
"""Two letters side by side: more than the "n." of a number."""


class MoveRefusedError(Exception):
    """A move may not be made; `reasons` are Italian sentences, one for each thing in its way.

    The last of them tell the missing `points`, where a page can lead; `sentences` are the others.
    """

    def __init__(self, sentences: list[str], points: Sequence[MissingPoint] = ()) -> None:
        self.sentences, self.points = sentences, points
        self.reasons = [*sentences, *(point.full_sentence for point in points)]
        super().__init__(" ".join(self.reasons))


def open_moves(*, annex: Annex, user: User) -> list[Move]:
    """Return the moves a person's roles allow from the annex's state; a reader has none.

    Nobody has one in an adopted plan.
    """
    if annex.plan.is_adopted:
        return []
    return moves_from(AnnexState(annex.state), roles_on(user, annex))


@contextmanager
def moves_refused_recorded(*, kind: str, subject: str, by: User) -> Iterator[None]:
    """Write a refused move on the trail, after its transaction is undone; stands outside of it."""
    try:
        yield
    except MoveRefusedError as refused:
        record_refusal(kind=kind, by=by, subject=subject, reason=str(refused))
        raise


def refusals_recorded(*, annex: Annex, verb: Verb, by: User) -> AbstractContextManager[None]:
    """Return what writes the refused moves of an annex on the trail."""
    return moves_refused_recorded(kind=f"annex-{verb}", subject=annex_subject(annex), by=by)


def move_annex(*, annex: Annex, verb: Verb, by: User, reason: str = "") -> Transition:
    """Make one move of the workflow, any but the issue; see `make_move`.

    Raises `MoveRefusedError`; then nothing has changed and the refusal is on the trail.
    """
    with refusals_recorded(annex=annex, verb=verb, by=by):
        return make_move(annex=annex, verb=verb, by=by, reason=reason)


def make_move(*, annex: Annex, verb: Verb, by: User, reason: str = "") -> Transition:
    """Make one move, as part of the act that is open or as one of its own.

    In one transaction: the annex is locked and read, once, and the move made on what was read
    (`make_move_on`); one act goes on the trail.

    In a body of one person the last editor may approve; the transition says it.

    Raises `MoveRefusedError`; then nothing has changed.
    """
    with move_act(annex=annex, verb=verb, by=by, reason=reason):
        kept = read_for_move(lock_annex(annex.pk), verb=verb, by=by)
        return make_move_on(kept, verb=verb, by=by, reason=reason)


def move_act(
    *, annex: Annex, verb: Verb, by: User, reason: str = ""
) -> AbstractContextManager[Act]:
    """Open the act of a move, or go on with the one that is open."""
    subject, detail = annex_subject(annex), {"reason": reason}
    return act(f"annex-{verb}", by=by, subject=subject, detail=detail)


def lock_annex(key: int) -> Annex:
    """Return the annex as it is now, with its names, locked until the transaction ends."""
    return Annex.objects.select_for_update().with_names().get(pk=key)


def read_for_move(annex: Annex, *, verb: Verb, by: User) -> KeptAnnex:
    """Return what a move is made on, read once; nothing is read for who may not make it now.

    Raises `MoveRefusedError`.
    """
    _allowed(annex, verb, by)
    return kept_annex(annex)


def make_move_on(
    kept: KeptAnnex,
    *,
    verb: Verb,
    by: User,
    reason: str = "",
    statuses: Sequence[ProcessStatus] | None = None,
    digest: str = "",
) -> Transition:
    """Make one move on an annex that was locked, then read, in the transaction that is open.

    The move is checked against the table, the roles, four eyes, the missing points and the reason;
    the transition is written with the digest of the content; the state changes; at *trasmesso* the
    head's title and name and the office's name are copied from membership and office where the
    annex has none; at *approvato* every process not yet approved as it is gets its approval.
    `statuses` are those of the content where the caller has asked for them; `digest` is written
    instead of that of the content, as at an issue that of its data.

    Raises `MoveRefusedError`; then the caller's transaction is to be undone.
    """
    annex = kept.annex
    with move_act(annex=annex, verb=verb, by=by, reason=reason) as opened:
        move = check_move(kept, verb=verb, by=by, reason=reason)
        opened.detail.update({"from": annex.state, "to": str(move.target)})
        if verb == Verb.APPROVE:
            statuses = approval_status(kept) if statuses is None else statuses
            approvals = _write_approvals(kept, statuses, by)
            opened.detail["approvals"] = {str(row.process.uid): row.digest for row in approvals}
            trail.bind_row(opened.detail, *approvals)
        if verb == Verb.SUBMIT:
            assessed = Assessment.objects.filter(on_annexes(Assessment, pk=annex.pk))
            bind_methods(opened.detail, assessed)
        transition = _move(kept, move, by, reason, digest)
        trail.bind_row(opened.detail, transition)
        return transition


def check_move(kept: KeptAnnex, *, verb: Verb, by: User, reason: str = "") -> Move:
    """Return the move a verb makes now; raises `MoveRefusedError` when it may not be made."""
    annex = kept.annex
    move = _allowed(annex, verb, by)
    reasons = []
    if move.needs_reason and not reason.strip():
        reasons.append(_("Scrivi il motivo: l’ufficio deve sapere che cosa correggere."))
    elif move.needs_reason and not _has_own_words(reason, kept):
        sentence = _("Scrivi il motivo con parole tue: il titolo di un processo non lo dice.")
        reasons.append(sentence)
    reasons += _four_eyes_refusal(annex, move, by)
    if move.verb in (Verb.VALIDATE, Verb.ISSUE) and _has_changed(kept):
        step = _last_move(annex).values_list("verb", flat=True).first()
        sentence = _("Il contenuto è cambiato dopo «%(step)s»: restituiscilo all’ufficio.")
        reasons.append(sentence % {"step": Verb(step).label})
    points = blocking_points(kept, move.verb) if move.needs_completeness else []
    if reasons or points:
        raise MoveRefusedError(reasons, points)
    return move


def check_approver(*, annex: Annex, by: User) -> None:
    """Refuse whoever may not approve anything of the annex now: by its state, role, four eyes.

    Raises `MoveRefusedError`.
    """
    if reasons := _four_eyes_refusal(annex, _allowed(annex, Verb.APPROVE, by), by):
        raise MoveRefusedError(reasons)


def _allowed(annex: Annex, verb: Verb, by: User) -> Move:
    """Return the move when the annex is where it starts and the person has the role for it."""
    if annex.plan.is_adopted:
        raise MoveRefusedError([said_of_adopted()])
    state = AnnexState(annex.state)
    move = move_for(verb, state)
    if move is None:
        sentence = _("L’allegato è %(state)s: questo passo non c’è.")
        if any(state == one.target for one in MOVES if one.verb == verb):
            sentence = _("L’allegato è già %(state)s: questo passo non c’è più.")
        raise MoveRefusedError([sentence % {"state": state.said}])
    if not move.roles & roles_on(by, annex):
        roles = " o ".join(str(role.label) for role in MembershipRole if role in move.roles)
        raise MoveRefusedError([_("Questo passo spetta a: %(roles)s.") % {"roles": roles}])
    return move


def _four_eyes_refusal(annex: Annex, move: Move, by: User) -> list[str]:
    """Return the sentence for whoever edited last and would approve, unless the body is alone."""
    is_alone = annex.plan.administration.is_one_person
    if not move.needs_other_eyes or is_alone or last_editor(annex) != by:
        return []
    return [_("Chi ha modificato per ultimo l’allegato non lo approva: serve un’altra persona.")]


def _has_own_words(reason: str, kept: KeptAnnex) -> bool:
    """Return whether a reason says more than which processes it is about."""
    left = fold(reason)
    # the longest first: a title may begin as another is
    for title in sorted((fold(row.title) for row in kept.processes), key=len, reverse=True):
        left = left.replace(title, " ")
    return _WORD.search(left) is not None


def _last_move(annex: Annex) -> QuerySet:
    return annex.transitions.order_by("-id")


def _has_changed(kept: KeptAnnex) -> bool:
    """Return whether the annex prints something else than at its last move.

    While it is closed, a measure or a text of the whole plan may still change under it. A move made
    before digests were kept has that of the canonical JSON, for which all is read.
    """
    last = _last_move(kept.annex).values_list("digest", flat=True).first()
    if last is None:
        return False
    try:
        if last.startswith(OF_DIGESTS):
            return last != kept.digest
        return last != content_digest(read_annex(kept.annex))
    except UnresolvedField:
        # the issue itself says which field it is
        return False


def _write_approvals(
    kept: KeptAnnex, statuses: Sequence[ProcessStatus], by: User
) -> list[Approval]:
    try:
        return write_approvals(kept, statuses, by=by)
    except ContentChangedError as error:
        raise MoveRefusedError(
            [_("L’allegato è cambiato mentre lo approvavi: riprova.")]
        ) from error


def _move(kept: KeptAnnex, move: Move, by: User, reason: str, digest: str) -> Transition:
    annex = kept.annex
    if move.verb == Verb.SUBMIT:
        _copy_names(annex)
    # before anything is written: a body of one person lets this pass, and the paper says so
    is_one_person = move.needs_other_eyes and last_editor(annex) in _approvers(annex, by)
    transition = Transition.objects.create(
        annex=annex,
        verb=move.verb,
        from_state=annex.state,
        to_state=move.target,
        by=by,
        reason=reason.strip(),
        digest=digest or kept.digest,
        is_one_person=is_one_person,
    )
    if annex.state == AnnexState.SUBMITTED:
        erase_readings(annex)
    annex.state = move.target
    annex.save()
    return transition


def _approvers(annex: Annex, by: User) -> set[User]:
    """Return who approves the annex: `by`, and who approved a process since it was submitted."""
    submitted = annex.transitions.filter(verb=Verb.SUBMIT).order_by("-id").first()
    given = Approval.objects.filter(process__annex=annex).select_related("by")
    if submitted is not None:
        given = given.filter(at__gte=submitted.at)
    return {by, *(row.by for row in given.defer("data"))}


def _copy_names(annex: Annex) -> None:
    """Copy office and head as they are printed from now on (docs/decisions/0024).

    A name somebody has written stays; that of who headed the office when the edition was opened,
    and does no more, gives way. Who stands in for the head is named where there is no head.
    """
    annex.office_name = annex.office_name or annex.office.name
    held = Membership.objects.filter(office=annex.office, role__in=HEADING)
    heads = list(held.running().select_related("user").order_by("starts_on"))
    heads.sort(key=lambda row: row.deputy_for_id is None)
    names = {(row.user.last_name, row.user.first_name) for row in heads}
    named = (annex.head_surname, annex.head_name)
    if not heads or named in names or (annex.head_surname and not _has_headed(held, named)):
        return
    head = heads[-1]
    annex.head_title = head.title
    annex.head_surname, annex.head_name = head.user.last_name, head.user.first_name


def _has_headed(held: QuerySet, named: tuple[str, str]) -> bool:
    surname, name = named
    return held.filter(user__last_name=surname, user__first_name=name).exists()
