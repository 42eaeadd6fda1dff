"""What an annex misses, weighed once for as long as nothing of it is written.

To read what the rules found in three hundred processes, to weigh it and to sort it took as long as
all else on the page that shows fifteen of them. What was weighed is in the memory of this process
alone, under the marks it was made of (docs/decisions/0047); what a rule reads from elsewhere, open
remarks and the edition before, is read at each look.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from django.utils.translation import get_language

from registry.models import Annex
from risk.content.kept import Gap, KeptAnnex, KeptProcess
from risk.services.annexes.contents import kept_as_marked
from risk.services.annexes.marks import AnnexMarks, marks_of
from risk.services.annexes.memory import Memory
from risk.services.completeness.missing import MissingPoint
from risk.services.completeness.points import RULES, order_of

KEPT_ROWS = 30_000
"""How much is remembered: processes and points, some 30 MB of them."""


@dataclass(frozen=True)
class Group:
    """What one process misses, or with no `process` the annex itself; never empty."""

    process: KeptProcess | None
    points: tuple[MissingPoint, ...]


@dataclass(frozen=True)
class Missing:
    """What an annex misses now, in the order of its processes, and how much of it `blocks`."""

    groups: Sequence[Group]
    blocking: int
    warning: int

    def points(self) -> Iterator[MissingPoint]:
        """Give all points; what blocks comes first of each process."""
        return (point for group in self.groups for point in group.points)

    def first(self, count: int) -> list[MissingPoint]:
        """Return some points, those that block before all others."""
        blocking = list(islice((point for point in self.points() if point.blocks), count))
        warning = (point for point in self.points() if not point.blocks)
        return [*blocking, *islice(warning, count - len(blocking))]


@dataclass(frozen=True)
class _Weighed:
    """What was found under the marks it was `told` of; `found` is what is weighed at each look."""

    told: tuple[str, str, tuple[str, ...]] | None
    processes: tuple[KeptProcess, ...]
    missing: Missing
    found: Mapping[str, Sequence[Gap]]

    @property
    def size(self) -> int:
        return len(self.processes) + sum(len(group.points) for group in self.missing.groups)


_memory: Memory[_Weighed] = Memory(KEPT_ROWS, lambda row: row.size)


def missing_now(annex: Annex) -> Missing:
    """Return what an annex misses; `annex` is read with its names.

    Four queries, and one for each rule that reads something else, where nothing was written since
    it was weighed here; else two more, and what was written is built.
    """
    # sentences are kept in the language they were first said in
    key, marks = (annex.pk, get_language()), marks_of(annex)
    weighed = _memory.known([key]).get(key)
    if weighed is None or weighed.told != marks.told:
        weighed = _weighed(annex, marks)
        if weighed.told is not None:
            _memory.keep({key: weighed})
    shell = KeptAnnex(annex=annex, processes=weighed.processes, blocks={}, stamp="")
    read = [
        MissingPoint(rule, gap)
        for rule in RULES
        if rule.reads
        for gap in rule.read_now(shell, weighed.found.get(rule.code, ()))
    ]
    return _with(weighed.missing, read) if read else weighed.missing


def _weighed(annex: Annex, marks: AnnexMarks) -> _Weighed:
    """Weigh what is kept of an annex; told of nothing where it was moved about meanwhile."""
    kept = kept_as_marked(annex, marks)
    points = [
        MissingPoint(rule, gap) for rule in RULES if not rule.reads for gap in rule.gaps(kept)
    ]
    found = {rule.code: rule.to_weigh(kept) for rule in RULES if rule.reads}
    told = marks.told if marks.are_of(kept) else None
    return _Weighed(told, kept.processes, _listed(points), found)


def _listed(points: Sequence[MissingPoint]) -> Missing:
    ordered = sorted(points, key=order_of)
    grouped = groupby(ordered, key=lambda point: point.place)
    blocking = sum(point.blocks for point in points)
    return Missing(
        groups=[Group(process, tuple(rows)) for process, rows in grouped],
        blocking=blocking,
        warning=len(points) - blocking,
    )


def _with(missing: Missing, read: Sequence[MissingPoint]) -> Missing:
    """Return the same list with what was read just now; other processes stay as they are."""
    more = _listed(read)
    added = {group.process: group.points for group in more.groups}
    groups = [
        Group(row.process, tuple(sorted((*row.points, *added.pop(row.process)), key=order_of)))
        if row.process in added
        else row
        for row in missing.groups
    ]
    groups += [Group(process, points) for process, points in added.items()]
    if added:
        groups.sort(key=lambda row: order_of(row.points[0])[0])
    return Missing(
        groups=groups,
        blocking=missing.blocking + more.blocking,
        warning=missing.warning + more.warning,
    )
