"""Short names of rows within the page of one process, which says some of them many times."""

import re
from base64 import urlsafe_b64encode
from uuid import UUID

_BYTES = 6
_KEY = re.compile(r"[A-Za-z0-9_-]{8}")
_OF_BEFORE = 12
"""Signs of the keys that a page shown by an earlier version has."""


def key_of(uid: UUID) -> str:
    """Return the first 48 bits of a uid: drawn by lot, they tell the rows of a sheet apart."""
    return urlsafe_b64encode(uid.bytes[:_BYTES]).decode()


def key_in(text: str) -> str:
    """Return the key of the row that a form names, by it or by its uid; else `ValueError`."""
    if _KEY.fullmatch(text):
        return text
    if len(text) == _OF_BEFORE:
        return urlsafe_b64encode(bytes.fromhex(text)).decode()
    return key_of(UUID(text))
