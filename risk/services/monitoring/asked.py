"""What is asked, with numbers, before a move of a round that nothing takes back, or its end."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.clock import today
from registry.models import User
from registry.readable import grouped
from risk.enums import DerivedOutcome, ItemState, RoundVerb
from risk.models import MonitoringRound
from risk.services.monitoring.opening import asked_offices
from risk.services.monitoring.rounds import check_removal, check_round_move
from risk.workflow import RoundMove

AFTERWARDS: dict[RoundVerb, Promise] = {
    RoundVerb.OPEN: gettext_lazy(
        "Gli uffici sono avvisati da oggi, e rispondono entro il %(day)s. Ciò che si chiede non "
        "cambia più: dopo si spostano soltanto i termini."
    ),
    RoundVerb.CLOSE: gettext_lazy(
        "Dopo nessuno risponde né verifica più, e ogni misura ha il suo esito; quelle senza una "
        "risposta confermata risultano non risposte. Non si riapre."
    ),
    RoundVerb.ISSUE: gettext_lazy(
        "La relazione resta com’è, nella versione dell’amministrazione e in quella pubblica. "
        "Ciò che si scopre dopo si aggiunge con una rettifica."
    ),
}
"""The moves that ask first, and what follows each."""

_WAITING = (ItemState.TO_ANSWER, ItemState.RETURNED, ItemState.ANSWERED)


@dataclass(frozen=True)
class DraftRemoval:
    """What stands for a move where a draft is deleted: it leads to no state."""

    label: str | Promise = gettext_lazy("Elimina la bozza")


@dataclass(frozen=True)
class AskedOfRound:
    """What a move of a round is about: its move, its numbers, what follows."""

    move: RoundMove | DraftRemoval
    numbers: list[str]
    afterwards: str | Promise


def asked_of_round(*, row: MonitoringRound, verb: RoundVerb, by: User) -> AskedOfRound:
    """Return what is asked before a move of `AFTERWARDS`; it could be made now. Nothing is written.

    As many statements at any size. Raises `RuleRefused` for what the move itself would refuse.
    """
    move = check_round_move(row=row, verb=verb, by=by)
    if verb == RoundVerb.OPEN:
        day = f"{row.answers_by:%d/%m/%Y}"
        return AskedOfRound(move, _before_opening(row), str(AFTERWARDS[verb]) % {"day": day})
    counted = "state" if verb == RoundVerb.CLOSE else "outcome"
    rows = row.items.order_by().values_list(counted).annotate(n=Count("pk"))
    counts = Counter(dict(rows))
    total = counts.total()
    numbers = _said(total, ngettext("%(n)s misura", "%(n)s misure", total))
    if verb == RoundVerb.CLOSE:
        numbers += _before_closing(row, counts)
    else:
        untold = counts[DerivedOutcome.NO_ANSWER]
        numbers += _said(untold, ngettext("%(n)s non risposta", "%(n)s non risposte", untold))
    return AskedOfRound(move, numbers, AFTERWARDS[verb])


def asked_of_removal(*, row: MonitoringRound, by: User) -> AskedOfRound:
    """Return what is asked before a draft is deleted; it could be now. Nothing is written.

    Two statements. Raises `RuleRefused` as `check_removal`.
    """
    check_removal(row, by)
    n = row.items.count()
    sentence = ngettext(
        "%(n)s misura con l’ufficio già scelto", "%(n)s misure con l’ufficio già scelto", n
    )
    return AskedOfRound(
        DraftRemoval(),
        [row.label, *_said(n, sentence)],
        _("La bozza va via: nessuno è stato ancora avvisato. La registrazione dell’atto resta."),
    )


def _before_opening(row: MonitoringRound) -> list[str]:
    found = asked_offices(row)
    total, offices = found.total(), len(+found)
    numbers = _said(total, ngettext("%(n)s misura", "%(n)s misure", total))
    return [*numbers, *_said(offices, ngettext("%(n)s ufficio", "%(n)s uffici", offices))]


def _before_closing(row: MonitoringRound, states: Counter[str]) -> list[str]:
    waiting = sum(states[state] for state in _WAITING)
    unchecked = states[ItemState.CONFIRMED]
    left = (row.answers_by - today()).days
    numbers = _said(waiting, _("%(n)s senza una risposta confermata"))
    sentence = ngettext(
        "%(n)s confermata e non verificata", "%(n)s confermate e non verificate", unchecked
    )
    numbers += _said(unchecked, sentence)
    sentence = ngettext(
        "al termine delle risposte manca %(n)s giorno",
        "al termine delle risposte mancano %(n)s giorni",
        left,
    )
    numbers += _said(max(left, 0), sentence)
    ahead = (row.situation_on - today()).days
    sentence = ngettext(
        "al giorno della situazione manca %(n)s giorno",
        "al giorno della situazione mancano %(n)s giorni",
        ahead,
    )
    return [*numbers, *_said(max(ahead, 0), sentence)]


def _said(count: int, sentence: str) -> list[str]:
    """Return a number in words; nothing where it is none."""
    return [sentence % {"n": grouped(count)}] if count else []
