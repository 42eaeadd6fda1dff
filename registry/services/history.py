"""The history of rows, read from their history tables: who, when, which field, from what to what.

A save by which nothing changed that a person reads is not told: it wrote a version, or where a row
comes from. Rows whose model keeps no history of its own show what the admin has written down.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.db.models import (
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Window,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from registry.hanging import parents_of
from registry.models import Administration
from registry.readable import readable
from registry.trail.words import word_of

NOTHING = "—"
UNTOLD = frozenset({"version", "id", "folded", "uid", "origin", "origin_uid"})
PLAIN = frozenset({"", "edit", "remove", "plan", "annex", "process", "phase", "action"})
"""Acts of whose rows “inserimento”, “modifica” or “eliminazione” says all."""


@dataclass(frozen=True)
class FieldChange:
    """One field that changed, as a person reads it."""

    label: str
    before: str
    after: str


@dataclass
class HistoryEntry:
    """One save of one row; `subject` says which, where a history tells of several."""

    at: Any
    by: str
    kind: str
    changes: list[FieldChange] = field(default_factory=list)
    note: str = ""
    subject: str = ""
    act: str = ""
    """The word of the act it was part of, where that says more: what is deleted because an import
    is taken back was not deleted by a person."""


def told_saves(model: Any, records: QuerySet, numbers: Sequence[int]) -> dict[int, HistoryEntry]:
    """Return some saves of rows of a model as a person reads them, by their number.

    Those that say nothing are left out.
    `records` are the history rows that may be told of: what a row was before, too. The number of
    statements depends neither on how many saves are wanted nor on how many there are.
    """
    lists = sorted(f.name for f in model.history.model._history_m2m_fields)
    rows = list(
        records.filter(history_id__in=numbers)
        .select_related("history_user")
        .annotate(number_before=_number_before(model))
    )
    before_wanted = [row.number_before for row in rows if row.number_before is not None]
    before = {row.pk: row for row in records.filter(history_id__in=before_wanted)}
    saves = {row.pk: row for row in rows} | before
    chosen = {name: _chosen(model, list(saves), name) for name in lists}
    values = {number: _values(model, record, chosen) for number, record in saves.items()}
    names = _names(model, lists, values.values())
    kinds = {"+": _("inserimento"), "~": _("modifica"), "-": _("eliminazione")}
    entries = {}
    for record in rows:
        entry = HistoryEntry(
            at=record.history_date,
            by=str(record.history_user or _("sistema")),
            kind=kinds[record.history_type],
            subject=_subject(model, record, names),
            act=_act_of(record),
        )
        if record.history_type != "-":
            was = values.get(record.number_before, {})
            entry.changes = _changes(model, was, values[record.pk], names)
        if record.history_type == "~" and not entry.changes:
            continue
        entries[record.pk] = entry
    return entries


def telling(model: Any, records: QuerySet, narrowed: QuerySet) -> QuerySet:
    """Return, of some saves among all `records`, those that say something.

    What `told_saves` would leave out is not among them: of each change the save before of its row
    is found in one pass over all of them, and only where all is the same are its lists looked at.
    """
    is_empty = Q(history_type="~", history_id__in=_same_as_before(model, records))
    lists = model.history.model._history_m2m_fields
    for column in lists:
        is_empty &= _same_list(model, column)
    before = {"number_before": _number_before(model)} if lists else {}
    return narrowed.alias(**before).exclude(is_empty)


def _same_as_before(model: Any, records: QuerySet) -> RawSQL:
    """Return the numbers of the changes that hold what the save before of their row held.

    In the pass each save is a number: of the two that are compared the columns are read until one
    is another, of those that began a row none.
    """
    key = model._meta.pk.attname
    order = (F("history_date").asc(), F("history_id").asc())
    saves = records.order_by().annotate(
        number_before=Window(Lag("history_id"), partition_by=[F(key)], order_by=order)
    )
    passed = saves.values("history_id", "history_type", "number_before")
    words, values = passed.query.sql_with_params()
    compared = _compared(model, connection.vendor).replace("PASSED", words)
    return RawSQL(compared, values)  # noqa: S611


@cache
def _compared(model: Any, vendor: str) -> str:
    """Return the comparison of changes, put together once for a model: there are many columns."""
    past = connection.ops.quote_name(model.history.model._meta.db_table)
    is_same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    same = []
    for column in _told(model):
        here, before = (f'{row}."{column.column}"' for row in ("here", "before"))
        if column.null and isinstance(column, CharField | TextField):
            # a text there is none of is an empty one
            here, before = f"COALESCE({here}, '')", f"COALESCE({before}, '')"
        same.append(f"{here} {is_same} {before}")
    # S608: the names are those of the models
    return (
        "SELECT here.history_id FROM (PASSED) passed "  # noqa: S608
        f"JOIN {past} here ON here.history_id = passed.history_id "
        f"JOIN {past} before ON before.history_id = passed.number_before "
        f"WHERE passed.history_type = '~' AND {' AND '.join(same)}"
    )


def _same_list(model: Any, column: Any) -> Q:
    """Return whether a list holds what it held at the save before."""
    past = getattr(model.history.model, column.name).model._default_manager
    far = f"{column.m2m_reverse_field_name()}_id"
    sides = ("history_id", "number_before"), ("number_before", "history_id")
    same = Q()
    for here, there in sides:
        others = past.filter(history=OuterRef(OuterRef(there)), **{far: OuterRef(far)})
        same &= ~Exists(past.filter(~Exists(others), history=OuterRef(here)))
    return same


def _number_before(model: Any) -> Subquery:
    """Return the number of the save of the same row before: what it held until then."""
    here, at = OuterRef("history_id"), OuterRef("history_date")
    key = model._meta.pk.attname
    earlier = Q(history_date__lt=at) | Q(history_date=at, history_id__lt=here)
    saves = model.history.model._default_manager.filter(earlier, **{key: OuterRef(key)})
    saves = saves.exclude(history_type="-").order_by("-history_date", "-history_id")
    return Subquery(saves.values("history_id")[:1])


def _subject(model: Any, record: Any, names: dict) -> str:
    """Return what kind of row a history row is of, with its own words or those of what it is of."""
    words = next(
        (
            getattr(record, name)
            for name in ("title", "text", "label", "description")
            if hasattr(record, name)
        ),
        "",
    )
    if not words:
        keys = {name: getattr(record, f"{name}_id", None) for name in parents_of(model)}
        said = [names.get(name, {}).get(key) for name, key in keys.items() if key is not None]
        words = " – ".join(filter(None, said))
    kind = str(model._meta.verbose_name)
    return f"{kind}: {words}" if words else kind


def _act_of(record: Any) -> str:
    kind = (record.history_change_reason or "").partition(":")[0]
    return "" if kind in PLAIN else word_of(kind)


def _told(model):
    """Return the fields of which a history tells."""
    kept = {f.name for f in model.history.model._meta.fields}
    return [f for f in model._meta.fields if f.name in kept and f.name not in UNTOLD]


def _chosen(model, numbers, name) -> dict:
    """Return what a list of choices held at each save, by the identifier of the save."""
    column = f"{model._meta.get_field(name).m2m_reverse_field_name()}_id"
    saves = getattr(model.history.model, name).model._default_manager
    keys_by_save = defaultdict(list)
    for save, key in saves.filter(history__in=numbers).values_list("history_id", column):
        keys_by_save[save].append(key)
    return keys_by_save


def _values(model, record, chosen) -> dict:
    """Return the values of one save; lists of choices as a tuple of identifiers."""
    values = {f.name: getattr(record, f.attname) for f in _told(model)}
    for name, saves in chosen.items():
        values[name] = tuple(sorted(saves.get(record.pk, ())))
    return values


def _names(model, lists, values) -> dict:
    """Return the names of the rows that foreign keys and lists point to, by field."""
    keys_by_field = defaultdict(set)
    for save in values:
        for name, value in save.items():
            if name in lists:
                keys_by_field[name].update(value)
            elif model._meta.get_field(name).is_relation and value is not None:
                keys_by_field[name].add(value)
    return {
        name: {
            pk: str(item)
            for pk, item in _named(model._meta.get_field(name).related_model, keys).items()
        }
        for name, keys in keys_by_field.items()
    }


def _named(related, keys) -> dict:
    """Return related rows by identifier, with the rows that their names may read."""
    rows = related._base_manager
    keys_of_names = [f.name for f in related._meta.fields if f.many_to_one and _is_named_by(f)]
    rows = rows.select_related(*keys_of_names) if keys_of_names else rows
    return rows.in_bulk(keys)


def _is_named_by(field) -> bool:
    """Whether a name may read what a column refers to: which row one comes from is in none, nor is
    of whom a row may be.
    """
    return not field.null or field.related_model not in (field.model, Administration)


def _changes(model, before, after, names) -> list[FieldChange]:
    changes = []
    for name, value in after.items():
        old = before.get(name)
        if old == value or (not before and value in (None, "", ())):
            continue
        field = model._meta.get_field(name)
        named = names.get(name, {})
        was, now = _text(field, old, named), _text(field, value, named)
        if not was == now == NOTHING:
            changes.append(FieldChange(label=str(field.verbose_name), before=was, after=now))
    return changes


def _text(field, value, names) -> str:
    """Return a value as a person reads it."""
    if value in (None, "", (), [], {}):
        return NOTHING
    if isinstance(value, tuple):
        return ", ".join(_name(names, key) for key in value)
    if field.is_relation:
        return _name(names, value)
    if (told := getattr(field, "told", None)) is not None:
        return told(value) or NOTHING
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(dict(field.flatchoices).get(value) or readable(value))


def _name(names, key) -> str:
    return names[key] if key in names else _("(non più presente)")


def logged(log: LogEntry) -> HistoryEntry:
    """Return what the admin has written down of a save, as a person reads it."""
    kinds = {1: _("inserimento"), 2: _("modifica"), 3: _("eliminazione")}
    return HistoryEntry(
        at=log.action_time,
        by=str(log.user),
        kind=kinds[log.action_flag],
        note=log.get_change_message(),
    )
