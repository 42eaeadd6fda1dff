"""What waits for a person in the annexes still on their way: told by the desk and by the mail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import ADOPTED_PLAN_STATES, AnnexState, MembershipRole
from registry.models import Annex, User
from registry.permissions import roles_on
from risk.enums import Verb
from risk.models import Transition
from risk.services.notices.remarks import OFFICE, lines_for, open_remarks

WAITING: dict[AnnexState, tuple[MembershipRole, Any, str]] = {
    AnnexState.SUBMITTED: (MembershipRole.HEAD, gettext_lazy("da approvare"), "risk:changes"),
    AnnexState.APPROVED: (MembershipRole.RPCT, gettext_lazy("da validare"), "risk:changes"),
    AnnexState.VALIDATED: (MembershipRole.RPCT, gettext_lazy("da emettere"), "risk:workflow"),
}
"""Whom an annex waits for in each state, what for, and the page where it is done."""


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits: a sentence, and the path of the page where it is done."""

    sentence: str
    path: str


def on_their_way(annexes: QuerySet) -> QuerySet:
    """Return, of some annexes, those that still wait for somebody; exempted offices do not."""
    rows = annexes.exclude(plan__state__in=ADOPTED_PLAN_STATES).exclude(state=AnnexState.ISSUED)
    return rows.filter(exemption__isnull=True).with_names().order_by("plan_id", "office__folded")


def reasons_of(annexes: Iterable[Annex]) -> dict[int, str]:
    """Return why each annex that was sent back was: the words of the last move, one query."""
    returned = [annex.pk for annex in annexes if annex.state == AnnexState.RETURNED]
    if not returned:
        return {}
    moves = Transition.objects.filter(annex__in=returned, verb__in=[Verb.RETURN, Verb.REOPEN])
    return dict(moves.order_by("pk").values_list("annex_id", "reason"))


def lines_of(person: User, annex: Annex, reason: str) -> Iterator[WaitingLine]:
    """Yield what an annex asks of a person; `reason` is why it was sent back, if it was."""
    roles = roles_on(person, annex)
    name = f"{annex.printed_office_name}, {annex.plan.title}"
    if annex.state in WAITING:
        role, what, page = WAITING[AnnexState(annex.state)]
        if role in roles:
            sentence = _("%(annex)s: %(what)s.") % {"annex": name, "what": what}
            yield WaitingLine(sentence, reverse(page, args=[annex.uid]))
    if reason and annex.is_open and roles & OFFICE:
        sentence = _("%(annex)s: restituito. Motivo: %(reason)s")
        sentence = sentence % {"annex": name, "reason": reason}
        yield WaitingLine(sentence, reverse("risk:workflow", args=[annex.uid]))


def waiting_for(person: User) -> list[WaitingLine]:
    """Return what waits for one person, the moves before the remarks.

    The queries do not depend on how many annexes or remarks there are.
    """
    moving = [*WAITING, AnnexState.RETURNED]
    annexes = on_their_way(Annex.objects.visible_to(person)).filter(state__in=moving)
    reasons = reasons_of(annexes)
    lines = [line for row in annexes for line in lines_of(person, row, reasons.get(row.pk, ""))]
    remarks = lines_for(person, open_remarks([person]))
    return [*lines, *(WaitingLine(sentence, path) for sentence, path in remarks)]
