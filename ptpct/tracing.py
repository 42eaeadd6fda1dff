"""Gives each request an id, which lines of the log, jobs and mails carry (docs/decisions/0037)."""

import sys
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import loader

from ptpct.busy import is_trouble, trouble_outside
from registry.tracing import Trace, current_trace, request_id_from, traced

HEADER = "X-Request-ID"


class TraceMiddleware:
    """Does all of a request under its id, and says it in the answer.

    Behind a proxy that sets headers itself its own id is taken, so that its log can be compared;
    from anybody else it would let a stranger write into the log under the id of another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer under the id of the request."""
        given = request.headers.get(HEADER, "") if settings.BEHIND_PROXY else ""
        trace = Trace(request_id_from(given), address_of(request))
        with traced(trace):
            response = self.get_response(request)
        response.headers[HEADER] = trace.request_id
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer that something broke, with the id by which whoever keeps the installation finds it.

    Outside of the views, as where a session is saved, a lock is waited for as well.
    """
    error = sys.exc_info()[1]
    if isinstance(error, Exception) and is_trouble(error):
        return trouble_outside(request, error)
    page = loader.get_template("500.html").render({"request_id": current_trace().request_id})
    return HttpResponse(page, status=500)


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from, "" where it has none, as on a socket."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
