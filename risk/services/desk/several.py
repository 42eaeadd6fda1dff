"""One act on several annexes: each by the service of the single act, whole or not at all.

What one annex refuses stops none of the others, and is told office by office.
"""

import datetime
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from registry.acts import Refused
from registry.enums import AnnexState
from registry.models import Annex, User
from registry.readable import grouped
from registry.services.jobs import JobLostError, Progress
from risk.content.texts import UnresolvedField
from risk.enums import Verb
from risk.models import AnnexIssue
from risk.paper.pdf import PaperError
from risk.services.annexes.asked import AFTERWARDS
from risk.services.annexes.issues import issue_annex, issued_by
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.desk.control_room import Row
from risk.services.notices.reminders import remind, reminded_today, why_not
from risk.services.plans.asked import numbers_of_annexes
from risk.services.plans.deadlines import OF_OFFICE, extend_annex
from risk.services.plans.exemptions import exempt_annex
from risk.workflow import MOVES, move_for

logger = logging.getLogger(__name__)

REFUSALS = (MoveRefusedError, ValidationError, Refused, UnresolvedField, PaperError)
"""Errors whose text is an Italian sentence for the person who acts."""


class SeveralAct(StrEnum):
    """What may be done to several annexes at once, as its address has it."""

    REMIND = "sollecita"
    VALIDATE = "valida"
    ISSUE = "emetti"
    RETURN = "restituisci"
    EXTEND = "proroga"
    EXEMPT = "esonera"


@dataclass(frozen=True)
class ActWords:
    """What an act is called, and what it asks of who acts."""

    label: str | Promise
    """What stands on its button, in the imperative."""
    asks: Any
    """What stands on the button that confirms it, for `n` offices, in figures `count`."""
    done: str | Promise
    verb: Verb | None = None
    asks_reason: str | Promise = ""
    """The name of the text it asks for, if it does."""
    needs_reason: bool = False
    asks_day: bool = False


ACTS: dict[SeveralAct, ActWords] = {
    SeveralAct.REMIND: ActWords(
        label=gettext_lazy("Sollecita"),
        asks=ngettext_lazy("Sollecita %(count)s ufficio", "Sollecita %(count)s uffici", "n"),
        done=gettext_lazy("sollecitato"),
        asks_reason=gettext_lazy("Parole tue, oltre a quelle del messaggio (facoltative)"),
    ),
    SeveralAct.VALIDATE: ActWords(
        label=gettext_lazy("Valida"),
        asks=ngettext_lazy("Valida %(count)s allegato", "Valida %(count)s allegati", "n"),
        done=gettext_lazy("validato"),
        verb=Verb.VALIDATE,
    ),
    SeveralAct.ISSUE: ActWords(
        label=gettext_lazy("Emetti"),
        asks=ngettext_lazy("Emetti %(count)s allegato", "Emetti %(count)s allegati", "n"),
        done=gettext_lazy("emesso"),
        verb=Verb.ISSUE,
    ),
    SeveralAct.RETURN: ActWords(
        label=gettext_lazy("Restituisci"),
        asks=ngettext_lazy("Restituisci %(count)s allegato", "Restituisci %(count)s allegati", "n"),
        done=gettext_lazy("restituito"),
        verb=Verb.RETURN,
        asks_reason=gettext_lazy("Motivo: che cosa devono correggere"),
        needs_reason=True,
    ),
    SeveralAct.EXTEND: ActWords(
        label=gettext_lazy("Sposta la scadenza"),
        asks=ngettext_lazy(
            "Sposta la scadenza di %(count)s ufficio", "Sposta la scadenza di %(count)s uffici", "n"
        ),
        done=gettext_lazy("scadenza spostata"),
        asks_reason=gettext_lazy("Motivo"),
        needs_reason=True,
        asks_day=True,
    ),
    SeveralAct.EXEMPT: ActWords(
        label=gettext_lazy("Esonera"),
        asks=ngettext_lazy("Esonera %(count)s ufficio", "Esonera %(count)s uffici", "n"),
        done=gettext_lazy("esonerato"),
        asks_reason=gettext_lazy("Motivo dell’esonero"),
        needs_reason=True,
    ),
}


