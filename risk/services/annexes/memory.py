"""What a process of the site remembers of annexes, up to so much.

It is in memory alone: kept in files or in the database it would be a second copy of what people may
not read, to be deleted and guarded with the first (docs/decisions/0047).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Memory(Generic[Kept]):
    """Remembers what was made last, by its key; `size_of` says how much of the limit one takes."""

    def __init__(self, limit: int, size_of: Callable[[Kept], int]) -> None:
        self.limit, self.size = limit, 0
        self.size_of = size_of
        self.rows: OrderedDict[Hashable, Kept] = OrderedDict()
        # the threads of a process share it
        self.lock = Lock()

    def known(self, keys: Iterable[Hashable]) -> dict[Hashable, Kept]:
        """Return what is remembered under some keys."""
        with self.lock:
            found = {key: self.rows[key] for key in keys if key in self.rows}
            for key in found:
                self.rows.move_to_end(key)
        return found

    def keep(self, made: Mapping[Hashable, Kept]) -> None:
        """Remember each under its key, instead of what was there; forget what nobody asked for
        longest."""
        with self.lock:
            for key, row in made.items():
                if key in self.rows:
                    self.size -= self.size_of(self.rows.pop(key))
                self.rows[key] = row
                self.size += self.size_of(row)
            while self.size > self.limit and len(self.rows) > 1:
                self.size -= self.size_of(self.rows.popitem(last=False)[1])
