"""The year of a plan: what its rounds and judgements come to, and the review the RPCT writes of it.

A review is written once; another of the same year names the one it replaces
(docs/decisions/0093).
"""

import datetime
from collections import Counter, defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import ExtractYear
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import RuleRefused, act
from registry.models import Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.jobs import Progress, no_progress
from registry.services.rows import store
from registry.trail.subjects import plan_subject
from risk.content.round_parts import ReportPart
from risk.content.round_values import report_of
from risk.content.typography import printable
from risk.content.year_parts import (
    JudgedMeasure,
    RoundOfYear,
    YearReport,
    review_parts,
    state_parts,
)
from risk.enums import DerivedOutcome, RoundState
from risk.judgements import FactKind
from risk.models import (
    Fact,
    MonitoringRound,
    PlannedMeasure,
    RoundCorrection,
    RoundItem,
    Suitability,
    YearlyReview,
)
from risk.paper.round_report import ReportHead, report_fragments
from risk.scoring.outcomes import group_of
from risk.services.monitoring.levels import levels_of_year
from risk.services.monitoring.report_data import (
    ancestors_of,
    areas_of,
    said_of,
    unasked_of,
    with_told,
)
from risk.services.monitoring.report_files import parts_workbook
from risk.services.monitoring.rounds import is_in_force
from risk.services.monitoring.sampling import least_of_year
from risk.services.monitoring.suitability import years_of
from risk.services.printing.pieces import report_apart

KIND = "review"
STATE, REVIEW = "stato", "riesame"
PAPERS = {STATE: state_parts, REVIEW: review_parts}
"""The papers of a year by the word of their address, and what makes their parts."""
_ENDED = (RoundState.CLOSED, RoundState.ISSUED)
GROUPED = ("outcome", "answer__declared", "late_days")
"""What of a measure says in which group it is."""


def write_review(
    *, plan: Plan, year: int, conclusions: str, changes: str, by: User, seen: str = ""
) -> YearlyReview:
    """Write the review of a year of a plan in force; return it. One act.

    `seen` is the uid of the last review of the year the person has read, "" for none. Raises
    `RuleRefused` for who is not the RPCT, for a plan not in force, and where another person has
    written meanwhile; `ValidationError` for another year and without conclusions.
    """
    subject = plan_subject(plan.administration, plan.title)
    with act(KIND, by=by, subject=subject):
        if not is_rpct_of_plan(by, plan):
            raise RuleRefused(_("Il riesame lo scrive il RPCT dell’amministrazione."))
        if not is_in_force(plan):
            raise RuleRefused(_("Si riesamina un piano adottato, finché è aperto."))
        if year not in years_of(plan):
            raise ValidationError(
                _("Si riesamina un anno dall’adozione del piano a quello in corso.")
            )
        last = last_review(plan, year)
        if (str(last.uid) if last else "") != seen:
            raise RuleRefused(_("Un’altra persona l’ha scritto ora: rileggilo."))
        row = YearlyReview(
            plan=plan,
            year=year,
            conclusions=conclusions.strip(),
            changes=changes.strip(),
            replaces=last,
            by=by,
        )
        store(row, sure={"plan", "by"})
        detail: dict[str, Any] = {"year": year}
        trail.bind_row(detail, row)
        trail.write(kind=KIND, by=by, subject=subject, detail=detail)
        return row


def last_review(plan: Plan, year: int) -> YearlyReview | None:
    """Return the review of a year that counts; None while there is none."""
    return YearlyReview.objects.filter(plan=plan, year=year, replaced_by=None).first()


def reviewed_years(plan: Plan) -> set[int]:
    """Return the years of a plan that have a review."""
    return set(YearlyReview.objects.filter(plan=plan).order_by().values_list("year", flat=True))


def reviews_of(plan: Plan) -> QuerySet[YearlyReview]:
    """Return all reviews of a plan, the last first, those that were replaced included."""
    rows = YearlyReview.objects.filter(plan=plan).select_related("by", "replaced_by")
    return rows.order_by("-year", "-pk")


