"""Writing the trail: each record is chained to the one before, in the chain of its body.

What is of no body, or of several, is in the chain of the installation. The first record of a body
follows the last one of the installation, and goes on counting from there (docs/decisions/0053).

Knows no service: acts announce their end (`registry.acts.act_closed`), and the record is written
in the same transaction, last thing before it ends.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from heapq import merge
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from registry import clock
from registry.enums import TrailOutcome
from registry.kept_statements import KeptStatement
from registry.sorted_lines import SortedLines
from registry.tracing import current_trace
from registry.trail.records import (
    INVITATION,
    PERSONS,
    PLACE,
    canonical,
    history_line,
    ordered_digest,
    place_digest,
    record_digest,
)
from registry.trail.subjects import body_told_by

logger = logging.getLogger(__name__)

GENESIS = "0" * 64
"""What the first record is chained to."""
HOUSE = ""
"""The chain of the installation."""

_held: ContextVar[list[dict[str, Any]] | None] = ContextVar("held", default=None)
_LOCKS = 0x50524556
"""The class of the advisory locks of the chains."""


def write(
    *,
    kind: str,
    by: Any,
    subject: str = "",
    detail: dict | None = None,
    lines: Iterable[str] = (),
    many: SortedLines | None = None,
    outcome: TrailOutcome = TrailOutcome.DONE,
    uid: UUID | None = None,
    body_id: int | None = None,
) -> Any:
    """Append one record to a chain and return it; within the transaction that is open.

    `by` is the acting person, None where there is none; `lines` are those of the rows touched,
    `many` those of others. The chain is that of the administration with the key `body_id`, or which
    the subject tells.
    """
    rows = sorted(lines)
    count = len(rows) + len(many or ())
    record = apps.get_model("registry", "TrailRecord")(
        uid=uid or uuid4(),
        kind=kind[:60],
        outcome=outcome,
        person=getattr(by, "trail_token", None),
        subject=str(subject)[:300],
        detail=json.loads(canonical(detail or {})),
        row_count=count,
        rows_digest=ordered_digest(merge(rows, many or ())) if count else "",
    )
    body_id = body_told_by(subject) if body_id is None else body_id
    # without a savepoint, and with its question kept: the chain is held as short as can be
    with transaction.atomic(savepoint=False):
        _check_deferred()
        hold_chain(body_id)
        found = list(_last_of(None)) if body_id is None else _LAST_OF_BODY(body_id)
        record.chain, number, record.previous = found[0] if found else _found_none(body_id)
        record.number, record.at = number + 1, clock.now()
        record.digest = record_digest(record)
        record.save(force_insert=True)
    return record


def write_act(*, opened: Any, **kwargs: Any) -> None:
    """Signal receiver: record an act that ends, unless it touched no row, person or invitation."""
    if opened.has_touched or opened.detail.keys() & {PERSONS, INVITATION}:
        write(
            kind=opened.kind,
            by=opened.by,
            subject=opened.subject,
            detail=opened.detail,
            lines=map(history_line, opened.touched),
            many=opened.lines,
            uid=opened.uid,
            body_id=body_of(opened),
        )


def body_of(opened: Any) -> int | None:
    """Return the key of the administration an act is of; None where it is of none, or of several.

    Where it has told none, the rows it has touched tell: those of lists, offices and plans.
    """
    bodies = opened.bodies or {*filter(None, map(_body_of_row, opened.touched))}
    return next(iter(bodies)) if len(bodies) == 1 else None


def _body_of_row(row: Any) -> int | None:
    if getattr(row, "instance_type", None) is apps.get_model("registry", "Administration"):
        return row.id
    return getattr(row, "administration_id", None)


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
        "body_id": body_of(refused),
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


def hold_chain(body_id: int | None) -> None:
    """Make writers of one chain wait for each other until their transactions end.

    Whoever writes in the chain of another body, or in that of the installation, waits for nobody.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # a key is longer than a lock’s: two bodies that share one wait, and that is all
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, (body_id or 0) & 0x7FFFFFFF]
            )


def _check_deferred() -> None:
    """Let PostgreSQL look now at what it would look at when the transaction ends.

    Every reference of every row an act has written is looked up there: while nobody waits for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # what comes after, in the same transaction, may again be out of order for a while
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _last_of(body_id: int | None) -> QuerySet:
    """Return the query of the chain of a body, and number and digest of what its next record
    follows; it finds nothing of a body that is there no more.

    The first record of a body follows the last one of the installation, which others may follow
    meanwhile: it is there, and stays.
    """
    records = apps.get_model("registry", "TrailRecord").objects.order_by("-number")
    of_house = records.filter(chain=HOUSE)
    if body_id is None:
        return of_house.values_list("chain", "number", "digest")[:1]
    own = records.filter(chain=OuterRef("ipa_code"))
    number, digest = (
        Coalesce(Subquery(own.values(name)[:1]), Subquery(of_house.values(name)[:1]), first)
        for name, first in (("number", Value(0)), ("digest", Value(GENESIS)))
    )
    bodies = apps.get_model("registry", "Administration").objects.filter(pk=body_id).order_by()
    return bodies.values_list("ipa_code", number, digest)


_LAST_OF_BODY = KeptStatement(_last_of)


def _found_none(body_id: int | None) -> tuple[str, int, str]:
    """Return what the next record follows where there is none, or where the body is gone.

    What takes a body away is told by the installation.
    """
    last = None
    if body_id is not None:
        hold_chain(None)
        last = _last_of(None).first()
    return last or (HOUSE, 0, GENESIS)
