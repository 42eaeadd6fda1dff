"""Very many rows deleted at once with their history; what hangs on them is found set by set.

Django's collector fetches every row that hangs on another, and the history's library writes that of
each row by itself: for the rows of a large import that takes minutes, while nobody else can write.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models.deletion import (
    CASCADE,
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    get_candidate_relations_to_delete,
)

from registry import clock
from registry.acts import Act
from registry.services.bulk import (
    author,
    copy_to_history,
    insert,
    prepared,
    reserved,
    tell_rows,
)
from registry.services.new_rows import new_row

Keys = Mapping[type[models.Model], Sequence[int]]
"""Keys of rows, by model."""

_MOST_RUNS = 20
_ROWS_A_RUN = 10
"""From how many rows a run of keys it pays to ask for runs."""


class StillUsedError(Exception):
    """Something hangs on a row that is to go; `row` is one that does."""

    def __init__(self, row: models.Model):
        super().__init__(str(row))
        self.row = row


def among(name: str, keys: Iterable[int]) -> models.Q:
    """Return the condition that a key, or a column that refers to one, is among some.

    As runs of keys that follow one another, where they do: rows made in bulk have such keys.
    """
    keys = sorted(keys)
    runs = _runs(keys)
    if not keys or len(runs) > _MOST_RUNS:
        return models.Q(**{f"{name}__in": keys})
    ways = models.Q()
    for first, last in runs:
        ways |= models.Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return ways


def delete_in_bulk(created: Keys, *, known: Keys, opened: Act) -> None:
    """Delete rows with their history, and what hangs on them and has none.

    A number of statements for each model and each relation to it. Raises `StillUsedError` when
    another row than those `known` hangs on one of them, and has a history or protects it.
    """
    below, is_pointed_at = _look_below(created, known)
    for model, keys in reversed(below):
        _rows(model, keys)._raw_delete("default")
    for model in leaves_first(created):
        if is_pointed_at:
            # rows elsewhere are to forget what they point at
            _rows(model, created[model]).delete()
        else:
            _delete_with_history(model, sorted(created[model]), opened)


def leaves_first(models_: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    """Yield models so that those others hang on, and may protect, come after them."""
    waiting = set(models_)
    while waiting:
        hung_on = {
            field.related_model
            for model in waiting
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is not model
        }
        free = (waiting - hung_on) or waiting
        yield from sorted(free, key=lambda model: model._meta.label)
        waiting -= free


def has_history(model: Any) -> bool:
    """Tell whether a model keeps a history of its rows."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def _look_below(created: Keys, known: Keys) -> tuple[list[tuple[Any, list[int]]], bool]:
    """Return the rows without history that go along, and whether rows are to forget some."""
    below: list[tuple[Any, list[int]]] = []
    is_pointed_at = False
    waiting: list[tuple[Any, Sequence[int]]] = list(created.items())
    while waiting:
        model, keys = waiting.pop()
        for relation in get_candidate_relations_to_delete(model._meta):
            hanging, does = relation.related_model, relation.on_delete
            if does is DO_NOTHING:
                continue
            rows = hanging._base_manager.filter(among(relation.field.name, keys))
            rows = rows.exclude(among("pk", known[hanging])) if hanging in known else rows
            if does not in (CASCADE, PROTECT, RESTRICT):
                is_pointed_at = is_pointed_at or rows.exists()
            elif has_history(hanging) or does is not CASCADE:
                if row := rows.first():
                    raise StillUsedError(row)
            elif found := list(rows.values_list("pk", flat=True)):
                below.append((hanging, found))
                waiting.append((hanging, found))
    return below, is_pointed_at


def _delete_with_history(model: Any, keys: list[int], opened: Act) -> None:
    records = model.history.model
    rows = _rows(model, keys)
    own = {"history_id", "history_date", "history_change_reason", "history_type"}
    own |= {"history_user_id"}
    names = [f.attname for f in records._meta.concrete_fields if f.attname not in own]
    values = list(rows.order_by("pk").values_list(*names))
    if not values:
        return
    columns = dict(zip(names, map(list, zip(*values, strict=True)), strict=True))
    act_columns: dict[str, list[Any]] = {
        "history_id": reserved(records, len(values)),
        "history_date": [clock.now()] * len(values),
        "history_change_reason": [opened.mark] * len(values),
        "history_type": ["-"] * len(values),
        "history_user_id": [author(records, None, opened)] * len(values),
    }
    if len(_runs(keys)) * _ROWS_A_RUN <= len(keys):
        copy_to_history(model, records, columns[model._meta.pk.attname], act_columns)
    else:
        every = columns | act_columns
        fields = records._meta.concrete_fields
        insert(records, {f.attname: prepared(f, every[f.attname]) for f in fields})
    rows._raw_delete("default")
    tell_rows(records, columns | act_columns, opened)
    opened.told.extend(
        new_row(records, history_type="-", **dict(zip(names, row, strict=True))) for row in values
    )


def _rows(model: Any, keys: Iterable[int]) -> models.QuerySet:
    return model._base_manager.filter(among("pk", keys))


def _runs(keys: Sequence[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of sorted keys that follow one another."""
    runs = []
    for _offset, run in groupby(enumerate(keys), key=lambda one: one[1] - one[0]):
        members = list(map(itemgetter(1), run))
        runs.append((members[0], members[-1]))
    return runs
