"""The rows of the registers of a file, merged cells unfolded column by column."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from registry.spreadsheets.workbook import Finding
from risk.workbooks.doubts import moved, with_doubts
from risk.workbooks.grids import Grid
from risk.workbooks.shapes import FileRow, Recognised
from risk.workbooks.unfolding import Unfolding


@dataclass(slots=True)
class Reading:
    """All rows of a file, and what was skipped or joined on the way.

    Findings: "page-head" (the heads or the title repeated by a page), "text-outside" (a text that
    is no row), "row-joined" (a row cut by a page), "text-hidden" (under a merged cell, which shows
    another one); none of them stops the file.
    """

    rows: list[FileRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def problems(self) -> list[Finding]:
        """What stops the file, of the cells read."""
        return [finding for row in self.rows for finding in row.findings if finding.stops]


def read_rows(recognised: Recognised, moved_up: Collection[str] = ()) -> Reading:
    """Return the rows of all tables in their order.

    `moved_up` are the keys of the rows whose phase belongs to the process before: the answer to
    the doubt "phase-above". An answered doubt is not asked again.
    """
    reading = Reading()
    for table in recognised.tables:
        unfolding = Unfolding(Grid(table), recognised.mended)
        rows = unfolding.rows()
        reading.findings += unfolding.findings
        reading.rows += moved(with_doubts(rows, table), moved_up)
    return reading


def rows(recognised: Recognised, moved_up: Collection[str] = ()) -> Iterator[FileRow]:
    """Return only the rows of `read_rows`."""
    yield from read_rows(recognised, moved_up).rows
