"""Writing the trail: canonical text of rows and records, and their digests.

Knows no service: acts announce their end (`registry.acts.act_closed`), and the record is written
in the same transaction, last thing before it ends.
"""

import datetime
import decimal
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from registry.enums import TrailOutcome

GENESIS = "0" * 64
"""What the first record is chained to."""

_held: ContextVar[list[dict[str, Any]] | None] = ContextVar("held", default=None)
_LOCK = 0x5052455641
_PART = 1000
_encoded = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=str).encode
_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
"""Columns whose values are plain as they are."""


def history_line(record: models.Model) -> str:
    """Return the canonical text of one history row: the same before and after it was stored.

    What is empty is left out, so that a column added later changes no old row.
    """
    values = {
        field.attname: plain(field, getattr(record, field.attname))
        for field in record._meta.concrete_fields
    }
    told = {name: value for name, value in values.items() if value not in (None, "", False)}
    return f"{record._meta.label_lower}|{_canonical(told)}"


def history_lines(model: type[models.Model], columns: Mapping[str, list[Any]]) -> list[str]:
    """Return the canonical texts of many new rows of one history, given column by column.

    The same as `history_line` of each, for the many thousands of an import: what a column needs is
    found once.
    """
    fields = sorted(model._meta.concrete_fields, key=lambda field: field.attname)
    told = [_members(field, columns[field.attname]) for field in fields]
    label = model._meta.label_lower
    rows = zip(*filter(None, told), strict=True)
    return [f"{label}|{{{','.join(filter(None, row))}}}" for row in rows]


def _members(field: models.Field, column: list[Any]) -> list[str | None] | None:
    """Return the member of each row's JSON that tells of a column; None for an empty value.

    None instead of a list where no row has a value.
    """
    name = field.attname
    kinds = set(map(type, column))
    if kinds <= {int, type(None)} and isinstance(_kind(field), _PLAIN):
        members = [f'"{name}":{value}' if value else None for value in column]
    elif kinds == {UUID}:
        members = [f'"{name}":"{value}"' for value in column]
    else:
        # an import repeats the same texts, moments and dates
        texts = {value: _member(field, value) for value in set(column)}
        members = list(map(texts.get, column))
    return members if any(members) else None


def _kind(field: models.Field) -> models.Field:
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _member(field: models.Field, value: Any) -> str | None:
    told = value if isinstance(_kind(field), _PLAIN) else plain(field, value)
    return None if told in (None, "", False) else f'"{field.attname}":{_encoded(told)}'


def witness(detail: dict[str, Any], *rows: Any) -> None:
    """Tell in the detail of a record of rows that are written once: the digest of each, by its uid.

    Their models say so by `WRITTEN_ONCE_BUT_FOR`, the columns that are filled in later; they have
    no history to find a forged or a lost one by (`registry.services.trail_verification`).
    """
    for row in rows:
        told = detail.setdefault("written", {}).setdefault(row._meta.label_lower, {})
        told[str(row.uid)] = written_digest(row)


def witness_gone(detail: dict[str, Any], rows: models.QuerySet) -> None:
    """Tell in the detail of a record which rows, written once, go with the act.

    Only the demo data goes: nothing else may.
    """
    gone = [str(uid) for uid in rows.values_list("uid", flat=True)]
    detail.setdefault("gone", {}).setdefault(rows.model._meta.label_lower, []).extend(gone)


def written_digest(row: models.Model) -> str:
    """Return the digest of a row that is written once, the same before and after it was stored."""
    apart = {"id", *row.WRITTEN_ONCE_BUT_FOR}  # type: ignore[attr-defined]
    values = {
        field.attname: _told(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in apart
    }
    return hashlib.sha256(_canonical(values).encode()).hexdigest()


def _told(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.BinaryField):
        return hashlib.sha256(bytes(value)).hexdigest()
    return plain(field, value)


def rows_digest(lines: Iterable[str]) -> str:
    """Return the digest of the rows of one act, whatever the order they were written in."""
    ordered, digest = sorted(lines), hashlib.sha256()
    # in parts: those of a large import, joined, would stand in memory three times
    for start in range(0, len(ordered), _PART):
        part = "\n".join(ordered[start : start + _PART])
        digest.update(f"\n{part}".encode() if start else part.encode())
    return digest.hexdigest()


def record_digest(record: Any) -> str:
    """Return the digest of a trail record, over all its other columns."""
    values = {
        "number": record.number,
        "uid": str(record.uid),
        "at": _moment(record.at),
        "kind": record.kind,
        "outcome": str(record.outcome),
        "person": str(record.person or ""),
        "subject": record.subject,
        "detail": record.detail,
        "row_count": record.row_count,
        "rows_digest": record.rows_digest,
        "previous": record.previous,
    }
    return hashlib.sha256(_canonical(values).encode()).hexdigest()


def plain(field: models.Field, value: Any) -> Any:
    """Return a column's value as plain text or number, alike typed or read from the database."""
    value = field.to_python(value) if value is not None else None
    match value:
        case None | bool() | int() | str():
            return value
        case decimal.Decimal():
            return _fixed(value, getattr(field, "decimal_places", 0))
        case datetime.datetime():
            return _moment(value)
        case _:
            return str(value)


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
            detail=json.loads(_canonical(detail or {})),
            row_count=len(rows),
            rows_digest=rows_digest(rows) if rows else "",
            previous=previous,
        )
        record.digest = record_digest(record)
        record.save(force_insert=True)
    return record


def write_act(*, opened: Any, **kwargs: Any) -> None:
    """Signal receiver: record an act that ends, unless it touched nothing."""
    if opened.touched:
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
    """Signal receiver: a sign-in failed. What was typed is not kept: it may be a password."""
    typed = str(credentials.get("username") or credentials.get("email") or "")
    found = apps.get_model("registry", "User").objects.filter(username=typed).first()
    write(kind="sign-in", by=found, outcome=TrailOutcome.REFUSED)


def _hold_chain() -> None:
    """Make writers of the chain wait for each other until their transactions end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _fixed(value: decimal.Decimal, places: int) -> str:
    return format(value.quantize(decimal.Decimal(1).scaleb(-places)), "f")


def _moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _canonical(value: Any) -> str:
    """Return JSON with sorted keys and no blanks: the same value gives the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
