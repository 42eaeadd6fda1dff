"""A value written by one engine means the same on the other."""

import datetime
import json
import re
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from ptpct.backup import values


def every_field() -> list[models.Field]:
    every = apps.get_models(include_auto_created=True)
    return [field for model in every for field in model._meta.concrete_fields]


def test_every_kind_of_column_is_known():
    kinds = {values.kind_of(field) for field in every_field()}
    assert {"BinaryField", "DecimalField", "JSONField"} <= kinds
    assert kinds - set(values.FROM_COPY) == set()
    assert kinds - set(values.FROM_SQLITE) == {"DecimalField"}


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))
MEANINGS = {
    models.BooleanField(): st.booleans(),
    models.BigIntegerField(): st.integers(-(2**63), 2**63 - 1),
    models.TextField(): TEXT,
    models.BinaryField(): st.binary(),
    models.DateField(): st.dates(),
    models.DateTimeField(): st.datetimes(timezones=st.just(datetime.UTC)),
    models.DecimalField(max_digits=7, decimal_places=3): st.decimals(-9999, 9999, places=3),
    models.UUIDField(): st.uuids(),
    models.JSONField(): st.dictionaries(TEXT, TEXT | st.none() | st.booleans()).map(json.dumps),
}
"""A column of each kind, and what may stand in it."""


@pytest.mark.parametrize("field", MEANINGS, ids=values.kind_of)
@given(data=st.data())
def test_sqlite_gives_back_what_is_written_to_it(field, data):
    meant = data.draw(st.none() | MEANINGS[field])
    written = values.to_sqlite(field)(meant)
    assert isinstance(written, str | int | bytes | None)
    if values.kind_of(field) == "DecimalField" and written is not None:
        # the engine keeps it as a number, where it is one
        written = float(written)
    assert values.from_sqlite(field)(written) == meant


COPIED = [
    (models.BooleanField(), "t", True),
    (models.BooleanField(), "f", False),
    (models.IntegerField(), "-12", -12),
    (models.BinaryField(), r"\\x00ff5c", b"\x00\xff\\"),
    (models.BinaryField(), r"\\x", b""),
    (models.DateField(), "2021-01-31", datetime.date(2021, 1, 31)),
    (models.DecimalField(max_digits=7, decimal_places=3), "2.500", Decimal("2.5")),
    (
        models.DateTimeField(),
        "2021-01-31 10:20:30.04+00",
        datetime.datetime(2021, 1, 31, 10, 20, 30, 40_000, tzinfo=datetime.UTC),
    ),
    (
        models.UUIDField(),
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        uuid.UUID("6ba7b8109dad11d180b400c04fd430c8"),
    ),
    (models.JSONField(), r'{"a": "\\n"}', r'{"a": "\n"}'),
    (models.TextField(), r"a\tb\nc\\N\\\b\f\v\r", "a\tb\nc\\N\\\b\f\v\r"),
    (models.TextField(), r"\N", None),
    (models.TextField(), "", ""),
]


@pytest.mark.parametrize(("field", "text", "meant"), COPIED, ids=lambda value: str(value)[:20])
def test_a_line_of_copy_means_what_postgresql_means_by_it(field, text, meant):
    [[found]] = values.rows_of_copy([f"{text}\n".encode()])
    assert values.from_copy(field)(found) == meant


def test_json_in_another_order_is_the_same():
    field = models.JSONField()
    one, other = '{"a": 1, "b": [1, 2]}', '{"b": [1,2], "a": 1}'
    assert values.compared(field)(one) == values.compared(field)(other)
    assert values.compared(field)(one) != values.compared(field)(re.sub("2", "3", other))
