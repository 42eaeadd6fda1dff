"""Who has a page open: kept in the cache only, for two minutes, without writing to the database."""

from typing import Any

from registry import clock
from registry.fleeting import recall, remember

SECONDS = 120


def _key(thing: str) -> str:
    return f"presence:{thing}"


def note(thing: Any, *, by: Any) -> list[str]:
    """Say that `by` is on `thing` now; return the names of the others there, in order.

    `thing` is any stable name, such as the uid of a process. Two people arriving in the same
    instant may miss each other once: presence is a courtesy, never a lock.
    """
    key, now = _key(str(thing)), clock.now().timestamp()
    here = {
        pk: (name, seen) for pk, (name, seen) in recall(key, {}).items() if now - seen < SECONDS
    }
    here[by.pk] = (str(by), now)
    remember(key, here, SECONDS)
    return sorted(name for pk, (name, _seen) in here.items() if pk != by.pk)
