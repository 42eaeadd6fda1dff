"""Short names of rows within the page of one process, which says some of them many times."""

from uuid import UUID

_SIGNS = 12


def key_of(uid: UUID) -> str:
    """Return the first 48 bits of a uid: drawn by lot, they tell the rows of a sheet apart."""
    return uid.hex[:_SIGNS]


def key_in(text: str) -> str:
    """Return the key of the row that a form names, by it or by its uid; else `ValueError`."""
    if len(text) != _SIGNS:
        return key_of(UUID(text))
    int(text, 16)
    return text
