"""How far the measures of a published plan are at the end of a year, as everybody reads it.

Made of the public data of the rounds of the year as they were issued last: pages, tables and JSON
are written once, by whoever asks first, and so is the PDF, which of a large plan only a job draws
(docs/decisions/0095). Another issue of a round of the year makes them anew.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
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
from risk.content.round_figures import over_years
from risk.content.round_values import RoundReport, day, report_of, restore_round
from risk.content.typography import printable
from risk.content.year_parts import RoundOfYear, YearReport, state_parts
from risk.models import RoundIssue
from risk.models.packed import intact
from risk.paper.pdf import PaperError
from risk.paper.round_report import ReportFragment, ReportHead, report_fragments
from risk.scoring.outcomes import group_of
from risk.services.monitoring.report_data import ancestors_of
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
    figures_table,
    figures_tables,
    last_public_issues,
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
    "anni": _("Andamento negli anni"),
    "non-chieste": _("Misure che nessun monitoraggio ha chiesto"),
}
"""The tables of the open data of a year, by the names of their files."""


@dataclass(frozen=True)
class PublicYear:
    """A year of a published plan: the last public issue of each of its rounds, last round first.

    `earlier` are those of the years before, of the plans it comes from too, and what these had in
    the same year: the one in which it was adopted.
    """

    plan: Plan
    year: int
    issues: tuple[RoundIssue, ...]
    earlier: tuple[RoundIssue, ...] = ()

    @property
    def key(self) -> str:
        """What it is made of: another issue is another key."""
        return " ".join(str(one.uid) for one in (*self.issues, *self.earlier))

    @property
    def made_of(self) -> list[dict[str, str]]:
        """The issues it is made of as open data name them."""
        return [
            {"monitoraggio": str(one.round.uid), "impronta_dati": one.data_digest}
            for one in self.issues
        ]

    @property
    def elsewhere(self) -> tuple[RoundIssue, ...]:
        """The issues of the same year that are of plans it comes from, first round first."""
        return tuple(one for one in reversed(self.earlier) if _year_of(one) == self.year)

    @property
    def states_elsewhere(self) -> list[tuple[int, Plan]]:
        """The plans of these, with the year: each has a state of it of its own."""
        return list(dict.fromkeys((self.year, one.round.plan) for one in self.elsewhere))

    @property
    def report(self) -> YearReport:
        """What the rounds of the year said last of each measure; reads what was issued."""
        content = _content(self)
        rounds = tuple(map(_round, reversed(self.issues)))
        elsewhere = tuple(replace(_round(one), plan=one.round.plan.title) for one in self.elsewhere)
        return YearReport(self.year, rounds, report_of(content), judged=(), elsewhere=elsewhere)


def state_years(issues: list[RoundIssue]) -> list[int]:
    """Return the years that these issues of rounds say something of, the last first."""
    return sorted({_year_of(one) for one in issues}, reverse=True)


def issues_of_lineage(plan: Plan) -> list[RoundIssue]:
    """Return the last public issue of each round of a plan, and of those it comes from.

    The last round first; of plans that are published. Two statements.
    """
    origins = Plan.objects.public().filter(pk__in=ancestors_of(plan)).order_by()
    return last_public_issues(round__plan__in=origins.values("pk"))


def states_elsewhere(plan: Plan, issues: Iterable[RoundIssue]) -> list[tuple[int, Plan]]:
    """Return the years since the adoption of a plan of which one it comes from says something.

    Each with that plan, the last year first; `issues` are those of `issues_of_lineage`.
    """
    since = plan.act_date.year if plan.act_date else 0
    others = (one for one in issues if one.round.plan_id != plan.pk and _year_of(one) >= since)
    return list(dict.fromkeys((_year_of(one), one.round.plan) for one in others))


def public_years(plan: Plan) -> list[PublicYear]:
    """Return the years of a plan in which a round was issued, the last first; two statements."""
    rows = issues_of_lineage(plan)
    own = [one for one in rows if one.round.plan_id == plan.pk]
    return [
        PublicYear(
            plan,
            year,
            issues=tuple(one for one in own if _year_of(one) == year),
            earlier=tuple(one for one in rows if _is_earlier(one, plan, year)),
        )
        for year in state_years(own)
    ]


def _is_earlier(issue: RoundIssue, plan: Plan, year: int) -> bool:
    then = _year_of(issue)
    return then < year or then == year and issue.round.plan_id != plan.pk


def _year_of(issue: RoundIssue) -> int:
    return issue.round.situation_on.year


def state_page(of: PublicYear, number: Any, *, patience: float = PATIENCE) -> PublicPage:
    """Return a page of the state that the issues of a year make; raises as `annex_page`."""
    return stored_page(_folder(of), partial(_files, of), PAGES, number, patience)


def state_file(of: PublicYear, name: str, *, patience: float = PATIENCE) -> StoredFile:
    """Return `DATA`, or one of `TABLES` as `name`.csv; raises as `annex_page`."""
    return written_pages(_folder(of), partial(_files, of), patience)[name]


def state_paper(
    of: PublicYear, *, patience: float = PATIENCE, draws_long: bool = True
) -> StoredFile:
    """Return the tagged PDF of the state that the issues of a year make; raises as `year_paper`."""
    return year_paper(
        _paper_folder(of),
        lambda: report_fragments(head_of_year(of, STATE), state_parts(of.report)),
        name=PAPER,
        patience=patience,
        draws_long=draws_long,
    )


def year_paper(
    folder: Path,
    fragments_of: Callable[[], list[ReportFragment]],
    *,
    name: str,
    patience: float,
    draws_long: bool,
) -> StoredFile:
    """Return a paper of a year from its folder; drawn now if need be, of what `fragments_of` gives.

    Raises as `annex_page`, `risk.paper.pdf.PaperError`; `BusyError` for a long one that is not
    drawn yet, where it is not to be drawn.
    """

    def fill(place: Path) -> None:
        fragments = fragments_of()
        if len(fragments) > 1 and not draws_long:
            raise BusyError(str(folder))
        named = f"{fragments[0].head.title} {fragments[0].head.label}"
        with new_file(place / name) as into:
            into.write(report_apart(fragments, named=named, is_kept=True))

    return (read_folder(folder) or stored_folder(folder, fill, patience=patience))[name]


def write_public_states(plan: Plan) -> None:
    """Write the states of all years of a plan that are not written, on paper too."""
    for of in public_years(plan):
        state_file(of, DATA)
        state_paper(of)


def write_missing_years(write: Callable[[Plan], None]) -> None:
    """Write what published plans lack of their years; raises `BusyError` and `OSError`.

    What nobody can read now, or draw, is told to who asks for it.
    """
    plans = Plan.objects.public().filter(monitoring_rounds__issues__is_public=True).distinct()
    for plan in plans.select_related("administration"):
        with suppress(UnknownFormatError, DamagedContentError, PaperError):
            write(plan)


def state_folders(plan: Plan) -> Iterator[Path]:
    """Yield where the states of the years of a plan are, or will be."""
    for of in public_years(plan):
        yield _folder(of)
        yield _paper_folder(of)


def _folder(of: PublicYear) -> Path:
    return folder_of_pages("stato", of.key)


def _paper_folder(of: PublicYear) -> Path:
    return folder_of_pages("stato in PDF", of.key)


def _content(of: PublicYear) -> dict[str, Any]:
    """Return what the rounds of a year said last of each measure, as a report of one round.

    What a plan has is read from its rows, which are frozen with it.
    """
    said, corrections = _said_last(of.issues)
    measures = sorted(said, key=lambda one: (one["office"], one["measure"], one["uid"]))
    public = {"is_public": True, "corrections": corrections, "years": list(_years_before(of))}
    return year_content(of.plan, of.year, measures) | public


def _said_last(issues: Iterable[RoundIssue]) -> tuple[list[dict[str, Any]], list[Any]]:
    """Return what issues, the last round first, said last of each measure, and what corrects it."""
    said: dict[str, dict[str, Any]] = {}
    corrections: list[Any] = []
    for issue in issues:
        content = restore_round(intact(issue, "data")).data or {}
        for one in content["measures"]:
            # issued before measures were told apart by it, each is its own
            key = one.get("planned") or one["uid"]
            said.setdefault(key, {**one, "planned": key, "round": issue.round.label})
        corrections += content.get("corrections", ())
    return list(said.values()), corrections


def _years_before(of: PublicYear) -> Iterator[dict[str, Any]]:
    """Yield the years before, oldest first: how many measures of each group, plan by plan."""
    found: dict[tuple[int, str], list[RoundIssue]] = defaultdict(list)
    for one in of.earlier:
        found[_year_of(one), one.round.plan.title].append(one)
    for (year, title), issues in sorted(found.items()):
        measures, _corrections = _said_last(issues)
        groups = Counter(
            group_of(one["outcome"], one.get("declared", ""), one.get("late_days")).value
            for one in measures
        )
        yield {"plan": title, "year": str(year), "groups": dict(groups)}


def _round(issue: RoundIssue) -> RoundOfYear:
    row = issue.round
    told = {"n": issue.number, "state": row.get_state_display()}
    state = _("%(state)s, emissione n. %(n)s") % told
    kind, on = row.get_kind_display(), day(str(row.situation_on))
    return RoundOfYear(row.label, kind, on, state, issue.data_digest)


def head_of_year(of: PublicYear, paper: str) -> ReportHead:
    """Return what stands on each page of a paper of a year, by the word of its address."""
    return ReportHead(
        body=printable(of.plan.administration.name),
        plan=printable(of.plan.title),
        label=str(of.year),
        title=title_of(paper),
        situation_on=day(str(of.issues[0].round.situation_on)),
        is_draft=False,
    )


def _files(of: PublicYear) -> Iterator[tuple[str, str]]:
    year = of.report
    context = {"report": year.report, "year": year.year, "title": title_of(STATE)}
    yield from report_files(state_parts(year), _tables(year.report), context)
    told = {"format": FORMAT, "year": of.year, "made_of": of.made_of, "state": year.report.data}
    yield DATA, canonical_json(told)


def _tables(report: RoundReport) -> dict[str, Table]:
    measures = MEASURES | {"monitoraggio": lambda one: one.round}
    unasked = {"misura": lambda one: one.measure, "ufficio": lambda one: one.office}
    return {
        "misure": table_of(str(TABLES["misure"]), measures, report.measures),
        **figures_tables(report),
        "anni": figures_table(over_years(report)),
        "non-chieste": table_of(str(TABLES["non-chieste"]), unasked, report.unasked),
    }
