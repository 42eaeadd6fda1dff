"""The report of an issued round as everybody reads it: pages and tables, written once.

They are made of the public data of its last issue, by whoever asks first (docs/decisions/0045); the
data themselves are given as they were issued.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from registry.models import Plan
from registry.services.stored_files import StoredFile
from registry.spreadsheets.tables import Table, table_of
from registry.spreadsheets.writing import write_table
from risk.content.round_figures import ReportFigures, by_area, by_office, by_typology, over_rounds
from risk.content.round_parts import ReportPart, parts_of
from risk.content.round_pieces import pieces_of
from risk.content.round_values import ReportMeasure, RoundReport, restore_round
from risk.enums import StepProgress
from risk.models import RoundIssue
from risk.models.packed import intact
from risk.paper.round_report import figures_context
from risk.services.monitoring.sampling import draw_of, sample_of
from risk.services.reporting.open_data.files import PATIENCE
from risk.services.reporting.public_pages import (
    PublicPage,
    folder_of_pages,
    stored_page,
    written_pages,
)

ROWS_A_PAGE = 60
TABLES = {
    "misure": _("Misure"),
    "uffici": _("Esiti per ufficio"),
    "aree": _("Esiti per area di rischio"),
    "tipologie": _("Esiti per tipologia"),
    "andamento": _("Andamento nei monitoraggi"),
    "fasi": _("Fasi di attuazione"),
}
"""The tables of the open data of a round, by the names of their files."""
MEASURES: dict[str, Callable[[ReportMeasure], str]] = {
    "misura_programmata": lambda one: one.planned,
    "misura": lambda one: one.measure,
    "ufficio": lambda one: one.office,
    "aree": lambda one: "; ".join(one.areas),
    "tipologie": lambda one: "; ".join(one.typologies),
    "dichiarata": lambda one: one.declared_label,
    "esito": lambda one: one.outcome_label,
    "motivo_esito": lambda one: one.outcome_reason,
    "gruppo": lambda one: str(one.group.label),
    "causa": lambda one: one.cause_label,
    "nuova_data": lambda one: one.proposed_on,
}
"""The columns of the table of measures."""
PAGES = "pagina-"


def public_rounds(plan: Plan) -> list[RoundIssue]:
    """Return the last public issue of each round of a plan, the last round first; one statement."""
    return last_public_issues(round__plan=plan)


def last_public_issues(**which: Any) -> list[RoundIssue]:
    """Return the last public issue of each round, by filters of issues, the last round first."""
    rows = RoundIssue.objects.filter(is_public=True, **which).defer("data", "pdf")
    rows = rows.select_related("round__plan").order_by("-round__situation_on", "-round", "-earlier")
    last: dict[int, RoundIssue] = {}
    for row in rows:
        last.setdefault(row.round_id, row)
    return list(last.values())


def public_round(plan: Plan, uid: UUID) -> RoundIssue | None:
    """Return the last public issue of a round of a plan; None where there is none."""
    rows = RoundIssue.objects.filter(round__plan=plan, round__uid=uid, is_public=True)
    return rows.defer("data", "pdf").select_related("round").order_by("-earlier").first()


def round_page(issue: RoundIssue, number: Any, *, patience: float = PATIENCE) -> PublicPage:
    """Return a page of a report; raises as `risk.services.reporting.public_pages.annex_page`."""
    return stored_page(_folder(issue), lambda: _files(issue), PAGES, number, patience)


def round_table(issue: RoundIssue, name: str, *, patience: float = PATIENCE) -> StoredFile:
    """Return one of `TABLES` as CSV; raises as `round_page`."""
    return written_pages(_folder(issue), lambda: _files(issue), patience)[f"{name}.csv"]


def public_population(issue: RoundIssue) -> str | None:
    """Return the list a round was drawn from, as it was announced; None of a round without a draw.

    It has codes of measures and their strata: nothing in it names a person.
    """
    sample = sample_of(issue.round)
    return None if sample is None or draw_of(sample) is None else str(sample.population)


def round_folders(plan: Plan) -> Iterator[Path]:
    """Yield where the pages of the rounds of a plan are, or will be."""
    for issue in public_rounds(plan):
        yield _folder(issue)


def _folder(issue: RoundIssue) -> Path:
    return folder_of_pages("monitoraggio", str(issue.uid))


def _files(issue: RoundIssue) -> Iterator[tuple[str, str]]:
    report = restore_round(intact(issue, "data"))
    yield from report_files(parts_of(report), _tables(report), {"report": report, "issue": issue})


def report_files(
    parts: Sequence[ReportPart], tables: Mapping[str, Table], context: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield the pages of a public report, whose names begin with `PAGES`, and its tables as CSV.

    `context` is what stands over each page.
    """
    for page in Paginator(pieces_of(parts, most=ROWS_A_PAGE), 1):
        shown = {**context, "parts": page.object_list[0], "page": page, **figures_context()}
        html = render_to_string("risk/reporting/pages/round.html", shown)
        yield f"{PAGES}{page.number:06d}.html", html
    for name, table in tables.items():
        into = BytesIO()
        write_table(table, "csv", into)
        yield f"{name}.csv", into.getvalue().decode()


def _tables(report: RoundReport) -> dict[str, Table]:
    return {
        "misure": table_of(str(TABLES["misure"]), MEASURES, report.measures),
        **figures_tables(report),
        "andamento": figures_table(over_rounds(report)),
        "fasi": _steps(report),
    }


def figures_tables(report: RoundReport) -> dict[str, Table]:
    """Return how many measures of a report have which outcome, in each way they are counted."""
    return {
        "uffici": figures_table(by_office(report)),
        "aree": figures_table(by_area(report)),
        "tipologie": figures_table(by_typology(report)),
    }


def figures_table(table: ReportFigures) -> Table:
    """Return figures as a table of open data."""
    heads = (table.head, *table.columns)
    return Table(table.title, heads, [[line.label, *line.cells] for line in table.lines])


def _steps(report: RoundReport) -> Table:
    columns = {
        "misura_programmata": lambda row: row[0].planned,
        "misura": lambda row: row[0].measure,
        "ufficio": lambda row: row[0].office,
        "fase": lambda row: row[1]["step"],
        "entro_il": lambda row: row[1]["due_on"],
        "stato": lambda row: StepProgress(row[1]["progress"]).label if row[1]["progress"] else "",
        "fatta_il": lambda row: row[1]["done_on"],
    }
    rows = [(one, step) for one in report.measures for step in one.steps]
    return table_of(str(TABLES["fasi"]), columns, rows)