def year_report(plan: Plan, year: int) -> YearReport:
    """Return what the rounds of a year, its judgements and its review say of a plan.

    The statements are as many for 30 measures as for 8,000.
    """
    lineage = ancestors_of(plan)
    rounds = MonitoringRound.objects.filter(plan__in=lineage, situation_on__year=year)
    rounds = rounds.exclude(state=RoundState.DRAFT).select_related("plan")
    rows = list(rounds.order_by("situation_on", "pk"))
    review = last_review(plan, year)
    carried_out = last_items(plan, year).filter(outcome=DerivedOutcome.DONE)
    done = set(carried_out.values_list("planned_measure", flat=True))
    return YearReport(
        year=year,
        rounds=tuple(_round(one) for one in rows if one.plan_id == plan.pk),
        elsewhere=tuple(_round(one, one.plan.title) for one in rows if one.plan_id != plan.pk),
        report=report_of(_content(plan, year, lineage)),
        judged=_judged(plan, year),
        facts=_facts(plan, year),
        conclusions=review.conclusions if review else "",
        changes=review.changes if review else "",
        written_on=date_format(localdate(review.at), "d/m/Y") if review else "",
        levels=levels_of_year(plan, datetime.date(year, 12, 31), done),
        least=least_of_year(plan, year),
    )


def _round(row: MonitoringRound, plan: str = "") -> RoundOfYear:
    day = date_format(row.situation_on, "d/m/Y")
    return RoundOfYear(row.label, row.get_kind_display(), day, row.get_state_display(), plan=plan)


def last_items(plan: Plan, year: int) -> QuerySet[RoundItem]:
    """Return of each measure what the last closed round of a year that asked for it said."""
    return _said_last(RoundItem.objects.filter(round__plan=plan), year).order_by("pk")


def _said_last(rows: QuerySet[RoundItem], year: int | ExtractYear) -> QuerySet[RoundItem]:
    """Return those of a year's last closed round that asked for their measure."""
    asked = RoundItem.objects.filter(
        planned_measure=OuterRef("planned_measure"),
        round__state__in=_ENDED,
        round__situation_on__year=year,
    ).order_by("-round__situation_on", "-round")
    return rows.alias(last=Subquery(asked.values("pk")[:1])).filter(pk=F("last"))


def _last_before(plan: Plan, year: int, lineage: list[int]) -> list[dict[str, Any]]:
    """Return the years before, oldest first: how many measures of each group; two statements.

    Those of the plans it comes from too, which had rounds in its first year, perhaps: of each
    measure of a plan the last closed round counts. `lineage` is that of `ancestors_of`.
    """
    before = Q(round__situation_on__year__lt=year)
    before |= Q(round__situation_on__year=year) & ~Q(round__plan=plan)
    ended = {"round__state__in": _ENDED, "round__plan__in": lineage}
    rows = RoundItem.objects.filter(before, **ended).order_by()
    rows = _said_last(rows, ExtractYear(OuterRef("round__situation_on")))
    told = rows.values_list("round__plan__title", "round__situation_on__year", *GROUPED)
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for title, then, outcome, declared, late, n in told.annotate(n=Count("pk")):
        counts[then, title][group_of(outcome, declared or "", late).value] += n
    return [
        {"plan": title, "year": str(then), "groups": dict(groups)}
        for (then, title), groups in sorted(counts.items())
    ]


def _content(plan: Plan, year: int, lineage: list[int]) -> dict[str, Any]:
    """Return the last outcomes of a year as the report of one round would have them."""
    items = list(with_told(last_items(plan, year)).select_related("round"))
    areas = areas_of(planned_measure__round_items__in=last_items(plan, year).values("pk"))
    measures = [{**said_of(item, areas), "round": item.round.label} for item in items]
    further = {"corrections": _corrections(plan, year), "years": _last_before(plan, year, lineage)}
    return year_content(plan, year, measures) | further


