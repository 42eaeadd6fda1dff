"""Which limit was hit, and when it ends: said on the page and beside the field, as it is.

The limits are those of django-allauth, in its cache, which tells only that there were too many.
"""

import math
from dataclasses import dataclass
from typing import Any

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry import clock
from registry.readable import grouped

APP = "allauth.account"
PLACE = gettext_lazy("Da questo posto sono arrivate troppe richieste in poco tempo.")
PERSON = gettext_lazy("Con il tuo nome sono arrivate troppe richieste in poco tempo.")
ADDRESS = gettext_lazy(
    "Da questo posto è già stato chiesto più volte un collegamento per questo indirizzo di posta."
)
COUNTED_BY = {"ip": PLACE, "user": PERSON, "key": ADDRESS}
"""What a page says of a limit, by what it counts."""
ACTION_OF = {
    "account_login": "login",
    "saml_acs": "login",
    "account_reset_password": "reset_password",
    "account_set_password": "reset_password",
    "account_reset_password_from_key": "reset_password_from_key",
    "account_change_password": "change_password",
    "account_reauthenticate": "reauthenticate",
    "mfa_reauthenticate": "reauthenticate",
    "risk:verify": "verify",
    "risk:consultation_confirm": "contribution_confirm",
}
"""What the addresses that answer 429 count."""
_MINUTES = (
    *(gettext_lazy("un minuto"), gettext_lazy("due minuti"), gettext_lazy("tre minuti")),
    *(gettext_lazy("quattro minuti"), gettext_lazy("cinque minuti")),
)


@dataclass(frozen=True)
class Hit:
    """A limit that is used up: what it counts by ("ip", "user", "key"), and for how long still."""

    action: str
    per: str
    seconds: int

    @property
    def soon(self) -> str:
        """In how many minutes there is room again, in words."""
        minutes = max(1, math.ceil(self.seconds / 60))
        if minutes <= len(_MINUTES):
            return str(_MINUTES[minutes - 1])
        return ngettext("%(n)s minuto", "%(n)s minuti", minutes) % {"n": grouped(minutes)}


def hit_by(request: HttpRequest, *counted: tuple[str, str | None]) -> Hit | None:
    """Return the limit that is used up for longest among (action, key); None where all have room.

    Nothing is counted by asking.
    """
    hits = [hit for action, key in counted for hit in _used_up(request, action, key)]
    return max(hits, key=lambda hit: hit.seconds, default=None)


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Answer that there were too many requests: counted by what, and when to try again."""
    match = request.resolver_match
    action = ACTION_OF.get(match.view_name if match else "", "")
    hit = hit_by(request, (action, link_key(request))) if action else None
    context = {"limit": _("Sono arrivate troppe richieste in poco tempo.")}
    if hit:
        context = {"limit": COUNTED_BY[hit.per], "soon": hit.soon}
    answer = render(request, "429.html", context, status=429)
    if hit:
        answer.headers["Retry-After"] = str(hit.seconds)
    return answer


def link_key(request: HttpRequest) -> str:
    """Return what links to a new password are counted by: the address typed, at its place."""
    address = request.POST.get("email", "").strip().lower()
    return f"{address}@{ratelimit.get_ip(request)}"


def _used_up(request: HttpRequest, action: str, key: str | None) -> list[Hit]:
    now, hits = clock.now().timestamp(), []
    for rate in ratelimit.get_rates(app=APP, action=action):
        is_asked = {"key": key is not None, "user": request.user.is_authenticated}
        if not is_asked.get(rate.per, True):
            continue
        counter = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        has_room, times = ratelimit.apply_rate([*cache.get(counter, [])], now, rate, dry_run=True)
        if not has_room:
            # the oldest of them is forgotten first
            hits.append(Hit(action, rate.per, math.ceil(times[-1] + rate.duration - now)))
    return hits
