"""The moves of an annex and of a plan: tables a person who does not know Django can read.

Each move says from which states it starts, where it leads, who may make it, whether it needs a
written reason, and whether what is missing stops it. The moves of an annex are made by
`risk.services.annexes.moves`, those of a plan by `risk.services.plans.moves`.
Sources: PNA 2019, parte II (RPCT and heads of offices); art. 1 c. 8 L. 190/2012 (the organ adopts
on the RPCT's proposal); PNA 2022 (confirmation under 50 staff).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.enums import AnnexState, MembershipRole, PlanState
from risk.enums import ItemState, PlanVerb, RoundState, RoundVerb, Verb

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


def may_make(verb: Verb, roles: frozenset[Role]) -> bool:
    """Return whether somebody with these roles makes a verb from any state."""
    return any(move.verb == verb and bool(move.roles & roles) for move in MOVES)


@dataclass(frozen=True)
class PlanMove:
    """One line of the table of the plan; all its moves are the RPCT's."""

    verb: PlanVerb
    label: str | Promise
    sources: frozenset[PlanState]
    target: PlanState
    needs_reason: bool = False
    needs_completeness: bool = False
    """Whether the missing points of the plan that block this verb stop it."""
    needs_form: bool = False
    """Whether it is made on a page of its own, which asks for the act."""


def _plan_move(
    verb: PlanVerb,
    label: str | Promise,
    sources: list[PlanState],
    target: PlanState,
    **needs: bool,
) -> PlanMove:
    return PlanMove(verb, label, frozenset(sources), target, **needs)


PLAN_MOVES: tuple[PlanMove, ...] = (
    _plan_move(
        PlanVerb.CONSULT,
        _("Apri la consultazione"),
        [PlanState.PREPARATION],
        PlanState.CONSULTATION,
    ),
    _plan_move(
        PlanVerb.PROPOSE,
        _("Proponi all’organo"),
        [PlanState.CONSULTATION],
        PlanState.PROPOSED,
        needs_completeness=True,
    ),
    _plan_move(
        PlanVerb.ADOPT,
        _("Registra l’adozione"),
        [PlanState.PROPOSED],
        PlanState.ADOPTED,
        needs_completeness=True,
        needs_form=True,
    ),
    _plan_move(
        PlanVerb.BACK,
        _("Riporta in preparazione"),
        [PlanState.CONSULTATION, PlanState.PROPOSED],
        PlanState.PREPARATION,
        needs_reason=True,
    ),
    _plan_move(PlanVerb.PUBLISH, _("Pubblica"), [PlanState.ADOPTED], PlanState.PUBLISHED),
    _plan_move(
        PlanVerb.CONFIRM,
        _("Conferma per un anno"),
        [PlanState.PUBLISHED, PlanState.CONFIRMED],
        PlanState.CONFIRMED,
        needs_form=True,
    ),
    _plan_move(
        PlanVerb.CLOSE,
        _("Chiudi l’edizione"),
        [PlanState.PUBLISHED, PlanState.CONFIRMED],
        PlanState.CLOSED,
    ),
)


def plan_move_for(verb: PlanVerb, state: PlanState) -> PlanMove | None:
    """Return the move a verb makes from a state, None when there is none."""
    return next((row for row in PLAN_MOVES if row.verb == verb and state in row.sources), None)


def plan_moves_from(state: PlanState) -> list[PlanMove]:
    """Return the moves of a plan from a state, in the table's order."""
    return [row for row in PLAN_MOVES if state in row.sources]


@dataclass(frozen=True)
class RoundMove:
    """One line of the table of a round of monitoring; all its moves are the RPCT's."""

    verb: RoundVerb
    label: str | Promise
    source: RoundState
    target: RoundState


ROUND_MOVES: tuple[RoundMove, ...] = (
    RoundMove(RoundVerb.OPEN, _("Apri il monitoraggio"), RoundState.DRAFT, RoundState.OPEN),
    RoundMove(RoundVerb.CHECK, _("Comincia la verifica"), RoundState.OPEN, RoundState.CHECKING),
    RoundMove(RoundVerb.CLOSE, _("Chiudi"), RoundState.CHECKING, RoundState.CLOSED),
    RoundMove(RoundVerb.ISSUE, _("Emetti"), RoundState.CLOSED, RoundState.ISSUED),
)


def round_move_from(state: RoundState) -> RoundMove | None:
    """Return the move of a round from a state, None from the last one."""
    return next((move for move in ROUND_MOVES if move.source == state), None)


ITEM_MOVES: dict[ItemState, frozenset[ItemState]] = {
    ItemState.TO_ANSWER: frozenset({ItemState.ANSWERED, ItemState.NOT_DUE}),
    ItemState.ANSWERED: frozenset(
        {ItemState.TO_ANSWER, ItemState.CONFIRMED, ItemState.RETURNED, ItemState.NOT_DUE}
    ),
    ItemState.CONFIRMED: frozenset({ItemState.VERIFIED, ItemState.RETURNED}),
    ItemState.RETURNED: frozenset({ItemState.ANSWERED, ItemState.NOT_DUE}),
    ItemState.VERIFIED: frozenset({ItemState.RETURNED, ItemState.VERIFIED}),
    ItemState.NOT_DUE: frozenset({ItemState.TO_ANSWER}),
}
"""Where one measure of a round goes from each state: the office compiles, its head confirms or
sends back, the RPCT checks, sends back or says that it was not due."""

ANSWERABLE = frozenset({ItemState.TO_ANSWER, ItemState.ANSWERED, ItemState.RETURNED})
"""States in which an office writes its answer."""
