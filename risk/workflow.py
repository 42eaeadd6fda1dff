"""The moves of an annex: a table a person who does not know Django can read.

Each move says from which states it starts, where it leads, who may make it, whether it needs a
written reason, and whether what is missing stops it. It is made by `risk.services.annexes`.
Sources: PNA 2019, parte II (RPCT and heads of offices); rulings.md, 1.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.enums import AnnexState, MembershipRole
from risk.enums import Verb

Role = MembershipRole


@dataclass(frozen=True)
class Move:
    """One line of the table."""

    verb: Verb
    label: str | Promise
    """What stands on the button, in the imperative."""
    sources: frozenset[AnnexState]
    target: AnnexState
    roles: frozenset[Role]
    needs_reason: bool = False
    needs_completeness: bool = False
    """Whether the missing points that block stop it."""
    needs_other_eyes: bool = False
    """Whether the person who edited last may not make it (four eyes)."""


def _move(
    verb: Verb,
    label: str | Promise,
    sources: list[AnnexState],
    target: AnnexState,
    roles: list[Role],
    **needs: bool,
) -> Move:
    return Move(verb, label, frozenset(sources), target, frozenset(roles), **needs)


MOVES: tuple[Move, ...] = (
    _move(
        Verb.SUBMIT,
        _("Trasmetti"),
        [AnnexState.DRAFT, AnnexState.RETURNED],
        AnnexState.SUBMITTED,
        [Role.EDITOR, Role.HEAD, Role.RPCT],
        needs_completeness=True,
    ),
    _move(
        Verb.APPROVE,
        _("Approva"),
        [AnnexState.SUBMITTED],
        AnnexState.APPROVED,
        [Role.HEAD],
        needs_completeness=True,
        needs_other_eyes=True,
    ),
    _move(
        Verb.VALIDATE,
        _("Valida"),
        [AnnexState.APPROVED],
        AnnexState.VALIDATED,
        [Role.RPCT],
        needs_completeness=True,
    ),
    _move(
        Verb.ISSUE,
        _("Emetti"),
        [AnnexState.VALIDATED],
        AnnexState.ISSUED,
        [Role.RPCT],
        needs_completeness=True,
    ),
    _move(
        Verb.RETURN,
        _("Restituisci all’ufficio"),
        [AnnexState.SUBMITTED],
        AnnexState.RETURNED,
        [Role.HEAD, Role.RPCT],
        needs_reason=True,
    ),
    _move(
        Verb.RETURN,
        _("Restituisci all’ufficio"),
        [AnnexState.APPROVED, AnnexState.VALIDATED],
        AnnexState.RETURNED,
        [Role.RPCT],
        needs_reason=True,
    ),
    _move(
        Verb.REOPEN,
        _("Riapri"),
        [AnnexState.ISSUED],
        AnnexState.RETURNED,
        [Role.RPCT],
        needs_reason=True,
    ),
)


def move_for(verb: Verb, state: AnnexState) -> Move | None:
    """Return the move a verb makes from a state, None when there is none."""
    return next((move for move in MOVES if move.verb == verb and state in move.sources), None)


def moves_from(state: AnnexState, roles: frozenset[Role]) -> list[Move]:
    """Return the moves somebody with these roles may make from a state, in the table's order."""
    return [move for move in MOVES if state in move.sources and move.roles & roles]
