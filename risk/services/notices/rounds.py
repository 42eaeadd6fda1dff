"""What rounds of monitoring wait for: answers, the yes of their head, the check of the RPCT.

The desk tells each by the day it is due, in red when that has passed; by itself it makes a mail
when it is asked, seven days before the day, on it, and once a week after it. What was sent back is
due by the day the RPCT wrote with it; without one by that of the round, or of its check when that
has passed.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, DateField, DateTimeField, OuterRef, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock import today
from registry.models import User
from registry.permissions import reach_of
from registry.readable import grouped
from risk.enums import ItemState, RoundState, RoundVerb
from risk.models import MonitoringRound, RoundCheck, RoundItem, RoundTransition
from risk.services.notices.waiting import WaitingLine

REMIND_BEFORE = 7
AGAIN_AFTER = 7
"""Days before the term of a round, and between two mails after it."""
_WAITS_FOR = {
    ItemState.TO_ANSWER: "to_answer",
    ItemState.RETURNED: "to_answer",
    ItemState.ANSWERED: "to_confirm",
    ItemState.CONFIRMED: "to_check",
}
_SENT_BACK = (ItemState.RETURNED, ItemState.ANSWERED)
"""States in which what the RPCT asked last still waits: for the office, then for its head."""


@dataclass(frozen=True)
class LastMail:
    """The last mail a person had: the day it was for, and when it left; None of none."""

    on: datetime.date | None = None
    sent_at: datetime.datetime | None = None


def last_mail(person: User) -> LastMail:
    """Return the last mail of a person, as whoever writes the mails has read it."""
    return LastMail(getattr(person, "last_notice", None), getattr(person, "last_sent", None))


@dataclass(frozen=True)
class ReturnedAnswers:
    """Answers of one office that the RPCT sent back at one moment with one day, and how many."""

    office: int
    due: datetime.date
    asked_at: datetime.datetime
    n: int
    is_answered: bool
    """Whether the office has answered again, and its head is to confirm."""


@dataclass
class AskedRound:
    """A round that is answered and checked: by office how much waits for what."""

    round: MonitoringRound
    opened_at: datetime.datetime | None
    to_answer: Counter[int] = field(default_factory=Counter)
    to_confirm: Counter[int] = field(default_factory=Counter)
    to_check: Counter[int] = field(default_factory=Counter)
    sent_back: list[ReturnedAnswers] = field(default_factory=list)

    def count(self, one: dict[str, Any]) -> None:
        """Add what waits in some measures of an office, as `asked_rounds` counts it."""
        if one["asked_at"] is None:
            getattr(self, _WAITS_FOR[one["state"]])[one["office"]] += one["n"]
            return
        asked_at, row = one["asked_at"], self.round
        in_time = timezone.localdate(asked_at) <= row.answers_by
        due = one["asked_by"] or (row.answers_by if in_time else row.checks_by)
        is_answered = one["state"] == ItemState.ANSWERED
        self.sent_back.append(ReturnedAnswers(one["office"], due, asked_at, one["n"], is_answered))


def asked_rounds(people: Iterable[User]) -> list[AskedRound]:
    """Return what the rounds of the bodies of some people wait for; two statements, one if none."""
    bodies = {body for person in people for body in reach_of(person).administrations}
    opened = RoundTransition.objects.filter(round=OuterRef("pk"), verb=RoundVerb.OPEN)
    rows = MonitoringRound.objects.filter(
        plan__administration__in=bodies, state__in=(RoundState.OPEN, RoundState.CHECKING)
    ).annotate(opened_at=Subquery(opened.values("at")[:1]))
    found = {
        row.pk: AskedRound(row, row.opened_at)
        for row in rows.select_related("plan").order_by("answers_by", "pk")
    }
    if not found:
        return []
    items = RoundItem.objects.filter(round__in=found, state__in=_WAITS_FOR).order_by()
    last = RoundCheck.objects.filter(item=OuterRef("pk")).exclude(request="").order_by("-pk")
    # looked for in the few that were sent back or answered, not in the thousands that were not
    of_request = {
        "asked_at": _where_sent_back(last, "at", DateTimeField()),
        "asked_by": _where_sent_back(last, "request_by", DateField()),
    }
    counted = items.annotate(**of_request).values("round", "office", "state", *of_request)
    for one in counted.annotate(n=Count("pk")):
        found[one["round"]].count(one)
    return list(found.values())


def _where_sent_back(last: Any, column: str, kind: Any) -> Case:
    of_last = Subquery(last.values(column)[:1])
    return Case(When(state__in=_SENT_BACK, then=of_last), default=None, output_field=kind)


def round_lines(person: User, rounds: Iterable[AskedRound]) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what rounds wait for from a person, and whether it makes a mail by itself.

    To the RPCT few lines a round: how much is missing, of how many offices, and what to check.
    """
    reach, last = reach_of(person), last_mail(person)
    for asked in rounds:
        row = asked.round
        rings = is_reminded(row.answers_by, last, asked_at=asked.opened_at)
        for office in sorted(reach.own_offices):
            heads = office in reach.headed_offices
            if n := asked.to_answer[office]:
                yield _answering(row, office, n), rings
            yield from _again(asked, office, last, heads=heads)
            if heads and (n := asked.to_confirm[office]):
                yield _confirming(row, office, n, row.answers_by), rings
        if row.plan.administration_id in reach.rpct_of:
            yield from _for_rpct(asked, last, rings=rings)


