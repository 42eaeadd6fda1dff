"""Signs and words that stand for the cell above: «"», «idem», «c.s.», «come sopra».

What they mean is asked once for the file, with their places. Two strokes may as well say that there
is nothing: they are asked about by themselves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from registry.spreadsheets.workbook import Value, address
from risk.services.imports.account import Claim, Fate
from risk.services.imports.ledger import Choice, Ledger, Question, QuestionKind, by_sheet
from risk.services.imports.parse.cells import number_of
from risk.services.imports.recognise.tables import FileTable, Recognised

ABOVE, NOTHING = "repeat", "blank"
_PLACES = 12
"""Places that are named when several cells are asked about."""
_STROKES = "//"
_NAMES_PROCESS = frozenset({"process_title", "process_number"})
_LONGEST = 80
"""Characters of the longest text that may stand for another cell."""
_MARKS = re.compile(r"[-–—/\s]*(?:[\"“”„‟″〃«»]|''|‘‘|’’|,,){1,2}[-–—/\s]*")
_WORDS = re.compile(
    r"(?:idem|id|ibidem|ibid|c\s?\.?\s?s|u\s?\.?\s?s|ut supra|(?:si )?ve(?:di|dasi)? sopra|"
    r"v\s?\.? sopra|si veda (?:sopra|quanto sopra)|come (?:sopra|il precedente|la precedente|"
    r"per il processo precedente|riga (?:sopra|precedente))|come da riga precedente|"
    r"(?:lo |la |gli |le )?stess[oaie](?: di sopra| come sopra)?|precedente|uguale|"
    r"uguale (?:a|al) (?:sopra|precedente)|idem (?:come )?(?:sopra|c\.?s\.?)|"
    r"idem processo precedente)"
)
_REFERENCE = re.compile(
    r"(?:(?:le |gli |lo |la )?stess[oaie](?: \w+)?|idem|vedi|si veda|v\.?|come|c\.?s\.?)"
    r"(?: (?:a |per |del |il |al |di cui al |in |quanto (?:detto )?(?:per|al) ?)*)?\s*"
    r"(?:processo|proc\.?|attivita|riga|scheda)\s*(?:n\w{0,2}\s*[.°º]?)?\s*(\d{1,4})\.?"
)


def is_ditto(value: Value) -> bool:
    """Return whether a cell holds nothing but a sign or a word for the cell above."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    if value.strip() == _STROKES or _MARKS.fullmatch(value.strip()):
        return True
    return bool(_WORDS.fullmatch(fold(value).strip(" .;:()«»\"'")))


