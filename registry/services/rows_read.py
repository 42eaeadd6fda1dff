"""Rows read by the ten thousand: what Django does for each of them is done once for the model."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models
from django.db.models import CharField
from django.db.models.functions import Cast

from registry.services.new_rows import RowState, uid_of


def rows_read(rows: models.QuerySet, *related: str) -> list[Any]:
    """Return the rows of a query like ``list(rows)``, which sends signals and costs twice that.

    `related` are relations whose rows are read too, in one query each: a row that many refer to is
    read and made once. The query itself selects no relations.
    """
    names = [field.attname for field in rows.model._meta.concrete_fields]
    model, alias, found = rows.model, rows.db, []
    # where uids are kept as texts, making them anew takes as long as all else
    has_texts = "uid" in names and not connections[alias].features.has_native_uuid_field
    asked = [Cast("uid", CharField()) if has_texts and name == "uid" else name for name in names]
    for values in rows.values_list(*asked):
        columns = dict(zip(names, values, strict=True))
        if has_texts:
            columns["uid"] = uid_of(int(columns["uid"], 16))
        columns["_state"] = RowState({}, alias)
        row = model.__new__(model)
        row.__dict__ = columns
        found.append(row)
    for name in related:
        _attach(found, name)
    return found


def _attach(rows: Sequence[Any], path: str) -> None:
    """Give rows those of one of their relations, and these those of the next ("a__b")."""
    name, _sign, further = path.partition("__")
    if not rows:
        return
    field = type(rows[0])._meta.get_field(name)
    keys = {row.__dict__[field.attname] for row in rows} - {None}
    if not keys:
        return
    target = field.target_field.attname
    others = rows_read(field.related_model._base_manager.filter(**{f"{target}__in": keys}))
    by_key = {other.__dict__[target]: other for other in others}
    for row in rows:
        key = row.__dict__[field.attname]
        if key is not None:
            row._state.fields_cache[name] = by_key[key]
    if further:
        _attach(others, further)
