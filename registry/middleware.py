"""What every request passes through."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render

from registry.acts import ended_acts
from registry.packing import DamagedContentError
from registry.services.jobs import TooManyJobsError
from registry.services.last_act import UNDOABLE
from registry.services.trail import record_refusal
from registry.tracing import current_trace
from registry.trail.chain import refusals_after

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""What reads and writes nothing (RFC 9110, 9.2.1)."""
_REFUSED = frozenset({403, 404, 405})


def _without_page(request, response):
    """Return the answer with words in it: a browser shows an empty one as its own failure."""
    page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
    page.headers["Allow"] = response.headers["Allow"]
    return page


class ActMiddleware:
    """Says in the answer that something was done: the page then offers to take it back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with ended_acts() as ended:
            response = self.get_response(request)
        if any(act.kind in UNDOABLE for act in ended):
            response.headers["X-Act"] = "1"
        return response


class RefusalMiddleware:
    """Write down what a signed-in person tried to change and may not (docs/decisions/0011).

    Reading somebody else's page is a 404 and no act; trying to write there is. What a rule refuses
    further inside (`registry.acts.Refused`) is written when the transactions around it are over.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with refusals_after(request.path):
            response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response = _without_page(request, response)
        if request.method in SAFE_METHODS or response.status_code not in _REFUSED:
            return response
        if request.user.is_authenticated:
            reason = getattr(request, "refused_because", response.reason_phrase)
            record_refusal(kind="page", by=request.user, subject=request.path, reason=reason)
        return response

    def process_exception(self, request, exception):
        """Keep the words of a refusal: the answer made of it does not have them.

        Who has asked for too much long work, or for a document that cannot be read any more, is
        told so, whichever page it was.
        """
        if isinstance(exception, TooManyJobsError):
            return render(request, "429.html", {"reason": str(exception)}, status=429)
        if isinstance(exception, DamagedContentError):
            told = {"reason": str(exception), "request_id": current_trace().request_id}
            return render(request, "500.html", told, status=500)
        if isinstance(exception, PermissionDenied | Http404):
            request.refused_because = str(exception) or type(exception).__name__
        return None
