"""How far the measures of a published plan are at the end of a year, as everybody reads it.

Made of the public data of the rounds of the year as they were issued last: pages, tables and JSON
are written once, by whoever asks first, and so is the PDF, which of a large plan only a job draws
(docs/decisions/0095). Another issue of a round of the year makes them anew.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.models import Plan
from registry.packing import DamagedContentError
from registry.services.stored_files import (
    BusyError,
    StoredFile,
    new_file,
    read_folder,
    stored_folder,
)
from registry.spreadsheets.tables import Table, table_of
from risk.content.canonical import UnknownFormatError, canonical_json
from risk.content.round_values import RoundReport, day, report_of, restore_round
from risk.content.typography import printable
from risk.content.year_parts import RoundOfYear, YearReport, state_parts
from risk.models import RoundIssue
from risk.models.packed import intact
from risk.paper.pdf import PaperError
from risk.paper.round_report import ReportHead, report_fragments
from risk.services.monitoring.yearly import STATE, title_of, year_content
from risk.services.printing.pieces import report_apart
from risk.services.reporting.open_data.files import PATIENCE
from risk.services.reporting.public_pages import (
    PublicPage,
    folder_of_pages,
    stored_page,
    written_pages,
)
from risk.services.reporting.public_rounds import (
    MEASURES,
    PAGES,
    figures_tables,
    public_rounds,
    report_files,
)

FORMAT = 1
"""Version of the form of the data."""
DATA, PAPER = "dati.json", "stato.pdf"
TABLES = {
    "misure": _("Misure"),
    "uffici": _("Esiti per ufficio"),
    "aree": _("Esiti per area di rischio"),
    "tipologie": _("Esiti per tipologia"),
    "non-chieste": _("Misure che nessun monitoraggio ha chiesto"),
}
"""The tables of the open data of a year, by the names of their files."""


def state_years(issues: list[RoundIssue]) -> list[int]:
    """Return the years that these issues of rounds say something of, the last first."""
    return sorted({one.round.situation_on.year for one in issues}, reverse=True)


def issues_of_year(plan: Plan, year: int) -> list[RoundIssue]:
    """Return the last public issue of each round of a year, the last round first."""
    return _of_year(public_rounds(plan), year)


def _years(plan: Plan) -> Iterator[list[RoundIssue]]:
    """Yield the issues of each year of a plan, the last year first; one statement."""
    rows = public_rounds(plan)
    return (_of_year(rows, year) for year in state_years(rows))


def _of_year(issues: list[RoundIssue], year: int) -> list[RoundIssue]:
    return [one for one in issues if one.round.situation_on.year == year]


def state_page(
    plan: Plan, issues: list[RoundIssue], number: Any, *, patience: float = PATIENCE
) -> PublicPage:
    """Return a page of the state that the issues of a year make; raises as `annex_page`."""
    return stored_page(_folder(issues), partial(_files, plan, issues), PAGES, number, patience)


def state_file(
    plan: Plan, issues: list[RoundIssue], name: str, *, patience: float = PATIENCE
) -> StoredFile:
    """Return `DATA`, or one of `TABLES` as `name`.csv; raises as `annex_page`."""
    return written_pages(_folder(issues), partial(_files, plan, issues), patience)[name]


def state_paper(
    plan: Plan, issues: list[RoundIssue], *, patience: float = PATIENCE, draws_long: bool = True
) -> StoredFile:
    """Return the tagged PDF of the state that the issues of a year make; drawn now if need be.

    Raises as `annex_page`, `risk.paper.pdf.PaperError`; `BusyError` for a long one that is not
    drawn yet, where it is not to be drawn.
    """
    folder = _paper_folder(issues)

    def fill(place: Path) -> None:
        year = _year(plan, issues)
        fragments = report_fragments(_head(plan, year), state_parts(year))
        if len(fragments) > 1 and not draws_long:
            raise BusyError(str(folder))
        named = f"{title_of(STATE)} {year.year}"
        with new_file(place / PAPER) as into:
            into.write(report_apart(fragments, named=named, is_kept=True))

    return (read_folder(folder) or stored_folder(folder, fill, patience=patience))[PAPER]


def write_public_states(plan: Plan) -> None:
    """Write the states of all years of a plan that are not written, on paper too."""
    for issues in _years(plan):
        state_file(plan, issues, DATA)
        state_paper(plan, issues)


def write_missing_states() -> None:
    """Write the states that published plans lack; raises `BusyError` and `OSError`.

    What nobody can read now, or draw, is told to who asks for it.
    """
    plans = Plan.objects.public().filter(monitoring_rounds__issues__is_public=True).distinct()
    for plan in plans.select_related("administration"):
        with suppress(UnknownFormatError, DamagedContentError, PaperError):
            write_public_states(plan)


def state_folders(plan: Plan) -> Iterator[Path]:
    """Yield where the states of the years of a plan are, or will be."""
    for issues in _years(plan):
        yield _folder(issues)
        yield _paper_folder(issues)


def _folder(issues: list[RoundIssue]) -> Path:
    return folder_of_pages("stato", " ".join(str(one.uid) for one in issues))


def _paper_folder(issues: list[RoundIssue]) -> Path:
    return folder_of_pages("stato in PDF", " ".join(str(one.uid) for one in issues))


def _year(plan: Plan, issues: list[RoundIssue]) -> YearReport:
    content = _content(plan, issues)
    rounds = tuple(map(_round, reversed(issues)))
    return YearReport(int(content["label"]), rounds, report_of(content), judged=())


def _content(plan: Plan, issues: list[RoundIssue]) -> dict[str, Any]:
    """Return what the rounds of a year said last of each measure, as a report of one round.

    What a plan has is read from its rows, which are frozen with it.
    """
    said: dict[str, dict[str, Any]] = {}
    corrections: list[Any] = []
    for issue in issues:
        content = restore_round(intact(issue, "data")).data or {}
        for one in content["measures"]:
            # issued before measures were told apart by it, each is its own
            key = one.get("planned") or one["uid"]
            said.setdefault(key, {**one, "planned": key, "round": issue.round.label})
        corrections += content.get("corrections", ())
    measures = sorted(said.values(), key=lambda one: (one["office"], one["measure"], one["uid"]))
    public = {"is_public": True, "corrections": corrections}
    return year_content(plan, issues[0].round.situation_on.year, measures) | public


def _round(issue: RoundIssue) -> RoundOfYear:
    row = issue.round
    told = {"n": issue.number, "state": row.get_state_display()}
    state = _("%(state)s, emissione n. %(n)s") % told
    kind, on = row.get_kind_display(), day(str(row.situation_on))
    return RoundOfYear(row.label, kind, on, state, issue.data_digest)


def _head(plan: Plan, year: YearReport) -> ReportHead:
    return ReportHead(
        body=printable(plan.administration.name),
        plan=printable(plan.title),
        label=str(year.year),
        title=title_of(STATE),
        situation_on=year.rounds[-1].situation_on,
        is_draft=False,
    )


def _files(plan: Plan, issues: list[RoundIssue]) -> Iterator[tuple[str, str]]:
    year = _year(plan, issues)
    context = {"report": year.report, "year": year.year}
    yield from report_files(state_parts(year), _tables(year.report), context)
    made_of = [
        {"monitoraggio": str(one.round.uid), "impronta_dati": one.data_digest} for one in issues
    ]
    told = {"format": FORMAT, "year": year.year, "made_of": made_of, "state": year.report.data}
    yield DATA, canonical_json(told)


def _tables(report: RoundReport) -> dict[str, Table]:
    measures = MEASURES | {"monitoraggio": lambda one: one.round}
    unasked = {"misura": lambda one: one.measure, "ufficio": lambda one: one.office}
    return {
        "misure": table_of(str(TABLES["misure"]), measures, report.measures),
        **figures_tables(report),
        "non-chieste": table_of(str(TABLES["non-chieste"]), unasked, report.unasked),
    }