@dataclass(frozen=True)
class SeveralAsked:
    """What was asked besides the annexes: a reason, or words, and a day."""

    reason: str = ""
    due_on: datetime.date | None = None


@dataclass(frozen=True)
class SeveralPreview:
    """What an act would do: the rows it is for, and the others, each with the reason why not."""

    able: list[Row]
    unable: list[tuple[Row, str]]


@dataclass(frozen=True)
class Outcome:
    """What came of one annex: a sentence, and the page where one goes on."""

    title: str
    sentence: str
    is_done: bool
    address: str


def preview_of(act: SeveralAct, rows: Sequence[Row]) -> SeveralPreview:
    """Return what an act would do to some rows of the room, as far as can be told without doing it.

    At most one statement. The act asks everything again.
    """
    reminded = reminded_today([row.annex for row in rows]) if act == SeveralAct.REMIND else set()
    able, unable = [], []
    for row in rows:
        if sentence := _why_not(act, row, reminded):
            unable.append((row, sentence))
        else:
            able.append(row)
    return SeveralPreview(able, unable)


def _why_not(act: SeveralAct, row: Row, reminded: set[int]) -> str:
    annex, verb = row.annex, ACTS[act].verb
    if act == SeveralAct.REMIND:
        return why_not(annex, row.holder, reminded)
    if hasattr(annex, "exemption"):
        return _("L’ufficio è esonerato da questa edizione.")
    state = {"state": AnnexState(annex.state).said}
    if act == SeveralAct.EXTEND:
        if annex.state in OF_OFFICE:
            return ""
        return _("È %(state)s: la scadenza è già rispettata.") % state
    if act == SeveralAct.EXEMPT:
        return _("È già emesso: fa parte del piano.") if annex.state == AnnexState.ISSUED else ""
    move = move_for(verb, AnnexState(annex.state))
    if move is None:
        return _wrong_order(verb, state)
    if move.needs_completeness and row.blocking:
        sentence = ngettext("%(n)s cosa lo impedisce.", "%(n)s cose lo impediscono.", row.blocking)
        return sentence % {"n": grouped(row.blocking)}
    return ""


def _wrong_order(verb: Verb, state: dict[str, Promise]) -> str:
    moves = [move for move in MOVES if move.verb == verb]
    states = [one for one in AnnexState if any(one in move.sources for move in moves)]
    when = _(" o ").join(str(one.said) for one in states)
    sentence = _("È %(state)s: «%(act)s» si fa quando è %(when)s.")
    return sentence % {**state, "act": moves[0].label, "when": when}


def asked_of_several(act: SeveralAct, preview: SeveralPreview) -> tuple[list[str], str | Promise]:
    """Return the numbers an act on several annexes is asked with, and what follows from it.

    One query; without a move of the annexes no number and no word.
    """
    verb = ACTS[act].verb
    if verb is None or not preview.able:
        return [], ""
    return numbers_of_annexes([row.annex for row in preview.able]), AFTERWARDS[verb]


def act_on_each(
    *,
    act: SeveralAct,
    annexes: QuerySet,
    uids: Sequence[str],
    asked: SeveralAsked,
    by: User,
    progress: Progress,
    since: datetime.datetime | None = None,
) -> Iterator[Outcome]:
    """Do one act to each annex in the order of `uids`, and yield what came of it.

    Of `annexes` those are found that the person sees now. `since` is when it was asked first, where
    it was interrupted: what was done since then is done. Nothing that happens to one stops the
    others, but for `JobLostError`: who asked has cancelled it.
    """
    by_uid = {str(row.uid): row for row in annexes.filter(uid__in=uids).with_names()}
    for index, uid in enumerate(uids):
        annex = by_uid.get(uid)
        if annex is None:
            yield Outcome(uid, _("L’allegato non c’è più, o non spetta più a te."), False, "")
            continue
        progress(index, len(uids), annex.printed_office_name)
        yield _one(act, annex, asked, by, _step_of(progress, index, len(uids), annex), since)


