"""An act: what one person did at once, however many rows it touched.

While an act is open every history row carries its mark and its author, so that the history shows
one act, and a later act can undo it. Pages, imports and commands open acts through the services.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from registry import clock
from registry.sorted_lines import SortedLines
from registry.waiting import wait_as_this_process_may


@dataclass
class Act:
    """One act: `kind` is a short word for what was done, e.g. "paste" or "assess"."""

    kind: str
    by: Any
    subject: str = ""
    """What it is done to, as a person would look it up, e.g. "annex 83753665-…"."""
    bodies: set[int] = field(default_factory=set)
    """Keys of the administrations that it has told, so far, it is done in."""
    detail: dict[str, Any] = field(default_factory=dict)
    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    touched: list[Any] = field(default_factory=list)
    """History rows written meanwhile."""
    lines: SortedLines = field(default_factory=SortedLines)
    """What `trail.history_lines` says of others, of which there were very many."""
    told: list[Any] = field(default_factory=list)
    """History rows that `lines` has in words, for whoever looks at them when the act ends."""

    @property
    def has_touched(self) -> bool:
        """Whether a row was written."""
        return bool(self.touched or self.lines)

    @property
    def mark(self) -> str:
        """What the history rows of this act carry as their reason."""
        return f"{self.kind}:{self.uid}"

    def tell_body(self, subject: str) -> None:
        """Keep of which body a subject is, where it says so (`registry.trail.subjects.Subject`)."""
        if (body := getattr(subject, "body_id", None)) is not None:
            self.bodies.add(body)


class Refused(Exception):
    """A rule refuses an act: what was typed is well, but not for this person or not now.

    The text is an Italian sentence. Whoever tried is told of on the trail.
    """


class RuleRefused(Refused, ValidationError):
    """A refusal that forms show as any error, beside a field or above all of them."""


act_closed = Signal()
"""Sent with `opened` when an act ends well, inside its transaction: the trail is written then."""
act_failed = Signal()
"""Sent with `failed` and `error` when an error undoes an act, after its transaction."""


def note_subject(subject: str) -> None:
    """Say what the open act is done to, where it does not say so itself, and so in which body."""
    opened = _current.get()
    if opened is not None:
        opened.subject = opened.subject or subject
        opened.tell_body(subject)


def note_body(body_id: int) -> None:
    """Say in which administration the open act is done, by its key."""
    opened = _current.get()
    if opened is not None:
        opened.bodies.add(body_id)


_current: ContextVar[Act | None] = ContextVar("act", default=None)


class EndedAct(NamedTuple):
    """What is known of an act when it is over."""

    kind: str
    uid: uuid.UUID


_ended: ContextVar[list[EndedAct] | None] = ContextVar("ended", default=None)


@contextmanager
def ended_acts() -> Iterator[list[EndedAct]]:
    """Collect the acts that end meanwhile and have touched something."""
    ended: list[EndedAct] = []
    token = _ended.set(ended)
    try:
        yield ended
    finally:
        _ended.reset(token)


def ended_so_far() -> list[EndedAct]:
    """Return the acts that have ended where they are collected, as during a request."""
    return _ended.get() or []


def _note_end(opened: Act) -> None:
    ended = _ended.get()
    if ended is not None and (opened.has_touched or opened.told):
        ended.append(EndedAct(opened.kind, opened.uid))


def current_act() -> Act | None:
    """Return the act that is open, None outside of any."""
    return _current.get()


@contextmanager
def act(
    kind: str, *, by: Any, subject: str = "", detail: dict[str, Any] | None = None
) -> Iterator[Act]:
    """Open an act in a transaction of its own; inside another act, go on with that one.

    `by` is the acting person, None for a command run by nobody in particular. Whose chain its
    record goes to says the `subject`, what is locked meanwhile, or the rows it touches
    (docs/decisions/0053).
    """
    outer = _current.get()
    if outer is not None:
        outer.tell_body(subject)
        yield outer
        return
    opened = Act(kind=kind, by=by, subject=subject, detail=detail or {})
    opened.tell_body(subject)
    try:
        with transaction.atomic():
            wait_as_this_process_may()
            token = _current.set(opened)
            try:
                yield opened
            finally:
                _current.reset(token)
            _note_end(opened)
            act_closed.send(sender=Act, opened=opened)
    except Exception as error:
        act_failed.send(sender=Act, failed=opened, error=error)
        raise
    finally:
        opened.lines.close()


def refusal_in(error: Exception) -> str:
    """Return the words of a rule that has refused an act; "" for an error of any other kind.

    A refusal put beside a field, as forms ask for, is one as well.
    """
    errors = [error, *_leaves(error)]
    if not any(isinstance(one, Refused) for one in errors):
        return ""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _leaves(error: Exception) -> list[Exception]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return getattr(error, "error_list", [])


def note_lists(*, created_rows: Any, **kwargs: Any) -> None:
    """Signal receiver: a many-to-many list is part of what the act touched."""
    opened = _current.get()
    if opened is not None:
        opened.touched.extend(created_rows)


def mark_history(*, history_instance: Any, **kwargs: Any) -> None:
    """Signal receiver: write the open act on a history row about to be saved."""
    opened = _current.get()
    if opened is None:
        return
    opened.touched.append(history_instance)
    history_instance.history_change_reason = opened.mark
    if not hasattr(kwargs.get("instance"), "_history_date"):
        history_instance.history_date = clock.now()
    if opened.by is not None:
        history_instance.history_user = opened.by
