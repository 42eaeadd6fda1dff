"""How fit the measures of a plan are: listed by year, judged one by one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.acts import RuleRefused
from registry.models import Plan
from registry.permissions import is_rpct_of_plan
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from risk.enums import DerivedOutcome
from risk.forms.monitoring.suitability import SuitabilityForm
from risk.judgements import SuitabilityJudgement
from risk.models import PlannedMeasure
from risk.services.monitoring.rounds import is_in_force
from risk.services.monitoring.suitability import (
    judge_suitability,
    judged,
    judgements_of,
    last_judgement,
    missing,
    said_by_offices,
    years_of,
)
from risk.services.plans.moves import subject_of
from risk.services.reporting.judged_lists import suitability_table
from risk.services.reporting.list_heads import SUITABILITIES
from risk.services.treatment.places import with_place
from risk.views.plans.page import visible_plan

ROWS_A_PAGE = 50
_OF_MEASURE = ("measure", "plan__administration", "annex__office", "annex__plan")


def year_asked(request, plan: Plan) -> int:
    """Return the year an address asks about; without one this year, or the last there is."""
    years, asked = years_of(plan), request.GET.get("anno", "")
    if not asked:
        return years[0] if years else clock.today().year
    if not asked.isdecimal() or int(asked) not in years:
        raise Http404
    return int(asked)


@require_safe
def plan_suitability(request, ipa_code, title):
    """List the measures of a plan with how fit each was judged for a year, those missing first."""
    plan = visible_plan(request.user, ipa_code, title)
    year = year_asked(request, plan)
    rows = PlannedMeasure.objects.readable_by(request.user).filter(plan=plan).in_use()
    rows = with_place(judged(rows, year, request.user)).select_related(*_OF_MEASURE)
    sorting = Sorting(request.GET, SUITABILITIES)
    rows = sorting.apply(rows.order_by("is_judged", "measure__folded", "pk"))
    if suffix := asked_format(request):
        table = suitability_table(year, rows)
        return list_file(request, table, suffix, name="suitability", subject=subject_of(plan))
    page = page_of_rows(rows, request.GET, size=ROWS_A_PAGE)
    for row in page.object_list:
        row.judged = SuitabilityJudgement(row.judgement).label if row.judgement else ""
        row.came_out = DerivedOutcome(row.outcome).label if row.outcome else ""
    context = {
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "page": page,
        "sorting": sorting,
        "missing": missing(plan, year).count() if is_in_force(plan) else 0,
        "title": _("Idoneità delle misure"),
        "is_rpct": is_rpct_of_plan(request.user, plan),
        "reads_whole": request.user.has_perm("risk.read_whole_plan", plan),
    }
    return render(request, "risk/monitoring/suitabilities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def suitability(request, uid):
    """Show what was judged of a measure, or with POST judge it for a year."""
    rows = PlannedMeasure.objects.readable_by(request.user).select_related(*_OF_MEASURE)
    rows = with_place(rows)
    measure = get_object_or_404(rows, uid=uid)
    plan = measure.plan
    year = year_asked(request, plan)
    is_rpct = is_rpct_of_plan(request.user, plan)
    if request.method == "POST" and not is_rpct:
        raise PermissionDenied
    form = _form(request, measure, year) if is_rpct and is_in_force(plan) else None
    if request.method == "POST":
        if form is None:
            messages.error(request, _("Si giudica un piano adottato, finché è aperto."))
            return redirect("risk:suitability", uid)
        if form.is_valid() and _judged(request, measure, year, form):
            return redirect(f"{reverse('risk:suitability', args=[uid])}?anno={year}")
    context = {
        "planned": measure,
        "plan": plan,
        "year": year,
        "years": years_of(plan),
        "judgements": judgements_of(measure),
        "found": said_by_offices(measure, year, request.user),
        "reads_whole": request.user.has_perm("risk.read_whole_plan", plan),
        "form": form,
    }
    return render(request, "risk/monitoring/suitability.html", context)


def _form(request, measure: PlannedMeasure, year: int) -> SuitabilityForm:
    if request.method == "POST":
        return SuitabilityForm(request.POST)
    last = last_judgement(measure, year)
    initial = {}
    if last is not None:
        initial = {name: getattr(last, name) for name in ("judgement", "factor", "motivation")}
    return SuitabilityForm(initial={**initial, "seen": str(last.uid) if last else ""})


def _judged(request, measure: PlannedMeasure, year: int, form: SuitabilityForm) -> bool:
    """Judge as a form says; False, with the reasons on the form, where it is refused."""
    try:
        judge_suitability(measure=measure, year=year, by=request.user, **form.cleaned_data)
    except (RuleRefused, ValidationError, IntegrityError) as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Giudicata."))
    return True
