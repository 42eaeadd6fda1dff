"""Offices as a tree: where one may stand, and whom a move lets in or shuts out."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Membership, Office, User
from registry.roles import OF_OFFICE


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
