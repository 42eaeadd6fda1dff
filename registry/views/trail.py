"""The trail, as whoever answers for a body, checks it or keeps the installation reads it."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from registry.forms.trail import TrailFilter
from registry.models import Administration, TrailRecord
from registry.permissions import reach_of
from registry.responses.list_files import asked_format, list_file
from registry.services.list_heads import trail_heads
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.services.trail_page import lines_of, trail_table
from registry.spreadsheets.writing import LIST_FORMATS
from registry.trail.subjects import body_subject

RECORDS_A_PAGE = 50
RIGHT = "registry.view_trail"
MOST_DIGITS = 16
"""Of a moment in microseconds that a calendar can tell."""
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_TICK = datetime.timedelta(microseconds=1)


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """Show the whole trail to the keeper of the installation; lead the others to their body."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    if request.user.is_superuser:
        return _page(request, None, TrailRecord.objects.all())
    bodies = list(Administration.objects.filter(pk__in=reach_of(request.user).whole_bodies))
    if len(bodies) == 1:
        return redirect("registry:trail_of", bodies[0].ipa_code)
    return render(request, "registry/trail/bodies.html", {"bodies": bodies})


@require_safe
def trail_of(request: HttpRequest, ipa_code: str) -> HttpResponseBase:
    """Show what was done in one administration; not found when foreign, refused to its offices."""
    body = get_object_or_404(Administration.objects.visible_to(request.user), ipa_code=ipa_code)
    if not request.user.has_perm(RIGHT, body):
        raise PermissionDenied
    return _page(request, body, TrailRecord.objects.of_body(body))


def _page(
    request: HttpRequest, body: Administration | None, records: QuerySet[TrailRecord]
) -> HttpResponseBase:
    filters = TrailFilter(request.GET)
    # numbers count in each chain for itself
    found = filters.apply(records).select_related("refused_sign_in").order_by("-at", "-pk")
    last = found.values_list("at", flat=True)
    sorting = Sorting(request.GET, trail_heads())
    found = sorting.apply(found)
    if suffix := asked_format(request):
        # what the page showed: files that left since are records too
        found = found.filter(at__lte=upto) if (upto := _moment(request)) else found
        subject = body_subject(body) if body else "list registry.trailrecord"
        return list_file(request, trail_table(body, found), suffix, name="trail", subject=subject)
    page = page_of_rows(found, request.GET, size=RECORDS_A_PAGE)
    context = {
        "body": body,
        "filters": filters,
        "page": page,
        "sorting": sorting,
        "lines": lines_of(page),
        "formats": list(LIST_FORMATS),
        "upto": _told(last.first()),
    }
    return render(request, "registry/trail/list.html", context)


def _told(moment: datetime.datetime | None) -> str:
    """Return a moment as an address tells it: microseconds since 1970; "" for none."""
    return str((moment - _EPOCH) // _TICK) if moment else ""


def _moment(request: HttpRequest) -> datetime.datetime | None:
    """Return up to which moment the list was shown, None where the address does not say."""
    given = request.GET.get("fino", "")
    if not (given.isdecimal() and len(given) <= MOST_DIGITS):
        return None
    return _EPOCH + int(given) * _TICK
