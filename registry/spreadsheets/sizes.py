"""The limits that all sheets of a file share."""

from django.utils.translation import gettext as _

from registry.spreadsheets import limits
from registry.spreadsheets.workbook import UnreadableFile


def check_size(*, cells: int, chars: int) -> None:
    """Refuse a file whose sheets, laid out, hold more cells or characters than a list can have."""
    if cells > limits.CELLS:
        raise UnreadableFile(
            _("Il file ha più di %(limit)d celle: dividilo in più file.") % {"limit": limits.CELLS}
        )
    if chars > limits.TEXT_CHARS:
        raise UnreadableFile(_("I testi del file, tutti insieme, sono troppo lunghi."))


def check_place(sheet: str, *, row: int, column: int) -> None:
    """Refuse a value beyond the last row or column a list can have."""
    if column > limits.COLUMNS:
        raise UnreadableFile(
            _("Il foglio «%(sheet)s» ha %(columns)d colonne: il massimo è %(limit)d.")
            % {"sheet": sheet, "columns": column, "limit": limits.COLUMNS},
            sheet=sheet,
            column=column,
        )
    if row > limits.ROWS:
        raise UnreadableFile(
            _("Il foglio «%(sheet)s» ha più di %(limit)d righe.")
            % {"sheet": sheet, "limit": limits.ROWS},
            sheet=sheet,
            row=row,
        )
