"""Rows of a long list, for a field in which one is chosen by typing."""

import dataclasses

from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from registry.enums import AliasKind
from registry.models import Administration
from registry.services.lookup import suggestions

LISTS = {"uffici": AliasKind.OFFICE, "macroprocessi": AliasKind.MACROPROCESS}
"""The lists that grow with a body, by the word in their address."""


@require_safe
def offered(request: HttpRequest, ipa_code: str, name: str) -> JsonResponse:
    """Give the first rows of a list of one's own body that have the words typed (`q`)."""
    body = get_object_or_404(Administration.objects.visible_to(request.user), ipa_code=ipa_code)
    if name not in LISTS:
        raise Http404
    rows, count = suggestions(LISTS[name], request.GET.get("q", ""), administration=body)
    return JsonResponse({"rows": [dataclasses.asdict(row) for row in rows], "count": count})
