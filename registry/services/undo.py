"""Undoing one act as a whole, while nothing newer touched any of its rows.

The history knows every row an act touched and how it was before (`registry.acts`). Undoing is an
act itself: it leaves its own history, and can be undone in turn. It goes by tables as the act did
(`registry.services.bulk`): the statements do not grow with the rows.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from registry.acts import Act, act
from registry.models import Administration, TrailRecord
from registry.models.base import FoldedField
from registry.services.bulk import relink_in_bulk, update_in_bulk
from registry.services.bulk_removal import (
    StillUsedError,
    among,
    delete_in_bulk,
    has_history,
    leaves_first,
)
from registry.services.ordering import FAR_AWAY, note_body_of
from registry.trail.subjects import Subject

_WINDOW = datetime.timedelta(minutes=15)
"""How far from the given moment the rows of one act are looked for: an act is one transaction."""

UNDONE = "undone"
"""What the record of an undoing calls the uid of the act it has taken back."""

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


@dataclass
class _Found:
    """What an act did to the rows of one model: keys of rows, and of the history rows of each."""

    created: dict[int, int] = field(default_factory=dict)
    """Of each row it made, and left, the history row after."""
    changed: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Of each row there was before and after, both."""
    deleted: dict[int, int | None] = field(default_factory=dict)
    """Of each row that is gone, the one before; None where the act had made it too."""

    @property
    def count(self) -> int:
        return len(self.created) + len(self.changed) + len(self.deleted)


def touched_rows(
    *, uid: UUID, at: datetime.datetime, cancelled: Collection[str] = ()
) -> list[Touched]:
    """Return the rows the act `uid`, done about `at`, has touched.

    `cancelled` are the uids of acts that have been undone, and of what has undone them: a row they
    touched is as if they had not. Raises `NotUndoable` when a row has been touched again since: the
    newer change would be lost.
    """
    touched: list[Touched] = []
    for model, found in _find(uid, at, cancelled).items():
        past = _records(model, [key for keys in _history_keys(found) for key in keys])
        for pk, after in found.created.items():
            touched.append(Touched(model, pk, None, past[after]))
        for pk, (before, after) in found.changed.items():
            touched.append(Touched(model, pk, past[before], past[after]))
        for pk, last in found.deleted.items():
            touched.append(Touched(model, pk, past.get(last), None))
    return touched


def undo(*, uid: UUID, at: datetime.datetime, by: Any, cancelled: Collection[str] = ()) -> int:
    """Put every row of the act back as it was before; return how many. One act, all or nothing.

    The caller has checked that `by` may edit all of `touched_rows`. Raises `NotUndoable`.
    """
    with act("undo", by=by, subject=_subject_of(uid), detail={UNDONE: str(uid)}) as opened:
        every = _find(uid, at, cancelled)
        if not opened.bodies:
            _note_body(every)
        _delete(every, opened)
        changed = {model: _changed_of(model, found) for model, found in every.items()}
        _free_places(changed)
        for model, rows in changed.items():
            _restore(model, rows, opened)
        for model in reversed(list(leaves_first(every))):
            last = [key for key in every[model].deleted.values() if key is not None]
            _recreate(model, list(_records(model, last).values()), opened)
        return sum(found.count for found in every.values())


# --- What the act did -----------------------------------------------------------------------------


def _subject_of(uid: UUID) -> str:
    """Return what an act was done to, with the body whose chain tells of it; "" of one untold."""
    bodies = Administration.objects.filter(ipa_code=models.OuterRef("chain")).values("pk")
    records = TrailRecord.objects.filter(uid=uid)
    subject, body = records.values_list("subject", models.Subquery(bodies)).first() or ("", None)
    return subject if body is None else Subject(subject, body)


def _note_body(every: "Mapping[type[models.Model], _Found]") -> None:
    """Say whose rows an act has touched that is told in the chain of the installation."""
    for model, found in every.items():
        keys = [key for some in _history_keys(found) for key in some]
        if keys:
            note_body_of(_record(model, keys[0]).instance)


