"""From an edition in the register to the document that is adopted, and its canonical data."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry.enums import AnnexState
from registry.models import Annex, Plan
from registry.packing import DamagedContentError
from risk.content.adopted_names import name_as_adopted
from risk.content.build_measures import wide_measure
from risk.content.canonical import (
    OF_EVERY_ISSUE,
    UnknownFormatError,
    build_as,
    printed_of,
    read_canonical,
    write_canonical,
)
from risk.content.figures import CountTable, plan_figures
from risk.content.objective_values import printed_objectives
from risk.content.plan_parts import PLAN_PARTS, PlanPart
from risk.content.plan_values import (
    ExemptOffice,
    PlanAct,
    PlanDocument,
    PlanEntry,
    PlanObjective,
)
from risk.content.typography import or_dash, printable
from risk.content.values import FigureCell, FigureLine, FigureTable, SheetMeasure
from risk.enums import MeasureScope
from risk.models import AnnexIssue, ImplementationStep, PlanIssue, PlannedMeasure
from risk.services.completeness.plan_loading import is_exempt
from risk.services.plans.chapters import plan_chapters
from risk.services.plans.contributions import plan_contributions
from risk.services.plans.objectives import objectives_of, years_of
from risk.services.treatment.page import answering_offices


@dataclass(frozen=True)
class PlanContent:
    """What is adopted: the document and the issues it wraps, in its order."""

    document: PlanDocument
    issues: tuple[AnnexIssue, ...]


def plan_content(plan: Plan, act: PlanAct) -> PlanContent:
    """Return the document of an edition whose annexes are issued, with these issues.

    The number of queries does not depend on how many there are; the issues come without their
    bytes.
    """
    annexes = list(plan.annexes.select_related("office", "exemption").order_by("office__folded"))
    current = current_issues(plan)
    issued = [row for row in annexes if not is_exempt(row) and row.pk in current]
    document = PlanDocument(
        administration=printable(plan.administration.name),
        ipa_code=plan.administration.ipa_code,
        title=printable(plan.title),
        kind=f"{plan.get_document_display()}, {plan.get_kind_display()}",
        years=f"{plan.first_year}–{plan.last_year}",
        act=act,
        annexes=tuple(_entry(row, current[row.pk]) for row in issued),
        exempt=exempt_offices(plan, annexes),
        figures=figures_of(plan, issued),
        measures=plan_measures(plan),
        objectives=plan_objectives(plan),
        chapters=plan_chapters(plan),
        contributions=plan_contributions(plan),
    )
    return PlanContent(document, tuple(current[row.pk] for row in issued))


def draft_document(plan: Plan) -> PlanDocument:
    """Return what an edition that is not adopted says itself: no act, no annexes, no figures."""
    annexes = list(plan.annexes.select_related("office", "exemption").order_by("office__folded"))
    return PlanDocument(
        administration=printable(plan.administration.name),
        ipa_code=plan.administration.ipa_code,
        title=printable(plan.title),
        kind=f"{plan.get_document_display()}, {plan.get_kind_display()}",
        years=f"{plan.first_year}–{plan.last_year}",
        act=PlanAct(organ="", kind="", number="", date=""),
        exempt=exempt_offices(plan, annexes),
        measures=plan_measures(plan),
        objectives=plan_objectives(plan),
        chapters=plan_chapters(plan),
        contributions=plan_contributions(plan),
    )


def current_issues(plan: Plan) -> dict[int, AnnexIssue]:
    """Return, by annex, the issue each issued annex stands as now. One query."""
    issues = AnnexIssue.objects.filter(plan=plan, annex__state=AnnexState.ISSUED).standing()
    return {row.annex_id: row for row in issues.defer("pdf", "html", "data")}


def plan_snapshot(document: PlanDocument) -> str:
    """Return the canonical JSON of a plan: the same content gives the same text.

    That of one without objectives, chapters or contributions is what it was before plans had any.
    """
    own = ("objectives", "chapters", "contributions")
    empty = (name for name in own if not getattr(document, name))
    return write_canonical("plan", document, without=(*OF_EVERY_ISSUE, *empty))


def printed_plan(issue: PlanIssue) -> PlanDocument:
    """Return the document a plan was printed from, rebuilt from its data alone.

    Raises `UnknownFormatError` for data of another format.
    """
    return build_as(PlanDocument, {**read_canonical("plan", issue.data), **printed_of(issue)})


def adopted_parts(issue: PlanIssue) -> tuple[str, list[PlanPart]]:
    """Return the name the body had as its plan was adopted, and the parts that say something.

    Of data in a format this version does not read, or damaged, the present name and all parts: the
    page is there for everybody, and its files are what was adopted.
    """
    try:
        fields = read_canonical("plan", issue.data)
    except (UnknownFormatError, DamagedContentError):
        return issue.plan.administration.name, list(PLAN_PARTS.values())
    said = (one for one in PLAN_PARTS.values() if not one.holds or fields.get(one.holds))
    return fields["administration"], list(said)


def file_name_of(annex: Annex, issue: AnnexIssue) -> str:
    """Return the name of an issued annex among the files of the plan."""
    office = slugify(annex.printed_office_name)[:80]
    return f"allegato-{issue.number:03d}-{office}.pdf"


def _entry(annex: Annex, issue: AnnexIssue) -> PlanEntry:
    protocol = printable(issue.protocol_number)
    if issue.protocol_date:
        protocol = f"{protocol} {date_format(issue.protocol_date, 'd/m/Y')}".strip()
    return PlanEntry(
        uid=str(annex.uid),
        office=printable(annex.printed_office_name),
        head=or_dash(annex.printed_head),
        number=str(issue.number),
        issued_on=date_format(timezone.localtime(issue.issued_at), "d/m/Y"),
        protocol=or_dash(protocol),
        file_name=file_name_of(annex, issue),
        data_digest=issue.data_digest,
        pdf_digest=issue.pdf_digest,
    )


def exempt_offices(plan: Plan, annexes: Iterable[Annex]) -> tuple[ExemptOffice, ...]:
    """Return the offices an edition goes without, among its annexes, as they are printed."""
    exempted = [row for row in annexes if is_exempt(row)]
    name_as_adopted(plan, [row.office for row in exempted])
    return tuple(
        ExemptOffice(printable(row.printed_office_name), printable(row.exemption.reason))
        for row in exempted
    )


def plan_measures(plan: Plan) -> tuple[SheetMeasure, ...]:
    """Return the measures of a whole plan as they are printed."""
    steps = ImplementationStep.objects.select_related("responsible_role", "responsible_office")
    rows = (
        PlannedMeasure.objects.filter(plan=plan, scope=MeasureScope.PLAN)
        .select_related("measure", "objective", "responsible_role", "responsible_office")
        .prefetch_related(
            "measure__typologies",
            "progress_indicators",
            Prefetch("steps", queryset=steps.order_by("position")),
        )
        .order_by("position", "pk")
    )
    name_as_adopted(plan, answering_offices(rows))
    return tuple(map(wide_measure, rows))


def plan_objectives(plan: Plan) -> tuple[PlanObjective, ...]:
    """Return the objectives of a plan as they are printed."""
    return printed_objectives(objectives_of(plan), years_of(plan))


def figures_of(plan: Plan, annexes: Iterable[Annex]) -> tuple[FigureTable, ...]:
    """Return the figures of some annexes of a plan as they are printed; none that count nothing."""
    rows = Annex.objects.filter(pk__in=[row.pk for row in annexes])
    figures = plan_figures(plan, rows)
    titles = (
        (_("Processi per area di rischio e livello"), _("Area di rischio"), figures.levels),
        (_("Processi per probabilità e impatto"), _("Probabilità"), figures.matrix),
        (_("Comportamenti a rischio per categoria di evento"), _("Categoria"), figures.categories),
        (_("Misure per carattere e stato di attuazione"), _("Carattere"), figures.measures),
    )
    tables = tuple(
        _table(title, head, table) for title, head, table in titles if table and table.lines
    )
    counted = (cell.count for table in tables for line in table.lines for cell in line.cells)
    return tables if any(counted) else ()


def _table(title: str, head: str, table: CountTable) -> FigureTable:
    """Return a table of figures as printed, its total in a column of its own where it has one."""
    has_total = bool(table.lines) and len(table.lines[0].cells) > len(table.columns)
    return FigureTable(
        title=title,
        head=head,
        columns=(*table.columns, _("totale")) if has_total else table.columns,
        lines=tuple(
            FigureLine(
                label=line.label,
                cells=tuple(
                    FigureCell(cell.count, cell.strength, str(cell.tone or "neutral"))
                    for cell in line.cells
                ),
            )
            for line in table.lines
        ),
    )
