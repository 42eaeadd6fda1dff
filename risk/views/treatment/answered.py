"""The measures offices answer for, in whatever annex, and those of the whole plan."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from registry.clock import today
from registry.models import Office
from registry.permissions import reach_of
from registry.responses.list_files import asked_format, list_file
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from risk.forms.reporting import AnsweredFilter
from risk.models import PlannedMeasure
from risk.services.monitoring.page import asking
from risk.services.reporting.list_heads import ANSWERED
from risk.services.reporting.listings import answered_table, streamed
from risk.services.treatment.places import with_place
from risk.services.treatment.terms import answered_now, answered_on, with_programme

ROWS_A_PAGE = 50


@require_safe
def answered(request):
    """List what one’s offices are to carry out, next due first, with who, when and how far."""
    return _shown(request, answered_now(request.user))


@require_safe
def answered_by_office(request, ipa_code, office):
    """List what one office is to carry out, to whoever works in it or reads the body as a whole."""
    offices = Office.objects.select_related("administration")
    row = get_object_or_404(offices, administration__ipa_code=ipa_code, pk=office)
    reach = reach_of(request.user)
    if row.pk not in reach.own_offices and row.administration_id not in reach.whole_bodies:
        raise Http404
    return _shown(request, answered_on([row.pk], [row.administration_id], today()), row)


def _shown(
    request, answering: QuerySet[PlannedMeasure], office: Office | None = None
) -> HttpResponse:
    form, sorting = AnsweredFilter(request.GET), Sorting(request.GET, ANSWERED)
    rows = with_programme(with_place(sorting.apply(form.apply(answering))))
    if suffix := asked_format(request):
        table, subject = answered_table(streamed(rows)), "list risk.plannedmeasure"
        return list_file(request, table, suffix, name="answered", subject=subject)
    page = page_of_rows(rows, request.GET, size=ROWS_A_PAGE)
    offices = [office.pk] if office else reach_of(request.user).own_offices
    context = {"page": page, "form": form, "sorting": sorting, "office": office}
    context["rounds"] = asking(offices)
    return render(request, "risk/treatment/answered.html", context)
