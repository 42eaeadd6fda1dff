"""What stands between a session and the pages: idle time, second factor, what a browser keeps."""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ptpct.signin.accounts import needs_second_factor
from registry import clock
from registry.readable import grouped
from registry.waiting import write_if_free

SEEN_AT = "seen_at"
HAS_SECOND_FACTOR = "has_second_factor"
_BROKEN = HTTPStatus.INTERNAL_SERVER_ERROR
FRESHNESS = 60
"""Seconds for which a session is not written again: reading pages costs no write."""

# Addresses a page asks for by itself, with nobody at the keyboard.
BACKGROUND = frozenset({"risk:process_sheet_present", "registry:job_progress"})
# Where somebody who still has to set up the second factor may go.
WITHOUT_SECOND_FACTOR = frozenset(
    {"account_reauthenticate", "account_change_password", "account_set_password"}
    | {"registry:logout", "admin:logout", "health"}
)


def _moment() -> int:
    """Return this moment in seconds, by the clock that all hosts have."""
    return int(clock.now().timestamp())


def note_start(*, request: HttpRequest, **kwargs: Any) -> None:
    """Signal receiver: the session starts now; written together with the sign-in itself."""
    if request is not None:
        request.session[SEEN_AT] = _moment()


class NoStoreMiddleware:
    """Lets no browser and no cache keep what somebody signed in was shown: others use the machine.

    What strangers are shown is kept where its view says so (`registry.responses.public`), and
    nowhere else: forms carry a mark of the one who asked for them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say in every answer what may be kept of it."""
        response = self.get_response(request)
        # the session and not the person: whose it is would be one more query
        if SESSION_KEY in request.session or not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class IdleMiddleware:
    """Ends a session after `IDLE_MINUTES` without anybody asking for anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out whoever was away too long; a fragment then sends the whole page to sign in."""
        if not self._is_over(request):
            response = self.get_response(request)
            if getattr(request, "is_seen", False) and response.status_code < _BROKEN:
                _keep_seen(request)
            return response
        logout(request)
        messages.info(
            request,
            _("La sessione è finita dopo %(minutes)s minuti senza attività: accedi di nuovo.")
            % {"minutes": grouped(settings.IDLE_MINUTES)},
        )
        if request.htmx:
            page = request.htmx.current_url_abs_path or settings.LOGIN_REDIRECT_URL
            return HttpResponseClientRedirect(redirect_to_login(page).url)
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        seen_at = request.session.get(SEEN_AT)
        return seen_at is not None and _moment() - seen_at > settings.IDLE_MINUTES * 60

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """Note that somebody is there, at most once a minute."""
        if not request.user.is_authenticated or request.resolver_match.view_name in BACKGROUND:
            return
        request.is_seen = _moment() - request.session.get(SEEN_AT, 0) >= FRESHNESS


def _keep_seen(request: HttpRequest) -> None:
    """Keep that somebody is there: with the session that is saved anyway, or where nobody writes.

    Whoever reads waits for nobody; who finds the register taken is noted at their next page.
    """
    if not request.user.is_authenticated:
        return
    is_saved_anyway = request.session.modified
    request.session[SEEN_AT] = _moment()
    if not is_saved_anyway:
        with suppress(UpdateError):  # the session has ended meanwhile
            write_if_free(request.session.save)
        request.session.modified = False


class SecondFactorMiddleware:
    """Sends whoever must have a second factor, and has none, to set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on: the question is asked when the address is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        """Return the way to the set-up page, or None where the person may go on."""
        name = request.resolver_match.view_name or ""
        if (
            not request.user.is_authenticated
            or name in WITHOUT_SECOND_FACTOR
            or name.startswith("mfa_")
            or not self._is_missing(request)
        ):
            return None
        messages.warning(
            request, _("Il tuo ruolo richiede un secondo fattore: attivalo per continuare.")
        )
        if request.htmx:
            return HttpResponseClientRedirect(redirect("mfa_activate_totp").url)
        return redirect("mfa_activate_totp")

    def _is_missing(self, request: HttpRequest) -> bool:
        """Tell whether it is asked for and not there; a second factor once seen cannot be removed
        while it is asked for, so the session remembers it."""
        if request.session.get(HAS_SECOND_FACTOR) or not needs_second_factor(request.user):
            return False
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            request.session[HAS_SECOND_FACTOR] = True
            return False
        return True


def say_still_in_there(*, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Signal receiver: who came in by the provider of the body is still in there, and one click
    away from here, on a machine others use too (docs/decisions/0038).
    """
    if request is None or not hasattr(request, "session"):
        return
    if any(row["method"] == "socialaccount" for row in get_authentication_records(request, user)):
        said = _(
            "Sei uscito dal registro, non dall’accesso dell’amministrazione: se altri usano "
            "questo computer, "
            "esci anche da lì o chiudi il browser."
        )
        messages.warning(request, said, fail_silently=True)


def listen() -> None:
    """Connect the receivers, once the apps are ready."""
    user_logged_in.connect(note_start, dispatch_uid="ptpct.note_start")
    user_logged_out.connect(say_still_in_there, dispatch_uid="ptpct.say_still_in_there")
