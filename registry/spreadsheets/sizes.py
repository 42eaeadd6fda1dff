"""The limits that all sheets of a file share."""

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets import limits
from registry.spreadsheets.workbook import UnreadableFile


def check_size(*, cells: int, chars: int) -> None:
    """Refuse a file whose sheets, laid out, hold more cells or characters than a list can have."""
    if cells > limits.CELLS:
        raise UnreadableFile(
            _("Il file ha più di %(limit)s celle: dividilo in più file.")
            % {"limit": grouped(limits.CELLS)}
        )
    if chars > limits.TEXT_CHARS:
        raise UnreadableFile(_("I testi del file, tutti insieme, sono troppo lunghi."))


def check_place(sheet: str, *, row: int, column: int) -> None:
    """Refuse a value beyond the last row or column a list can have."""
    if column > limits.COLUMNS:
        raise UnreadableFile(
            _(
                "Il foglio «%(sheet)s» ha %(columns)s colonne: il massimo è %(limit)s. "
                "Cancella quelle di troppo, o copia la tabella in un foglio nuovo."
            )
            % {"sheet": sheet, "columns": grouped(column), "limit": grouped(limits.COLUMNS)},
            sheet=sheet,
            column=column,
        )
    if row > limits.ROWS:
        raise UnreadableFile(
            _("Il foglio «%(sheet)s» ha più di %(limit)s righe: dividilo in più file.")
            % {"sheet": sheet, "limit": grouped(limits.ROWS)},
            sheet=sheet,
            row=row,
        )
