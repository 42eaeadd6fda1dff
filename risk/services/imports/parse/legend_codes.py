"""Cells that list codes of a legend: "G R A F I" is five measures where a sheet says so.

That the letters are those of the legend is asked once for each legend; until somebody has said
otherwise they are read so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets.workbook import Value, address
from risk.services.imports.ledger import QUOTED, Choice, Ledger, Question, QuestionKind
from risk.services.imports.recognise.legends import Legend, code_of
from risk.services.imports.recognise.tables import FileTable, Recognised
from risk.workbooks.fields import field_of
from risk.workbooks.rowids import OWN_BULLET

CODES, WHOLE = "codes", "whole"
_FIELDS = {"general_measures": "measures", "specific_measures": "measures"}
_BETWEEN = re.compile(r"[\s,;/+|–-]+")
_TOLD = 5
"""Codes a question explains."""
_LONGEST = 80
"""Characters of the longest cell of codes."""


@dataclass(frozen=True, slots=True)
class _Coded:
    """A cell that holds codes alone, and the words of each."""

    table: int
    row: int
    column: int
    text: str
    words: tuple[str, ...]


def with_codes_read(recognised: Recognised, ledger: Ledger) -> Recognised:
    """Return the tables with the words of their legends in the place of codes, one a line."""
    tables = list(recognised.tables)
    for legend in recognised.legends:
        found = [one for n, table in enumerate(tables) for one in _coded(n, table, legend)]
        if not found or _said(legend, found, tables, ledger) == WHOLE:
            continue
        for place in dict.fromkeys(one.table for one in found):
            own = [one for one in found if one.table == place]
            tables[place] = _explained(tables[place], own)
    return replace(recognised, tables=tuple(tables))


def _coded(number: int, table: FileTable, legend: Legend) -> Iterator[_Coded]:
    """Yield the cells of lists that hold codes of a legend alone."""
    if table.exact:
        return
    for column, name in table.mapping.items():
        is_meant = legend.field in ("", _FIELDS.get(name, name))
        if not (is_meant and field_of(name).several):
            continue
        cells = list(_written(table, column))
        coded = [(row, text, codes_in(text, legend.entries)) for row, text in cells]
        # a legend that says no field explains a column of nothing but codes
        if not legend.field and not all(words for _row, _text, words in coded):
            continue
        for row, text, words in coded:
            if words:
                yield _Coded(number, row, column, text, words)


def _written(table: FileTable, column: int) -> Iterator[tuple[int, str]]:
    rows = table.sheet.rows
    for row in range(table.first_row, min(table.last_row or len(rows), len(rows)) + 1):
        value: Value = table.sheet.value(row, column)
        if isinstance(value, str):
            yield row, value


def codes_in(text: str, entries: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of the codes a text consists of: "G R", "G, R", "GR"; () for other texts."""
    if len(text) > _LONGEST:
        return ()
    codes = [code_of(part) for part in _BETWEEN.split(text.strip()) if part.strip(" .:)(")]
    if len(codes) == 1 and codes[0] not in entries and text.strip().isupper():
        codes = list(codes[0])
    if not codes or any(code not in entries for code in codes):
        return ()
    return tuple(dict.fromkeys(entries[code] for code in codes))


def _said(
    legend: Legend, found: list[_Coded], tables: list[FileTable], ledger: Ledger
) -> str | None:
    """Return what the codes are, as a person has said; ask before."""
    answer = ledger.answer(QuestionKind.LEGEND, legend.sheet).get("is")
    if answer in (CODES, WHOLE):
        return str(answer)
    first = found[0]
    place = f"{tables[first.table].sheet.name}, {address(first.row, first.column)}"
    codes = {code: legend.entries[code] for code in sorted(legend.entries)}
    told = ", ".join(f"{code.upper()} «{words}»" for code, words in list(codes.items())[:_TOLD])
    reason = _(
        "%(n)s celle come «%(text)s» (%(place)s) sono di lettere che il foglio «%(sheet)s» spiega: "
        "%(codes)s… Si leggono così?"
    ) % {
        "n": grouped(len(found)),
        "text": first.text[:QUOTED],
        "place": place,
        "sheet": legend.sheet,
        "codes": told,
    }
    choices = (
        Choice(CODES, _("sì, ogni lettera è la voce della legenda")),
        Choice(WHOLE, _("no, si prende il testo com’è")),
    )
    question = Question(
        kind=QuestionKind.LEGEND,
        value=legend.sheet,
        reason=reason,
        suggestions=choices,
        count=len(found),
        place=place,
        proposed=CODES,
    )
    ledger.ask(question)
    return None


def _explained(table: FileTable, found: list[_Coded]) -> FileTable:
    """Return a table with lists of words in the place of codes."""
    rows = list(table.sheet.rows)
    for one in found:
        cells = rows[one.row - 1] = list(rows[one.row - 1])
        cells[one.column - 1] = "\n".join(f"{OWN_BULLET} {words}" for words in one.words)
    return replace(table, sheet=replace(table.sheet, rows=rows))
