"""What anybody may read without signing in: the plans that are published (docs/decisions/0031)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from registry.models import Plan
from registry.responses.public import public
from registry.services.row_pages import page_of_rows
from registry.trail.anchors import head_of
from risk.models import PlanIssue
from risk.services.monitoring.yearly import reviewed_years
from risk.services.plans.archive_page import PAGE_FORMAT
from risk.services.plans.documents import adopted_parts
from risk.services.plans.succession import succession_of
from risk.services.reporting.open_data.files import issues_of_public_plans
from risk.services.reporting.open_data.tables import TABLES
from risk.services.reporting.public_states import (
    issues_of_lineage,
    state_years,
    states_elsewhere,
)
from risk.views.plans.acts import file_of
from risk.views.plans.page import plan_called

PLANS_A_PAGE = 50
OFFICES_A_PAGE = 50
SUFFIXES = ("pdf", "zip")


@public
@require_safe
def plans(request):
    """List the published plans."""
    rows = Plan.objects.public().select_related("administration")
    rows = rows.order_by("administration__folded", "-first_year", "title")
    page = page_of_rows(rows, request.GET, size=PLANS_A_PAGE)
    return render(request, "risk/reporting/published_list.html", {"page": page})


@public
@require_safe
def plan(request, ipa_code, title):
    """Show one published plan: its act and its files."""
    published = plan_called(Plan.objects.public(), ipa_code, title)
    issue = PlanIssue.objects.defer("html", "pdf").get(plan=published)
    wrapped = issue.annex_issues.defer("data", "html", "pdf").select_related("annex__office")
    offices = page_of_rows(
        wrapped.order_by("annex__office__folded", "number"), request.GET, size=OFFICES_A_PAGE
    )
    # the name of the body as it was adopted, whatever it is called now
    body, parts = adopted_parts(issue)
    context = {"plan": published, "body": body}
    context |= {"issue": issue, "page": offices, "parts": parts}
    issues = issues_of_lineage(published)
    context["rounds"] = rounds = [one for one in issues if one.round.plan_id == published.pk]
    context["states"] = state_years(rounds)
    context["elsewhere"] = states_elsewhere(published, issues)
    context["reviews"] = reviewed_years(published)
    context["place"] = succession_of(published)
    context["tables"] = [(name, label) for name, (label, _heads, _rows) in TABLES.items()]
    return render(request, "risk/reporting/published.html", context)


@public
@require_safe
def trail_head(request, ipa_code):
    """Give the head of the trail of a body that publishes, for whoever wants to keep it."""
    head = head_of(ipa_code)
    if head is None or not Plan.objects.public().filter(administration__ipa_code=ipa_code).exists():
        raise Http404
    return HttpResponse(f"{head}\n", content_type="text/plain; charset=utf-8")


def published_issue(ipa_code: str, title: str) -> PlanIssue:
    """Return what a published plan was issued as, with its plan and body; any other is a 404.

    One query, which reads nothing of the documents.
    """
    issues = issues_of_public_plans(ipa_code).select_related("plan__administration")
    for issue in issues.defer("data", "html", "pdf"):
        if issue.plan.slug == title:
            return issue
    raise Http404


def _issue(request, ipa_code: str, title: str) -> PlanIssue | None:
    """Return what a published plan was issued as; looked up once for a request."""
    if not hasattr(request, "plan_issue"):
        try:
            request.plan_issue = published_issue(ipa_code, title)
        except Http404:
            request.plan_issue = None
    return request.plan_issue


def _mark(request, ipa_code, title, suffix):
    """Return what tells the bytes of a file from others: they are those that were adopted."""
    issue = _issue(request, ipa_code, title)
    if issue is None:
        return None
    # an archive from before there was this page in it is other bytes
    page = f"-{PAGE_FORMAT}" if suffix == "zip" else ""
    return f'"{issue.pdf_digest}-{suffix}{page}"'


def _moment(request, ipa_code, title, suffix):
    issue = _issue(request, ipa_code, title)
    return issue.issued_at if issue else None


@public
@require_safe
@condition(etag_func=_mark, last_modified_func=_moment)
def plan_file(request, ipa_code, title, suffix):
    """Give the PDF of a published plan, or the archive of all its files."""
    issue = _issue(request, ipa_code, title)
    if suffix not in SUFFIXES or issue is None:
        raise Http404
    return file_of(issue.plan, suffix)
