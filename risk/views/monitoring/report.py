"""The report of a round: read, had as a file, corrected; and the sheet of one office."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.packing import DamagedContentError
from registry.permissions import is_rpct_of_plan
from registry.responses.list_files import asked_format, list_file
from registry.responses.named_row import uid_or_404
from registry.services.trail import record_export
from risk.content.canonical import UnknownFormatError
from risk.content.round_parts import parts_of
from risk.content.round_pieces import pieces_of
from risk.enums import RoundState
from risk.forms.monitoring.rounds import CorrectionForm
from risk.models import MonitoringRound, RoundIssue, RoundItem
from risk.models.packed import intact
from risk.paper.round_report import figures_context
from risk.services.monitoring.report import head_of_report, issues_of, office_report, report_now
from risk.services.monitoring.report_files import measures_table
from risk.services.monitoring.rounds import subject_of_round
from risk.tasks import ask_correction, ask_report
from risk.views.monitoring.answers import visible_office
from risk.views.monitoring.rounds import visible_round

ROWS_A_PAGE = 60
REPORTED = (RoundState.CLOSED, RoundState.ISSUED)
SUFFIXES = ("pdf", "xlsx")


def _reported(request, uid, *, whole: bool = True) -> MonitoringRound:
    """Return a round that is closed; where asked as a `whole`, to who reads all; else Http404."""
    row = visible_round(request, uid)
    may = not whole or request.user.has_perm("risk.read_whole_plan", row.plan)
    if row.state not in REPORTED or not may:
        raise Http404
    return row


@require_safe
def page(request, uid):
    """Show the report of a round, or give its measures as a list."""
    row = _reported(request, uid)
    return _shown(request, row, None)


@require_http_methods(["GET", "HEAD", "POST"])
def office_sheet(request, uid, office):
    """Show what a round says of one office, or give its measures as a list.

    With POST let the sheet be drawn as PDF, or be written as a workbook.
    """
    row = _reported(request, uid, whole=False)
    told = visible_office(request, row, office)
    if request.method != "POST":
        return _shown(request, row, told)
    suffix = request.POST.get("formato", "")
    if suffix not in SUFFIXES:
        raise Http404
    job = ask_report(row=row, suffix=suffix, by=request.user, office=told)
    return redirect("registry:job", job.uid)


def _shown(request, row: MonitoringRound, office) -> HttpResponse:
    try:
        report, issue = report_now(row)
    except (UnknownFormatError, DamagedContentError) as refused:
        context = {"round": row, "plan": row.plan, "refused": str(refused), "office": office}
        return render(request, "risk/monitoring/report.html", context, status=409)
    if office is not None:
        report = office_report(report, row, office.pk)
    if suffix := asked_format(request):
        table, subject = measures_table(report), subject_of_round(row)
        return list_file(request, table, suffix, name="report", subject=subject)
    pieces = pieces_of(parts_of(report), most=ROWS_A_PAGE)
    shown = Paginator(pieces, 1).get_page(request.GET.get("pagina"))
    context = {
        "round": row,
        "plan": row.plan,
        "office": office,
        "head": head_of_report(report, issue),
        "page": shown,
        "parts": shown.object_list[0],
        "contents": _contents(pieces),
        "issues": issues_of(row),
        "corrects": office is None
        and row.state == RoundState.ISSUED
        and is_rpct_of_plan(request.user, row.plan),
        **figures_context(),
    }
    return render(request, "risk/monitoring/report.html", context)


def _contents(pieces: list) -> list[tuple[str, str, int]]:
    """Return title, name and page of each part."""
    return [
        (part.title, part.name, number)
        for number, parts in enumerate(pieces, start=1)
        for part in parts
        if not part.goes_on
    ]


@require_POST
def prepare(request, uid):
    """Let the draft of the report be drawn, or its workbook be written."""
    row = _reported(request, uid)
    suffix = request.POST.get("formato", "")
    if suffix not in SUFFIXES or (suffix == "pdf" and row.state != RoundState.CLOSED):
        raise Http404
    job = ask_report(row=row, suffix=suffix, by=request.user)
    return redirect("registry:job", job.uid)


@require_safe
def issue_file(request, uid, suffix):
    """Give a report exactly as it was issued: its PDF or its data."""
    issues = RoundIssue.objects.select_related("round__plan__administration")
    issue = get_object_or_404(issues.defer("data", "pdf"), uid=uid)
    kinds = {"pdf": ("pdf", "application/pdf"), "json": ("data", "application/json")}
    if suffix not in kinds or not request.user.has_perm("risk.read_whole_plan", issue.round.plan):
        raise Http404
    column, kind = kinds[suffix]
    if column == "pdf" and not issue.pdf_digest:
        raise Http404
    content = intact(issue, column)
    subject = subject_of_round(issue.round)
    detail = {"round": str(issue.round.uid), "number": issue.number}
    record_export(by=request.user, subject=subject, file_format=suffix, detail=detail)
    return _file(issue, content, suffix, kind)


def _file(issue: RoundIssue, content: bytes | str, suffix: str, kind: str) -> HttpResponse:
    name = slugify(f"{issue.round.label} relazione {issue.number}")
    name += "-pubblica" if issue.is_public else ""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    whole = bytes(content) if isinstance(content, bytes) else content
    return HttpResponse(whole, kind, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, uid):
    """Write what was found to be otherwise in an issued round, of a measure or of all of it."""
    row = _reported(request, uid)
    if row.state != RoundState.ISSUED or not is_rpct_of_plan(request.user, row.plan):
        raise Http404
    item = None
    if asked := request.GET.get("misura"):
        item = get_object_or_404(_items(row), uid=uid_or_404(asked))
    form = CorrectionForm(request.POST or None, of_measure=item is not None)
    if request.method == "POST" and form.is_valid():
        try:
            job = ask_correction(row=row, item=item, by=request.user, **_values(form))
            return redirect("registry:job", job.uid)
        except ValidationError as refused:
            form.refuse(refused)
    measure = item.planned_measure.measure.label if item else ""
    context = {
        "plan": row.plan,
        "form": form,
        "title": _("Rettifica di «%(round)s»") % {"round": row.label},
        "note": _("Misura: %s.") % measure
        if measure
        else _("Di una sola misura si scrive dalla sua pagina."),
        "act": _("Scrivi la rettifica ed emetti di nuovo"),
        "back": reverse("risk:round_report", args=[uid]),
    }
    return render(request, "risk/plans/form.html", context)


def _items(row: MonitoringRound):
    return RoundItem.objects.filter(round=row).select_related("planned_measure__measure")


def _values(form: CorrectionForm) -> dict[str, str]:
    return {"outcome": "", **form.cleaned_data}
