"""What somebody had typed when their access ended: shown, to be sent again once they are in.

With a script the page stays open and saves by itself; this is for whoever has none.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ptpct.typed import has_secrets, typed_in

LONGEST = 400_000
"""Characters of a form that is shown again: more than any page sends."""
WRITTEN = 30
"""A value so long, or of several lines, was written, and can be read and mended."""


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: what was written, and what goes with it unseen."""

    written: list[tuple[str, str]]
    unseen: list[tuple[str, str]]


def kept_form(request: HttpRequest) -> KeptForm | None:
    """Return what a page of this site has sent, None for nothing that is to be shown again.

    Nothing is what another site has sent, what has files or secrets, what a script sends by itself.
    """
    if request.method != "POST" or request.htmx or request.FILES or not _is_of_this_site(request):
        return None
    pairs = typed_in(request)
    # boxes and keys alone are sooner done anew on the page
    is_written = any(" " in value for _name, value in pairs)
    size = sum(len(name) + len(value) for name, value in pairs)
    if has_secrets(request) or not is_written or size > LONGEST:
        return None
    kept = KeptForm(written=[], unseen=[])
    for name, value in pairs:
        is_long = len(value) > WRITTEN or "\n" in value
        (kept.written if is_long else kept.unseen).append((name, value))
    return kept


def shown_again(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """Return the page with what was typed; nothing of it was saved."""
    context = {"kept": kept, "address": request.get_full_path()}
    return render(request, "account/form_kept.html", context, status=HTTPStatus.FORBIDDEN)


def _is_of_this_site(request: HttpRequest) -> bool:
    """Tell whether the browser says that a page of this site has sent a form."""
    told = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(told).netloc == request.get_host()
