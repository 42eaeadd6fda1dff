"""Which request something is done for, and from where: what joins lines of log, jobs and mails."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

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
