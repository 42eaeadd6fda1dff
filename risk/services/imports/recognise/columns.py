"""One table with its columns: which head covers each, which field it means, what stands above."""

from registry.normalise import short
from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.services.imports.recognise.contexts import context_of
from risk.services.imports.recognise.crossed import crossed_columns
from risk.services.imports.recognise.heads import Names
from risk.services.imports.recognise.knowledge import Knowledge
from risk.services.imports.recognise.neighbours import settled_by_values
from risk.services.imports.recognise.places import Place
from risk.services.imports.recognise.positions import heads_by_column
from risk.services.imports.recognise.tables import FileColumn, FileTable
from risk.workbooks.fields import bare

SAMPLES = 3
_SAMPLE_WIDTH = 80
_SAMPLE_ROWS = 200
_LONGEST_INDEX = 3
"""Letters of a cell in the row that numbers the columns ("A", "B", "(3)")."""
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "abcdefghilmnopqrstuvz")
"""The letters columns are named by: as in a sheet, and as Italians count."""


def table_at(place: Place, layout: str, names: Names, knowledge: Knowledge) -> FileTable:
    """Return the table whose heads stand at a place, with its columns and what is said above."""
    sheet, header = place.sheet, place.header
    first = header.rows[-1] + 1
    if _is_index(sheet, first):
        first += 1
    columns = _columns(place, first, names, knowledge)
    row = header.rows[0]
    context, titles = context_of(sheet, row, names, knowledge.vocabulary, place.top)
    said = {(cell.row, " ".join(shown(cell.raw).split())) for cell in context.values()}
    mapped = {column.field for column in columns}
    return FileTable(
        sheet,
        layout,
        header.rows,
        first,
        tuple(columns),
        {name: cell for name, cell in context.items() if name not in mapped},
        tuple(text for _row, text in titles),
        last_row=place.last,
        top=place.top,
        span=place.span,
        unread=tuple(title for title in titles if title not in said),
    )


def _columns(place: Place, first: int, names: Names, knowledge: Knowledge) -> list[FileColumn]:
    sheet, header = place.sheet, place.header
    heads = heads_by_column(sheet, header, first)
    crossed = crossed_columns(sheet, header.rows[-1], first, knowledge.vocabulary)
    columns = []
    for column in range(1, sheet.width + 1):
        samples = _samples(sheet, column, first)
        head = heads.get(column)
        if head or samples:
            text, name, sure = (head.text, head.field, head.confidence) if head else ("", "", 0.0)
            if column in crossed:
                name, entry = crossed[column]
                columns.append(FileColumn(column, text, name, 1.0, samples, entry=entry))
                continue
            columns.append(FileColumn(column, text, name, sure, samples))
    open_ones = [one for one in columns if not one.field]
    like = {
        name: [one.column for one in open_ones if names.means(one.head, name)]
        for name in ("level", "behaviours")
    }
    return settled_by_values(columns, like)


def _is_index(sheet: WorkbookSheet, row: int) -> bool:
    """Return whether a row only numbers the columns: A, B, C… or 1, 2, 3…"""
    if row > len(sheet.rows):
        return False
    texts = [bare(shown(value)) for value in sheet.rows[row - 1] if value is not None]
    if len(texts) < 3 or any(len(text) > _LONGEST_INDEX for text in texts):
        return False
    if all(text.isdigit() for text in texts):
        numbers = [int(text) for text in texts]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    letters = "".join(texts)
    return len(letters) == len(texts) and any(letters in alphabet for alphabet in _ALPHABETS)


def _samples(sheet: WorkbookSheet, column: int, first: int) -> tuple[str, ...]:
    samples: dict[str, None] = {}
    for cells in sheet.rows[first - 1 : first - 1 + _SAMPLE_ROWS]:
        if column <= len(cells) and cells[column - 1] is not None:
            samples[short(" ".join(shown(cells[column - 1]).split()), _SAMPLE_WIDTH)] = None
            if len(samples) == SAMPLES:
                break
    return tuple(samples)
