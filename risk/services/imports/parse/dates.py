"""Dates where a grade is expected: a spreadsheet has taken "3/5" for a day."""

from collections.abc import Mapping
from datetime import date, time

from django.utils.translation import gettext as _

from registry.spreadsheets.workbook import Finding, shown
from risk.services.imports.file_cells import FileCell
from risk.workbooks.fields import INDICATOR, field_of


def needs_a_grade(name: str) -> bool:
    """Return whether a level or a number is expected of a field."""
    return name == "level" or name.startswith(INDICATOR) or field_of(name).numeric


def dates_for_numbers(sheet: str, row: int, cells: Mapping[str, FileCell]) -> tuple[Finding, ...]:
    """Return the refusals of the cells of a row that hold a day in the place of a grade."""
    findings = []
    for name, cell in cells.items():
        if cell.value.__class__ is str:
            continue
        if isinstance(cell.value, date | time) and needs_a_grade(name) and cell.row == row:
            day = shown(cell.value)
            reason = _(
                "C’è la data %(date)s dove serve un livello o un numero: forse il foglio ha "
                "preso per una data un numero come 3,5 o 3/5. Scrivilo di nuovo come testo."
            ) % {"date": day}
            findings.append(
                Finding("date-for-number", reason, sheet, row, cell.column, day, stops=True)
            )
    return tuple(findings)
