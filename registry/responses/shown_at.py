"""Where the page stands that an answer is part of: addresses may be short only from there."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_shown_at(request: HttpRequest, address: str) -> bool:
    """Tell whether the page this is an answer for stands at an address, whatever its query.

    A form that was refused without htmx is shown at the address it was sent to, and so is what
    htmx puts into that page later.
    """
    if request.htmx:
        shown = request.htmx.current_url_abs_path
        return shown is None or urlsplit(shown).path == address
    return request.method in ("GET", "HEAD") or request.path == address
