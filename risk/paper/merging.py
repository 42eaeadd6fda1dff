"""Which cells of the *tabella* are one cell: pure, knows neither template nor database.

Source of the rules: docs/decisions/0027. Each column is merged on its own, and a page break
(`cuts`) ends every run, because a cell that goes on over the page must say again what it says.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Rows `start` to `stop` (excluded) that share one cell; `resumed` if it goes on from a cut."""

    start: int
    stop: int
    resumed: bool = False

    @property
    def length(self) -> int:
        """How many rows the cell spans."""
        return self.stop - self.start


def runs(keys: Sequence[Hashable], *, cuts: Collection[int] = ()) -> tuple[Run, ...]:
    """Return the maximal runs of equal consecutive `keys`, none of them across a cut.

    A cut is the index of a row that begins a page. The runs cover every row once, in order.
    """
    merged: list[Run] = []
    start = 0
    for stop in range(1, len(keys) + 1):
        if stop == len(keys) or keys[stop] != keys[start] or stop in cuts:
            resumed = start > 0 and keys[start - 1] == keys[start]
            merged.append(Run(start, stop, resumed))
            start = stop
    return tuple(merged)


def repeated(runs_of_items: Sequence[Sequence[Hashable]]) -> tuple[tuple[bool, ...], ...]:
    """Say of each item of each run whether an earlier run already showed it ("(segue)")."""
    seen: set[Hashable] = set()
    marks: list[tuple[bool, ...]] = []
    for items in runs_of_items:
        marks.append(tuple(item in seen for item in items))
        seen.update(items)
    return tuple(marks)


def seams(columns: Sequence[Sequence[Run]], *, length: int) -> tuple[int, ...]:
    """Return the rows where no cell of any column is running: there the table may be parted.

    The first row is always one of them, so the seams also number the bodies of the table.
    """
    held = {row for runs_ in columns for run in runs_ for row in range(run.start + 1, run.stop)}
    return tuple(row for row in range(length) if row not in held)
