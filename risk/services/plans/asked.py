"""What is asked, once and with numbers, before an act on a whole plan is done."""

from collections import Counter
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from registry.enums import AnnexState
from registry.models import Annex, Plan, Process, User
from registry.readable import grouped
from risk.enums import PlanVerb
from risk.services.annexes.asked import Asked, processes_in_words
from risk.services.plans.moves import (
    check_plan_move,
    plan_refusals_recorded,
    refuse_what_has_a_form,
)

AFTERWARDS: dict[PlanVerb, str | Promise] = {
    PlanVerb.CONSULT: gettext_lazy("Gli uffici continuano a lavorare ai loro allegati."),
    PlanVerb.PROPOSE: gettext_lazy(
        "Poi l’organo decide: si registra l’adozione, o si riporta il piano in preparazione."
    ),
    PlanVerb.ADOPT: gettext_lazy(
        "Con l’adozione l’edizione si chiude per sempre: allegati, misure, testi ed esoneri "
        "non si modificano più. Una modifica sarà un nuovo piano di aggiornamento."
    ),
    PlanVerb.BACK: gettext_lazy(
        "Poi servono di nuovo consultazione e proposta. Gli allegati restano nello stato in cui "
        "sono."
    ),
    PlanVerb.PUBLISH: gettext_lazy(
        "Poi chiunque legge e scarica il piano, i suoi allegati e i dati aperti: da qui non si "
        "ritira."
    ),
    PlanVerb.CONFIRM: gettext_lazy(
        "Solo con meno di 50 dipendenti, e solo se nell’ultimo anno ricorre ogni condizione "
        "(PNA 2022). Il contenuto resta quello adottato."
    ),
    PlanVerb.CLOSE: gettext_lazy(
        "Poi l’edizione resta da leggere e da confrontare. Chiusa, non si riapre."
    ),
}
"""What follows from each act, in the words of whoever is asked."""

_WAITING: tuple[tuple[str | Promise, tuple[AnnexState, ...]], ...] = (
    (gettext_lazy("%(n)s da trasmettere"), (AnnexState.DRAFT, AnnexState.RETURNED)),
    (gettext_lazy("%(n)s da approvare"), (AnnexState.SUBMITTED,)),
    (gettext_lazy("%(n)s da validare"), (AnnexState.APPROVED,)),
    (gettext_lazy("%(n)s da emettere"), (AnnexState.VALIDATED,)),
)
"""What an annex that is not issued yet waits for, by its states."""


def asked_of_plan(
    *, plan: Plan, verb: PlanVerb, by: User, reason: str = "", publication_link: str = ""
) -> Asked:
    """Return what is asked before a move is made; it could be made now. Nothing is written.

    The queries do not grow with the plan. Raises `MoveRefusedError` for what the move itself would
    refuse, the refusal is on the trail; `ValidationError` for a link that is none.
    """
    with plan_refusals_recorded(plan=plan, kind=f"plan-{verb}", by=by):
        refuse_what_has_a_form(plan, verb)
        move = check_plan_move(plan=plan, verb=verb, by=by, reason=reason)
    if publication_link:
        Plan._meta.get_field("publication_link").clean(publication_link, plan)
    return Asked(move, numbers_of_plan(plan), AFTERWARDS[verb])


def numbers_of_plan(plan: Plan) -> list[str]:
    """Return how many annexes a plan has, how many are not issued yet and why, its processes.

    Three queries.
    """
    awaited = plan.annexes.filter(exemption=None).order_by()
    states = Counter(awaited.values_list("state", flat=True))
    numbers = [annexes_in_words(states.total())]
    for sentence, waiting in _WAITING:
        if count := sum(states[state] for state in waiting):
            numbers.append(str(sentence) % {"n": grouped(count)})
    exempted = plan.annexes.filter(exemption__isnull=False).count()
    if exempted:
        sentence = ngettext("%(n)s ufficio esonerato", "%(n)s uffici esonerati", exempted)
        numbers.append(sentence % {"n": grouped(exempted)})
    processes = Process.objects.in_use().filter(annex__in=awaited.values("pk"))
    return [*numbers, processes_in_words(processes.count())]


def numbers_of_annexes(annexes: Sequence[Annex]) -> list[str]:
    """Return how many some annexes are, and how many processes they have; one query."""
    keys = [row.pk for row in annexes]
    processes = Process.objects.in_use().filter(annex__in=keys).count()
    return [annexes_in_words(len(keys)), processes_in_words(processes)]


def annexes_in_words(count: int) -> str:
    """Return a number of annexes as a person says it."""
    return ngettext("%(n)s allegato", "%(n)s allegati", count) % {"n": grouped(count)}
