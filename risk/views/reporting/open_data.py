"""Open data of the published plans: anybody may fetch them, from any page, without signing in."""

import functools
import hashlib
import tempfile

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.decorators import decorator_from_middleware
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from registry.models import Administration, Plan
from registry.responses.public import public
from registry.spreadsheets.writing import write_table
from risk.content.canonical import UnknownFormatError
from risk.models import PlanIssue
from risk.services.reporting.open_data.catalogue import catalogue_of, plan_record
from risk.services.reporting.open_data.plans import SCHEMA, write_open_data
from risk.services.reporting.open_data.tables import TABLES, open_data_table
from risk.views.plans.page import plan_called

IN_MEMORY = 4 * 1024 * 1024
JSON_LD = "application/ld+json"
conditional = decorator_from_middleware(ConditionalGetMiddleware)
"""Gives an answer that is made whole its mark; 304 to whoever has it already."""


def _open(view):
    """Let a view be read by strangers, and by the pages of other sites."""

    @functools.wraps(view)
    def answer(request, **parts):
        try:
            response = view(request, **parts)
        except UnknownFormatError as unknown:
            # issued by a newer version of the programme than the one that runs
            response = HttpResponse(str(unknown), "text/plain; charset=utf-8", status=503)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(require_safe(conditional(answer)))


def _issue(ipa_code: str, title: str) -> PlanIssue:
    """Return the issue of a published plan; any other plan is not found."""
    plan = plan_called(Plan.objects.public(), ipa_code, title)
    issues = PlanIssue.objects.defer("html", "pdf").select_related("plan__administration")
    return get_object_or_404(issues, plan=plan)


@_open
def whole(request, ipa_code, title):
    """Give a published plan as JSON."""
    issue = _issue(ipa_code, title)
    into = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write_open_data(issue, into)
    return _file(request, into, f"{issue.plan.slug}.json", "application/json")


@_open
def table(request, ipa_code, title, name):
    """Give one table of a published plan as CSV."""
    if name not in TABLES:
        raise Http404
    issue = _issue(ipa_code, title)
    into = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    write_table(open_data_table(issue, name), "csv", into)
    return _file(request, into, f"{issue.plan.slug}-{name}.csv", "text/csv; charset=utf-8")


@_open
def record(request, ipa_code, title):
    """Give the DCAT-AP_IT record of a published plan."""
    return JsonResponse(plan_record(_issue(ipa_code, title)), content_type=JSON_LD)


@_open
def catalogue(request, ipa_code):
    """Give the DCAT-AP_IT catalogue of the published plans of a body, once there are any."""
    bodies = Administration.objects.filter(plans__in=Plan.objects.public()).distinct()
    body = get_object_or_404(bodies, ipa_code=ipa_code)
    return JsonResponse(catalogue_of(body), content_type=JSON_LD)


@_open
def schema(request):
    """Give the JSON Schema of the data."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")


def _file(request, into, name: str, content_type: str) -> HttpResponseBase:
    """Answer a file that has been written, or 304 to whoever has the same already.

    The mark is of the bytes: neither what is frozen nor a date says that they are written otherwise
    by a later version.
    """
    into.seek(0)
    mark = quote_etag(hashlib.file_digest(into, "sha256").hexdigest())
    known = get_conditional_response(request, etag=mark)
    if known is not None:
        into.close()
        return known
    into.seek(0)
    response = FileResponse(into, as_attachment=True, filename=name, content_type=content_type)
    response.headers["ETag"] = mark
    return response
