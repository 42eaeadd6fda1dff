"""From a drawing to the bytes of an XLSX workbook. The one module that knows how it is written.

Every text is written as a text, whatever it begins with; numbers only where a number is meant.
"""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from registry.spreadsheets.tables import FORMULA_START
from registry.spreadsheets.writing_xlsx import plain_text
from risk.workbooks import rowids
from risk.workbooks.drawing import BookDrawing, DrawnLine, DropDown, Look, SheetDrawing

_A4 = 9
_MOST_BREAKS = 1023
_HEADER_CHARS = 100
"""Of each text in a page head, whose code may have 255 characters in all."""

_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_BOX = {"border": 1, "border_color": "#B8C4D0", "text_wrap": True, "num_format": "@"}
_CELL = {**_BASE, **_BOX}
_GREY = {"bg_color": "#EEF1F5"}
_LOOKS: dict[Look, dict[str, Any]] = {
    Look.TITLE: {**_BASE, "font_size": 14, "font_color": "#17324D"},
    Look.NOTE: {**_BASE, "text_wrap": True, "font_color": "#455B71", "italic": True},
    Look.HEAD: {**_CELL, "bg_color": "#17324D", "font_color": "#FFFFFF"},
    Look.LABEL: {**_CELL, **_GREY},
    # a number stands among them: no format of texts
    Look.KEY: {**_CELL, **_GREY, "num_format": "General"},
    Look.NUMBER: {**_CELL, **_GREY, "num_format": "General", "align": "center"},
    Look.TEXT: {**_CELL, "locked": False},
    Look.DRAFT: {**_CELL, "locked": False, "italic": True},
    Look.LEVEL: {**_CELL, "locked": False, "align": "center"},
    Look.ENTRY: {**_CELL, "locked": False},
}
# What a person may do without taking the protection off; there is no password.
_ALLOWED = dict.fromkeys(
    (
        "format_cells",
        "format_columns",
        "format_rows",
        "insert_rows",
        "sort",
        "autofilter",
        "select_locked_cells",
        "select_unlocked_cells",
    ),
    True,
)