def _find(
    uid: UUID, at: datetime.datetime, cancelled: Collection[str]
) -> dict[type[models.Model], _Found]:
    mark = f":{uid}"
    window = (at - _WINDOW, at + _WINDOW)
    every = {}
    for model in _models_touched(mark, window):
        marked = model.history.filter(
            history_change_reason__endswith=mark, history_date__range=window
        )
        keys = set(marked.order_by().values_list(model._meta.pk.name, flat=True))
        every[model] = _found_of(model, keys, mark, cancelled)
    if not every:
        raise NotUndoable(_("Di questa operazione non è rimasto nulla da annullare."))
    return every


def _models_touched(mark: str, window: tuple[datetime.datetime, datetime.datetime]) -> list[Any]:
    """Return the models an act has touched rows of: one statement for all histories."""
    every = list(filter(has_history, apps.get_models()))
    # S608: the names are those of the models, never a person's input
    questions = [
        f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {model.history.model._meta.db_table} "  # noqa: S608
        "WHERE history_date BETWEEN %s AND %s AND history_change_reason LIKE %s)"
        for n, model in enumerate(every)
    ]
    moments = [connection.ops.adapt_datetimefield_value(one) for one in window]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), [*moments, f"%{mark}"] * len(every))
        return [every[n] for (n,) in sorted(cursor.fetchall())]


def _found_of(model: Any, keys: set[int], mark: str, cancelled: Collection[str]) -> _Found:
    """Return what the act did, of rows by their keys. Raises `NotUndoable`."""
    name = model._meta.pk.name
    columns = (name, "history_id", "history_type", "history_change_reason")
    rows: dict[int, list[tuple[int, str, bool]]] = {}
    records = model.history.filter(among(name, keys)).order_by("history_id")
    for pk, key, kind, reason in records.values_list(*columns).iterator():
        if (reason or "").rpartition(":")[2] not in cancelled:
            rows.setdefault(pk, []).append((key, kind, (reason or "").endswith(mark)))
    found = _Found()
    for pk, past in rows.items():
        mine = [place for place, (_key, _kind, is_mine) in enumerate(past) if is_mine]
        last, kind, is_mine = past[-1]
        if not is_mine:
            _refuse_newer(model, last)
        before = past[mine[0] - 1] if mine[0] else None
        if before is None and past[mine[0]][1] != "+":
            first = _record(model, past[mine[0]][0])
            raise NotUndoable(
                _("Di «%(row)s» non si conosce la versione precedente.") % {"row": first.instance}
            )
        was = before[0] if before is not None and before[1] != "-" else None
        if kind == "-":
            found.deleted[pk] = was
        elif was is None:
            found.created[pk] = last
        else:
            found.changed[pk] = (was, last)
    return found


def _refuse_newer(model: Any, key: int) -> None:
    last = _record(model, key)
    raise NotUndoable(
        _("«%(row)s» è stato modificato dopo da %(who)s: la modifica andrebbe persa.")
        % {"row": last.instance, "who": last.history_user or _("un’altra operazione")}
    )


def _history_keys(found: _Found) -> Iterable[Iterable[int]]:
    yield found.created.values()
    yield from found.changed.values()
    yield [key for key in found.deleted.values() if key is not None]


def _record(model: Any, key: int) -> Any:
    return model.history.get(history_id=key)


def _records(model: Any, keys: list[int]) -> dict[Any, Any]:
    """Return history rows by their keys."""
    rows = model.history.filter(among("history_id", keys)).order_by("history_id") if keys else ()
    return {row.history_id: row for row in rows}


def _changed_of(model: Any, found: _Found) -> list[Touched]:
    past = _records(model, [key for both in found.changed.values() for key in both])
    return [
        Touched(model, pk, past[before], past[after])
        for pk, (before, after) in found.changed.items()
    ]


# --- Putting it back ------------------------------------------------------------------------------


