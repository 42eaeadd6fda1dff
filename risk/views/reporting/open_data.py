"""Open data of the published plans: anybody may fetch them, from any page, without signing in."""

import functools

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import get_object_or_404
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from registry.models import Administration, Plan
from registry.responses.public import public
from registry.responses.stored_files import stored_file
from registry.services.stored_files import StoredFile
from risk.services.reporting.open_data.catalogue import catalogue_of, plan_record
from risk.services.reporting.open_data.files import (
    WHOLE,
    PublishedData,
    known_files,
    open_data_files,
    published_data,
    table_file,
)
from risk.services.reporting.open_data.plans import SCHEMA, end_of_data
from risk.services.reporting.open_data.tables import TABLES
from risk.views.reporting.published import published_issue
from risk.views.reporting.unread import telling_unread

JSON_LD = "application/ld+json"
conditional = decorator_from_middleware(ConditionalGetMiddleware)
"""Gives an answer that is made whole its mark; 304 to whoever has it. A stored file has its own."""


def open_to_all(view):
    """Let a view be read by strangers, and by the pages of other sites."""
    told = telling_unread(
        view,
        not_now=_not_now,
        busy=_("I dati si stanno preparando: riprova fra qualche secondo."),
        unwritable=_("I dati non si possono scrivere ora: riprova più tardi."),
    )

    @functools.wraps(view)
    def answer(request, **parts):
        response = told(request, **parts)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return public(require_safe(answer))


def _not_now(_request, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, "text/plain; charset=utf-8", status=503)


@open_to_all
def whole(request, ipa_code, title):
    """Give a published plan as JSON."""
    data = _data(ipa_code, title)
    end = end_of_data(ipa_code, older=data.older, newer=data.newer)
    file = _files(data, ipa_code, title)[WHOLE]
    kind = "application/json"
    return stored_file(request, file, name=f"{title}.json", content_type=kind, end=end)


@open_to_all
def table(request, ipa_code, title, name):
    """Give one table of a published plan as CSV."""
    if name not in TABLES:
        raise Http404
    file = _files(_data(ipa_code, title), ipa_code, title)[table_file(name)]
    kind = "text/csv; charset=utf-8"
    return stored_file(request, file, name=f"{title}-{name}.csv", content_type=kind)


@open_to_all
@conditional
def record(request, ipa_code, title):
    """Give the DCAT-AP_IT record of a published plan."""
    return JsonResponse(plan_record(published_issue(ipa_code, title)), content_type=JSON_LD)


@open_to_all
@conditional
def catalogue(request, ipa_code):
    """Give the DCAT-AP_IT catalogue of the published plans of a body, once there are any."""
    bodies = Administration.objects.filter(plans__in=Plan.objects.public()).distinct()
    body = get_object_or_404(bodies, ipa_code=ipa_code)
    return JsonResponse(catalogue_of(body), content_type=JSON_LD)


@open_to_all
@conditional
def schema(request):
    """Give the JSON Schema of the data."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")


def _data(ipa_code: str, title: str) -> PublishedData:
    found = published_data(ipa_code, title)
    if found is None:
        raise Http404
    return found


def _files(data: PublishedData, ipa_code: str, title: str) -> dict[str, StoredFile]:
    """Return the stored files of a published plan, written first where they are not."""
    return known_files(data.issue) or open_data_files(
        published_issue(ipa_code, title), patience=settings.PAGE_SECONDS
    )