def write_book(book: BookDrawing) -> bytes:
    """Return the bytes of a workbook: its sheets, the lists they offer, the ids of their rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": book.title, "category": _("Registro dei rischi")})
        workbook.set_custom_property("Lingua", "it-IT")
        writer = _Writer(workbook)
        offered = {name for name, texts in book.lists.items() if texts}
        for sheet in book.sheets:
            writer.write(sheet, offered)
        if offered:
            writer.write_lists({name: book.lists[name] for name in sorted(offered)})
        if book.origin:
            hidden = workbook.add_worksheet(rowids.SHEET)
            for row, cells in enumerate(rowids.lines(book.origin, book.ids)):
                for column, value in enumerate(cells):
                    if isinstance(value, int):
                        hidden.write_number(row, column, value)
                    else:
                        hidden.write_string(row, column, plain_text(value))
            hidden.very_hidden()
    return out.getvalue()


class _Writer:
    """Writes sheet after sheet of one workbook."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        looks = {look: {**marks, "bold": look.is_bold} for look, marks in _LOOKS.items()}
        self.formats = {look: workbook.add_format(marks) for look, marks in looks.items()}
        # A text that begins like a formula says of itself that it is none, also when it is edited.
        self.quoted = {
            look: workbook.add_format({**marks, "quote_prefix": True})
            for look, marks in looks.items()
        }

    def write(self, drawing: SheetDrawing, offered: set[str]) -> None:
        sheet = self.workbook.add_worksheet(drawing.name)
        for column, drawn in enumerate(drawing.columns):
            options = {} if drawn.width else {"hidden": True}
            sheet.set_column(column, column, drawn.width or 8, self.formats[drawn.look], options)
        self._cells(sheet, drawing)
        for choice in drawing.choices:
            if choice.name in offered:
                _offer(sheet, choice)
        self._set_up(sheet, drawing)

    def _cells(self, sheet: Any, drawing: SheetDrawing) -> None:
        lines = drawing.lines
        merged: set[tuple[int, int]] = set()
        for block in drawing.blocks:
            top, left, bottom, right = block.top, block.left, block.bottom, block.right
            text = lines[top].cells[left]
            form = self._format(lines[top], left, text)
            if text is None or isinstance(text, int):
                sheet.merge_range(top, left, bottom, right, text, form)
            else:
                # merge_range guesses what a text is: it merges a blank, then the text is written
                sheet.merge_range(top, left, bottom, right, "", form)
                sheet.write_string(top, left, plain_text(text), form)
            columns = range(left, right + 1)
            merged.update((row, column) for row in range(top, bottom + 1) for column in columns)
        for row, line in enumerate(lines):
            if line.height:
                sheet.set_row(row, line.height)
            for column, value in enumerate(line.cells):
                if (row, column) in merged:
                    continue
                if value.__class__ is str:
                    form = self._format(line, column, value)
                    sheet.write_string(row, column, plain_text(value), form)
                elif value is None:
                    if (look := line.looks[column]) is not None:
                        sheet.write_blank(row, column, None, self.formats[look])
                else:
                    sheet.write_number(row, column, value, self._format(line, column, value))

    def _format(self, line: DrawnLine, column: int, value: Any) -> Any:
        look = line.looks[column] or Look.TEXT
        is_like_formula = value.__class__ is str and value.startswith(FORMULA_START)
        return (self.quoted if is_like_formula else self.formats)[look]

    def _set_up(self, sheet: Any, drawing: SheetDrawing) -> None:
        last = max(column for column, drawn in enumerate(drawing.columns) if drawn.width)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, max(len(drawing.lines) - 1, 0), last)
        draft = _("BOZZA") if drawing.is_draft else ""
        subject = drawing.subject[:_HEADER_CHARS].replace("&", "&&")
        sheet.set_header(f"&L{subject}&R&B{draft}" if draft else f"&L{subject}")
        sheet.set_footer("&C" + _("pagina %(page)s di %(all)s") % {"page": "&P", "all": "&N"})
        if drawing.heads >= 0:
            sheet.repeat_rows(drawing.heads)
            sheet.freeze_panes(drawing.heads + 1, 0)
            if drawing.is_filtered:
                bottom = max(len(drawing.lines) - 1, drawing.heads)
                sheet.autofilter(drawing.heads, 0, bottom, last)
        else:
            sheet.repeat_rows(0, 1)
            sheet.freeze_panes(2, 0)
        if 0 < len(drawing.pages) <= _MOST_BREAKS:
            sheet.set_h_pagebreaks(drawing.pages)
        sheet.hide_gridlines(2)
        sheet.protect("", _ALLOWED)

    def write_lists(self, lists: dict[str, Sequence[str]]) -> None:
        """Write what the drop-downs offer, each list a column with a name of its own."""
        sheet = self.workbook.add_worksheet(rowids.LISTS)
        for column, (name, texts) in enumerate(lists.items()):
            sheet.write_string(0, column, name)
            for row, text in enumerate(texts, 1):
                sheet.write_string(row, column, plain_text(text))
            letter = xlsxwriter.utility.xl_col_to_name(column)
            place = f"='{rowids.LISTS}'!${letter}$2:${letter}${len(texts) + 1}"
            self.workbook.define_name(f"elenco_{name}", place)
        sheet.hide()


def _offer(sheet: Any, choice: DropDown) -> None:
    sheet.data_validation(
        choice.top,
        choice.column,
        choice.bottom,
        choice.column,
        {
            "validate": "list",
            "source": f"=elenco_{choice.name}",
            "error_type": "stop" if choice.is_closed else "warning",
            "error_title": _("Non è in elenco"),
            "error_message": _("Scegli una voce dell’elenco.")
            if choice.is_closed
            else _("La voce non è in elenco: all’importazione sarà chiesto che cosa indica."),
        },
    )
