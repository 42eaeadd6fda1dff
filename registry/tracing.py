"""Which request something is done for, and from where: what joins lines of log, jobs and mails."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

P = ParamSpec("P")
R = TypeVar("R")

_FORM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Trace:
    """The id of a request, and the address it came from; both "" outside of any."""

    request_id: str = ""
    address: str = ""


_NONE = Trace()
_current: ContextVar[Trace] = ContextVar("trace", default=_NONE)


def current_trace() -> Trace:
    """Return what is known of the request in hand; in a worker, of that which asked for the job."""
    return _current.get()


@contextmanager
def traced(trace: Trace) -> Iterator[None]:
    """Do what is inside for a request."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)


def request_id_from(given: str) -> str:
    """Return an id that was given, if it has the form of one, else a new one: 32 or 36 signs."""
    return given if _FORM.fullmatch(given) else uuid4().hex


def new_trace() -> Trace:
    """Return what is known of work nobody asked for over the net: an id alone."""
    return Trace(uuid4().hex)


def under_request(work: Callable[P, R]) -> Callable[..., R]:
    """Let a task of the queue be done under the request it was asked in: the keyword request_id."""

    @wraps(work)
    def answer(*args: Any, request_id: str = "", **options: Any) -> R:
        trace = current_trace()
        with traced(replace(trace, request_id=request_id or trace.request_id)):
            return work(*args, **options)

    return answer


class TraceFilter(logging.Filter):
    """Lets every line of the log pass, with the request it was written for, "-" for none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put request_id and address on a line."""
        trace = current_trace()
        record.request_id = trace.request_id or "-"
        record.address = trace.address or "-"
        return True


class RefusalFilter(logging.Filter):
    """Lets every line pass, without a traceback where an answer refuses: that is no fault of ours.

    Django logs what is not permitted, not there or not acceptable with all that led to it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback from the line of an answer below 500."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True
