"""What somebody had typed when their access ended: shown, to be sent again once they are in
(docs/decisions/0067).

With a script the page stays open and saves by itself; this is for whoever has none.
"""

import secrets
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from ptpct.signin.field_labels import label_of
from ptpct.typed import has_secrets, is_of_this_site, typed_in

LONGEST = 400_000
"""Characters of a form that is shown again: more than any page sends."""
WRITTEN = 30
"""A value so long, or of several lines, was written, and can be read and mended."""
TICKET = "modulo-conservato"
"""The field of a form shown again that says that this site has shown it, and to which browser."""
COOKIE = "__Host-modulo" if settings.CSRF_COOKIE_SECURE else "modulo"
KEPT_FOR = 12 * 60 * 60


@dataclass(frozen=True)
class KeptForm:
    """A form as it was sent: what was written, with its labels, and what goes with it unseen."""

    written: list[tuple[str, str, str]]
    unseen: list[tuple[str, str]]


def kept_form(request: HttpRequest) -> KeptForm | None:
    """Return what a page of this site has sent, None for nothing that is to be shown again.

    Nothing is what another site has sent, what has files or secrets, what a script sends by itself.
    """
    if request.method != "POST" or request.htmx or request.FILES or not is_of_this_site(request):
        return None
    pairs = [(name, value) for name, value in typed_in(request) if name != TICKET]
    # boxes and keys alone are sooner done anew on the page
    is_written = any(" " in value for _name, value in pairs)
    size = sum(len(name) + len(value) for name, value in pairs)
    if has_secrets(request) or not is_written or size > LONGEST:
        return None
    kept = KeptForm(written=[], unseen=[])
    for name, value in pairs:
        is_long = len(value) > WRITTEN or "\n" in value
        if is_long:
            kept.written.append((name, value, label_of(name, request.path)))
        else:
            kept.unseen.append((name, value))
    return kept


def shown_again(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """Return the page with what was typed; nothing of it was saved."""
    browser = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(16)
    ticket = signing.dumps([browser, request.path], salt=TICKET)
    context = {"kept": kept, "address": request.get_full_path(), "ticket": ticket}
    answer = render(request, "account/form_kept.html", context, status=HTTPStatus.FORBIDDEN)
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=KEPT_FOR,
        secure=settings.CSRF_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


class SentAgainMiddleware(MiddlewareMixin):
    """Takes a form that was shown again although its mark is that of the access before.

    Signing in makes new marks. The ticket of the form holds instead: it is signed, of this address,
    and of the browser that has its cookie; and the browser has to say that a page of this site has
    sent it. Who may do what is asked afterwards, as always.
    """

    def process_view(self, request: HttpRequest, *_view) -> None:
        """Say that the mark need not be looked at (`django.middleware.csrf`)."""
        if request.method == "POST" and COOKIE in request.COOKIES and _is_shown_here(request):
            request.csrf_processing_done = True


def _is_shown_here(request: HttpRequest) -> bool:
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if request.headers.get("Origin") not in own:
        return False
    try:
        told = signing.loads(request.POST.get(TICKET, ""), salt=TICKET, max_age=KEPT_FOR)
    except signing.BadSignature:
        return False
    return told == [request.COOKIES[COOKIE], request.path]
