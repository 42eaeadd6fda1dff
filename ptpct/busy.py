"""A save does not wait for ever, and a reader for no save (docs/decisions/0048).

Each process serves some requests at a time. Those that write and find the register locked would
soon hold all of them: so only some of them write, and no lock is waited for longer than
`PTPCT_LOCK_SECONDS`. Whoever comes too late gets a page that keeps what was typed.

Those that read are worked on a few at a time, in the order they came: all at once, each would be
done when the last is, and their threads take the processor from each other at every statement.
"""

import logging
from collections.abc import Callable
from threading import BoundedSemaphore, Semaphore
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.middleware.csrf import get_token
from django.template import loader

from ptpct.typed import has_secrets, is_of_this_site, typed_in
from registry.fleeting import CacheAwayError
from registry.middleware import SAFE_METHODS
from registry.services.installation import Watch
from registry.system_faults import FilesAwayError, is_database_away, is_disk_full, told_of
from registry.waiting import NoPlaceError, waited_too_long

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
"""After how long a program may try again."""
TURN_SECONDS = 0.5
"""How long a reader waits for a turn: whoever holds one that long is waiting for something else."""


_WRITES = ("INSERT", "UPDATE", "DELETE", "BEGIN")
"""How a statement that may wait begins: of SQLite the transaction, which takes the only place."""
_LOCKS = (" FOR UPDATE", " FOR NO KEY UPDATE", "pg_advisory")


class PlacesMiddleware:
    """Let only so many requests of a process write at once, those that read and yet write too.

    Around all that writes for a request: its session, and what is recorded of a refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = BoundedSemaphore(settings.WRITERS_AT_ONCE)
        self.turns = Semaphore(settings.READERS_AT_ONCE) if settings.READERS_AT_ONCE else None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in a place of those who write, or as one who reads until something is written."""
        is_reader = request.method in SAFE_METHODS
        place = _Place(self.places, _Turn(self.turns if is_reader else None))
        try:
            if is_reader:
                with connection.execute_wrapper(place):
                    return self.get_response(request)
            request.has_no_place = not place.taken()  # type: ignore[attr-defined]
            return self.get_response(request)
        finally:
            place.leave()


class UpgradingMiddleware:
    """Answer whoever asks while the database is brought to another version, or has not been yet.

    Around all that asks it for anything: what a session or a person is may be what is changing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.watch = Watch(settings.HOST_CHECK_SECONDS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say so; a static file that got here is none of this version."""
        if request.path.startswith(settings.STATIC_URL):
            # whoever stands before several hosts asks the next one for it, for this answer alone
            return HttpResponseNotFound()
        if self.watch.is_left_behind():
            return busy(request, is_upgrading=True)
        return self.get_response(request)


class BusyMiddleware:
    """Answer whoever may not write now, or has waited too long: the innermost, knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or say that the register is busy."""
        if getattr(request, "has_no_place", False):
            return busy(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a view that has waited too long for a lock, or found a disk full."""
        return busy(request, error) if is_trouble(error) else None


class _Turn:
    """One of the turns of those who read, waited for a moment at most, and passed on once."""

    def __init__(self, turns: Semaphore | None) -> None:
        self._turns = turns if turns and turns.acquire(timeout=TURN_SECONDS) else None

    def pass_on(self) -> None:
        """Let the next have it."""
        turns, self._turns = self._turns, None
        if turns:
            turns.release()


class _Place:
    """One of the places of those who write, taken once for a request, and left at its end.

    Whoever may have to wait in it for others who write has passed the turn of a reader on.
    """

    def __init__(self, places: BoundedSemaphore, turn: _Turn) -> None:
        self._places, self._is_taken = places, False
        self._turn = turn

    def taken(self) -> bool:
        """Take it, if there is one; tell whether it is taken."""
        self._turn.pass_on()
        self._is_taken = self._is_taken or self._places.acquire(blocking=False)
        return self._is_taken

    def leave(self) -> None:
        """Leave it, and the turn, for others."""
        self._turn.pass_on()
        if self._is_taken:
            self._places.release()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Run a statement (`connection.execute_wrapper`); raises `NoPlaceError` where it may not
        wait beside all those who wait already.
        """
        if not self._is_taken and _may_wait(sql) and not self.taken():
            raise NoPlaceError
        return execute(sql, params, many, context)


def _may_wait(sql: str) -> bool:
    return sql.startswith(_WRITES) or any(lock in sql for lock in _LOCKS)


def is_trouble(error: BaseException | None) -> bool:
    """Tell whether an error passes by itself, or by whoever keeps the machine: no mistake of ours.

    A lock that was waited for too long, a disk that is full, or what several hosts share and that
    is away, the database too.
    """
    if error is None:
        return False
    is_away = isinstance(error, CacheAwayError | FilesAwayError) or is_database_away(error)
    return is_away or waited_too_long(error) or is_disk_full(error)


def busy(
    request: HttpRequest,
    error: Exception | None = None,
    *,
    is_sure: bool = True,
    is_upgrading: bool = False,
) -> HttpResponse:
    """Return the page that says so, with what was typed and a button that sends it again.

    `is_sure` tells that nothing was saved. What another site has sent is not shown: its mark may
    not have been looked at yet, and that of this page is a good one.
    """
    is_full = error is not None and is_disk_full(error)
    if error is not None and is_full:
        logger.error("no room for what was to be written: %s", told_of(error))
    is_cut = error is not None and is_database_away(error)
    is_form = request.method == "POST" and is_of_this_site(request) is not False
    typed = typed_in(request) if is_form else []
    context = {
        # what was sent may have arrived, and only the answer not
        "is_sure": is_sure and not is_cut,
        "is_cut": is_cut,
        "is_full": is_full,
        "is_upgrading": is_upgrading,
        "is_uncounted": isinstance(error, CacheAwayError),
        "is_unreached": isinstance(error, FilesAwayError),
        "address": request.get_full_path(),
        "fields": typed,
        "texts": [value for _name, value in typed if " " in value.strip()],
        "has_files": is_form and bool(request.FILES),
        "may_be_sent": is_form and not request.FILES and not has_secrets(request),
    }
    page = loader.get_template("503.html")
    if is_cut:
        logger.error("the database is away: %s", error)
    if is_cut or is_upgrading:
        # who asks, and in which body, nobody can say now
        return _answer(request, page.render(context | {"csrf_token": get_token(request)}))
    return _answer(request, page.render(context, request))


def trouble_outside(request: HttpRequest, error: Exception) -> HttpResponse:
    """Return the same for what failed around the views: of a session that was not saved nobody can
    tell what was saved before it. What cannot be read any more is left out.
    """
    try:
        return busy(request, error, is_sure=False)
    except (Error, OSError, AttributeError):
        context = {"is_full": is_disk_full(error)}
        return _answer(request, loader.get_template("503.html").render(context))


def _answer(request: HttpRequest, page: str) -> HttpResponse:
    if hasattr(request, "session"):
        # what the request was about to do has not been done: nobody has come in, nor gone
        request.session.modified = False
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "private, no-store"}
    return HttpResponse(page, status=503, headers=headers)
