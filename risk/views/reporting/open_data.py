"""Open data of the published plans: anybody may fetch them, from any page, without signing in."""

import functools
import logging
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.models import Administration, Plan
from registry.responses.public import public
from registry.responses.stored_files import stored_file
from registry.services.stored_files import BusyError
from risk.content.canonical import UnknownFormatError
from risk.models import PlanIssue
from risk.services.reporting.open_data.catalogue import catalogue_of, plan_record
from risk.services.reporting.open_data.files import WHOLE, open_data_files, table_file
from risk.services.reporting.open_data.plans import SCHEMA, end_of_data
from risk.services.reporting.open_data.tables import TABLES
from risk.views.reporting.published import published_issue

logger = logging.getLogger(__name__)
RETRY_SECONDS = 10
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
            response = _not_now(str(unknown))
        except BusyError:
            response = _not_now(_("I dati si stanno preparando: riprova fra qualche secondo."))
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        except OSError:
            logger.exception("open data cannot be stored or read")
            response = _not_now(_("I dati non si possono scrivere ora: riprova più tardi."))
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(require_safe(conditional(answer)))


def _not_now(sentence: str) -> HttpResponse:
    return HttpResponse(sentence, "text/plain; charset=utf-8", status=503)


@_open
def whole(request, ipa_code, title):
    """Give a published plan as JSON."""
    issue = published_issue(ipa_code, title)
    end = end_of_data(issue.plan)
    return _file(request, issue, WHOLE, end=end, name="", kind="application/json")


@_open
def table(request, ipa_code, title, name):
    """Give one table of a published plan as CSV."""
    if name not in TABLES:
        raise Http404
    issue = published_issue(ipa_code, title)
    file = table_file(name)
    return _file(request, issue, file, name=f"-{name}", kind="text/csv; charset=utf-8")


@_open
def record(request, ipa_code, title):
    """Give the DCAT-AP_IT record of a published plan."""
    return JsonResponse(plan_record(published_issue(ipa_code, title)), content_type=JSON_LD)


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


def _file(
    request, issue: PlanIssue, file: str, *, name: str, kind: str, end: bytes = b""
) -> HttpResponseBase:
    """Answer one of the stored files of a plan; they are written first where they are not."""
    files = open_data_files(issue, patience=settings.PAGE_SECONDS)
    saved_as = f"{issue.plan.slug}{name}{Path(file).suffix}"
    return stored_file(request, files[file], name=saved_as, content_type=kind, end=end)
