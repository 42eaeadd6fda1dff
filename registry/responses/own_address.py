"""Where a page leads back to: an address of this site, and none of any other."""

from django.utils.http import url_has_allowed_host_and_scheme


def own_address(told: str) -> str:
    """Return an address a form or link has named, "" where it is not one of this site."""
    is_own = told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None)
    return told if is_own else ""
