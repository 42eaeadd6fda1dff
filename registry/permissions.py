"""Rights: what a person reaches, and the table of predicates over it (docs/decisions/0023).

Rights come from memberships that are running today: what a role gives is told in `registry.roles`.
An editor or head reaches their office and the offices under it; RPCT and auditor reach the whole
administration. A superuser keeps the
installation (people, catalogues) and has no right on annexes without a membership.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import rules
from django.apps import apps
from django.db.models import F
from django.utils import timezone

from registry.enums import MembershipRole
from registry.hanging import annex_of, body_row_of
from registry.kept_statements import KeptStatement
from registry.roles import EDITING, GOVERNING, HEADING, OF_BODY, OF_OFFICE, Roles


@dataclass(frozen=True)
class Reach:
    """Identifiers a person reaches on one day."""

    administrations: frozenset[int] = frozenset()
    """Administrations the person belongs to, in any role."""
    by_role: Mapping[MembershipRole, frozenset[int]] = field(default_factory=dict)
    """By role held, its offices with those under them, or its administrations."""
    is_head_with_second_factor: bool = False
    """Whether it heads an office of a body that asks one more proof of its heads."""

    @cached_property
    def roles(self) -> Roles:
        """The roles held somewhere."""
        return frozenset(self.by_role)

    def offices(self, roles: Roles) -> frozenset[int]:
        """Return the offices reached in any of some roles."""
        return self._in(roles & OF_OFFICE)

    def bodies(self, roles: Roles) -> frozenset[int]:
        """Return the administrations reached as a whole in any of some roles."""
        return self._in(roles & OF_BODY)

    def _in(self, roles: Roles) -> frozenset[int]:
        return frozenset().union(*(self.by_role.get(role, ()) for role in roles))

    @cached_property
    def own_offices(self) -> frozenset[int]:
        """Offices the person has a role in."""
        return self.offices(OF_OFFICE)

    @cached_property
    def headed_offices(self) -> frozenset[int]:
        """Offices the person answers for."""
        return self.offices(HEADING)

    @cached_property
    def whole_bodies(self) -> frozenset[int]:
        """Administrations read as a whole."""
        return self.bodies(OF_BODY)

    @cached_property
    def rpct_of(self) -> frozenset[int]:
        """Administrations the person keeps, as the RPCT does."""
        return self.bodies(GOVERNING)


def reach_of(user, on: datetime.date | None = None) -> Reach:
    """Return what `user` reaches on a day (today by default); two queries, once per user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Reach()
    on = on or timezone.localdate()
    # set on the user itself, through the lazy object a request carries: has_perm sees only the user
    if not hasattr(user, "_reach_by_day"):
        user._reach_by_day = {}
    cache = user._reach_by_day
    if on not in cache:
        cache[on] = _read_reach(user, on)
    return cache[on]


def read_reaches(users) -> None:
    """Read what many people reach today, in two queries for all: `reach_of` then costs nothing."""
    on, users = timezone.localdate(), list(users)
    memberships = _with_body(apps.get_model("registry", "Membership").objects.running(on))
    by_user: dict[int, list] = {}
    for membership in memberships.filter(user__in=[user.pk for user in users if user.is_active]):
        by_user.setdefault(membership.user_id, []).append(membership)
    rows = [membership for some in by_user.values() for membership in some]
    children = _children_of_offices({membership.administration_id for membership in rows})
    for user in users:
        user._reach_by_day = {on: _reach(by_user.get(user.pk, []), children)}


def _read_reach(user, on: datetime.date) -> Reach:
    memberships = _RUNNING(user.pk, on)
    own = any(membership.office_id for membership in memberships)
    bodies = {membership.administration_id for membership in memberships}
    return _reach(memberships, _children_of_offices(bodies) if own else {})


def _running(user: int, on: datetime.date):
    return _with_body(apps.get_model("registry", "Membership").objects.running(on)).filter(
        user=user
    )


