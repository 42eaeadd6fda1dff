"""Offices as a tree: those of a body, where one may stand, whom a move lets in or shuts out."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Administration, Membership, Office, User
from registry.normalise import fold
from registry.roles import HEADING, OF_OFFICE, in_order


def offices_of(body: Administration, words: str = "") -> QuerySet[Office]:
    """Return the offices of a body, each with the one above and who heads it today, in `held`.

    With `words` those that have them all in name or code.
    """
    rows = Office.objects.filter(administration=body)
    for word in fold(words).split():
        rows = rows.filter(Q(folded__contains=word) | Q(code__icontains=word))
    heads = Membership.objects.running().filter(role__in=in_order(HEADING)).select_related("user")
    held = Prefetch("memberships", heads.order_by("starts_on", "pk"), to_attr="held")
    return rows.select_related("parent").prefetch_related(held).order_by("folded", "pk")


def roles_in(office: Office) -> QuerySet[Membership]:
    """Return the roles held in an office today or from a later day."""
    rows = Membership.objects.filter(office=office).exclude(ends_on__lt=timezone.localdate())
    rows = rows.select_related("user", "office", "administration", "deputy_for__user")
    return rows.order_by("role", "starts_on", "pk")


@dataclass(frozen=True)
class OfficeMove:
    """Who reaches an office, with what stands under it, only after a move, and who only before."""

    gains: tuple[User, ...]
    loses: tuple[User, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether the same people reach it as before."""
        return not (self.gains or self.loses)


def move_of(office: Office, parent: Office | None) -> OfficeMove:
    """Return whom a move of a stored office, below another or to the top, lets in or shuts out.

    Who has a role in an office reaches all that stands under it; those who reach the whole body
    reach it before and after.
    """
    return move_between(
        office, office.above(office.parent_id), office.above(parent.pk if parent else None)
    )


def move_between(office: Office, before: set[int], after: set[int]) -> OfficeMove:
    """Return whom a move lets in or shuts out, by the keys of the offices above before and after.

    Two statements.
    """
    people: dict[int, User] = {}
    held: dict[int, set[int | None]] = {}
    roles = Membership.objects.running(timezone.localdate()).filter(
        administration=office.administration_id, user__is_active=True
    )
    for membership in roles.select_related("user"):
        people[membership.user_id] = membership.user
        place = membership.office_id if membership.role in OF_OFFICE else None
        held.setdefault(membership.user_id, set()).add(place)
    own = {None, office.pk}
    reached_before = {user for user, places in held.items() if places & (before | own)}
    reached_after = {user for user, places in held.items() if places & (after | own)}
    return OfficeMove(
        gains=_named(people, reached_after - reached_before),
        loses=_named(people, reached_before - reached_after),
    )


def told(move: OfficeMove) -> str:
    """Return a move that changes something as people read it: who reaches it, who no longer."""
    nobody = _("nessuno")
    return _(
        "Lo spostamento cambia chi vede l’ufficio e quelli che gli stanno sotto. Da allora li "
        "vede anche: %(gains)s. Non li vede più: %(loses)s."
    ) % {
        "gains": ", ".join(map(str, move.gains)) or nobody,
        "loses": ", ".join(map(str, move.loses)) or nobody,
    }


def _named(people: dict[int, User], keys: set[int]) -> tuple[User, ...]:
    return tuple(sorted((people[key] for key in keys), key=str))
