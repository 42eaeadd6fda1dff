"""The measures a person’s offices answer for, in whatever annex, and those of the whole plan."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from risk.forms.reporting import AnsweredFilter
from risk.services.reporting.list_heads import ANSWERED
from risk.services.reporting.listings import answered_table, streamed
from risk.services.treatment.terms import answered_now, with_programme

ROWS_A_PAGE = 50


@require_safe
def answered(request):
    """List what one’s offices are to carry out, next due first, with who, when and how far."""
    form, sorting = AnsweredFilter(request.GET), Sorting(request.GET, ANSWERED)
    rows = with_programme(sorting.apply(form.apply(answered_now(request.user))))
    if suffix := asked_format(request):
        table, subject = answered_table(streamed(rows)), "list risk.plannedmeasure"
        return list_file(request, table, suffix, name="answered", subject=subject)
    page = page_of_rows(rows, request.GET, size=ROWS_A_PAGE)
    context = {"page": page, "form": form, "sorting": sorting}
    return render(request, "risk/treatment/answered.html", context)
