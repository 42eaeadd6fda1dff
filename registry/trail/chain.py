"""Writing the trail: each record is chained to the one before.

Knows no service: acts announce their end (`registry.acts.act_closed`), and the record is written
in the same transaction, last thing before it ends.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from registry.enums import TrailOutcome
from registry.tracing import current_trace
from registry.trail.records import (
    INVITATION,
    PERSONS,
    PLACE,
    canonical,
    history_line,
    place_digest,
    record_digest,
    rows_digest,
)

logger = logging.getLogger(__name__)

GENESIS = "0" * 64
"""What the first record is chained to."""

_held: ContextVar[list[dict[str, Any]] | None] = ContextVar("held", default=None)
_LOCK = 0x5052455641


def write(
    *,
    kind: str,
    by: Any,
    subject: str = "",
    detail: dict | None = None,
    lines: Iterable[str] = (),
    outcome: TrailOutcome = TrailOutcome.DONE,
    uid: UUID | None = None,
) -> Any:
    """Append one record to the chain and return it; within the transaction that is open.

    `by` is the acting person, None where there is none; `lines` are those of the rows touched.
    """
    model = apps.get_model("registry", "TrailRecord")
    rows = list(lines)
    with transaction.atomic():
        _hold_chain()
        last = model.objects.order_by("-number").values_list("number", "digest").first()
        number, previous = last or (0, GENESIS)
        record = model(
            number=number + 1,
            uid=uid or uuid4(),
            at=timezone.now(),
            kind=kind[:60],
            outcome=outcome,
            person=getattr(by, "trail_token", None),
            subject=subject[:300],
            detail=json.loads(canonical(detail or {})),
            row_count=len(rows),
            rows_digest=rows_digest(rows) if rows else "",
            previous=previous,
        )
        record.digest = record_digest(record)
        record.save(force_insert=True)
    return record


def write_act(*, opened: Any, **kwargs: Any) -> None:
    """Signal receiver: record an act that ends, unless it touched no row, person or invitation."""
    if opened.touched or opened.detail.keys() & {PERSONS, INVITATION}:
        lines = [row if isinstance(row, str) else history_line(row) for row in opened.touched]
        write(
            kind=opened.kind,
            by=opened.by,
            subject=opened.subject,
            detail=opened.detail,
            lines=lines,
            uid=opened.uid,
        )


@contextmanager
def refusals_after(subject: str) -> Iterator[None]:
    """Write the refusals of acts at the end, when every transaction around them is over.

    `subject` stands where an act names none, as the address a person has sent it to.
    """
    held: list[dict[str, Any]] = []
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        for values in held:
            write(**{**values, "subject": values["subject"] or subject})


def note_refusal(*, refused: Any, reason: str) -> None:
    """Record that a rule has refused an act to a person; what a command tries is nobody's."""
    if refused.by is None:
        return
    values = {
        "kind": refused.kind,
        "by": refused.by,
        "subject": refused.subject,
        "detail": {"reason": reason},
        "outcome": TrailOutcome.REFUSED,
    }
    held = _held.get()
    if held is None:
        write(**values)
    else:
        held.append(values)


def note_sign_in(*, user: Any, **kwargs: Any) -> None:
    """Signal receiver: a person has signed in."""
    write(kind="sign-in", by=user)


def note_sign_out(*, user: Any, **kwargs: Any) -> None:
    """Signal receiver: a person has signed out; nobody signs out of a session that had ended."""
    if user is not None:
        write(kind="sign-out", by=user)


def note_failed_sign_in(*, credentials: dict, **kwargs: Any) -> None:
    """Signal receiver: a sign-in failed. What was typed is not kept: it may be a password.

    Where it came from is, in the log and beside the record, for whoever has to tell who keeps
    trying; the record itself, which nobody can shorten, has a digest of it.
    """
    typed = str(credentials.get("username") or credentials.get("email") or "")
    person = apps.get_model("registry", "User").objects.filter(username=typed).first()
    address = current_trace().address
    logger.warning("sign-in refused, from %s", address or "no address")
    salt = secrets.token_hex(16)
    detail = {PLACE: place_digest(address, salt)} if address else {}
    with transaction.atomic():
        record = write(kind="sign-in", by=person, detail=detail, outcome=TrailOutcome.REFUSED)
        if address:
            kept = apps.get_model("registry", "RefusedSignIn")
            kept.objects.create(record=record, at=record.at, address=address, salt=salt)


def _hold_chain() -> None:
    """Make writers of the chain wait for each other until their transactions end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