def _step_of(progress: Progress, index: int, total: int, annex: Annex) -> Progress:
    """Return what tells the steps of one annex as steps of all."""
    return lambda _done, _total, message: progress(
        index, total, f"{annex.printed_office_name}: {message}"
    )


def _one(
    act: SeveralAct,
    annex: Annex,
    asked: SeveralAsked,
    by: User,
    progress: Progress,
    since: datetime.datetime | None,
) -> Outcome:
    address = reverse("risk:workflow", args=[annex.uid])
    try:
        done = _is_done(act, annex, asked, by, since) if since is not None else False
        result = None if done else _DOING[act](annex, asked, by, progress)
    except JobLostError:
        raise
    except REFUSALS as refused:
        reasons = getattr(refused, "reasons", None) or getattr(refused, "messages", None)
        sentence = " ".join(reasons) if reasons else str(refused)
        return Outcome(annex.printed_office_name, sentence, False, address)
    except Exception:
        logger.exception("%s of annex %s failed", act, annex.uid)
        sentence = _("Qualcosa di imprevisto lo ha fermato: l’allegato è com’era. Riprova.")
        return Outcome(annex.printed_office_name, sentence, False, address)
    sentence = str(ACTS[act].done)
    if isinstance(result, AnnexIssue):
        sentence = _("emesso con il numero %(n)d") % {"n": result.number}
    return Outcome(annex.printed_office_name, sentence, True, address)


_Doing = Callable[[Annex, SeveralAsked, User, Progress], Any]
_DOING: dict[SeveralAct, _Doing] = {
    SeveralAct.REMIND: lambda annex, asked, by, progress: remind(
        annex=annex, by=by, words=asked.reason
    ),
    SeveralAct.VALIDATE: lambda annex, asked, by, progress: move_annex(
        annex=annex, verb=Verb.VALIDATE, by=by
    ),
    SeveralAct.ISSUE: lambda annex, asked, by, progress: issue_annex(
        annex=annex, by=by, progress=progress
    ),
    SeveralAct.RETURN: lambda annex, asked, by, progress: move_annex(
        annex=annex, verb=Verb.RETURN, by=by, reason=asked.reason
    ),
    SeveralAct.EXTEND: lambda annex, asked, by, progress: extend_annex(
        annex=annex, due_on=asked.due_on, reason=asked.reason, by=by
    ),
    SeveralAct.EXEMPT: lambda annex, asked, by, progress: exempt_annex(
        annex=annex, reason=asked.reason, by=by
    ),
}
"""The service of each single act."""


def _is_done(
    act: SeveralAct, annex: Annex, asked: SeveralAsked, by: User, since: datetime.datetime
) -> bool:
    """Return whether a person has done an act to an annex since a moment, as it was asked."""
    if act == SeveralAct.ISSUE:
        return issued_by(annex=annex, by=by, since=since) is not None
    reason = asked.reason.strip()
    rows = {
        SeveralAct.REMIND: annex.reminders,
        SeveralAct.EXTEND: annex.extensions.filter(due_on=asked.due_on, reason=reason),
        SeveralAct.VALIDATE: annex.transitions.filter(verb=Verb.VALIDATE),
        SeveralAct.RETURN: annex.transitions.filter(verb=Verb.RETURN, reason=reason),
    }
    if act == SeveralAct.EXEMPT:
        given = getattr(annex, "exemption", None)
        return given is not None and given.reason == reason
    return rows[act].filter(by=by, at__gte=since).exists()
