"""The canonical text of the rows of the register and of its trail, and their digests."""

import datetime
import decimal
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, repeat
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

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
    filled = {name: value for name, value in values.items() if value not in (None, "", False)}
    return f"{record._meta.label_lower}|{canonical(filled)}"


def history_lines(model: type[models.Model], columns: Mapping[str, list[Any]]) -> list[str]:
    """Return the canonical texts of many new rows of one history, given column by column.

    The same as `history_line` of each, for the many thousands of an import: what a column needs is
    found once, and what all rows say alike is written once.
    """
    parts: list[str | list[str | None]] = []
    for field in sorted(model._meta.concrete_fields, key=lambda field: field.attname):
        column = columns[field.attname]
        if column[0] != column[-1] or column.count(column[0]) < len(column):
            parts.append(_members(field, column))
        elif member := _member(field, column[0]):
            parts.append(member)
    return _joined(f"{model._meta.label_lower}|", parts, len(column))


def _joined(label: str, parts: Sequence[str | list[str | None]], count: int) -> list[str]:
    """Return the line of each row from its members; those that are empty are left out."""
    if any(None in part for part in parts if isinstance(part, list)):
        columns = [repeat(part, count) if isinstance(part, str) else part for part in parts]
        rows = zip(*columns, strict=True)
        return [f"{label}{{{','.join(filter(None, row))}}}" for row in rows]
    written = (part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts)
    line = f"{label}{{{','.join(written)}}}"
    varying = [part for part in parts if isinstance(part, list)]
    return [line % row for row in (zip(*varying, strict=True) if varying else repeat((), count))]


def _members(field: models.Field, column: list[Any]) -> list[str | None]:
    """Return the member of each row's JSON for a column; None for an empty value."""
    name = field.attname
    kinds = set(map(type, column))
    if kinds <= {int, type(None)} and isinstance(_kind(field), _PLAIN):
        return [f'"{name}":{value}' if value else None for value in column]
    if kinds == {UUID}:
        texts = (f"{value.int:032x}" for value in column)
        return [f'"{name}":"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}"' for t in texts]
    if kinds & {dict, list}:
        return [_member(field, value) for value in column]
    # an import repeats the same texts, moments and dates
    known = {value: _member(field, value) for value in set(column)}
    return list(map(known.get, column))


def _kind(field: models.Field) -> models.Field:
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _member(field: models.Field, value: Any) -> str | None:
    kept = value if isinstance(_kind(field), _PLAIN) else plain(field, value)
    return None if kept in (None, "", False) else f'"{field.attname}":{_encoded(kept)}'


def written_models() -> list[type[models.Model]]:
    """Return the models whose rows are written once, those that may go with a draft left out."""
    every = [model for model in apps.get_models() if hasattr(model, "WRITTEN_ONCE_BUT_FOR")]
    return [model for model in every if not getattr(model, "MAY_GO", False)]


PERSONS, INVITATION, ROLES = "persons", "invitation", "roles"
"""Parts of a detail: what was done to people, and to an invitation, neither of which has rows."""
PLACE = "place"
"""Part of a detail: the digest of where a refused sign-in came from."""


def place_digest(address: str, salt: str) -> str:
    """Return the digest of an address; without the salt nobody can try addresses against it."""
    return hashlib.sha256(f"{salt}\n{address}".encode()).hexdigest()


def bind_row(detail: dict[str, Any], *rows: Any) -> None:
    """Bind rows that are written once to a record: the digest of each, by uid, in its detail.

    Their models say so by `WRITTEN_ONCE_BUT_FOR`, the columns that are filled in later; they have
    no history to find a forged or a lost one by (`registry.services.trail_verification`).
    """
    for row in rows:
        digests = detail.setdefault("written", {}).setdefault(row._meta.label_lower, {})
        digests[str(row.uid)] = written_digest(row)


def bind_gone_rows(detail: dict[str, Any], rows: models.QuerySet) -> None:
    """Bind to a record, in its detail, the rows written once that go with the act.

    Only the demo data goes: nothing else may.
    """
    gone = [str(uid) for uid in rows.values_list("uid", flat=True)]
    detail.setdefault("gone", {}).setdefault(rows.model._meta.label_lower, []).extend(gone)


def written_digest(row: models.Model) -> str:
    """Return the digest of a row that is written once, the same before and after it was stored.

    A column added later is named by `LEFT_OUT_WHILE_EMPTY` of its model, so that rows written
    before it keep their digest.
    """
    apart = {"id", *row.WRITTEN_ONCE_BUT_FOR}  # type: ignore[attr-defined]
    late = getattr(row, "LEFT_OUT_WHILE_EMPTY", ())
    apart |= {name for name in late if not getattr(row, name)}
    values = {
        field.attname: _digestible(field, getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in apart
    }
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def _digestible(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.BinaryField):
        return hashlib.sha256(bytes(value)).hexdigest()
    return plain(field, value)


def rows_digest(lines: Iterable[str]) -> str:
    """Return the digest of the rows of one act, whatever the order they were written in."""
    return ordered_digest(sorted(lines))


def ordered_digest(lines: Iterable[str]) -> str:
    """Return the same of lines that come sorted, which need not stand in memory together."""
    coming, digest, between = iter(lines), hashlib.sha256(), b""
    # in parts: those of a large import, joined, would stand in memory three times
    while part := list(islice(coming, _PART)):
        digest.update(between + "\n".join(part).encode())
        between = b"\n"
    return digest.hexdigest()


def record_digest(record: Any) -> str:
    """Return the digest of a trail record, over all its other columns.

    That of the installation’s chain, which is the first, is left out: records of before say none.
    """
    values = {
        **({"chain": record.chain} if record.chain else {}),
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
    return hashlib.sha256(canonical(values).encode()).hexdigest()


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
        case dict() | list():
            # PostgreSQL keeps the members of a tree in an order of its own
            return canonical(value)
        case _:
            return str(value)


def _fixed(value: decimal.Decimal, places: int) -> str:
    return format(value.quantize(decimal.Decimal(1).scaleb(-places)), "f")


def _moment(value: datetime.datetime) -> str:
    return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def canonical(value: Any) -> str:
    """Return JSON with sorted keys and no blanks: the same value gives the same text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
