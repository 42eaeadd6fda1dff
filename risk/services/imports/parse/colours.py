"""Colours where a level should stand: never a level by themselves, but a question for a person."""

import colorsys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from registry.spreadsheets.workbook import Finding, WorkbookSheet, address, shown
from risk.services.imports.ledger import Choice, Ledger, Question, QuestionKind, by_sheet
from risk.services.imports.parse.marked_cells import MarkedTable

PLACES_TOLD = 15
_LEGEND = 60
"""Characters of a text that may explain a colour."""
_GREY = 0.15
"""Saturation below which a colour has no name of its own."""
_HUES = (
    (18, "rosso"),
    (50, "arancione"),
    (70, "giallo"),
    (165, "verde"),
    (255, "blu"),
    (335, "viola"),
    (361, "rosso"),
)
_RED, _ORANGE, _YELLOW, _GREEN = "rosso", "arancione", "giallo", "verde"

Levels = Callable[[], Sequence[Choice]]
"""Gives the levels of the plan's method, code and label, the lowest first; asked when needed."""


@dataclass(frozen=True, slots=True)
class _Coloured:
    """An empty cell of a level with a colour behind it that its row does not have elsewhere."""

    table: MarkedTable
    row: int
    column: int
    fill: str

    @property
    def place(self) -> str:
        return address(self.row, self.column)


def read_colours(
    marked: Sequence[MarkedTable],
    ledger: Ledger,
    levels: Levels,
    sheets: Sequence[WorkbookSheet] = (),
) -> None:
    """Put levels in cells whose colours a person has read as such; ask, or note the cells.

    Several colours may be a scale, and are asked about; of one alone nothing can be known. `sheets`
    are all there are: outside the tables there may be a legend.
    """
    cells = [cell for one in marked if not one.table.exact for cell in _coloured(one)]
    by_fill: dict[str, list[_Coloured]] = {}
    for cell in cells:
        by_fill.setdefault(cell.fill, []).append(cell)
    offered = levels() if len(by_fill) > 1 else ()
    if not offered:
        _note(cells, ledger)
        return
    names = _names(list(by_fill))
    explained = dict(_explained(sheets, marked, offered))
    for fill, coloured in by_fill.items():
        answer = ledger.answer(QuestionKind.COLOUR, names[fill])
        label = next((one.label for one in offered if one.key == answer.get("is")), "")
        if label:
            for cell in coloured:
                cell.table.put(cell.row, cell.column, label)
        elif answer.get("skip"):
            _note(coloured, ledger)
        else:
            likely = explained.get(fill) or _likely(names[fill], names.values(), offered)
            ledger.ask(_question(names[fill], coloured, offered, likely))


def _coloured(marked: MarkedTable) -> list[_Coloured]:
    columns = {column for column, name in marked.mapping.items() if name == "level"}
    if not columns:
        return []
    covered = {
        (row, merge.left)
        for merge in marked.sheet.merges
        if merge.left in columns
        for row in range(merge.top + 1, merge.bottom + 1)
    }
    found = []
    for row, column, look in marked.looks():
        if column not in columns or not look.fill or (row, column) in covered:
            continue
        beside = (marked.sheet.look(row, at).fill for at in (column - 1, column + 1))
        is_written = any(value is not None for value in marked.sheet.rows[row - 1])
        if is_written and look.fill not in beside and marked.sheet.value(row, column) is None:
            found.append(_Coloured(marked, row, column, look.fill))
    return found


def _names(fills: list[str]) -> dict[str, str]:
    """Return the colours by their names; two that share one are told apart by their numbers."""
    names = {fill: colour_name(fill) for fill in fills}
    shared = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {fill: f"{name} {fill}" if name in shared else name for fill, name in names.items()}


def colour_name(fill: str) -> str:
    """Return what an Italian calls a colour."""
    red, green, blue = (int(fill[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < _GREY or not _GREY < light < 1 - _GREY / 4:
        return "nero" if light <= _GREY else "grigio"
    return next(name for most, name in _HUES if hue * 360 < most)


def _explained(
    sheets: Sequence[WorkbookSheet], marked: Sequence[MarkedTable], offered: Sequence[Choice]
) -> Iterator[tuple[str, str]]:
    """Yield the colours a legend explains, with the level it says in or beside them."""
    rows = {one.sheet.name: range(one.table.first_row, one.last + 1) for one in marked}
    labels = {fold(one.label): one.key for one in offered}
    for sheet in sheets:
        for (row, column), look in sheet.looks.items():
            if not look.fill or row in rows.get(sheet.name, ()):
                continue
            texts = (sheet.value(row, column), sheet.value(row, column + 1))
            said = next((shown(text) for text in texts if text is not None), "")
            words = fold(said[:_LEGEND]).split()
            keys = {labels[word] for word in words if word in labels}
            if len(keys) == 1:
                yield look.fill, keys.pop()


def _likely(name: str, names: Collection[str], offered: Sequence[Choice]) -> str:
    """Return the level a traffic light would mean, "" where it says none."""
    at = {_RED: len(offered) - 1, _GREEN: 0}
    if len(offered) % 2:
        at[_YELLOW] = len(offered) // 2
        if not any(one.startswith(_YELLOW) for one in names):
            # many a traffic light has orange in its middle
            at[_ORANGE] = len(offered) // 2
    if len(offered) > 3:
        at[_ORANGE] = len(offered) - 2
    place = at.get(name.split(" ")[0])
    return "" if place is None else offered[place].key


def _question(
    name: str, coloured: list[_Coloured], offered: Sequence[Choice], likely: str
) -> Question:
    places = _places(coloured)
    reason = _(
        "Dove ci si aspetta il livello ci sono celle vuote di colore %(colour)s (%(places)s): "
        "il colore dice un livello?"
    ) % {"colour": name, "places": places}
    first = coloured[0]
    return Question(
        kind=QuestionKind.COLOUR,
        value=name,
        reason=reason,
        suggestions=tuple(offered),
        count=len(coloured),
        place=f"{first.table.sheet.name}, {first.place}",
        may_skip=True,
        proposed=likely,
        places=places,
    )


def _note(coloured: list[_Coloured], ledger: Ledger) -> None:
    """Note the cells that stay empty, once for each column."""
    columns: dict[tuple[str, int], list[_Coloured]] = {}
    for cell in coloured:
        columns.setdefault((cell.table.sheet.name, cell.column), []).append(cell)
    for (sheet, column), cells in columns.items():
        reason = _(
            "Celle vuote con un colore (%(places)s): un colore da solo non dice un livello. "
            "Se lo dice, scrivilo."
        ) % {"places": _places(cells)}
        ledger.add(Finding("colours", reason, sheet, 0, column))


def _places(coloured: list[_Coloured]) -> str:
    told = by_sheet([(cell.table.sheet, cell.place) for cell in coloured[:PLACES_TOLD]])
    more = len(coloured) - PLACES_TOLD
    return told + (_(" e altre %(n)s") % {"n": grouped(more)} if more > 0 else "")
