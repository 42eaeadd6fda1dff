"""The review of a year of a published plan: pages, PDF, data."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.responses.public import public
from registry.responses.stored_files import stored_file
from risk.services.reporting.public_reviews import (
    PublicReview,
    public_review,
    review_data,
    review_page,
    review_paper,
)
from risk.views.reporting.open_data import open_to_all
from risk.views.reporting.pages import readable, told_on_a_page
from risk.views.reporting.states import year_published


def _of_year(ipa_code: str, title: str, year: int) -> PublicReview:
    """Return the review of a year in which a round was issued; else Http404."""
    found = public_review(year_published(ipa_code, title, year))
    if found is None:
        raise Http404
    return found


@readable
def page(request, ipa_code, title, year):
    """Show a page of the review of a year."""
    found = _of_year(ipa_code, title, year)
    number = request.GET.get("pagina")
    shown = review_page(found, number, patience=settings.PAGE_SECONDS)
    context = {
        "plan": found.of.plan,
        "year": year,
        "review": True,
        "html": shown.html,
        "page": shown.page,
        "here": _("Riesame, %(year)s") % {"year": year},
        "elsewhere": found.of.states_elsewhere,
    }
    return render(request, "risk/reporting/published_page.html", context)


@public
@require_safe
@told_on_a_page
def paper(request, ipa_code, title, year):
    """Give the PDF of the review; a long one that is not drawn yet is told to be on its way."""
    found = _of_year(ipa_code, title, year)
    file = review_paper(found, patience=settings.PAGE_SECONDS, draws_long=False)
    name = f"{title}-riesame-{year}.pdf"
    return stored_file(request, file, name=name, content_type="application/pdf")


@open_to_all
def data(request, ipa_code, title, year):
    """Give the data of the review."""
    file = review_data(_of_year(ipa_code, title, year), patience=settings.PAGE_SECONDS)
    name = f"{title}-riesame-{year}.json"
    return stored_file(request, file, name=name, content_type="application/json")
