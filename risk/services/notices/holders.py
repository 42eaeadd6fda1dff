"""Who holds an annex, and so is awaited: the people of its office, its head, or the RPCT."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from registry.enums import AnnexState
from registry.models import Annex, Membership, Office, User
from registry.models.bodies import climb
from registry.roles import EDITING, GOVERNING, HEADING, OF_OFFICE, Roles

HOLDING: dict[str, tuple[str, object, Roles]] = {
    AnnexState.DRAFT: ("ufficio", _("l’ufficio"), OF_OFFICE & EDITING),
    AnnexState.RETURNED: ("ufficio", _("l’ufficio"), OF_OFFICE & EDITING),
    AnnexState.SUBMITTED: ("responsabile", _("il responsabile"), HEADING),
    AnnexState.APPROVED: ("rpct", _("il RPCT"), GOVERNING),
    AnnexState.VALIDATED: ("rpct", _("il RPCT"), GOVERNING),
}
"""By state: how an address calls who holds the annex, how a page does, and their roles."""


@dataclass(frozen=True)
class Holder:
    """Who holds an annex: a word for all of them, and the people, perhaps none."""

    word: str
    people: tuple[User, ...]

    @property
    def others(self) -> int:
        """How many there are besides the first."""
        return max(len(self.people) - 1, 0)


def holders_of(annexes: Iterable[Annex]) -> dict[int, Holder]:
    """Return who holds each annex that is held by somebody, by its key; two statements.

    Of an office without people of its own they are those of the nearest office above it.
    """
    held = [row for row in annexes if row.state in HOLDING]
    if not held:
        return {}
    bodies = {row.plan.administration_id for row in held}
    by_place = _people_by_place(bodies)
    parents = dict(Office.objects.filter(administration__in=bodies).values_list("pk", "parent_id"))
    return {row.pk: _holder(row, by_place, parents) for row in held}


def _people_by_place(bodies: set[int]) -> dict[tuple[str, int], list[tuple[str, User]]]:
    """Return roles and people by where they are held: in an office, or in a whole body."""
    rows = Membership.objects.running().filter(administration__in=bodies, user__is_active=True)
    by_place: dict[tuple[str, int], list[tuple[str, User]]] = {}
    for row in rows.select_related("user").order_by("user__last_name", "user__first_name", "pk"):
        of_office = row.office_id is not None
        place = ("office", row.office_id) if of_office else ("body", row.administration_id)
        by_place.setdefault(place, []).append((row.role, row.user))
    return by_place


def _holder(annex: Annex, by_place: dict, parents: dict[int, int | None]) -> Holder:
    _name, word, roles = HOLDING[annex.state]
    if roles <= GOVERNING:
        return Holder(str(word), _with(roles, by_place.get(("body", annex.plan.administration_id))))
    office: int | None = annex.office_id
    above = climb(office, parents)
    while office in above:
        above.discard(office)
        if people := _with(roles, by_place.get(("office", office))):
            return Holder(str(word), people)
        office = parents.get(office)
    return Holder(str(word), ())


def _with(roles: Roles, held: list[tuple[str, User]] | None) -> tuple[User, ...]:
    """Return the people with one of some roles, each once, who answers for the office first."""
    of_roles = [(role not in HEADING, user) for role, user in held or () if role in roles]
    return tuple(dict.fromkeys(user for _last, user in sorted(of_roles, key=lambda one: one[0])))
