"""A save does not wait for ever, and a reader for no save (docs/decisions/0048).

Each process serves some requests at a time. Those that write and find the register locked would
soon hold all of them: so only some of them write, and no lock is waited for longer than
`PTPCT_LOCK_SECONDS`. Whoever comes too late gets a page that keeps what was typed.
"""

import sys
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from registry.middleware import SAFE_METHODS
from registry.waiting import waited_too_long

RETRY_SECONDS = 5
"""After how long a program may try again."""
_SECRET = ("password", "otp")
"""What the names of fields contain that are not written into a page again."""
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class BusyMiddleware:
    """Let only so many requests of a process write at once; the others are answered at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = BoundedSemaphore(settings.WRITERS_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the register is busy."""
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        if not self.places.acquire(blocking=False):
            return busy(request)
        try:
            return self.get_response(request)
        finally:
            self.places.release()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that has waited too long for a lock."""
        return busy(request) if waited_too_long(error) else None


def is_busy() -> bool:
    """Tell whether the error that is being answered is that of a lock waited for too long."""
    error = sys.exc_info()[1]
    return error is not None and waited_too_long(error)


def busy(request: HttpRequest) -> HttpResponse:
    """Return the page that says so, with what was typed and a button that sends it again."""
    is_form = request.method == "POST"
    typed = list(_typed(request)) if is_form else []
    context = {
        "address": request.get_full_path(),
        "fields": typed,
        "texts": [value for _name, value in typed if " " in value.strip()],
        "has_files": is_form and bool(request.FILES),
        "may_be_sent": is_form and not request.FILES and not any(map(_is_secret, request.POST)),
    }
    return _answer(loader.get_template("503.html").render(context, request))


def busy_outside(request: HttpRequest) -> HttpResponse:
    """Return the same for what failed around the views: session and person may be out of reach."""
    return _answer(loader.get_template("503.html").render({}))


def _answer(page: str) -> HttpResponse:
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form as they were sent, but for those nobody should find in a page."""
    for name, values in request.POST.lists():
        if name != _TOKEN and not _is_secret(name):
            yield from ((name, str(value)) for value in values)


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)
