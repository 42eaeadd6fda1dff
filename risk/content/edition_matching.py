"""Which row of an edition is which of another: by what it was copied from, else by its words.

Pure functions: rows are anything with the names asked for here.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Protocol

from registry.normalise import fold
from risk.content.word_comparison import LEAST_ALIKE


class Placed(Protocol):
    """A process of one of the two: `key` is its ancestor's uid, `office` tells where it is."""

    @property
    def key(self) -> str: ...
    @property
    def office(self) -> Hashable: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pair:
    """A process before and after; one of the two is None where it was not there."""

    before: Any
    after: Any


def pairs_of(before: Sequence[Any], after: Sequence[Any], *, by_ancestor: bool) -> list[Pair]:
    """Return the processes of two editions in pairs: the later in their order, then those gone.

    By ancestor, of several that come from one process the first in the same office is that
    process, and the others are new. Otherwise the same title in the same office, a title that
    each has once, the same number in the same office under a title much like it.
    """
    ways = (_by_ancestor,) if by_ancestor else _BY_WORDS
    left, found = list(before), {}
    for way in ways:
        open_rows = [row for row in after if id(row) not in found]
        # first come, first served: what one way gives twice is the first's
        taken: set[int] = set()
        for row, was in way(left, open_rows):
            if id(row) not in found and id(was) not in taken:
                found[id(row)] = was
                taken.add(id(was))
        left = [one for one in left if id(one) not in taken]
    return [Pair(found.get(id(row)), row) for row in after] + [Pair(one, None) for one in left]


def _by_ancestor(before: Sequence[Placed], after: Sequence[Placed]) -> Iterator[tuple]:
    origins = {row.key: row for row in before}
    # who stayed in the office goes first, whatever stands before it in the order of the plan
    for stays in (True, False):
        for row in after:
            was = origins.get(row.key)
            if was is not None and (was.office == row.office) == stays:
                yield row, origins.pop(row.key)


def _joined(
    key: Callable[[Any], Hashable], *, once: bool = False, alike: bool = False
) -> Callable[[Sequence, Sequence], Iterator[tuple]]:
    def way(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple]:
        old, new = _by_key(before, key), _by_key(after, key)
        for name, rows in new.items():
            if once and (len(rows) > 1 or len(old[name]) > 1):
                continue
            for row, was in zip(rows, old[name], strict=False):
                if not alike or _alike(row.title, was.title):
                    yield row, was

    return way


def _by_key(rows: Iterable[Any], key: Callable[[Any], Hashable]) -> dict[Hashable, list[Any]]:
    found: dict[Hashable, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def _alike(one: str, other: str) -> bool:
    words = (fold(one).split(), fold(other).split())
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= LEAST_ALIKE


_BY_WORDS = (
    _joined(lambda row: (row.office, fold(row.title))),
    _joined(lambda row: fold(row.title), once=True),
    _joined(lambda row: (row.office, row.number), alike=True),
)


def names_by_words(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Return the uid each row of a process had before, found by its words and then by its place.

    Both are the fields of a sheet as canonical data have them (`risk.content.canonical`).
    """
    names: dict[str, str] = {after["uid"]: before["uid"]}
    for kind, word in (("behaviours", "text"), ("measures", "title")):
        names |= _same_words(before[kind], after[kind], word)
    phases = _same_words(before["phases"], after["phases"], "title")
    phases |= _same_places(before["phases"], after["phases"], phases)
    old = {row["uid"]: row for row in before["phases"]}
    for row in after["phases"]:
        if was := old.get(phases.get(row["uid"], "")):
            names |= _same_words(was["actions"], row["actions"], "title")
    names |= phases
    behaviours = _same_places(before["behaviours"], after["behaviours"], names)
    return names | behaviours


def _same_words(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], word: str
) -> dict[str, str]:
    old = _by_key(before, lambda row: fold(row[word]))
    found = {}
    for row in after:
        if same := old[fold(row[word])]:
            found[row["uid"]] = same.pop(0)["uid"]
    return found


def _same_places(
    before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]], known: dict[str, str]
) -> dict[str, str]:
    """Return those that stand in the same place, where neither was found by its words."""
    taken = set(known.values())
    return {
        row["uid"]: was["uid"]
        for was, row in zip(before, after, strict=False)
        if row["uid"] not in known and was["uid"] not in taken
    }
