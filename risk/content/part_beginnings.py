"""How a part of a plan begins: its first sections and rows, and how many more there are.

Whoever chooses among parts looks at many of them at once; how long a plan is makes no difference.
"""

from dataclasses import dataclass, replace
from itertools import compress

from risk.content.part_index import COUNTED
from risk.content.part_values import PartCell, PartContent, PartSection
from risk.content.values import Entry

SECTIONS = 3
ROWS = 5
LINES = 4
"""Of a section: paragraphs, entries, lines of each and of a cell, blocks of a formatted text."""


@dataclass(frozen=True, slots=True)
class PartBeginning:
    """The first of a part, and how many `sections` of it and `rows` of its tables it leaves out."""

    part: PartContent
    sections: int
    rows: int


def beginning_of(part: PartContent) -> PartBeginning:
    """Return the beginning of a part; one that is short is all of it."""
    shown = part.sections[:SECTIONS]
    rows = sum(len(one.table.rows[ROWS:]) for one in shown if one.table)
    begun = replace(part, sections=tuple(map(_begun, shown)))
    return PartBeginning(begun, len(part.sections) - len(shown), rows)


def without_counts(part: PartContent) -> PartContent:
    """Return a part made of some processes without what it says of all of them.

    Of some it would be another number, or a measure that nothing says would be told as missing.
    """
    sections = part.sections
    if not sections:
        # that there are none is said of all
        return replace(part, paragraphs=())
    match part.name:
        case "sintesi":
            sections = sections[1:]
        case "obiettivi":
            # the measures that serve an objective stand below it, without a title
            sections = tuple(one for one in sections if one.title)
        case "uffici-e-aree":
            sections = tuple(map(_without_counted, sections))
        case "glossario":
            # the levels and methods of all follow the words
            sections = sections[:1]
    return replace(part, sections=sections)


def _without_counted(section: PartSection) -> PartSection:
    table = section.table
    if table is None:
        return section
    kept = [one.name not in COUNTED for one in table.columns]
    rows = tuple(tuple(compress(row, kept)) for row in table.rows)
    columns = tuple(compress(table.columns, kept))
    return replace(section, table=replace(table, columns=columns, rows=rows))


def _begun(section: PartSection) -> PartSection:
    table = section.table
    if table is not None:
        rows = tuple(tuple(map(_cell, row)) for row in table.rows[:ROWS])
        table = replace(table, rows=rows)
    return replace(
        section,
        paragraphs=_lines(section.paragraphs),
        entries=tuple(map(_entry, section.entries[:LINES])),
        table=table,
        words=section.words[:LINES],
    )


def _cell(cell: PartCell) -> PartCell:
    return replace(cell, lines=_lines(cell.lines), links=cell.links[:LINES])


def _entry(entry: Entry) -> Entry:
    return replace(entry, lines=_lines(entry.lines))


def _lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines if len(lines) <= LINES else (*lines[:LINES], "…")
