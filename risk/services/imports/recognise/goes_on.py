"""Tables without heads that are the table before, cut by a page of a document."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.normalise import fold, short
from registry.spreadsheets.workbook import WorkbookSheet
from risk.services.imports.file_cells import FileCell
from risk.services.imports.recognise.descriptions import Said
from risk.services.imports.recognise.neighbours import GUESS
from risk.services.imports.recognise.paper_tables import is_of_the_paper
from risk.services.imports.recognise.tables import FileTable, SaidPlace

REGISTER = "table"
"""What a table is unless a person says that it is none of the register."""
_PAGE = re.compile(
    r"\W*(?:pag(?:ina|\.)?\s*)?\d{1,4}(?:\s*(?:di|/)\s*\d{1,4})?\W*|"
    r"\W*(?:segue|continua)(?:\s+(?:tabella|dalla pagina precedente|da pag\w*\W*\d*))?\W*"
)
"""What stands between the two halves of a table: the number of a page, «segue»."""
_HEADS = 80
_MOST_MISSING = 2
"""Columns at the end that a half may lack: nothing is written in them."""
_FEWEST = 2
_MOSTLY = 0.6


def continued(before: FileTable, sheet: WorkbookSheet, *, is_document: bool) -> FileTable | None:
    """Return a table without heads as the one before gone on, None where it is another one.

    It is for certain where it is as wide. In a document one that is narrower may lack columns in
    which nothing is written: a person is asked.
    """
    if not _is_beside(before, sheet):
        return None
    doubt = None
    if before.sheet.width != sheet.width:
        doubt = _doubt(before, sheet) if is_document else None
        if doubt is None:
            return None
    elif before.said:
        # what goes on with a table in doubt is in doubt as well
        doubt = replace(before.said[0], cells=(_named(sheet),))
    same = replace(before, sheet=sheet, header_rows=(), first_row=1, titles=())
    return replace(same, said=(doubt,) if doubt else ())


def _doubt(before: FileTable, sheet: WorkbookSheet) -> SaidPlace | None:
    """Return what is asked about a narrower table in which something names the processes."""
    missing = before.sheet.width - sheet.width
    if not 0 < missing <= _MOST_MISSING or sheet.width < _FEWEST:
        return None
    title = next((c for c, name in before.mapping.items() if name == "process_title"), 0)
    named = sum(sheet.value(row, title) is not None for row in range(1, len(sheet.rows) + 1))
    if not title or named < _MOSTLY * len(sheet.rows):
        return None
    heads = ", ".join(" ".join(one.head.split()) for one in before.heads if one.head)
    value = _("Tabella senza titoli dopo «%(heads)s»") % {"heads": short(heads, _HEADS)}
    return SaidPlace(Said.TABLE, value, (_named(sheet),), REGISTER, GUESS)


def _named(sheet: WorkbookSheet) -> FileCell:
    return FileCell(sheet.name, sheet.name, sheet.name, 0, 0, "context")


def _is_beside(before: FileTable, sheet: WorkbookSheet) -> bool:
    """Return whether nothing but a page parts two tables of a document, or two sheets alike."""
    if is_of_the_paper(sheet) or not all(_PAGE.fullmatch(fold(text)) for text in sheet.before):
        return False
    return before.sheet.name.rstrip("0123456789 ") == sheet.name.rstrip("0123456789 ")
