"""A published plan read on pages: its parts, and each annex with its PDF at one click."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from registry.responses.public import public
from risk.content.plan_parts import PLAN_PARTS, title_of
from risk.models import AnnexIssue, PlanIssue
from risk.services.plans.documents import file_name_of
from risk.services.reporting.public_comparison import NothingBeforeError, comparison_page
from risk.services.reporting.public_pages import PublicPage, annex_page, part_page
from risk.views.reporting.issued import as_issued
from risk.views.reporting.open_data import conditional
from risk.views.reporting.published import published_issue
from risk.views.reporting.unread import telling_unread


def readable(view):
    """Return a view of a page that strangers read; what cannot be read now is told on a page."""
    return public(require_safe(conditional(told_on_a_page(view))))


def told_on_a_page(view):
    """Return a view that tells on a page what it cannot answer now."""
    return telling_unread(
        view,
        not_now=_not_now,
        busy=_("La pagina si sta preparando: riprova fra qualche secondo."),
        unwritable=_("La pagina non si può scrivere ora: riprova più tardi."),
    )


def _not_now(request, sentence: str) -> HttpResponse:
    return render(request, "risk/reporting/not_now.html", {"sentence": sentence}, status=503)


@readable
def part(request, ipa_code, title, name):
    """Show a part of a published plan, as the summary for citizens."""
    if name not in PLAN_PARTS:
        raise Http404
    issue = published_issue(ipa_code, title)
    shown = part_page(issue, name, request.GET.get("pagina"), patience=settings.PAGE_SECONDS)
    return _shown(request, issue, shown, here=title_of(name))


@readable
def annex(request, ipa_code, title, number):
    """Show an annex of a published plan, some processes at a time."""
    issue = published_issue(ipa_code, title)
    row = _annex_issue(issue, number)
    shown = annex_page(row, request.GET.get("pagina"), patience=settings.PAGE_SECONDS)
    return _shown(request, issue, shown, here=row.annex.printed_office_name, row=row)


@readable
def comparison(request, ipa_code, title):
    """Show what changed between a published plan and the one it took the place of."""
    issue = published_issue(ipa_code, title)
    try:
        number = request.GET.get("pagina")
        shown = comparison_page(issue, number, patience=settings.PAGE_SECONDS)
    except NothingBeforeError:
        raise Http404 from None
    return _shown(request, issue, shown, here=_("Che cosa è cambiato"), compares=True)


def _annex_issue(issue: PlanIssue, number: int) -> AnnexIssue:
    rows = issue.annex_issues.defer("html", "pdf", "data").select_related("annex__office")
    return get_object_or_404(rows, number=number)


def _shown(request, issue: PlanIssue, shown: PublicPage, **context: object) -> HttpResponse:
    context |= {
        "plan": issue.plan,
        "html": shown.html,
        "page": shown.page,
    }
    return render(request, "risk/reporting/published_page.html", context)


def _published_annex(ipa_code: str, title: str, number: int) -> AnnexIssue:
    return _annex_issue(published_issue(ipa_code, title), number)


@as_issued(_published_annex)
def annex_file(row: AnnexIssue) -> str:
    """Give the PDF of an annex of a published plan, as it was issued."""
    return file_name_of(row.annex, row)
