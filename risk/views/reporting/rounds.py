"""The report of an issued round of a published plan: read on pages, as a PDF, as open data."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from registry.responses.stored_files import stored_file
from risk.models import RoundIssue
from risk.models.packed import intact
from risk.services.reporting.public_rounds import (
    TABLES,
    public_population,
    public_round,
    round_page,
    round_table,
)
from risk.views.reporting.issued import as_issued
from risk.views.reporting.open_data import open_to_all
from risk.views.reporting.pages import readable
from risk.views.reporting.published import published_issue


def _issue(ipa_code: str, title: str, uid) -> RoundIssue:
    """Return the last public report of a round of a published plan; else Http404."""
    plan = published_issue(ipa_code, title).plan
    issue = public_round(plan, uid)
    if issue is None:
        raise Http404
    issue.round.plan = plan
    return issue


@readable
def page(request, ipa_code, title, uid):
    """Show a page of the report."""
    issue = _issue(ipa_code, title, uid)
    shown = round_page(issue, request.GET.get("pagina"), patience=settings.PAGE_SECONDS)
    context = {
        "plan": issue.round.plan,
        "round": issue.round,
        "html": shown.html,
        "page": shown.page,
        "here": issue.round.label,
        "tables": TABLES.items(),
    }
    return render(request, "risk/reporting/published_page.html", context)


@as_issued(_issue)
def paper(issue: RoundIssue) -> str:
    """Give the PDF of the public report, as it was issued."""
    return f"{issue.round.plan.slug}-monitoraggio-{issue.round.situation_on}.pdf"


@open_to_all
def data(request, ipa_code, title, uid):
    """Give the data of the public report, byte for byte as they were issued."""
    issue = _issue(ipa_code, title, uid)
    issue.refresh_from_db(fields=["data"])
    return HttpResponse(intact(issue, "data"), content_type="application/json")


@open_to_all
def population(request, ipa_code, title, uid):
    """Give the list the measures of the round were drawn from, as `sha256sum` reads it."""
    text = public_population(_issue(ipa_code, title, uid))
    if text is None:
        raise Http404
    answered = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answered["Content-Disposition"] = 'attachment; filename="popolazione.txt"'
    return answered


@open_to_all
def table(request, ipa_code, title, uid, name):
    """Give one table of the report as CSV."""
    if name not in TABLES:
        raise Http404
    file = round_table(_issue(ipa_code, title, uid), name, patience=settings.PAGE_SECONDS)
    kind = "text/csv; charset=utf-8"
    return stored_file(request, file, name=f"{title}-monitoraggio-{name}.csv", content_type=kind)