def year_content(plan: Plan, year: int, measures: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a year says of a plan as the report of one round would have it.

    `measures` are what was said of each measure last; those of the plan that are not among them
    nobody was asked about. One statement.
    """
    asked = {one["planned"] for one in measures}
    named = (
        PlannedMeasure.objects.filter(plan=plan)
        .in_use()
        .select_related("measure", "annex__office", "responsible_office")
    )
    rows = named.order_by("measure__folded", "pk")
    beyond = [unasked_of(row) for row in rows if str(row.uid) not in asked]
    return {
        "body": plan.administration.name,
        "plan": plan.title,
        "label": str(year),
        "kind": "",
        "situation_on": "",
        "coverage": "",
        "criteria": "",
        "planned": len(asked) + len(beyond),
        "unasked": beyond,
        "measures": measures,
    }


def _corrections(plan: Plan, year: int) -> list[dict[str, str]]:
    """Return what was found to be otherwise in the issued rounds of a year; one statement."""
    rows = RoundCorrection.objects.filter(round__plan=plan, round__situation_on__year=year)
    names = ("item__planned_measure__measure", "item__office")
    return [
        {
            "on": str(localdate(row.at)),
            "said": row.said,
            "reason": row.reason,
            "measure": row.item.planned_measure.measure.label if row.item else "",
            "office": row.item.office.name if row.item else "",
            "outcome": row.outcome,
            "was": row.item.outcome if row.item and row.outcome else "",
        }
        for row in rows.select_related(*names).order_by("pk")
    ]


def _judged(plan: Plan, year: int) -> tuple[JudgedMeasure, ...]:
    """Return the measures of a plan, and all that were judged, with what counts of a year.

    Two statements.
    """
    given = Suitability.objects.filter(planned_measure__plan=plan, year=year, replaced_by=None)
    by_measure = {row.planned_measure_id: row for row in given}
    measures = PlannedMeasure.objects.filter(plan=plan)
    rows = measures.in_use() | measures.filter(pk__in=given.order_by().values("planned_measure"))
    rows = rows.select_related("measure", "annex__office", "responsible_office")
    found = []
    for row in rows.order_by("measure__folded", "pk"):
        names, said = unasked_of(row), by_measure.get(row.pk)
        told = {}
        if said is not None:
            told = {name: getattr(said, name) for name in ("judgement", "factor", "motivation")}
        found.append(JudgedMeasure(**names, **told))
    return tuple(found)


def _facts(plan: Plan, year: int) -> tuple[tuple[str, int], ...]:
    rows = Fact.objects.filter(plan=plan, year=year, replaced_by=None).order_by()
    counts = dict(rows.values_list("kind").annotate(n=Sum("count")))
    return tuple((str(kind.label), counts.get(kind.value, 0)) for kind in FactKind)


def paper_parts(plan: Plan, year: int, paper: str) -> tuple[ReportPart, ...]:
    """Return the parts of a paper of a year, by the word of its address."""
    return PAPERS[paper](year_report(plan, year))


def title_of(paper: str) -> str:
    """Return what a paper of a year is called."""
    return _("Riesame dell’anno") if paper == REVIEW else _("Stato di attuazione delle misure")


def year_pdf(plan: Plan, year: int, paper: str, *, progress: Progress = no_progress) -> bytes:
    """Return a paper of a year as a tagged PDF; raises `risk.paper.pdf.PaperError`."""
    progress(0, 1, _("Leggo i monitoraggi dell’anno"))
    year_said = year_report(plan, year)
    days = [one.situation_on for one in year_said.rounds]
    head = ReportHead(
        body=printable(plan.administration.name),
        plan=printable(plan.title),
        label=str(year),
        title=title_of(paper),
        situation_on=days[-1] if days else f"31/12/{year}",
    )
    fragments = report_fragments(head, PAPERS[paper](year_said))
    return report_apart(fragments, named=f"{head.title} {year}", progress=progress, is_kept=True)


def year_workbook(plan: Plan, year: int, paper: str) -> bytes:
    """Return a paper of a year as a workbook; raises `risk.workbooks.drawing.TooLongError`."""
    title = f"{title_of(paper)} {year} – {plan.title}"
    return parts_workbook(title, paper_parts(plan, year, paper), is_draft=True)
