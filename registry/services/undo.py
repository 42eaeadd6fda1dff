"""Undoing one act as a whole, while nothing newer touched any of its rows.

The history knows every row an act touched and how it was before (`registry.acts`). Undoing is an
act itself: it leaves its own history, and can be undone in turn.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.admin.utils import NestedObjects
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.acts import act, mark_history
from registry.models import TrailRecord
from registry.services.ordering import FAR_AWAY

_WINDOW = datetime.timedelta(minutes=15)
"""How far from the given moment the rows of one act are looked for: an act is one transaction."""

_PLACES = ("position", "number")
"""Columns with unique values under one parent: they are freed before they are given back."""


class NotUndoable(Exception):
    """The act cannot be undone; the text says why, for a person."""


@dataclass(frozen=True)
class Touched:
    """A row an act touched, and how it was before and after; None where it did not exist."""

    model: type[models.Model]
    pk: Any
    before: Any
    after: Any


def touched_rows(*, uid: UUID, at: datetime.datetime) -> list[Touched]:
    """Return the rows the act `uid`, done about `at`, has touched.

    Raises `NotUndoable` when a row has been touched again since: the newer change would be lost.
    """
    touched: list[Touched] = []
    for model in _models_with_history():
        marked = model.history.filter(
            history_change_reason__endswith=f":{uid}",
            history_date__range=(at - _WINDOW, at + _WINDOW),
        )
        keys = set(marked.values_list(model._meta.pk.name, flat=True))
        if keys:
            touched += _touched_of(model, keys, f":{uid}")
    if not touched:
        raise NotUndoable(_("Di questa operazione non è rimasto nulla da annullare."))
    return touched


def undo(*, uid: UUID, at: datetime.datetime, by: Any) -> list[Touched]:
    """Put every row of the act back as it was before, and return them. One act, all or nothing.

    The caller has checked that `by` may edit all of `touched_rows`. Raises `NotUndoable`.
    """
    undone = TrailRecord.objects.filter(uid=uid).values_list("subject", flat=True).first()
    with act("undo", by=by, subject=undone or ""):
        rows = touched_rows(uid=uid, at=at)
        _delete([row for row in rows if row.before is None and row.after is not None], rows)
        changed = [row for row in rows if row.before is not None and row.after is not None]
        _free_places(changed)
        for row in changed:
            _restore(row)
        for row in rows:
            if row.before is not None and row.after is None:
                _recreate(row)
        return rows


def _models_with_history() -> Iterable[type[models.Model]]:
    return filter(_has_history, apps.get_models())


def _has_history(model: type[models.Model]) -> bool:
    return hasattr(model._meta, "simple_history_manager_attribute")


def _touched_of(model: type[models.Model], keys: set, mark: str) -> list[Touched]:
    name = model._meta.pk.name
    records: dict[Any, list] = {}
    for record in model.history.filter(**{f"{name}__in": keys}).order_by("history_id"):
        records.setdefault(getattr(record, name), []).append(record)
    touched = []
    for key, row in records.items():
        mine = [index for index, record in enumerate(row) if _is_marked(record, mark)]
        if mine[-1] != len(row) - 1:
            last = row[-1]
            raise NotUndoable(
                _("«%(row)s» è stato modificato dopo da %(who)s: la modifica andrebbe persa.")
                % {"row": last.instance, "who": last.history_user or _("un’altra operazione")}
            )
        before = row[mine[0] - 1] if mine[0] else None
        first = row[mine[0]]
        if before is None and first.history_type != "+":
            raise NotUndoable(
                _("Di «%(row)s» non si conosce la versione precedente.") % {"row": first.instance}
            )
        if before is not None and before.history_type == "-":
            before = None
        after = None if row[-1].history_type == "-" else row[-1]
        touched.append(Touched(model=model, pk=key, before=before, after=after))
    return touched


def _is_marked(record: Any, mark: str) -> bool:
    return (record.history_change_reason or "").endswith(mark)


def _delete(created: list[Touched], rows: list[Touched]) -> None:
    """Delete what the act created, unless somebody has hung something newer on it."""
    known = {(row.model, row.pk) for row in rows}
    collector = NestedObjects(using="default")
    for model in {row.model for row in created}:
        keys = [row.pk for row in created if row.model is model]
        collector.collect(model._base_manager.filter(pk__in=keys))
    hung = [
        item
        for model, items in collector.data.items()
        if _has_history(model)
        for item in items
        if (model, item.pk) not in known
    ]
    hung += [item for item in collector.protected if (type(item), item.pk) not in known]
    if hung:
        raise NotUndoable(
            _("A ciò che andrebbe tolto è legato qualcosa di più recente: «%(row)s».")
            % {"row": hung[0]}
        )
    for model, items in collector.data.items():
        if not _has_history(model):
            _rows(model, [item.pk for item in items])._raw_delete("default")
    # rows elsewhere that are to forget what they point at
    is_pointed_at = any(any(rows) for rows in collector.field_updates.values())
    for model in _leaves_first({row.model for row in created}):
        keys = [row.pk for row in created if row.model is model]
        if is_pointed_at:
            _rows(model, keys).delete()
        else:
            _delete_at_once(model, keys)


def _rows(model: type[models.Model], keys: Iterable[Any]) -> models.QuerySet:
    return model._base_manager.filter(pk__in=list(keys))


def _delete_at_once(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete rows nothing hangs on any more, with their history: three statements for any number.

    The library writes the history of each deleted row by itself, which takes minutes for the rows
    of a large import, while nobody else can write.
    """
    rows = _rows(model, keys)
    record_of = model.history.model
    now = timezone.now()
    records = [
        record_of(
            history_date=now,
            history_type="-",
            **{field.attname: getattr(row, field.attname) for field in record_of.tracked_fields},
        )
        for row in rows
    ]
    for record in records:
        mark_history(history_instance=record)
    record_of._base_manager.bulk_create(records)
    rows._raw_delete("default")


