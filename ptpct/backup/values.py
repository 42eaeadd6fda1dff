"""One value of a column as SQLite keeps it, as a file of COPY writes it, and as what it means.

What it means is a value of Python that is the same on both engines; JSON stays the text it is.
"""

import datetime
import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db import models

Read = Callable[[Any], Any]


def kind_of(field: models.Field) -> str:
    """Return the kind of the values of a column, for a reference that of what it points to."""
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    return target.get_internal_type()


def _moment(text: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _same(value: Any) -> Any:
    return value


def _bytes(value: Any) -> bytes:
    # a text that a column had before it became one of bytes is still there
    return value.encode() if isinstance(value, str) else bytes(value)


_WHOLE = (
    "AutoField",
    "BigAutoField",
    "BigIntegerField",
    "IntegerField",
    "PositiveBigIntegerField",
    "PositiveIntegerField",
    "PositiveSmallIntegerField",
    "SmallAutoField",
    "SmallIntegerField",
)
FROM_SQLITE: dict[str, Read] = {
    **dict.fromkeys([*_WHOLE, "CharField", "TextField", "JSONField", "FloatField"], _same),
    "BinaryField": _bytes,
    "BooleanField": bool,
    "DateField": datetime.date.fromisoformat,
    "DateTimeField": _moment,
    "UUIDField": uuid.UUID,
}
"""What a value of SQLite means, by kind; decimals need their places as well."""
FROM_COPY: dict[str, Read] = {
    **dict.fromkeys(_WHOLE, int),
    **dict.fromkeys(["CharField", "TextField", "JSONField"], _same),
    "BinaryField": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "BooleanField": "t".__eq__,
    "DateField": datetime.date.fromisoformat,
    "DateTimeField": _moment,
    "DecimalField": Decimal,
    "FloatField": float,
    "UUIDField": uuid.UUID,
}
"""What a text of a file of COPY means, by kind."""
TO_SQLITE: dict[str, Read] = {
    "DateField": datetime.date.isoformat,
    "DateTimeField": lambda moment: str(moment.astimezone(datetime.UTC).replace(tzinfo=None)),
    "DecimalField": lambda value: format(value, "f"),
    "UUIDField": lambda value: value.hex,
}
"""How a value is written to SQLite, as Django does; the kinds that are not here, as they are."""


def from_sqlite(field: models.Field) -> Read:
    """Return a function that says what a value of SQLite means."""
    kind = kind_of(field)
    if kind == "DecimalField":
        places = Decimal(1).scaleb(-getattr(field, "decimal_places", 0))
        # a number of SQLite has no places; the text of it is exact to fifteen digits
        return _if_any(lambda value: Decimal(str(value)).quantize(places))
    return _if_any(FROM_SQLITE[kind])


def from_copy(field: models.Field) -> Read:
    """Return a function that says what a text of a file of COPY means."""
    return _if_any(FROM_COPY[kind_of(field)])


def to_sqlite(field: models.Field) -> Read:
    """Return a function that writes a value as SQLite keeps it."""
    return _if_any(TO_SQLITE.get(kind_of(field), _same))


def compared(field: models.Field) -> Read:
    """Return a function that makes values equal which mean the same: the order in JSON is none."""
    return _if_any(_in_one_order if kind_of(field) == "JSONField" else _same)


def _in_one_order(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)


def _if_any(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def rows_of_copy(lines: Iterable[bytes]) -> Iterator[list[str | None]]:
    """Give the rows of the lines of a COPY in its text form; None for what is empty."""
    for line in lines:
        yield [_unescaped(part) for part in line.decode().removesuffix("\n").split("\t")]


def _unescaped(part: str) -> str | None:
    if part == r"\N":
        return None
    if "\\" not in part:
        return part
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), part)
