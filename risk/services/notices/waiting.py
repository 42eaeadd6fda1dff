"""What waits for a person in the annexes still on their way: told by the desk and by the mail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import ADOPTED_PLAN_STATES, AnnexState, MembershipRole
from registry.models import Annex, User
from registry.permissions import roles_on
from risk.services.annexes.returns import SentBack, sent_back
from risk.services.notices.entry_requests import OpenRequests, asked_line, open_by_body
from risk.services.notices.remarks import OFFICE, lines_for, open_remarks

WAITING: dict[AnnexState, tuple[MembershipRole, Any, Any, str]] = {
    AnnexState.SUBMITTED: (
        MembershipRole.HEAD,
        gettext_lazy("da approvare"),
        gettext_lazy("Leggi e approva"),
        "risk:review",
    ),
    AnnexState.APPROVED: (
        MembershipRole.RPCT,
        gettext_lazy("da validare"),
        gettext_lazy("Leggi e valida"),
        "risk:changes",
    ),
    AnnexState.VALIDATED: (
        MembershipRole.RPCT,
        gettext_lazy("da emettere"),
        gettext_lazy("Emetti"),
        "risk:workflow",
    ),
}
"""Whom an annex waits for in each state, what for, the next act, and the page where it is done."""


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits: a sentence, and the path of the page where it is done.

    `act` is what is done there, in the imperative, `name` that of the office, `annex` the key of
    its annex: of a date of the plan there is none.
    """

    sentence: str
    path: str
    act: str = ""
    name: str = ""
    annex: int | None = None
    is_dated: bool = True
    """Whether the day its annex is awaited by is that of this person."""
    days: int | None = None
    """Days left to a day of its own, fewer than none when that has passed."""


def on_their_way(annexes: QuerySet) -> QuerySet:
    """Return, of some annexes, those that still wait for somebody; exempted offices do not."""
    rows = annexes.exclude(plan__state__in=ADOPTED_PLAN_STATES).exclude(state=AnnexState.ISSUED)
    return rows.filter(exemption__isnull=True).with_names().order_by("plan_id", "office__folded")


def lines_of(person: User, annex: Annex, back: SentBack | None) -> Iterator[WaitingLine]:
    """Yield what an annex asks of a person; `back` is how it was sent back, if it was.

    It leads to the process the office begins with, where processes were named.
    """
    roles = roles_on(person, annex)
    name = f"{annex.printed_office_name}, {annex.plan.title}"
    if annex.state in WAITING:
        role, what, next_act, page = WAITING[AnnexState(annex.state)]
        if role in roles:
            sentence = _("%(annex)s: %(what)s.") % {"annex": name, "what": what}
            path = reverse(page, args=[annex.uid])
            yield WaitingLine(sentence, path, str(next_act), annex.printed_office_name, annex.pk)
    if back and annex.is_open and roles & OFFICE:
        sentence = _("%(annex)s: restituito. Motivo: %(reason)s")
        sentence = sentence % {"annex": name, "reason": back.move.reason}
        path, act = reverse("risk:workflow", args=[annex.uid]), _("Correggi")
        if back.processes:
            first = back.processes[0]
            path = reverse("risk:process_sheet", args=[first.uid])
            act = _("Apri il processo n. %(n)d") % {"n": first.number}
            beginning = _("Si comincia dal processo n. %(n)d.") % {"n": first.number}
            sentence = f"{sentence}\n{beginning}"
        yield WaitingLine(sentence, path, act, annex.printed_office_name, annex.pk)


def waiting_for(person: User, annexes: Sequence[Annex]) -> list[WaitingLine]:
    """Return what waits for one person, the moves before the remarks.

    `annexes` are those they see that are on their way. The queries do not depend on how many there
    are, or remarks.
    """
    back = sent_back(annexes)
    lines = [line for row in annexes for line in lines_of(person, row, back.get(row.pk))]
    remarks = lines_for(person, open_remarks([person]))
    return [*lines, *remark_lines(remarks), *request_lines(person, open_by_body([person]))]


def remark_lines(told: Iterable[tuple[str, str, Annex]]) -> Iterator[WaitingLine]:
    """Yield what `lines_for` tells of remarks, as things that wait."""
    for sentence, path, annex in told:
        name, is_dated = annex.printed_office_name, annex.is_open
        yield WaitingLine(sentence, path, _("Rispondi"), name, annex.pk, is_dated)


def request_lines(person: User, by_body: OpenRequests) -> Iterator[WaitingLine]:
    """Yield which entries of lists the offices of an RPCT have asked for, if any.

    `by_body` is what each body's offices have asked for (`open_by_body`).
    """
    if line := asked_line(person, by_body):
        (sentence, path), name = line, _("alle richieste di voci")
        yield WaitingLine(sentence, path, _("Rispondi"), name, is_dated=False)
