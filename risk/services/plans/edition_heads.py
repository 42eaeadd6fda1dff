"""Who heads the offices of the next edition, and what follows them."""

from collections.abc import Mapping
from typing import Any

from registry.models import Annex, Membership
from registry.normalise import fold
from registry.roles import HEADING, in_order


def heads_of(offices: Mapping[int, Any]) -> dict[int, Membership]:
    """Return who heads each office today, the last who began, by its key; one statement.

    Who stands in for the head does only where there is no head.
    """
    held = Membership.objects.running().filter(office__in=list(offices), role__in=in_order(HEADING))
    rows = list(held.select_related("user").order_by("starts_on", "pk"))
    rows.sort(key=lambda row: row.deputy_for_id is None)
    return {row.office_id: row for row in rows}


def follows(text: str, before: Annex, after: Annex) -> str:
    """Return who answers for a process: where it was the head of before, the one of today.

    Where that is the same person, it is said as it was.
    """
    if not (text and before.head_surname and after.head_surname):
        return text
    surname, name, title = before.head_surname, before.head_name, before.head_title
    if (fold(surname), fold(name)) == (fold(after.head_surname), fold(after.head_name)):
        return text
    names = {f"{surname} {name}", f"{name} {surname}", f"{title} {surname} {name}"}
    names |= {f"{title} {name} {surname}", f"{title} {surname}"}
    return after.printed_head if fold(text) in set(map(fold, names)) else text