def _again(
    asked: AskedRound, office: int, last: LastMail, *, heads: bool
) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what of an office was sent back, a line for each day it is due by."""
    by_day: dict[tuple[datetime.date, bool], list[ReturnedAnswers]] = defaultdict(list)
    for one in asked.sent_back:
        if one.office == office and (heads or not one.is_answered):
            by_day[one.due, one.is_answered].append(one)
    for (due, is_answered), some in sorted(by_day.items()):
        line = _confirming if is_answered else _correcting
        rings = any(is_reminded(due, last, asked_at=one.asked_at) for one in some)
        yield line(asked.round, office, sum(one.n for one in some), due), rings


def _answering(row: MonitoringRound, office: int, n: int) -> WaitingLine:
    said = ngettext(
        "%(round)s: %(n)s misura da compilare entro il %(day)s.",
        "%(round)s: %(n)s misure da compilare entro il %(day)s.",
        n,
    )
    return _line(row, said, n, _("Rispondi"), row.answers_by, office)


def _correcting(row: MonitoringRound, office: int, n: int, due: datetime.date) -> WaitingLine:
    said = ngettext(
        "%(round)s: %(n)s risposta restituita dal RPCT, da rivedere entro il %(day)s.",
        "%(round)s: %(n)s risposte restituite dal RPCT, da rivedere entro il %(day)s.",
        n,
    )
    return _line(row, said, n, _("Leggi che cosa chiede"), due, office)


def _confirming(row: MonitoringRound, office: int, n: int, due: datetime.date) -> WaitingLine:
    said = ngettext(
        "%(round)s: %(n)s risposta da confermare entro il %(day)s.",
        "%(round)s: %(n)s risposte da confermare entro il %(day)s.",
        n,
    )
    return _line(row, said, n, _("Leggi e conferma"), due, office)


def _for_rpct(
    asked: AskedRound, last: LastMail, *, rings: bool
) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what is missing in a round, what was sent back and is awaited, and what to check."""
    row = asked.round
    if missing := asked.to_answer + asked.to_confirm:
        yield _missing(row, missing), rings
    if asked.sent_back:
        n, due = sum(one.n for one in asked.sent_back), min(one.due for one in asked.sent_back)
        said = ngettext(
            "%(round)s: %(n)s risposta restituita e non ancora confermata, attesa entro "
            "il %(day)s.",
            "%(round)s: %(n)s risposte restituite e non ancora confermate, la prima attesa entro "
            "il %(day)s.",
            n,
        )
        yield _line(row, said, n, _("Vedi gli uffici"), due), is_reminded(due, last)
    if n := asked.to_check.total():
        said = ngettext(
            "%(round)s: %(n)s risposta da verificare entro il %(day)s.",
            "%(round)s: %(n)s risposte da verificare entro il %(day)s.",
            n,
        )
        # the check begins when the answers are due
        begins = row.answers_by + datetime.timedelta(days=1)
        line = _line(row, said, n, _("Verifica"), row.checks_by)
        yield line, is_reminded(row.checks_by, last, begins_on=begins)


def _missing(row: MonitoringRound, missing: Counter[int]) -> WaitingLine:
    said = ngettext(
        "%(round)s: manca %(n)s risposta confermata, uffici in attesa %(offices)s, "
        "termine il %(day)s.",
        "%(round)s: mancano %(n)s risposte confermate, uffici in attesa %(offices)s, "
        "termine il %(day)s.",
        missing.total(),
    )
    n, offices = missing.total(), grouped(len(missing))
    return _line(row, said, n, _("Vedi gli uffici"), row.answers_by, offices=offices)


def _line(
    row: MonitoringRound,
    said: str,
    n: int,
    next_act: str,
    due: datetime.date,
    office: int | None = None,
    *,
    offices: str = "",
) -> WaitingLine:
    told = {"round": row.label, "n": grouped(n), "offices": offices, "day": f"{due:%d/%m/%Y}"}
    path = reverse("risk:round", args=[row.uid])
    if office is not None:
        path = reverse("risk:round_office", args=[row.uid, office])
    return WaitingLine(said % told, path, next_act, row.label, days=(due - today()).days)


def _is_news(asked_at: datetime.datetime, last: LastMail) -> bool:
    if last.on is None or last.sent_at is None:
        return True
    return last.sent_at < asked_at or last.on < timezone.localdate(asked_at)


def is_reminded(
    due: datetime.date,
    last: LastMail,
    *,
    asked_at: datetime.datetime | None = None,
    begins_on: datetime.date | None = None,
) -> bool:
    """Return whether one of the days to remind has come since the last mail of a person.

    They are the day it begins, a week before it is due, that day, and each week after it. What was
    asked after that mail had left, be it of the same day, is told by the next.
    """
    if asked_at is not None and _is_news(asked_at, last):
        return True
    now = today()
    days = [due - datetime.timedelta(days=REMIND_BEFORE), due]
    if begins_on is not None:
        days.append(begins_on)
    late = due + datetime.timedelta(days=1)
    while late <= now and len(days) < 100:
        days.append(late)
        late += datetime.timedelta(days=AGAIN_AFTER)
    return any(day <= now and (last.on is None or last.on < day) for day in days)