def _leaves_first(models_: set[type[models.Model]]) -> Iterable[type[models.Model]]:
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


def _free_places(changed: list[Touched]) -> None:
    """Move rows whose place goes back to a range nobody uses, so that they do not meet half way."""
    for column in _PLACES:
        moving: dict[type[models.Model], list] = {}
        for row in changed:
            if getattr(row.before, column, None) != getattr(row.after, column, None):
                moving.setdefault(row.model, []).append(row.pk)
        for model, keys in moving.items():
            far = models.F(column) + FAR_AWAY
            model._base_manager.filter(pk__in=keys).update(**{column: far})


def _restore(row: Touched) -> None:
    current = row.model._base_manager.select_for_update().get(pk=row.pk)
    for field in _kept_columns(row):
        setattr(current, field.attname, getattr(row.before, field.attname))
    current.save()
    _restore_lists(current, row.before)


def _recreate(row: Touched) -> None:
    values = {field.attname: getattr(row.before, field.attname) for field in _kept_columns(row)}
    again = row.model(pk=row.pk, **values)
    again.save(force_insert=True)
    _restore_lists(again, row.before)


def _kept_columns(row: Touched) -> list[models.Field]:
    """Return columns the history keeps, but for the key and the version, which only ever grows."""
    kept = {field.name for field in type(row.before)._meta.fields}
    return [
        field
        for field in row.model._meta.concrete_fields
        if field.name in kept and not field.primary_key and field.name != "version"
    ]


def _restore_lists(row: models.Model, before: Any) -> None:
    for field in type(before)._history_m2m_fields:
        key = f"{field.m2m_reverse_field_name()}_id"
        keys = {getattr(item, key) for item in getattr(before, field.name).all()}
        manager = getattr(row, field.name)
        if keys != set(manager.values_list("pk", flat=True)):
            manager.set(keys)
