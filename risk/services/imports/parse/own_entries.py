"""The entries of a cell of ours that comes back: which row each of them stood for."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from registry.normalise import fold
from risk.workbooks.rowids import RowId

_ALIKE = 0.5
"""Share of equal letters from which an entry counts as another one rewritten."""
_COMPARED = 1_000
"""Letters of each that are compared: the time grows with the product of both."""
_PAIRS = 2_500
"""Of more entries and rows nobody knows which was rewritten, and all are new."""


def aligned(
    entries: Sequence[str],
    known: Sequence[RowId],
    texts: Mapping[UUID, str],
    elsewhere: Mapping[str, RowId] | None = None,
) -> Iterator[tuple[str, RowId | None]]:
    """Yield each entry of a cell with the row it stands for, None for a new one.

    First those whose words the register has, also of other cells of the process (`elsewhere`, by
    folded text); then what is left, in order where as many entries as rows are left, else each row
    with the entry most like it.
    """
    if not known and not elsewhere:
        yield from ((text, None) for text in entries)
        return
    by_words: dict[str, list[RowId]] = {}
    for one in reversed(known):
        if one.uid in texts:
            by_words.setdefault(texts[one.uid], []).append(one)
    found: dict[int, RowId] = {}
    for place, text in enumerate(entries):
        if same := by_words.get(fold(text)):
            found[place] = same.pop()
        elif elsewhere and fold(text) in elsewhere:
            found[place] = elsewhere[fold(text)]
    taken = {id(one) for one in found.values()}
    free = [one for one in known if id(one) not in taken]
    left = [place for place in range(len(entries)) if place not in found]
    if len(left) == len(free):
        found.update(zip(left, free, strict=True))
    else:
        found.update(_nearest(entries, left, free, texts))
    for place, text in enumerate(entries):
        yield text, found.get(place)


def _nearest(
    entries: Sequence[str], left: list[int], free: list[RowId], texts: Mapping[UUID, str]
) -> dict[int, RowId]:
    if len(left) * len(free) > _PAIRS:
        return {}
    shares = sorted(
        (
            (_share(fold(entries[place]), texts.get(one.uid, "")), place, number)
            for place in left
            for number, one in enumerate(free)
        ),
        key=lambda found: (-found[0], found[1:]),
    )
    found: dict[int, RowId] = {}
    taken: set[int] = set()
    for share, place, number in shares:
        if share >= _ALIKE and place not in found and number not in taken:
            found[place] = free[number]
            taken.add(number)
    return found


def _share(one: str, other: str) -> float:
    one, other = one[:_COMPARED], other[:_COMPARED]
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
