"""How far the measures of a published plan are at the end of a year: pages, PDF, open data."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.models import Plan
from registry.responses.public import public
from registry.responses.stored_files import stored_file
from risk.models import RoundIssue
from risk.services.reporting.public_states import (
    DATA,
    TABLES,
    issues_of_year,
    state_file,
    state_page,
    state_paper,
)
from risk.views.reporting.open_data import open_to_all
from risk.views.reporting.pages import readable, told_on_a_page
from risk.views.reporting.published import published_issue


def _of_year(ipa_code: str, title: str, year: int) -> tuple[Plan, list[RoundIssue]]:
    """Return a published plan and the issues of its rounds of a year; else Http404."""
    plan = published_issue(ipa_code, title).plan
    issues = issues_of_year(plan, year)
    if not issues:
        raise Http404
    return plan, issues


@readable
def page(request, ipa_code, title, year):
    """Show a page of the state of a year."""
    plan, issues = _of_year(ipa_code, title, year)
    number = request.GET.get("pagina")
    shown = state_page(plan, issues, number, patience=settings.PAGE_SECONDS)
    context = {
        "plan": plan,
        "year": year,
        "html": shown.html,
        "page": shown.page,
        "here": _("Stato di attuazione, %(year)s") % {"year": year},
        "tables": TABLES.items(),
    }
    return render(request, "risk/reporting/published_page.html", context)


@public
@require_safe
@told_on_a_page
def paper(request, ipa_code, title, year):
    """Give the PDF of the state; a long one that is not drawn yet is told to be on its way."""
    plan, issues = _of_year(ipa_code, title, year)
    file = state_paper(plan, issues, patience=settings.PAGE_SECONDS, draws_long=False)
    name = f"{title}-stato-di-attuazione-{year}.pdf"
    return stored_file(request, file, name=name, content_type="application/pdf")


@open_to_all
def data(request, ipa_code, title, year):
    """Give the data of the state."""
    plan, issues = _of_year(ipa_code, title, year)
    file = state_file(plan, issues, DATA, patience=settings.PAGE_SECONDS)
    name = f"{title}-stato-di-attuazione-{year}.json"
    return stored_file(request, file, name=name, content_type="application/json")


@open_to_all
def table(request, ipa_code, title, year, name):
    """Give one table of the state as CSV."""
    if name not in TABLES:
        raise Http404
    plan, issues = _of_year(ipa_code, title, year)
    file = state_file(plan, issues, f"{name}.csv", patience=settings.PAGE_SECONDS)
    told = f"{title}-stato-di-attuazione-{year}-{name}.csv"
    return stored_file(request, file, name=told, content_type="text/csv; charset=utf-8")
