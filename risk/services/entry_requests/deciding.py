"""Deciding on a request for an entry: taken into the list, found there already, or refused.

Where it is taken or found, the field it was asked from follows, as if the RPCT had chosen it there
(`following`). Whoever asked reads the outcome on the page of the requests and in a mail.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry import clock
from registry.acts import act
from registry.models import Annex, User
from registry.models.base import CatalogueModel
from registry.permissions import is_rpct_of_annex
from registry.trail.subjects import annex_subject
from risk.enums import RequestState
from risk.models import ListEntryRequest
from risk.services.catalogues.entries import add_entry
from risk.services.entry_requests.asking import RequestRefusedError
from risk.services.entry_requests.following import follow
from risk.services.entry_requests.lists import LISTS, entries_of, entry_called, new_entry
from risk.services.entry_requests.mails import tell_outcome

KIND = "entry-decided"


def accept_request(
    *,
    request: ListEntryRequest,
    label: str,
    by: User,
    code: str = "",
    more: Mapping[str, Any] | None = None,
) -> ListEntryRequest:
    """Add the entry to the body's list, by the name given, and let the field follow.

    `more` is what entries of that list have besides. Raises `RequestRefusedError` for who is not
    the RPCT, for what was decided meanwhile and for a name the list has; `ValidationError` when
    the entry is refused by its model.
    """
    label = " ".join(label.split())

    def decide(asked: ListEntryRequest) -> CatalogueModel:
        body = asked.annex.plan.administration
        if (known := entry_called(asked.kind, body, label)) is not None:
            raise RequestRefusedError(
                _("«%(entry)s» è già in elenco: scegli quella voce.") % {"entry": known}
            )
        row = new_entry(asked.kind, body, label=label, code=code, more=more)
        listed = LISTS[asked.kind].catalogue
        return add_entry(listed=listed, body=body, row=row, chosen={}, by=by)

    return _decided(request, by, RequestState.ACCEPTED, decide)


def map_request(*, request: ListEntryRequest, entry: CatalogueModel, by: User) -> ListEntryRequest:
    """Say which entry of the list is what was asked for, and let the field follow.

    Raises `RequestRefusedError` as `accept_request` does, and for an entry of another list.
    """

    def decide(asked: ListEntryRequest) -> CatalogueModel:
        offered = entries_of(asked.kind, asked.annex.plan.administration)
        if not isinstance(entry, offered.model) or not offered.filter(pk=entry.pk).exists():
            raise RequestRefusedError(_("«%(entry)s» non è in elenco.") % {"entry": entry})
        return entry

    return _decided(request, by, RequestState.MAPPED, decide)


def refuse_request(*, request: ListEntryRequest, reason: str, by: User) -> ListEntryRequest:
    """Refuse a request with its reason; the field stays as it is.

    Raises `RequestRefusedError` as `accept_request` does, and without a reason.
    """
    if not reason.strip():
        raise RequestRefusedError(_("Scrivi perché la voce non si aggiunge."))
    return _decided(request, by, RequestState.REFUSED, lambda _asked: None, answer=reason.strip())


def _decided(request: ListEntryRequest, by: User, state: str, decide: Any, answer: str = ""):
    annex = request.annex
    with act(KIND, by=by, subject=annex_subject(annex)):
        # the annex before its rows, as everybody
        Annex.objects.select_for_update().get(pk=annex.pk)
        asked = ListEntryRequest.objects.select_for_update().get(pk=request.pk)
        if not is_rpct_of_annex(by, annex):
            raise RequestRefusedError(_("Le richieste le decide il RPCT dell’amministrazione."))
        if not asked.is_open:
            raise RequestRefusedError(
                _("La richiesta è già stata decisa da %(who)s.") % {"who": asked.decided_by}
            )
        entry = decide(asked)
        asked.state, asked.answer = state, answer
        asked.decided_by, asked.decided_at = by, clock.now()
        if entry is not None:
            asked.entry = str(entry)
            asked.unfollowed = follow(asked, entry, by=by)
        asked.save()
    tell_outcome(asked)
    return asked
