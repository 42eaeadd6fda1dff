"""New rows by the ten thousand: what Django does for each of them is done once for the model."""

import os
from collections.abc import Callable
from struct import iter_unpack
from typing import Any
from uuid import UUID, SafeUUID, uuid4

from django.db import models
from django.db.models.base import ModelState

_DRAWN_AT_ONCE = 2000

# a UUID refuses its attributes being set, but not by its slots
_set_int: Callable = vars(UUID)["int"].__set__
_set_safe: Callable = vars(UUID)["is_safe"].__set__
_UNKNOWN = SafeUUID.unknown
_random: list[int] = []
# two processes must never draw the same
os.register_at_fork(after_in_child=_random.clear)

_blanks: dict[type[models.Model], tuple[dict[str, Any], list[tuple[str, Callable]], dict]] = {}


class RowState(ModelState):
    """The state of a row, in a third of the memory; `db` is where it is from, if it is."""

    __slots__ = ("adding", "db", "fields_cache")

    def __init__(self, fields_cache: dict[str, Any], db: str | None = None) -> None:
        self.db = db
        self.adding = db is None
        self.fields_cache = fields_cache


def new_row(model: type[models.Model], **values: Any) -> Any:
    """Return an unsaved row like ``model(**values)``, which sends signals and costs ten times that.

    `values` are fields by name, relations as rows; nothing of them is checked.
    """
    if model not in _blanks:
        _blanks[model] = _blank(model)
    blank, makers, relations = _blanks[model]
    related: dict[str, Any] = {}
    columns = blank.copy()
    for name, make in makers:
        columns[name] = make()
    for name, value in values.items():
        if name not in relations:
            columns[name] = value
        elif value is not None:
            attname, key = relations[name]
            columns[attname] = getattr(value, key)
            related[name] = value
    columns["_state"] = RowState(related)
    row = model.__new__(model)
    row.__dict__ = columns
    return row


def _blank(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable]], dict]:
    """Return the columns of an empty row, those made anew for each, and the relations."""
    fields = model._meta.concrete_fields
    makers = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    makers = {name: new_uid if make is uuid4 else make for name, make in makers.items()}
    blank = {f.attname: f.get_default() for f in fields if f.attname not in makers}
    relations = {f.name: (f.attname, f.target_field.attname) for f in fields if f.is_relation}
    return blank, list(makers.items()), relations


def new_uid() -> UUID:
    """Return what `uuid4` does, which asks the system for random bytes each time."""
    if not _random:
        many = bytearray(os.urandom(16 * _DRAWN_AT_ONCE))
        # version 4 of the variant of RFC 9562, for all of them
        many[6::16] = bytes(0x40 | byte & 0x0F for byte in many[6::16])
        many[8::16] = bytes(0x80 | byte & 0x3F for byte in many[8::16])
        _random.extend(high << 64 | low for high, low in iter_unpack(">QQ", many))
    return uid_of(_random.pop())


def uid_of(number: int) -> UUID:
    """Return ``UUID(int=number)``, which looks at all it may be given and takes six times that."""
    uid = UUID.__new__(UUID)
    _set_int(uid, number)
    _set_safe(uid, _UNKNOWN)
    return uid