def referred_number(value: Value) -> int | None:
    """Return 1 of "stesse misure del processo n. 1": the cell of that process is meant."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    match = _REFERENCE.fullmatch(fold(value).strip(" .;()"))
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class _Ditto:
    table: int
    row: int
    column: int
    text: str
    number: int | None
    """The number of the process it refers to, None for the cell above."""

    @property
    def place(self) -> str:
        return address(self.row, self.column)


def with_dittos_read(recognised: Recognised, ledger: Ledger) -> Recognised:
    """Return the tables with the cells dittos stand for, as far as a person has said so.

    Until then nothing stands in them; files of ours hold none.
    """
    found = [one for index in range(len(recognised.tables)) for one in _dittos(recognised, index)]
    if not found:
        return recognised
    tables = list(recognised.tables)
    meant = {
        text: _meaning(
            [one for one in found if (one.text == _STROKES) == (text == _STROKES)],
            text,
            tables,
            ledger,
        )
        for text in (_STROKES, _("come sopra"))
    }
    for index, table in enumerate(tables):
        own = [one for one in found if one.table == index]
        if own:
            tables[index] = _filled(table, own, meant, ledger)
    return replace(recognised, tables=tuple(tables))


def _dittos(recognised: Recognised, index: int) -> Iterator[_Ditto]:
    table = recognised.tables[index]
    if table.exact:
        return
    columns = [column - 1 for column in table.mapping]
    rows = table.sheet.rows
    last = min(table.last_row or len(rows), len(rows))
    for row in range(table.first_row, last + 1):
        cells = rows[row - 1]
        for column in columns:
            value = cells[column] if column < len(cells) else None
            # most texts are longer than any ditto
            if not isinstance(value, str) or len(value) > _LONGEST:
                continue
            is_one, number = _read(value)
            if is_one:
                yield _Ditto(index, row, column + 1, value.strip(), number)


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[bool, int | None]:
    """Return whether a text stands for another cell, and the number it names, if any."""
    number = referred_number(text)
    return number is not None or is_ditto(text), number


def _meaning(found: list[_Ditto], value: str, tables: Sequence[FileTable], ledger: Ledger) -> str:
    """Return what a person has said some signs mean; ask before."""
    if not found:
        return NOTHING
    told = [(tables[one.table].sheet, f"{one.place} «{one.text}»") for one in found[:_PLACES]]
    places = by_sheet(told)
    if len(found) > _PLACES:
        places += _(" e altre %(n)s celle") % {"n": grouped(len(found) - _PLACES)}
    reason = _("%(places)s: vale ciò che dice la cella sopra, o il processo nominato?")
    if value == _STROKES:
        reason = _("%(places)s: vale ciò che dice la cella sopra, o non c’è niente?")
    choices = (Choice(ABOVE, _("vale la cella sopra")), Choice(NOTHING, _("non c’è niente")))
    answer = ledger.answer(QuestionKind.DITTO, value).get("is")
    if answer in (ABOVE, NOTHING):
        return answer
    question = Question(
        kind=QuestionKind.DITTO,
        value=value,
        reason=reason % {"places": places},
        suggestions=choices,
        count=len(found),
        place=f"{told[0][0].name}, {found[0].place}",
        proposed=ABOVE,
        places=places,
    )
    ledger.ask(question)
    return NOTHING


def _filled(
    table: FileTable, found: list[_Ditto], meant: dict[str, str], ledger: Ledger
) -> FileTable:
    """Return a table with the cells above in the places of dittos, or nothing in them."""
    rows = list(table.sheet.rows)
    sheet = replace(table.sheet, rows=rows)
    above_signs = _("come sopra")
    is_open = any(kind == QuestionKind.DITTO for kind, _value in ledger.questions)
    unread = Claim(Fate.LEFT_OUT, _("segni al posto di un testo"), by_person=True)
    if is_open:
        unread = Claim(Fate.ASKED, _("aspettano una risposta"))
    for one in found:
        cells = rows[one.row - 1] = list(rows[one.row - 1])
        means = meant[_STROKES if one.text == _STROKES else above_signs]
        value: Value = None
        if is_open and table.mapping[one.column] in _NAMES_PROCESS:
            # a row without its process would be refused before anybody has answered
            means = ABOVE
            ledger.account.set(sheet.name, one.row, one.column, unread)
        if means == ABOVE:
            place = _row_of_number(table, rows, one.number) if one.number else one.row
            value = _value_above(table, rows, place + bool(one.number), one.column)
        else:
            ledger.account.set(sheet.name, one.row, one.column, unread)
        cells[one.column - 1] = value
    return replace(table, sheet=sheet)


def _row_of_number(table: FileTable, rows: list[list[Value]], number: int | None) -> int:
    """Return the row of the process with a number; the first row of the table for none."""
    columns = [column for column, name in table.mapping.items() if name == "process_number"]
    for row in range(table.first_row, len(rows) + 1):
        for column in columns:
            cells = rows[row - 1]
            if column <= len(cells) and number_of(cells[column - 1]) == number:
                return row
    return table.first_row


def _value_above(table: FileTable, rows: list[list[Value]], row: int, column: int) -> Value:
    """Return the last thing written in a column before a row; a ditto above is filled already."""
    for above in range(row - 1, table.first_row - 1, -1):
        cells = rows[above - 1]
        if column <= len(cells) and cells[column - 1] is not None:
            return cells[column - 1]
    return None
