"""The requests for entries of lists that wait for an RPCT."""

from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.utils.translation import ngettext

from registry.models import User
from registry.permissions import reach_of
from risk.enums import RequestState
from risk.models import ListEntryRequest


def open_by_body(people: Iterable[User]) -> dict[int, int]:
    """Return how many requests wait in each body that some of the people are RPCT of, by its key.

    One statement, none where nobody is RPCT.
    """
    bodies = {body for person in people for body in reach_of(person).rpct_of}
    if not bodies:
        return {}
    body = "annex__plan__administration"
    asked = ListEntryRequest.objects.filter(state=RequestState.ASKED, **{f"{body}__in": bodies})
    return dict(asked.order_by().values(body).annotate(n=Count("pk")).values_list(body, "n"))


def asked_sentence(person: User, by_body: Mapping[int, int]) -> str:
    """Return how many requests wait for a person, "" for none; `by_body` as `open_by_body`."""
    count = sum(by_body.get(body, 0) for body in reach_of(person).rpct_of)
    if not count:
        return ""
    sentence = ngettext(
        "Una richiesta di voce aspetta una risposta.",
        "%(n)d richieste di voci aspettano una risposta.",
        count,
    )
    return sentence % {"n": count}
