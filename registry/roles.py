"""What the roles of a membership give, one row each: asked wherever roles differ.

Who may do what to a row is the table of `registry.permissions`; who may move an annex is that of
`risk.workflow`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from registry.enums import MembershipRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRights:
    """What a role gives; every question has to be answered (docs/decisions/0023).

    `of_office`: it is held in an office, with those under it, and else in the whole body.
    `edits`: it writes in the open annexes it reaches. `remarks`: it remarks on what it reads, and
    answers. `governs`: it keeps the body, its people, catalogues and plans. `heads_office`: the
    annexes bear its name, and a deputy may stand in for a time. `never_vacant`: the last who
    holds it hands it over before it ends. `second_factor`: the sign-in asks one more proof, where
    the installation says so.
    """

    of_office: bool
    edits: bool
    remarks: bool
    governs: bool
    heads_office: bool
    never_vacant: bool
    second_factor: bool


ROLE_RIGHTS: dict[MembershipRole, RoleRights] = {
    MembershipRole.EDITOR: RoleRights(
        of_office=True,
        edits=True,
        remarks=True,
        governs=False,
        heads_office=False,
        never_vacant=False,
        second_factor=False,
    ),
    MembershipRole.HEAD: RoleRights(
        of_office=True,
        edits=True,
        remarks=True,
        governs=False,
        heads_office=True,
        never_vacant=False,
        second_factor=False,
    ),
    MembershipRole.RPCT: RoleRights(
        of_office=False,
        edits=True,
        remarks=True,
        governs=True,
        heads_office=False,
        never_vacant=True,
        second_factor=True,
    ),
    MembershipRole.AUDITOR: RoleRights(
        of_office=False,
        edits=False,
        remarks=False,
        governs=False,
        heads_office=False,
        never_vacant=False,
        second_factor=False,
    ),
}

Roles = frozenset[MembershipRole]


def _roles(which: Callable[[RoleRights], bool]) -> Roles:
    return frozenset(role for role, rights in ROLE_RIGHTS.items() if which(rights))


OF_OFFICE = _roles(lambda rights: rights.of_office)
OF_BODY = _roles(lambda rights: not rights.of_office)
EDITING = _roles(lambda rights: rights.edits)
REMARKING = _roles(lambda rights: rights.remarks)
GOVERNING = _roles(lambda rights: rights.governs)
HEADING = _roles(lambda rights: rights.heads_office)
NEVER_VACANT = _roles(lambda rights: rights.never_vacant)
WITH_SECOND_FACTOR = _roles(lambda rights: rights.second_factor)


def in_order(roles: Roles) -> list[str]:
    """Return roles as the database holds them, in the order of their list."""
    return [role.value for role in MembershipRole if role in roles]


def rights_of(role: str) -> RoleRights:
    """Return what a role gives."""
    return ROLE_RIGHTS[MembershipRole(role)]
