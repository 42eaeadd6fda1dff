"""What every request passes through."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from registry.services.trail import record_refusal

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RefusalMiddleware:
    """Write down what a signed-in person tried to change and may not (ruling 17).

    Reading somebody else's page is a 404 and no act; trying to write there is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        refused = isinstance(exception, PermissionDenied | Http404)
        if refused and request.method not in _SAFE and request.user.is_authenticated:
            record_refusal(
                kind="page",
                by=request.user,
                subject=request.path,
                reason=str(exception) or type(exception).__name__,
            )