_RUNNING = KeptStatement(_running)


def _with_body(memberships):
    """Return memberships that know what their body asks of its heads, in the same query."""
    return memberships.annotate(asks_heads=F("administration__heads_have_second_factor"))


def _reach(memberships: list, children: dict[int, list[int]]) -> Reach:
    bodies = {membership.administration_id for membership in memberships}
    held: dict[MembershipRole, set[int]] = {}
    for membership in memberships:
        place = membership.office_id or membership.administration_id
        held.setdefault(MembershipRole(membership.role), set()).add(place)
    return Reach(
        administrations=frozenset(bodies),
        by_role={
            role: _with_descendants(places, children) if role in OF_OFFICE else frozenset(places)
            for role, places in held.items()
        },
        is_head_with_second_factor=any(
            membership.asks_heads and membership.rights.heads_office for membership in memberships
        ),
    )


def _children_of_offices(bodies: set[int]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for pk, parent in _UNDER_OTHERS(bodies):
        children.setdefault(parent, []).append(pk)
    return children


def _under_others(bodies: tuple[int, ...]):
    offices = apps.get_model("registry", "Office").objects
    rows = offices.filter(administration__in=bodies, parent__isnull=False)
    return rows.order_by().values_list("pk", "parent_id")


_UNDER_OTHERS = KeptStatement(_under_others)


def manned_offices(body: int) -> frozenset[int]:
    """Return the offices of a body somebody answers for now; two queries.

    Whoever has a role in an office has it in those under it; who is suspended does nothing.
    """
    rows = apps.get_model("registry", "Membership").objects.running(timezone.localdate())
    held = rows.filter(administration=body, office__isnull=False, user__is_active=True)
    places = set(held.values_list("office", flat=True))
    return _with_descendants(places, _children_of_offices({body}))


def _with_descendants(roots: set[int], children: dict[int, list[int]]) -> frozenset[int]:
    reached: set[int] = set()
    waiting = list(roots)
    while waiting:
        office = waiting.pop()
        if office not in reached:
            reached.add(office)
            waiting.extend(children.get(office, ()))
    return frozenset(reached)


def roles_on(user, annex) -> Roles:
    """Return the roles a person holds over one annex, through its office or its administration."""
    office, body = annex.office_id, annex.office.administration_id
    return frozenset(
        role
        for role, places in reach_of(user).by_role.items()
        if (office if role in OF_OFFICE else body) in places
    )


def administration_of(obj) -> int | None:
    """Return the identifier of the administration a row belongs to; None for national rows."""
    row = body_row_of(obj)
    return None if row is None else row.administration_id


@rules.predicate
def keeps_installation(user, obj=None) -> bool:
    return bool(user.is_active and user.is_superuser)


@rules.predicate
def is_member(user, administration) -> bool:
    return administration is not None and administration.pk in reach_of(user).administrations


@rules.predicate
def is_rpct_of_body(user, administration) -> bool:
    """Tell whether the person is RPCT of an administration; without one, of any."""
    bodies = reach_of(user).rpct_of
    return bool(bodies) if administration is None else administration.pk in bodies


@rules.predicate
def reads_whole_body(user, administration) -> bool:
    """Tell whether the person reads an administration as a whole; without one, any."""
    bodies = reach_of(user).whole_bodies
    return bool(bodies) if administration is None else administration.pk in bodies


@rules.predicate
def is_rpct_of_catalogue(user, row) -> bool:
    """RPCT of the body that keeps a catalogue row; national rows belong to the installation."""
    if row is None:
        return bool(reach_of(user).rpct_of)
    return row.administration_id is not None and row.administration_id in reach_of(user).rpct_of


@rules.predicate
def reads_catalogue(user, row) -> bool:
    """Members read the national rows and those of their own bodies."""
    bodies = reach_of(user).administrations
    if row is None or row.administration_id is None:
        return bool(bodies)
    return row.administration_id in bodies


@rules.predicate
def belongs_to(user, administration) -> bool:
    """Tell whether the person is a member of an administration; without one, of any."""
    if administration is None:
        return bool(reach_of(user).administrations)
    return is_member(user, administration)


@rules.predicate
def belongs_to_any(user, obj=None) -> bool:
    return bool(reach_of(user).administrations)


@rules.predicate
def reads_plan(user, plan) -> bool:
    bodies = reach_of(user).administrations
    return bool(bodies) if plan is None else plan.administration_id in bodies


@rules.predicate
def is_rpct_of_annex(user, annex) -> bool:
    if annex is None:
        return bool(reach_of(user).rpct_of)
    return annex.plan.administration_id in reach_of(user).rpct_of


@rules.predicate
def is_new_in_edition(user, row) -> bool:
    """A row copied from the previous edition is retired, never deleted (docs/decisions/0029)."""
    return row is None or getattr(row, "origin_uid", None) is None


@rules.predicate
def is_rpct_of_plan(user, plan) -> bool:
    if plan is None:
        return bool(reach_of(user).rpct_of)
    return plan.administration_id in reach_of(user).rpct_of


@rules.predicate
def reads_annex(user, obj) -> bool:
    if obj is None:
        return bool(reach_of(user).administrations)
    annex, reach = annex_of(obj), reach_of(user)
    if annex is None:
        return administration_of(obj) in reach.administrations
    return (
        annex.office_id in reach.own_offices or annex.office.administration_id in reach.whole_bodies
    )


@rules.predicate
def edits_office(user, obj) -> bool:
    """Tell whether the person is editor or head of the annex's office, or RPCT of the body."""
    reach = reach_of(user)
    if obj is None:
        return bool(reach.roles & EDITING)
    annex, bodies = annex_of(obj), reach.bodies(EDITING)
    if annex is None:
        return administration_of(obj) in bodies
    return annex.office_id in reach.offices(EDITING) or annex.office.administration_id in bodies


@rules.predicate
def annex_is_open(user, obj) -> bool:
    if obj is None:
        return True
    annex = annex_of(obj)
    if annex is None:
        return not body_row_of(obj).is_adopted
    return annex.is_open


@rules.predicate
def plan_in_preparation(user, obj) -> bool:
    return obj is None or not obj.is_adopted


PERMISSIONS = {
    # the back office: every role has lists there, and each list its own line
    "registry.enter_back_office": belongs_to_any | keeps_installation,
    # the installation
    "registry.keep_people": keeps_installation,
    "registry.keep_administrations": keeps_installation,
    "registry.set_one_person": keeps_installation | is_rpct_of_body,
    "registry.view_people": keeps_installation | is_rpct_of_catalogue,
    "registry.manage_members": keeps_installation | is_rpct_of_body,
    "registry.view_trail": keeps_installation | reads_whole_body,
    "registry.view_reference": belongs_to_any | keeps_installation,
    "registry.view_administration": belongs_to | keeps_installation,
    # catalogues: read by every member, written by the RPCT; national ones by the installation
    "registry.view_catalogue": reads_catalogue | keeps_installation,
    "registry.change_catalogue": is_rpct_of_catalogue | keeps_installation,
    # plans and annexes
    "registry.view_plan": reads_plan,
    "registry.change_plan": is_rpct_of_plan & plan_in_preparation,
    "registry.open_annex": is_rpct_of_plan & plan_in_preparation,
    "registry.view_annex": reads_annex,
    "registry.change_annex": edits_office & annex_is_open,
    "registry.delete_annex": is_rpct_of_annex & annex_is_open & is_new_in_edition,
    "registry.delete_row": edits_office & annex_is_open & is_new_in_edition,
}

for _name, _predicate in PERMISSIONS.items():
    rules.add_perm(_name, _predicate)
