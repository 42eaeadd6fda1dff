"""Two plans laid side by side. Who does not read all of the body finds no such page."""

import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.models import Annex, Plan
from registry.packing import DamagedContentError
from registry.responses.list_files import asked_format, list_file
from risk.content.canonical import UnknownFormatError
from risk.models import AnnexIssue
from risk.services.annexes.contents import ContentChangedError
from risk.services.plans.comparison.making import (
    EditionComparison,
    compare_issues,
    compare_plans,
    told_of,
)
from risk.services.plans.comparison.page import (
    NothingThatDayError,
    in_order,
    is_ready,
    listed,
    office_of,
    other_plans,
    plan_of_day,
    summary_of,
    usual_other,
)
from risk.services.plans.comparison.table import comparison_table
from risk.services.plans.moves import subject_of
from risk.tasks import ask_comparison
from risk.views.plans.acts import whole_plan

OFFICES_A_PAGE = 30
OTHER, DAY, OFFICE = "con", "giorno", "ufficio"


@require_safe
def comparison(request, ipa_code, title):
    """Show what changed between a plan and another: in numbers, then office by office."""
    plan = whole_plan(request.user, ipa_code, title)
    others = other_plans(plan, request.user)
    context = {"plan": plan, "others": others, "day": request.GET.get(DAY, "")}
    try:
        other = _other(request, plan, others)
    except (NothingThatDayError, ValueError) as refused:
        context["refused"] = str(refused)
        return render(request, "risk/plans/comparison/page.html", context, status=422)
    if other is None:
        return render(request, "risk/plans/comparison/page.html", context)
    before, after = in_order(plan, other)
    context |= {"other": other, "before": before, "after": after}
    if not is_ready(before, after):
        return render(request, "risk/plans/comparison/page.html", context | {"waits": True})
    try:
        return _compared(request, plan, compare_plans(before, after), context)
    except (UnknownFormatError, DamagedContentError, ContentChangedError) as refused:
        context["refused"] = str(refused) or _("Qualcuno sta scrivendo: riprova tra un momento.")
        return render(request, "risk/plans/comparison/page.html", context, status=409)


def _compared(request, plan: Plan, found: EditionComparison, context: dict) -> HttpResponse:
    if suffix := asked_format(request):
        table = comparison_table(found)
        return list_file(request, table, suffix, name="comparison", subject=subject_of(plan))
    context |= {"comparison": found, "told": told_of(found)}
    if OFFICE not in request.GET:
        summary = summary_of(found)
        context |= {
            "summary": summary,
            "offices": Paginator(summary.offices, OFFICES_A_PAGE).get_page(
                request.GET.get("pagina")
            ),
            "query": _rest(request),
        }
        return render(request, "risk/plans/comparison/page.html", context)
    office = office_of(found, request.GET[OFFICE])
    if office is None:
        raise Http404
    context |= {
        "office": office,
        "page": listed(office, request.GET.get("pagina")),
        "query": _rest(request),
    }
    return render(request, "risk/plans/comparison/office.html", context)


@require_safe
def issues(request, uid):
    """Show what changed in an annex between one of its issues and the one before it."""
    rows = AnnexIssue.objects.filter(annex__in=Annex.objects.visible_to(request.user))
    rows = rows.defer("html", "pdf").select_related("plan__administration", "annex__office")
    issue = get_object_or_404(rows, uid=uid)
    before = rows.filter(annex=issue.annex_id, issued_at__lt=issue.issued_at)
    before = before.order_by("-issued_at").first()
    if before is None:
        raise Http404
    issue.annex.plan = issue.plan
    found = compare_issues(before, issue)
    (office,) = found.opened()
    context = {
        "annex": issue.annex,
        "comparison": found,
        "office": office,
        "page": listed(office, request.GET.get("pagina")),
    }
    return render(request, "risk/plans/comparison/issues.html", context)


def _rest(request) -> str:
    query = request.GET.copy()
    query.pop("pagina", None)
    return query.urlencode()


@require_POST
def document(request, ipa_code, title):
    """Let the comparison be prepared, page and PDF, and lead to where it can be had."""
    plan = whole_plan(request.user, ipa_code, title)
    others = other_plans(plan, request.user)
    other = next((row for row in others if row.slug == request.POST.get(OTHER)), None)
    if other is None:
        raise Http404
    before, after = in_order(plan, other)
    job = ask_comparison(plan=plan, before=before, after=after, by=request.user)
    return redirect("registry:job", job.uid)


def _other(request, plan: Plan, others: list[Plan]) -> Plan | None:
    """Return what the plan is compared with; None where the body has no other.

    Raises `NothingThatDayError`, `ValueError` for what is no day.
    """
    if day := request.GET.get(DAY, ""):
        found = plan_of_day(_day(day), [plan, *others])
        if found.pk == plan.pk:
            raise ValueError(
                _("Il %s valeva questo stesso piano: non c’è da confrontare.") % _shown(day)
            )
        return found
    if asked := request.GET.get(OTHER, ""):
        found = next((row for row in others if row.slug == asked), None)
        if found is None:
            raise Http404
        return found
    return usual_other(plan, others)


def _day(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("«%s» non è una data.") % text) from None


def _shown(day: str) -> str:
    return _day(day).strftime("%d/%m/%Y")
