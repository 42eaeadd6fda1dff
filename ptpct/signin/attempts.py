"""How often a sign-in may be tried, so that guessing is slow and nobody is locked out by strangers.

Counted with the limits of the sign-in library, in its cache (docs/decisions/0036).
"""

import datetime
import hashlib
import secrets

from allauth.account.internal.stagekit import unstash_login
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ptpct.signin.limits import hit_by
from ptpct.signin.lookup import person_called
from ptpct.signin.mails import send, warn_of_attempts
from registry.models import User

COOKIE = "dispositivo"
REMEMBERED = datetime.timedelta(days=180)
PEOPLE_OF_A_DEVICE = 5
"""A counter is shared by a few; whoever has not been there for longest is forgotten first."""
WARNED_AGAIN = datetime.timedelta(days=1)
SHORTLY = gettext_lazy("un minuto")
TOO_MANY = gettext_lazy(
    "Troppi tentativi non riusciti %(counted)s. Riprova fra %(soon)s, o da un dispositivo con cui "
    "sei già entrato; oppure scegli un’altra password da «Password dimenticata?»."
)
TOO_MANY_HERE = gettext_lazy(
    "Troppi tentativi non riusciti con questo nome in questo browser. Riprova fra %(soon)s."
)
TOO_MANY_CODES = gettext_lazy("Troppi tentativi non riusciti %(counted)s. Riprova fra %(soon)s.")
COUNTED = {
    ("login_failed", "ip"): gettext_lazy("da questo posto"),
    ("login_failed", "key"): gettext_lazy("con questo nome da questo posto"),
    ("login_failed_account", "key"): gettext_lazy("con questo nome da più posti"),
}
"""What attempts are counted by, as the sentence says it."""


def place_of(request: HttpRequest) -> str:
    """Return where a request comes from: an address, of the newer kind the net it is in."""
    return ratelimit.get_ip(request)


def count_attempt(request: HttpRequest, login: str) -> ratelimit.RateLimitUsage | None:
    """Count one attempt at a sign-in; None when there were too many.

    A browser in which the person has come in before has a limit of its own. Any other shares that
    of the account at its place, that of its place, and that of the account from everywhere unknown:
    whoever uses these up locks out unknown browsers, never the person's.
    """
    login = login.lower()
    person = person_called(login)
    account = f"person:{person.pk}" if person else f"nobody:{login}"
    if person and (device := _known_device(request, person)):
        return _consume(request, "login_failed_known", key=f"{account}@{device}")
    used = _consume(request, "login_failed", key=f"{account}@{place_of(request)}")
    everywhere = _consume(request, "login_failed_account", key=account) if used else None
    if used is None or everywhere is None:
        _warn(request, login, account)
        return None
    return ratelimit.RateLimitUsage(usage=[*used.usage, *everywhere.usage])


def why_too_many(request: HttpRequest, login: str) -> str:
    """Return the sentence for an attempt that was one too many: counted by what, until when."""
    login = login.lower()
    person = person_called(login)
    account = f"person:{person.pk}" if person else f"nobody:{login}"
    if person and (device := _known_device(request, person)):
        hit = hit_by(request, ("login_failed_known", f"{account}@{device}"))
        return TOO_MANY_HERE % {"soon": hit.soon if hit else SHORTLY}
    here = ("login_failed", f"{account}@{place_of(request)}")
    hit = hit_by(request, here, ("login_failed_account", account))
    counted = COUNTED[hit.action, hit.per] if hit else COUNTED["login_failed", "key"]
    return TOO_MANY % {"counted": counted, "soon": hit.soon if hit else SHORTLY}


def why_too_many_codes(request: HttpRequest) -> str:
    """Return the sentence for a code that was one too many, of whoever is in or on the way in."""
    login = None if request.user.is_authenticated else unstash_login(request, peek=True)
    person = login.user if login else request.user
    # counted by the library, under this name
    hit = hit_by(request, ("login_failed", f"mfa-auth-user-{person.pk}"))
    by_place = hit is not None and hit.per == "ip"
    counted = COUNTED["login_failed", "ip"] if by_place else _("con il codice")
    return TOO_MANY_CODES % {"counted": counted, "soon": hit.soon if hit else SHORTLY}


def remember_device(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Mark the browser as one in which this person has come in."""
    device, people = _device(request)
    own = _mark(person)
    people = [own, *(mark for mark in people if mark != own)][:PEOPLE_OF_A_DEVICE]
    response.set_signed_cookie(
        COOKIE,
        ":".join((device or secrets.token_hex(16), *people)),
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _consume(request: HttpRequest, action: str, *, key: str) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(request, app="allauth.account", action=action, key=key)


def _known_device(request: HttpRequest, person: User) -> str:
    """Return the mark of the browser, "" where this person never came in."""
    if request.user.is_authenticated and request.user.pk == person.pk:
        return f"session:{request.session.session_key}"
    device, people = _device(request)
    own = _mark(person)
    return device if any(constant_time_compare(own, mark) for mark in people) else ""


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    value = request.get_signed_cookie(COOKIE, default="", max_age=REMEMBERED)
    device, *people = value.split(":")
    return device, people


def _mark(person: User) -> str:
    """Return what the cookie names a person by: nothing one could look up."""
    return salted_hmac("ptpct.signin.device", str(person.trail_token)).hexdigest()[:24]


def _warn(request: HttpRequest, login: str, account: str) -> None:
    """Have the person told, once a day; what nobody is called takes the same way."""
    name = hashlib.sha256(account.encode()).hexdigest()
    if cache.add(f"ptpct.signin.warned:{name}", True, WARNED_AGAIN.total_seconds()):
        moment = timezone.localtime().isoformat()
        send(warn_of_attempts, login=login, place=place_of(request), moment=moment)
