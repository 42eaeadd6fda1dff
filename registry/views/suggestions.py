"""Rows of a long list, for a field in which one is chosen by typing."""

import dataclasses

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from registry.enums import AliasKind
from registry.models import Administration, Office, User
from registry.services.lookup import MOST_OFFERED, suggestions
from registry.services.rows_called import office_text, offices_with, people_with, person_text

LISTS = {"uffici": AliasKind.OFFICE, "macroprocessi": AliasKind.MACROPROCESS}
"""The lists that grow with a body, by the word in their address."""
PEOPLE = "persone"


@require_safe
def offered(request: HttpRequest, ipa_code: str, name: str) -> JsonResponse:
    """Give the first rows of a list of one's own body that have the words typed (`q`).

    Its people only to whoever keeps them: to others there is no such list.
    """
    body = get_object_or_404(Administration.objects.visible_to(request.user), ipa_code=ipa_code)
    typed = request.GET.get("q", "")
    if name == PEOPLE:
        if not request.user.has_perm("registry.manage_members", body):
            raise Http404
        people = User.objects.filter(memberships__administration=body, is_active=True).distinct()
        return _given([person_text(person) for person in people_with(people, typed)])
    if name not in LISTS:
        raise Http404
    rows, count = suggestions(LISTS[name], typed, administration=body)
    return JsonResponse({"rows": [dataclasses.asdict(row) for row in rows], "count": count})


@require_safe
def offices_anywhere(request: HttpRequest) -> JsonResponse:
    """Give the first offices, of all bodies one sees, that have the words typed (`q`).

    Whoever sees several reads of which body each is.
    """
    bodies = Administration.objects.visible_to(request.user)
    offices = Office.objects.visible_to(request.user).in_use().select_related("administration")
    found = offices_with(offices, request.GET.get("q", ""))[:MOST_OFFERED]
    with_body = len(bodies.values_list("pk")[:2]) > 1
    return _given([office_text(office, with_body=with_body) for office in found])


def _given(texts: list[str]) -> JsonResponse:
    rows = [{"text": text, "short": text} for text in texts]
    return JsonResponse({"rows": rows, "count": len(rows)})
