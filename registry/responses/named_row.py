"""Which row an address or a form names."""

from uuid import UUID

from django.http import Http404


def uid_or_404(text: str) -> UUID:
    """Return the identifier a text is; raises `Http404` for any other: there is no such row."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
