"""How far the measures of a published plan are at the end of a year: pages, PDF, open data."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.responses.public import public
from registry.responses.stored_files import stored_file
from risk.services.reporting.public_states import (
    DATA,
    TABLES,
    PublicYear,
    public_years,
    state_file,
    state_page,
    state_paper,
)
from risk.views.reporting.open_data import open_to_all
from risk.views.reporting.pages import readable, told_on_a_page
from risk.views.reporting.published import published_issue


def year_published(ipa_code: str, title: str, year: int) -> PublicYear:
    """Return a year of a published plan in which a round was issued; else Http404."""
    years = public_years(published_issue(ipa_code, title).plan)
    found = next((one for one in years if one.year == year), None)
    if found is None:
        raise Http404
    return found


@readable
def page(request, ipa_code, title, year):
    """Show a page of the state of a year."""
    of = year_published(ipa_code, title, year)
    number = request.GET.get("pagina")
    shown = state_page(of, number, patience=settings.PAGE_SECONDS)
    context = {
        "plan": of.plan,
        "year": year,
        "html": shown.html,
        "page": shown.page,
        "here": _("Stato di attuazione, %(year)s") % {"year": year},
        "tables": TABLES.items(),
        "elsewhere": of.states_elsewhere,
    }
    return render(request, "risk/reporting/published_page.html", context)


@public
@require_safe
@told_on_a_page
def paper(request, ipa_code, title, year):
    """Give the PDF of the state; a long one that is not drawn yet is told to be on its way."""
    of = year_published(ipa_code, title, year)
    file = state_paper(of, patience=settings.PAGE_SECONDS, draws_long=False)
    name = f"{title}-stato-di-attuazione-{year}.pdf"
    return stored_file(request, file, name=name, content_type="application/pdf")


@open_to_all
def data(request, ipa_code, title, year):
    """Give the data of the state."""
    of = year_published(ipa_code, title, year)
    file = state_file(of, DATA, patience=settings.PAGE_SECONDS)
    name = f"{title}-stato-di-attuazione-{year}.json"
    return stored_file(request, file, name=name, content_type="application/json")


@open_to_all
def table(request, ipa_code, title, year, name):
    """Give one table of the state as CSV."""
    if name not in TABLES:
        raise Http404
    of = year_published(ipa_code, title, year)
    file = state_file(of, f"{name}.csv", patience=settings.PAGE_SECONDS)
    told = f"{title}-stato-di-attuazione-{year}-{name}.csv"
    return stored_file(request, file, name=told, content_type="text/csv; charset=utf-8")