def _delete(every: dict[type[models.Model], _Found], opened: Act) -> None:
    """Delete what the act created, unless somebody has hung something newer on it."""
    created = {model: list(found.created) for model, found in every.items() if found.created}
    known = {model: [*found.created, *found.changed] for model, found in every.items()}
    known = {model: keys for model, keys in known.items() if keys}
    try:
        delete_in_bulk(created, known=known, opened=opened)
    except StillUsedError as error:
        raise NotUndoable(
            _("A ciò che andrebbe tolto è legato qualcosa di più recente: «%(row)s».")
            % {"row": error.row}
        ) from error


def _free_places(changed: dict[type[models.Model], list[Touched]]) -> None:
    """Move rows whose place goes back to a range nobody uses, so that they do not meet half way."""
    for column in _PLACES:
        for model, rows in changed.items():
            place = attrgetter(column)
            if rows and hasattr(rows[0].before, column):
                keys = [row.pk for row in rows if place(row.before) != place(row.after)]
                far = models.F(column) + FAR_AWAY
                if keys:
                    model._base_manager.filter(among("pk", keys)).update(**{column: far})


def _restore(model: Any, rows: list[Touched], opened: Act) -> None:
    """Write back what each row was before: the columns that differ in any of them, and lists."""
    if not rows:
        return
    before = {row.pk: row.before for row in rows}
    locked = model._base_manager.select_for_update().filter(among("pk", before)).order_by("pk")
    current = list(locked)
    different = set()
    for row in current:
        for column in _kept_columns(model):
            name, value = column.attname, getattr(before[row.pk], column.attname)
            if getattr(row, name) != value:
                different.add(column.name)
                setattr(row, name, value)
    _fold(model, current)
    folded = {column.name for column in _folded(model)} if different else set()
    update_in_bulk(current, fields=sorted(different | folded), opened=opened)
    relink_in_bulk(current, _lists_of(model, before), opened=opened)


def _recreate(model: Any, records: list[Any], opened: Act) -> None:
    """Make rows again as they were last, with their keys and lists."""
    if not records:
        return
    key, names = model._meta.pk.attname, [column.attname for column in _kept_columns(model)]
    rows = [
        model(pk=getattr(record, key), **{name: getattr(record, name) for name in names})
        for record in records
    ]
    model._base_manager.bulk_create(rows)
    model.history.bulk_history_create(
        rows, default_user=opened.by, default_change_reason=opened.mark
    )
    before = {row.pk: record for row, record in zip(rows, records, strict=True)}
    relink_in_bulk(rows, _lists_of(model, before), opened=opened)


def _kept_columns(model: Any) -> list[models.Field]:
    """Return columns the history keeps, but for the key and the version, which only ever grows."""
    kept = {column.name for column in model.history.model._meta.fields}
    return [
        column
        for column in model._meta.concrete_fields
        if column.name in kept and not column.primary_key and column.name != "version"
    ]


def _folded(model: Any) -> list[FoldedField]:
    return [column for column in model._meta.concrete_fields if isinstance(column, FoldedField)]


def _fold(model: Any, rows: list[models.Model]) -> None:
    """Fill the folded columns, which rows written in bulk do not fill by themselves."""
    for column in _folded(model):
        for row in rows:
            column.pre_save(row, add=False)


def _lists_of(model: Any, before: dict[int, Any]) -> dict[str, dict[int, set[int]]]:
    """Return the lists of rows as a history row of each has them, by name of the list and key.

    Those that are so already are left out.
    """
    by_record = {record.history_id: pk for pk, record in before.items()}
    lists: dict[str, dict[int, set[int]]] = {}
    for column in model.history.model._history_m2m_fields:
        near, far = f"{column.m2m_field_name()}_id", f"{column.m2m_reverse_field_name()}_id"
        past = getattr(model.history.model, column.name).model._base_manager
        then, now = ({pk: set[int]() for pk in before} for _n in range(2))
        for key, other in past.filter(among("history", by_record)).values_list("history_id", far):
            then[by_record[key]].add(other)
        there = column.remote_field.through._base_manager.filter(among(near, before))
        for pk, other in there.values_list(near, far):
            now[pk].add(other)
        lists[column.name] = {pk: keys for pk, keys in then.items() if keys != now[pk]}
    return lists
