"""What is asked, once and with numbers, before an act on a whole annex is done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import Annex, User
from registry.readable import grouped
from risk.enums import Verb
from risk.services.annexes.approval_status import ProcessStatus, approval_status
from risk.services.annexes.moves import check_move, read_for_move, refusals_recorded
from risk.services.annexes.readings import count_unread, reads_to_approve
from risk.workflow import Move, PlanMove

AFTERWARDS: dict[Verb, str | Promise] = {
    Verb.SUBMIT: gettext_lazy(
        "Poi si legge soltanto: l’ufficio lo modifica di nuovo se gli è restituito."
    ),
    Verb.APPROVE: gettext_lazy("Poi tocca al RPCT, che lo valida o lo restituisce."),
    Verb.VALIDATE: gettext_lazy("Poi si emette."),
    Verb.ISSUE: gettext_lazy(
        "Il documento emesso resta com’è per sempre. Solo il RPCT può riaprire l’allegato."
    ),
    Verb.RETURN: gettext_lazy(
        "Poi l’ufficio lo modifica. Le approvazioni valgono ancora per i processi che non cambiano."
    ),
    Verb.REOPEN: gettext_lazy(
        "Poi l’ufficio lo modifica, e serve di nuovo tutto l’iter, fino a un’altra emissione. "
        "Quella di oggi resta com’è, ma chi la verifica legge che non è più l’ultima parola."
    ),
}
"""What follows from each act, in the words of whoever is asked."""


@dataclass(frozen=True)
class Asked:
    """What an act on a whole annex or plan is about: its move, its numbers, what follows."""

    move: Move | PlanMove
    numbers: list[str]
    afterwards: str | Promise


def asked_of(*, annex: Annex, verb: Verb, by: User, reason: str = "") -> Asked:
    """Return what is asked before a move is made; it could be made now. Nothing is written.

    The queries do not grow with the annex. Raises `MoveRefusedError` for what the move itself
    would refuse; the refusal is on the trail.
    """
    with refusals_recorded(annex=annex, verb=verb, by=by):
        kept = read_for_move(annex, verb=verb, by=by)
        move = check_move(kept, verb=verb, by=by, reason=reason)
    statuses = approval_status(kept)
    unread = None
    if reads_to_approve(annex, by):
        unread = count_unread(statuses, annex=annex, person=by)
    return Asked(move, _numbers(verb, statuses, unread), AFTERWARDS[verb])


def _numbers(verb: Verb, statuses: list[ProcessStatus], unread: int | None) -> list[str]:
    total, given = len(statuses), sum(row.is_approved for row in statuses)
    numbers = [processes_in_words(total)]
    if verb == Verb.SUBMIT:
        numbers.append(_("%(n)s da approvare") % {"n": grouped(total - given)})
    else:
        sentence = ngettext("%(n)s approvato così com’è", "%(n)s approvati così come sono", given)
        numbers.append(sentence % {"n": grouped(given)})
    if unread:
        sentence = ngettext("%(n)s mai aperto da te", "%(n)s mai aperti da te", unread)
        numbers.append(sentence % {"n": grouped(unread)})
    return numbers


def processes_in_words(count: int) -> str:
    """Return a number of processes as a person says it."""
    return ngettext("%(n)s processo", "%(n)s processi", count) % {"n": grouped(count)}
