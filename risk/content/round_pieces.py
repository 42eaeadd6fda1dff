"""The parts of a report of a round cut into pieces, each drawn, or shown, as pages of its own."""

from collections.abc import Iterable
from dataclasses import replace

from risk.content.round_figures import ReportFigures
from risk.content.round_parts import ReportList, ReportPart


def pieces_of(parts: Iterable[ReportPart], *, most: int) -> list[tuple[ReportPart, ...]]:
    """Return parts cut into pieces of about `most` rows, each to begin a page.

    A piece is several parts, or some of one; a list that is cut says that it goes on.
    """
    pieces: list[tuple[ReportPart, ...]] = []
    together: list[ReportPart] = []
    for part in parts:
        if sum(one.size for one in (*together, part)) <= most:
            together.append(part)
            continue
        if together:
            pieces.append(tuple(together))
        *cut, last = _cut(part, most)
        pieces += [(one,) for one in cut]
        together = [last]
        if last.goes_on:
            pieces.append((last,))
            together = []
    if together:
        pieces.append(tuple(together))
    return pieces


def _cut(part: ReportPart, most: int) -> list[ReportPart]:
    """Return a part in pieces: its sentences and figures stand in the first ones."""
    units: list[tuple[str, ReportFigures | ReportList, int]] = []
    for table in part.figures:
        for lines in _batches(table.lines, most):
            units.append(("figures", replace(table, lines=lines), len(lines)))
    for one in part.lists:
        for place, rows in enumerate(_batches(one.rows, most)):
            piece = replace(one, rows=rows, goes_on=one.goes_on or place > 0)
            units.append(("lists", piece, len(rows)))
    made = [replace(part, figures=(), lists=())]
    used = len(part.facts)
    for name, unit, size in units:
        if used and used + size > most:
            goes_on = replace(part, notes=(), facts=(), figures=(), lists=(), goes_on=True)
            made.append(goes_on)
            used = 0
        made[-1] = replace(made[-1], **{name: (*getattr(made[-1], name), unit)})
        used += size
    return made


def _batches(rows: tuple, most: int) -> Iterable[tuple]:
    return (rows[start : start + most] for start in range(0, len(rows), most))
