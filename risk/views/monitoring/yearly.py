"""The year of a plan: how far its measures are, and the review the RPCT writes of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry.acts import RuleRefused
from registry.enums import PUBLIC_PLAN_STATES
from registry.models import Plan
from registry.models.plans import slug_of
from registry.permissions import is_rpct_of_plan
from registry.responses.list_files import asked_format, list_file
from risk.content.round_pieces import pieces_of
from risk.forms.monitoring.yearly import ReviewForm
from risk.paper.round_report import figures_context
from risk.services.monitoring.report_files import measures_table
from risk.services.monitoring.rounds import is_in_force
from risk.services.monitoring.suitability import years_of
from risk.services.monitoring.yearly import (
    PAPERS,
    REVIEW,
    STATE,
    last_review,
    reviews_of,
    title_of,
    write_review,
    year_report,
)
from risk.services.plans.moves import subject_of
from risk.tasks import ask_open_data, ask_year_paper
from risk.views.monitoring.suitability import year_asked
from risk.views.plans.acts import whole_plan

ROWS_A_PAGE = 60
SUFFIXES = ("pdf", "xlsx")


@require_safe
def state(request, ipa_code, title):
    """Show how far the measures of a plan are at the end of a year, or give them as a list."""
    plan = whole_plan(request.user, ipa_code, title)
    year = year_asked(request, plan)
    told = year_report(plan, year)
    if suffix := asked_format(request):
        table = measures_table(told.report)
        return list_file(request, table, suffix, name="year", subject=subject_of(plan))
    context = _context(request, plan, year, told, STATE)
    return render(request, "risk/monitoring/year_state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request, ipa_code, title):
    """Show the review of a year of a plan, or with POST write it."""
    plan = whole_plan(request.user, ipa_code, title)
    year = year_asked(request, plan)
    is_rpct = is_rpct_of_plan(request.user, plan)
    if request.method == "POST" and not is_rpct:
        raise PermissionDenied
    here = reverse("risk:plan_review", args=[ipa_code, title])
    form = _form(request, plan, year) if is_rpct and is_in_force(plan) else None
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Si riesamina un piano adottato, finché è aperto."))
            return redirect(here)
        if form.is_valid() and _written(request, plan, year, form):
            return redirect(f"{here}?anno={year}")
    context = _context(request, plan, year, year_report(plan, year), REVIEW)
    context |= {"form": form, "reviews": reviews_of(plan)}
    return render(request, "risk/monitoring/year_review.html", context)


def _context(request, plan: Plan, year: int, told, paper: str) -> dict:
    pieces = pieces_of(PAPERS[paper](told), most=ROWS_A_PAGE)
    shown = Paginator(pieces, 1).get_page(request.GET.get("pagina"))
    return {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "paper": paper,
        "title": title_of(paper),
        "reads_whole": True,
        "elsewhere": {one.plan: slug_of(one.plan) for one in told.elsewhere}.items(),
        "is_rpct": is_rpct_of_plan(request.user, plan),
        "page": shown,
        "parts": shown.object_list[0],
        **figures_context(),
    }


def _form(request, plan: Plan, year: int) -> ReviewForm:
    if request.method == "POST":
        return ReviewForm(request.POST)
    last = last_review(plan, year)
    if last is None:
        return ReviewForm()
    initial = {"conclusions": last.conclusions, "changes": last.changes, "seen": str(last.uid)}
    return ReviewForm(initial=initial)


def _written(request, plan: Plan, year: int, form: ReviewForm) -> bool:
    """Write the review of a form; False, with the reasons on the form, where it is refused."""
    try:
        write_review(plan=plan, year=year, by=request.user, **form.cleaned_data)
    except (RuleRefused, ValidationError, IntegrityError) as refused:
        form.refuse(refused)
        return False
    if plan.state in PUBLIC_PLAN_STATES:
        ask_open_data(plan=plan, by=request.user)
    messages.success(request, _("Scritto."))
    return True


@require_POST
def prepare(request, ipa_code, title):
    """Let a paper of a year be drawn as PDF, or be written as a workbook."""
    plan = whole_plan(request.user, ipa_code, title)
    suffix, paper = request.POST.get("formato", ""), request.POST.get("documento", "")
    if suffix not in SUFFIXES or paper not in PAPERS:
        raise Http404
    year = year_asked(request, plan)
    job = ask_year_paper(plan=plan, year=year, paper=paper, suffix=suffix, by=request.user)
    return redirect("registry:job", job.uid)
