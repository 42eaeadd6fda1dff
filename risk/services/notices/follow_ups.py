"""What follow-ups wait for: the office that is to do something, the RPCT who closes what is done.

As with rounds the desk tells it as long as it waits, in red when the day has passed; it makes a
mail by itself when it is asked, seven days before, on the day, and once a week after it.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock import today
from registry.models import User
from registry.normalise import short
from registry.permissions import reach_of
from registry.readable import grouped
from risk.models import FollowUp
from risk.services.notices.rounds import LastMail, is_reminded, last_mail
from risk.services.notices.waiting import WaitingLine


def open_follow_ups(people: Iterable[User]) -> list[FollowUp]:
    """Return what is open in the bodies of some people, with `asked_at`; one statement."""
    bodies = {body for person in people for body in reach_of(person).administrations}
    asked = FollowUp.history.filter(uid=OuterRef("uid")).order_by("history_date")
    rows = FollowUp.objects.filter(round__plan__administration__in=bodies, closed_on=None)
    rows = rows.annotate(asked_at=Subquery(asked.values("history_date")[:1]))
    return list(rows.select_related("round__plan", "office").order_by("round", "due_on", "pk"))


def follow_up_lines(person: User, rows: Iterable[FollowUp]) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what follow-ups wait for from a person, and whether it makes a mail by itself.

    To an office one line each, until it has replied; to the RPCT one a round: how many have a reply
    and wait to be closed, how many are late. `rows` are those of `open_follow_ups`.
    """
    reach, last = reach_of(person), last_mail(person)
    for _key, some in groupby(rows, key=lambda row: row.round_id):
        found = list(some)
        for row in found:
            if row.office_id in reach.own_offices and not row.reply:
                yield _to_do(row), _rings(row, last)
        if found[0].round.plan.administration_id in reach.rpct_of:
            yield from _to_close(found, last)


def _to_do(row: FollowUp) -> WaitingLine:
    told = {"round": row.round.label, "asked": short(row.asked), "day": f"{row.due_on:%d/%m/%Y}"}
    sentence = _("%(round)s: resta da fare «%(asked)s» entro il %(day)s.") % told
    path = reverse("risk:follow_up", args=[row.uid])
    return WaitingLine(
        sentence, path, _("Rispondi"), row.round.label, days=(row.due_on - today()).days
    )


def _to_close(rows: list[FollowUp], last: LastMail) -> Iterator[tuple[WaitingLine, bool]]:
    """Yield what the RPCT has to look at in the follow-ups of one round, if anything."""
    round_ = rows[0].round
    path = reverse("risk:round_follow_ups", args=[round_.uid])
    replied = [row for row in rows if row.reply]
    late = [row for row in rows if not row.reply and row.due_on < today()]
    if replied:
        said = ngettext(
            "%(round)s: %(n)s seguito ha una risposta e aspetta di essere chiuso.",
            "%(round)s: %(n)s seguiti hanno una risposta e aspettano di essere chiusi.",
            len(replied),
        )
        sentence = said % {"round": round_.label, "n": grouped(len(replied))}
        days = (min(row.due_on for row in replied) - today()).days
        line = WaitingLine(sentence, path, _("Leggi e chiudi"), round_.label, days=days)
        yield line, any(_rings(row, last) for row in replied)
    if late:
        said = ngettext(
            "%(round)s: %(n)s seguito è in ritardo e senza risposta.",
            "%(round)s: %(n)s seguiti sono in ritardo e senza risposta.",
            len(late),
        )
        sentence = said % {"round": round_.label, "n": grouped(len(late))}
        days = (min(row.due_on for row in late) - today()).days
        line = WaitingLine(sentence, path, _("Vedi i seguiti"), round_.label, days=days)
        yield line, any(_rings(row, last) for row in late)


def _rings(row: Any, last: LastMail) -> bool:
    return is_reminded(row.due_on, last, asked_at=row.asked_at)
