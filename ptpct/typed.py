"""What a form has brought, to be put into a page and sent again: never what is secret, nor what
another site has sent.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import is_same_domain

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_SECRET = ("password", "otp", "token", "secret")
"""What the names of fields contain that are not written into a page again."""


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a form as they were sent, without its mark and what is secret."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != TOKEN and not _is_secret(name)
        for value in values
    ]


def has_secrets(request: HttpRequest) -> bool:
    """Tell whether a form has brought what nobody should find in a page."""
    return any(name != TOKEN and _is_secret(name) for name in request.POST)


def is_of_this_site(request: HttpRequest) -> bool | None:
    """Tell whether the browser says that a page of this site has sent a form; None where it says
    nothing. Written into a page with a mark of its own, what another site has made up would be sent
    in the name of whoever presses the button.
    """
    told = request.headers.get("Origin") or request.headers.get("Referer")
    if not told:
        return None
    trusted = (urlsplit(one).netloc.lstrip("*") for one in settings.CSRF_TRUSTED_ORIGINS)
    own = (request.get_host(), *trusted)
    return any(is_same_domain(urlsplit(told).netloc, one) for one in own)


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)
