"""Asking for an entry of a list, from the row that wants it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.acts import Refused, act
from registry.models import Annex, Phase, Process, User
from registry.normalise import fold
from registry.readable import grouped
from registry.services.rows import store
from registry.trail.subjects import annex_subject
from risk.enums import RequestedList, RequestState
from risk.models import ListEntryRequest, RiskBehaviour
from risk.services.entry_requests.lists import entry_called

FIELDS = {RequestedList.RISK_AREA: "risk_area_id", RequestedList.MACROPROCESS: "macroprocess_id"}
"""The column of a process that follows what is decided; that of a phase is its executor."""
WORDS = {RequestedList.EVENT_CATEGORY: "categories", RequestedList.ENABLING_FACTOR: "factors"}
"""The list of a behaviour in which what is decided is ticked."""
MOST_OPEN = 50
"""Requests of an annex that may wait at a time."""


class RequestRefusedError(Refused):
    """A request is not taken, or not decided; the text is an Italian sentence."""


def ask_entry(
    *,
    annex: Annex,
    kind: str,
    text: str,
    reason: str = "",
    process: Process | None = None,
    phase: Phase | None = None,
    behaviour: RiskBehaviour | None = None,
    by: User,
) -> ListEntryRequest:
    """Ask the RPCT for an entry; return the request.

    `process`, `phase` or `behaviour` is the row of the annex that wants it. Raises
    `RequestRefusedError` for who may not write the annex, for what is in the list or asked for
    already, and for a row of another annex; `ValidationError` for a text its model refuses.
    """
    with act("entry-asked", by=by, subject=annex_subject(annex)):
        # who asks for the same at this moment waits here
        Annex.objects.select_for_update().get(pk=annex.pk)
        if not by.has_perm("registry.change_annex", annex):
            raise RequestRefusedError(
                _("Una voce la chiede chi scrive l’allegato, finché è aperto.")
            )
        part = phase or behaviour
        owner = part.process if part else process
        if owner is not None and owner.annex_id != annex.pk:
            raise RequestRefusedError(_("La riga è di un altro allegato."))
        _check_new(annex, kind, text)
        return store(
            ListEntryRequest(
                annex=annex,
                kind=kind,
                text=" ".join(text.split()),
                reason=reason.strip(),
                process_uid=owner.uid if owner else None,
                phase_uid=phase.uid if phase else None,
                behaviour_uid=behaviour.uid if behaviour else None,
                before=_chosen(kind, process, phase),
                asked_by=by,
            )
        )


def requests_seen_by(person: User) -> QuerySet[ListEntryRequest]:
    """Return the requests of the annexes a person may see, with the names of what they are of."""
    return ListEntryRequest.objects.filter(
        annex__in=Annex.objects.visible_to(person)
    ).select_related("annex__office", "annex__plan__administration", "asked_by", "decided_by")


def open_requests(requests: QuerySet[ListEntryRequest]) -> QuerySet[ListEntryRequest]:
    """Return those that wait for the RPCT."""
    return requests.filter(state=RequestState.ASKED)


def rows_wanting(requests: Iterable[ListEntryRequest]) -> dict[Any, Any]:
    """Return the process, phase and behaviour that requests are of, by uid: three statements."""
    asked = list(requests)
    processes = Process.objects.filter(uid__in={one.process_uid for one in asked} - {None})
    phases = Phase.objects.filter(uid__in={one.phase_uid for one in asked} - {None})
    behaviours = RiskBehaviour.objects.filter(uid__in={one.behaviour_uid for one in asked} - {None})
    return {row.uid: row for row in (*processes, *phases, *behaviours)}


def _check_new(annex: Annex, kind: str, text: str) -> None:
    if (known := entry_called(kind, annex.plan.administration, text)) is not None:
        raise RequestRefusedError(_("«%(entry)s» è già in elenco.") % {"entry": known})
    waiting = list(open_requests(annex.entry_requests.filter(kind=kind)))
    if any(fold(one.text) == fold(text) for one in waiting):
        raise RequestRefusedError(_("«%(text)s» è già stata chiesta.") % {"text": text})
    if len(waiting) >= MOST_OPEN:
        raise RequestRefusedError(
            _("L’ufficio ha già %(n)s richieste in attesa: si decidono prima quelle.")
            % {"n": grouped(MOST_OPEN)}
        )


def _chosen(kind: str, process: Process | None, phase: Phase | None) -> int | None:
    if kind == RequestedList.EXECUTOR_ROLE:
        return phase.executor_role_id if phase else None
    return getattr(process, FIELDS[kind]) if process and kind in FIELDS else None
