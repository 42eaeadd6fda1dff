"""What a form has brought, to be put into a page and sent again: never what is secret."""

from django.http import HttpRequest

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


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)
