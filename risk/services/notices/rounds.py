"""What rounds of monitoring wait for: the answers of an office, the yes of its head, by a day.

The desk tells it as long as it waits, in red when the day has passed; by itself it makes a mail at
the opening, seven days before, on the day, and once a week after it.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock import today
from registry.models import User
from registry.permissions import reach_of
from registry.readable import grouped
from risk.enums import ItemState, RoundState, RoundVerb
from risk.models import MonitoringRound, RoundItem, RoundTransition
from risk.services.notices.waiting import WaitingLine
from risk.workflow import ANSWERABLE

REMIND_BEFORE = 7
AGAIN_AFTER = 7
"""Days before the term of a round, and between two mails after it."""


@dataclass
class AskedRound:
    """A round that waits for answers: by office how many are to be written, how many confirmed."""

    round: MonitoringRound
    opened_on: datetime.date | None
    to_answer: Counter[int] = field(default_factory=Counter)
    to_confirm: Counter[int] = field(default_factory=Counter)

    @property
    def days_left(self) -> int:
        """Days to the term of the answers, fewer than none when it has passed."""
        return (self.round.answers_by - today()).days


def asked_rounds(people: Iterable[User]) -> list[AskedRound]:
    """Return what the rounds of the bodies of some people wait for; two statements, one if none."""
    bodies = {body for person in people for body in reach_of(person).administrations}
    opened = RoundTransition.objects.filter(round=OuterRef("pk"), verb=RoundVerb.OPEN)
    rows = MonitoringRound.objects.filter(
        plan__administration__in=bodies, state__in=(RoundState.OPEN, RoundState.CHECKING)
    ).annotate(opened_at=Subquery(opened.values("at")[:1]))
    found = {
        row.pk: AskedRound(row, row.opened_at and timezone.localdate(row.opened_at))
        for row in rows.select_related("plan").order_by("answers_by", "pk")
    }
    if not found:
        return []
    counted = RoundItem.objects.filter(round__in=found).order_by().values("round", "office")
    waiting = counted.annotate(
        to_answer=Count("pk", filter=Q(state__in=ANSWERABLE - {ItemState.ANSWERED})),
        to_confirm=Count("pk", filter=Q(state=ItemState.ANSWERED)),
    )
    for one in waiting:
        asked = found[one["round"]]
        asked.to_answer[one["office"]] += one["to_answer"]
        asked.to_confirm[one["office"]] += one["to_confirm"]
    return list(found.values())


def round_lines(person: User, rounds: Iterable[AskedRound]) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what rounds wait for from a person, and whether it makes a mail by itself.

    To the RPCT one line a round: how much is missing, of how many offices.
    """
    reach = reach_of(person)
    for asked in rounds:
        rings = _rings(asked, getattr(person, "last_notice", None))
        for office in sorted(reach.own_offices):
            if n := asked.to_answer[office]:
                yield _answering(asked, office, n), rings
            if office in reach.headed_offices and (n := asked.to_confirm[office]):
                yield _confirming(asked, office, n), rings
        if asked.round.plan.administration_id in reach.rpct_of and (line := _missing(asked)):
            yield line, rings


def _answering(asked: AskedRound, office: int, n: int) -> WaitingLine:
    said = ngettext(
        "%(round)s: %(n)s misura da compilare entro il %(day)s.",
        "%(round)s: %(n)s misure da compilare entro il %(day)s.",
        n,
    )
    return _line(asked, said, n, _("Rispondi"), office)


def _confirming(asked: AskedRound, office: int, n: int) -> WaitingLine:
    said = ngettext(
        "%(round)s: %(n)s risposta da confermare entro il %(day)s.",
        "%(round)s: %(n)s risposte da confermare entro il %(day)s.",
        n,
    )
    return _line(asked, said, n, _("Leggi e conferma"), office)


def _missing(asked: AskedRound) -> WaitingLine | None:
    missing = asked.to_answer + asked.to_confirm
    if not missing:
        return None
    said = ngettext(
        "%(round)s: manca %(n)s risposta confermata, uffici in attesa %(offices)s, "
        "termine il %(day)s.",
        "%(round)s: mancano %(n)s risposte confermate, uffici in attesa %(offices)s, "
        "termine il %(day)s.",
        missing.total(),
    )
    return _line(asked, said, missing.total(), _("Vedi gli uffici"), None, offices=len(missing))


def _line(
    asked: AskedRound, said: str, n: int, next_act: str, office: int | None, *, offices: int = 0
) -> WaitingLine:
    row = asked.round
    told = {"round": row.label, "n": grouped(n), "offices": grouped(offices)}
    told["day"] = f"{row.answers_by:%d/%m/%Y}"
    path = reverse("risk:round", args=[row.uid])
    if office is not None:
        path = reverse("risk:round_office", args=[row.uid, office])
    return WaitingLine(said % told, path, next_act, row.label, days=asked.days_left)


def _rings(asked: AskedRound, last: datetime.date | None) -> bool:
    return is_reminded(asked.round.answers_by, asked.opened_on, last)


def is_reminded(
    due: datetime.date, asked_on: datetime.date | None, last: datetime.date | None
) -> bool:
    """Return whether one of the days to remind has come since the person's last mail.

    They are the day it was asked, a week before it is due, that day, and each week after it.
    """
    now = today()
    days = [due - datetime.timedelta(days=REMIND_BEFORE), due]
    if asked_on is not None:
        days.append(asked_on)
    late = due + datetime.timedelta(days=1)
    while late <= now and len(days) < 100:
        days.append(late)
        late += datetime.timedelta(days=AGAIN_AFTER)
    return any(day <= now and (last is None or last < day) for day in days)
