"""The report of a round as a workbook and as a list of its measures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from registry.spreadsheets.tables import Table, table_of
from risk.content.round_figures import ReportFigures
from risk.content.round_parts import ReportPart, parts_of, sheet_cells
from risk.content.round_steps import step_words
from risk.content.round_values import ReportMeasure, RoundReport, day
from risk.workbooks.reports import ReportSheet, report_book
from risk.workbooks.writing import write_book


def report_workbook(report: RoundReport, *, is_draft: bool) -> bytes:
    """Return the parts of a report as a workbook; raises as `parts_workbook`."""
    title = f"{report.label} – {report.plan}"
    return parts_workbook(title, parts_of(report), is_draft=is_draft)


def parts_workbook(title: str, parts: Iterable[ReportPart], *, is_draft: bool) -> bytes:
    """Return parts as a workbook, a sheet each, tables of figures too.

    Raises `risk.workbooks.drawing.TooLongError`.
    """
    sheets: list[ReportSheet] = []
    for part in parts:
        if part.facts:
            rows = [*part.facts, *(("", note) for note in part.notes)]
            sheets.append(ReportSheet(part.title, [_("Voce"), _("Testo")], rows))
        sheets += [_figures(one) for one in part.figures]
        if part.lists:
            sheets.append(_lists(part))
    return write_book(report_book(title, sheets, is_draft=is_draft))


def _figures(table: ReportFigures) -> ReportSheet:
    rows = [[line.label, *line.cells] for line in table.lines]
    return ReportSheet(table.title, [table.head, *table.columns], rows)


def _lists(part: ReportPart) -> ReportSheet:
    heads = [_("Ufficio"), *part.lists[0].columns]
    rows = [
        [one.title, *("\n".join(cell) for cell in row)] for one in part.lists for row in one.rows
    ]
    return ReportSheet(part.title, heads, rows)


def measures_table(report: RoundReport) -> Table:
    """Return the measures of a report, a row each, with all it says of them."""
    columns = {
        _("Ufficio"): lambda one: one.office,
        _("Misura"): lambda one: one.measure,
        _("Aree di rischio"): lambda one: "\n".join(one.areas),
        _("Tipologie"): lambda one: "\n".join(one.typologies),
        _("Dichiarata"): lambda one: one.declared_label,
        _("Esito"): lambda one: one.outcome_label,
        _("Motivo dell’esito"): lambda one: one.outcome_reason,
        _("Gruppo"): lambda one: str(one.group.label),
        _("Causa"): lambda one: one.cause_label,
        _("Nuova data"): lambda one: day(one.proposed_on),
        _("Fasi di attuazione"): lambda one: "\n".join(step_words(one)),
        _("Misurazioni e prove"): lambda one: "\n".join(sheet_cells(one)[2]),
        _("Verifica del RPCT"): lambda one: "\n".join(sheet_cells(one)[3]),
    }
    title = _("Misure di %(round)s") % {"round": report.label}
    return table_of(title, columns, _sorted(report.measures))


def _sorted(measures: tuple[ReportMeasure, ...]) -> list[ReportMeasure]:
    return sorted(measures, key=lambda one: (one.office, one.measure))
