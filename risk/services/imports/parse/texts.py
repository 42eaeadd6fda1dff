"""The texts of the cells of a row, no longer than the register takes them."""

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets.workbook import address, shown
from registry.validators import PROSE_LENGTH
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, Ledger, LedgerLine
from risk.services.imports.parse.lists_in_cells import ListsInCells
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.parse.parsed import FileRow
from risk.workbooks.fields import field_of


class RowTexts:
    """Gives the texts of rows; what is too long for the register is refused at its place."""

    def __init__(self, ledger: Ledger, lists_in: ListsInCells, *, has_ids: bool) -> None:
        self.ledger = ledger
        self.lists_in = lists_in
        self._has_ids = has_ids

    def line(self, row: FileRow, name: str, longest: int) -> str:
        """Return a text of one line."""
        cell = row.cells.get(name)
        if cell is None:
            return ""
        text = cell.text
        if name != "process_title" and not self._has_ids and says_nothing(text):
            return ""
        self._measure(row, name, text, longest)
        return text

    def prose(self, row: FileRow, name: str) -> str:
        """Return a text with its lines; a dash is none, but in a file of ours."""
        text = shown(row.value(name)).strip()
        if says_nothing(text) and not self._has_ids:
            if cell := row.cells.get(name):
                self.ledger.leave_out(cell, _("celle senza effetto"), _("non dice nulla"))
            return ""
        self._measure(row, name, text, PROSE_LENGTH)
        return text

    def parts(self, row: FileRow, name: str) -> tuple[str, ...]:
        """Return the entries of a cell that lists several."""
        cell = row.cells.get(name)
        return self.lists_in.parts(name, cell) if cell else ()

    def tell_grade(self, cell: FileCell, text: str, *, is_all: bool) -> None:
        """Say of a word of a scale among risks that it is none; of the cell where it is all."""
        reason = _("«%(text)s» fra i rischi è un livello e non un rischio: non si prende.")
        self.ledger.note(cell, reason % {"text": text})
        if is_all:
            what, why = _("celle senza effetto"), _("un livello al posto di un rischio")
            self.ledger.leave_out(cell, what, why)

    def refuse(self, row: FileRow, name: str, reason: str) -> None:
        """Refuse what a row says of a field, at its cell where it has one."""
        cell = row.cells.get(name)
        self.ledger.refusals.append(
            LedgerLine(
                sheet=row.sheet,
                row=cell.row if cell and cell.row else row.row,
                column=address(0, cell.column) if cell else "",
                value=cell.text[:QUOTED] if cell else str(field_of(name).label) if name else "",
                reason=reason,
            )
        )

    def _measure(self, row: FileRow, name: str, text: str, longest: int) -> None:
        if len(text) > longest:
            reason = _("Il testo è lungo %(length)s caratteri: il massimo è %(limit)s.")
            self.refuse(
                row, name, reason % {"length": grouped(len(text)), "limit": grouped(longest)}
            )
