"""The requests for entries of lists that wait for an RPCT."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.models import User
from registry.permissions import reach_of
from registry.readable import grouped
from risk.enums import RequestState
from risk.models import ListEntryRequest

OpenRequests = Mapping[int, Sequence[ListEntryRequest]]
"""Those that wait, by the key of the body, the oldest first."""


def open_by_body(people: Iterable[User]) -> OpenRequests:
    """Return what waits in each body that some of the people are RPCT of, by its key.

    One statement, none where nobody is RPCT.
    """
    bodies = {body for person in people for body in reach_of(person).rpct_of}
    if not bodies:
        return {}
    asked = ListEntryRequest.objects.filter(
        state=RequestState.ASKED, annex__plan__administration__in=bodies
    )
    asked = asked.select_related("annex__office", "annex__plan").order_by("asked_at", "id")
    waiting: dict[int, list[ListEntryRequest]] = defaultdict(list)
    for row in asked:
        waiting[row.annex.plan.administration_id].append(row)
    return waiting


def asked_line(person: User, by_body: OpenRequests) -> tuple[str, str] | None:
    """Return what waits for a person, the oldest by its name, and the page it is answered on.

    None where nothing waits; `by_body` as `open_by_body`.
    """
    bodies = sorted(reach_of(person).rpct_of)
    waiting = [row for body in bodies for row in by_body.get(body, ())]
    if not waiting:
        return None
    first, others = waiting[0], len(waiting) - 1
    office = first.annex.printed_office_name
    names = {
        "asked": first.text,
        "office": office,
        "list": first.get_kind_display(),
        "n": grouped(others),
    }
    if not others:
        sentence = _("%(office)s chiede la voce «%(asked)s» (%(list)s).") % names
        return sentence, reverse("risk:entry_request", args=[first.uid])
    sentence = ngettext(
        "%(office)s chiede la voce «%(asked)s» (%(list)s), e c’è un’altra richiesta.",
        "%(office)s chiede la voce «%(asked)s» (%(list)s), e ci sono altre %(n)s richieste.",
        others,
    )
    return sentence % names, reverse("risk:entry_requests")
