"""The review of a year of a published plan as everybody reads it.

Its text is written to be read by all; beside it stand the outcomes of the rounds as they were
issued and how many measures were judged how fit: no motivations, no facts, no names
(docs/decisions/0097). Another review, judgement or issue makes it anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.timezone import localdate

from registry.models import Plan
from registry.services.stored_files import StoredFile
from risk.content.canonical import canonical_json
from risk.content.year_parts import JudgedMeasure, YearReport, public_review_parts
from risk.models import Suitability, YearlyReview
from risk.paper.round_report import report_fragments
from risk.services.monitoring.suitability import missing
from risk.services.monitoring.yearly import REVIEW, last_review, title_of
from risk.services.reporting.open_data.files import PATIENCE
from risk.services.reporting.public_pages import (
    PublicPage,
    folder_of_pages,
    stored_page,
    written_pages,
)
from risk.services.reporting.public_rounds import PAGES, report_files
from risk.services.reporting.public_states import (
    PublicYear,
    head_of_year,
    public_years,
    year_paper,
)

FORMAT = 1
"""Version of the form of the data."""
DATA, PAPER = "dati.json", "riesame.pdf"


@dataclass(frozen=True)
class PublicReview:
    """The review of a year that counts, with how many measures were judged how; "" of none."""

    of: PublicYear
    review: YearlyReview
    judged: Counter[str]

    @property
    def key(self) -> str:
        """What it is made of."""
        counts = " ".join(f"{name}:{self.judged[name]}" for name in sorted(self.judged))
        return f"{self.of.key} {self.review.uid} {counts}"

    @property
    def written_on(self) -> str:
        return date_format(localdate(self.review.at), "d/m/Y")

    @property
    def report(self) -> YearReport:
        """The year with what its review says; reads what was issued."""
        return replace(
            self.of.report,
            judged=tuple(JudgedMeasure("", "", name) for name in self.judged.elements()),
            conclusions=self.review.conclusions,
            changes=self.review.changes,
            written_on=self.written_on,
        )


def public_review(of: PublicYear) -> PublicReview | None:
    """Return the review of a year in which a round was issued; None while there is none."""
    review = last_review(of.plan, of.year)
    return review and PublicReview(of, review, _judged(of))


def _judged(of: PublicYear) -> Counter[str]:
    """Return how many measures of a plan were judged how for a year; two statements."""
    rows = Suitability.objects.filter(
        planned_measure__plan=of.plan, year=of.year, replaced_by=None
    ).order_by()
    counts = Counter(dict(rows.values_list("judgement").annotate(n=Count("pk"))))
    counts[""] = missing(of.plan, of.year).count()
    return counts


def review_page(of: PublicReview, number: Any, *, patience: float = PATIENCE) -> PublicPage:
    """Return a page of a review; raises as `annex_page`."""
    return stored_page(_folder(of), partial(_files, of), PAGES, number, patience)


def review_data(of: PublicReview, *, patience: float = PATIENCE) -> StoredFile:
    """Return the data of a review; raises as `annex_page`."""
    return written_pages(_folder(of), partial(_files, of), patience)[DATA]


def review_paper(
    of: PublicReview, *, patience: float = PATIENCE, draws_long: bool = True
) -> StoredFile:
    """Return a review as a tagged PDF; raises as `year_paper`."""
    return year_paper(
        _paper_folder(of),
        lambda: report_fragments(head_of_year(of.of, REVIEW), public_review_parts(of.report)),
        name=PAPER,
        patience=patience,
        draws_long=draws_long,
    )


def write_public_reviews(plan: Plan) -> None:
    """Write the reviews of all years of a plan that are not written, on paper too."""
    for of in _reviews(plan):
        review_data(of)
        review_paper(of)


def review_folders(plan: Plan) -> Iterator[Path]:
    """Yield where the reviews of the years of a plan are, or will be."""
    for of in _reviews(plan):
        yield _folder(of)
        yield _paper_folder(of)


def _reviews(plan: Plan) -> Iterator[PublicReview]:
    return filter(None, map(public_review, public_years(plan)))


def _folder(of: PublicReview) -> Path:
    return folder_of_pages("riesame", of.key)


def _paper_folder(of: PublicReview) -> Path:
    return folder_of_pages("riesame in PDF", of.key)


def _files(of: PublicReview) -> Iterator[tuple[str, str]]:
    told = of.report
    context = {"report": told.report, "year": told.year, "title": title_of(REVIEW), "review": True}
    yield from report_files(public_review_parts(told), {}, context)
    groups = Counter(one.group.value for one in told.report.measures)
    content = {
        "format": FORMAT,
        "year": told.year,
        "plan": told.report.plan,
        "body": told.report.body,
        "written_on": str(localdate(of.review.at)),
        "conclusions": told.conclusions,
        "changes": told.changes,
        "judged": {name or "to_judge": n for name, n in sorted(of.judged.items())},
        "measures": dict(groups),
        "made_of": of.of.made_of,
    }
    yield DATA, canonical_json(content)
