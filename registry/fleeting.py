"""What is known for a while, and kept in the cache alone: pages do without where it is away.

What has to be counted to be safe (`ptpct.signin`) asks the cache itself, and is refused meanwhile
(docs/decisions/0086).
"""

import hashlib
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.cache import cache


class CacheAwayError(OSError):
    """The cache that several hosts share does not answer."""


def made_key(kind: str, of: str) -> str:
    """Return the key of what this version of the programme has made of something.

    Another version may make something else of it, or have other names for it: hosts that are
    upgraded one after the other share the cache.
    """
    told = f"{settings.VERSION} {of}"
    return f"ptpct.{kind}:{hashlib.sha256(told.encode()).hexdigest()}"


def recall(key: str, default: Any = None) -> Any:
    """Return what was remembered; `default` where nothing was, or the cache is away."""
    try:
        return cache.get(key, default)
    except CacheAwayError:
        return default


def remember(key: str, value: Any, seconds: int) -> None:
    """Remember a value for so long; nothing where the cache is away, or its disk full."""
    with suppress(OSError):
        cache.set(key, value, seconds)


def claim(key: str, seconds: int, *, otherwise: bool) -> bool:
    """Tell whether nobody has claimed this before, and claim it; `otherwise` where nobody knows."""
    try:
        return cache.add(key, True, seconds)
    except CacheAwayError:
        return otherwise


def give_up(key: str) -> None:
    """Let others claim it."""
    with suppress(CacheAwayError):
        cache.delete(key)
