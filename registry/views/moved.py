"""Addresses whose words changed: links in mails, bookmarks and open pages lead where they did."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import URLPattern, path


def moved(old: str, *, word: str, now: str) -> list[URLPattern]:
    """Return the route `old` and all below it, which lead on with `now` in the place of `word`.

    The rest of the address, its query and the method stay; who may see it is asked there.
    """

    def lead_on(request: HttpRequest, **_parts: str) -> HttpResponsePermanentRedirect:
        there = request.path.replace(f"/{word}/", f"/{now}/", 1)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(
            f"{there}?{query}" if query else there, preserve_request=True
        )

    return [path(old, lead_on), path(f"{old}<path:rest>", lead_on)]
