"""The *tabella* some pages at a time: stretches between rows that begin a page; pure.

It is measured once which rows begin a page and how high each is, some processes at a time: each
group begins on its page where the one before has ended. From then on a page break stands there
whatever becomes of the rows before it, so that each stretch is laid out by itself until its merged
cells end where its pages do (docs/decisions/0074).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from risk.content.values import ProcessRow
from risk.paper.risk_table import TableBody, bodies

IN_STRETCHES_FROM = 20_000
"""Characters of a table that is worth being measured first, about seven pages."""
PROCESSES_OF_A_GROUP = 6
MOST_OF_A_GROUP = 24
"""Of processes that share their measures, whose cell is measured whole if it may be."""
SHORT = 8_000
"""Characters that a stretch has at least, if another follows: about three pages."""


def is_in_stretches(processes: Sequence[ProcessRow]) -> bool:
    """Tell whether a table is drawn in stretches."""
    return sum(_size(one) for one in processes) >= IN_STRETCHES_FROM


def groups(processes: Sequence[ProcessRow]) -> Iterator[tuple[ProcessRow, ...]]:
    """Yield the processes that are measured together."""
    starts, count = [0], 0
    for place, (before, process) in enumerate(pairwise(processes), start=1):
        count += 1
        is_shared = bool(process.measures) and process.measures == before.measures
        if count >= (MOST_OF_A_GROUP if is_shared else PROCESSES_OF_A_GROUP):
            starts.append(place)
            count = 0
    for start, stop in pairwise([*starts, len(processes)]):
        yield tuple(processes[start:stop])


def stretches(
    processes: Sequence[ProcessRow], begun: Collection[str]
) -> Iterator[tuple[tuple[ProcessRow, ...], str, str]]:
    """Yield the stretches of a table: processes, first row, and the row behind the last one.

    "" stands for the beginning and the end of the table. Before the processes stands what the first
    row may go on from: of the process before, the cells that several processes share.
    """
    owners = [(row, n) for n, one in enumerate(processes) for row in rows_of(one)]
    starts, said = [0], 0
    for place, (row, number) in enumerate(owners):
        if row in begun and place and said >= SHORT:
            starts.append(place)
            said = 0
        said += _size(processes[number]) // len(rows_of(processes[number]))
    for first, stop in pairwise([*starts, len(owners)]):
        one, last = owners[first][1], owners[stop - 1][1]
        before = tuple(map(_shared, processes[max(one - 1, 0) : one]))
        start = owners[first][0] if first else ""
        end = owners[stop][0] if stop < len(owners) else ""
        yield (*before, *processes[one : last + 1]), start, end


def bodies_between(
    processes: Sequence[ProcessRow], start: str, stop: str, *, breaks: Collection[str]
) -> tuple[TableBody, ...]:
    """Return the grid of a stretch, the first row of which begins no page but that of the piece."""
    grid = bodies(processes, breaks={*breaks, start, stop})
    uids = [body.rows[0].uid for body in grid]
    first = uids.index(start) if start else 0
    last = uids.index(stop) if stop in uids else len(grid)
    opening, *rows = grid[first].rows
    begun = TableBody((replace(opening, begins_page=False), *rows))
    return (begun, *grid[first + 1 : last])


def rows_between(processes: Sequence[ProcessRow], start: str, stop: str) -> list[str]:
    """Return the uids of the rows of a stretch."""
    rows = [row for one in processes for row in rows_of(one)]
    first = rows.index(start) if start else 0
    last = rows.index(stop) if stop in rows else len(rows)
    return rows[first:last]


def rows_of(process: ProcessRow) -> list[str]:
    """Return the uids of the rows of a process."""
    return [phase.uid for phase in process.phases] or [process.uid]


def _shared(process: ProcessRow) -> ProcessRow:
    return replace(process, objective="", title="", phases=(), level=None)


def _size(process: ProcessRow) -> int:
    return len(repr(process))
