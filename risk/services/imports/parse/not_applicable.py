"""Rows a file calls not applicable: what a body does not do is no process of it unasked.

A column may say it («Applicabile (SI/NO)»), or the row itself in more than one of its cells.
"""

import re
from collections.abc import Iterator

from registry.normalise import fold
from registry.spreadsheets.workbook import shown
from risk.services.imports.parse.marked_cells import TITLE, MarkedTable
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.recognise.contexts import is_group
from risk.services.imports.recognise.tables import FileColumn
from risk.workbooks.fields import bare

_ASKS = re.compile(
    r"\b(?:applicabil\w*|pertinent\w*)\b|\bpresente nell ente\b|"
    r"\bprocesso (?:presente|svolto)\b"
)
"""Heads of a column that says of each row whether the body does it."""
_NO = re.compile(
    r"no|n|non? (?:e )?(?:applicabil\w*|pertinent\w*|present\w*|svolt[oa])(?: .{0,40})?|"
    r"(?:processo|attivita) non (?:e )?(?:applicabil\w*|present\w*|svolt[oa])(?: .{0,40})?"
)
_CALLS_OFF = re.compile(
    r"(?:(?:processo|attivita|funzione|servizio) )?(?:e )?non (?:e )?"
    r"(?:applicabil[ei]|di competenza|svolt[oa]|present[ei])"
    r"(?: (?:a|al|all|da|dal|dall|nel|nell|per) .{2,40})?"
)
"""What a row says in the place of its risks, its level, its measures."""
_HINT = re.compile(r"\bnon\b", re.IGNORECASE)
_YES = frozenset({"si", "s", "x", "applicabile", "presente"})
_FEWEST_CELLS, _SENTENCE = 2, 20
"""Cells that say it, or the letters of one that says it in a sentence."""


def rows_called_off(marked: MarkedTable) -> Iterator[int]:
    """Yield the first row of each process that is called not applicable, with those it covers."""
    if marked.table.exact or TITLE not in marked.mapping.values():
        return
    columns = [column.column for column in marked.table.heads if _says_who(column)]
    own = [column for column, name in marked.mapping.items() if not is_group(name)]
    # asked of every row of a file: the first cell that may say it is looked at before the others
    first = next((one for one in own if marked.mapping[one] == "behaviours"), own[0] if own else 0)
    for row in range(marked.table.first_row, marked.last + 1):
        said = (_text(marked, row, column) for column in columns)
        if any(map(_NO.fullmatch, said)) or _is_said_within(marked, row, own, first):
            yield from marked.rows_of(row)


def _says_who(column: FileColumn) -> bool:
    """Return whether a column says of each row whether the body does it."""
    if column.field or not (column.samples and _ASKS.search(bare(column.head))):
        return False
    texts = list(map(bare, column.samples))
    return all(text in _YES or _NO.fullmatch(text) for text in texts)


def _is_said_within(marked: MarkedTable, row: int, columns: list[int], first: int) -> bool:
    """Return whether all that a row says besides its process is that it is not applicable."""
    value = marked.sheet.value(row, first)
    if not (isinstance(value, str) and _HINT.search(value)):
        return False
    texts = list(filter(None, (_text(marked, row, column) for column in columns)))
    said = [text for text in texts if _CALLS_OFF.fullmatch(text)]
    others = [text for text in texts if text not in said and not says_nothing(text)]
    # «non applicabile» alone says of one field that it holds nothing
    is_plain = len(said) >= _FEWEST_CELLS or (bool(said) and len(said[0]) > _SENTENCE)
    return is_plain and not others


def _text(marked: MarkedTable, row: int, column: int) -> str:
    return bare(fold(shown(marked.sheet.value(row, column))))
