"""The history of rows, read from their history tables: who, when, which field, from what to what.

Rows whose model keeps no history of its own show what the admin has written down.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.formats import localize
from django.utils.translation import gettext as _

NOTHING = "—"
UNTOLD = frozenset({"version", "id", "folded", "uid", "origin", "origin_uid"})


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


def entries_of(row) -> list[HistoryEntry]:
    """Return the saves of a row, the last one first, in a constant number of queries."""
    if not hasattr(row, "history"):
        return _logged(row)
    entries = entries_of_records(type(row), row.history.all())
    for entry in entries:
        entry.subject = ""
    return entries


def entries_of_records(model: Any, records: Any) -> list[HistoryEntry]:
    """Return the saves a query of history rows of `model` tells of, of any number of rows.

    The last one first, in a number of queries that does not depend on how many there are.
    """
    lists = sorted(f.name for f in model.history.model._history_m2m_fields)
    rows = list(records.select_related("history_user").order_by("history_date", "history_id"))
    chosen = {name: _chosen(model, records, name) for name in lists}
    values = [_values(model, record, chosen) for record in rows]
    names = _names(model, lists, values)
    kinds = {"+": _("inserimento"), "~": _("modifica"), "-": _("eliminazione")}
    entries, before = [], defaultdict(dict)
    for record, after in zip(rows, values, strict=True):
        key = getattr(record, model._meta.pk.attname)
        entry = HistoryEntry(
            at=record.history_date,
            by=str(record.history_user or _("sistema")),
            kind=kinds[record.history_type],
            subject=_subject(model, record),
        )
        if record.history_type != "-":
            entry.changes = _changes(model, before[key], after, names)
            before[key] = after
        entries.append(entry)
    return entries[::-1]


def _subject(model: Any, record: Any) -> str:
    """Return what kind of row a history row is of, with its own words where it has any."""
    words = next(
        (
            getattr(record, name)
            for name in ("title", "text", "label", "description")
            if hasattr(record, name)
        ),
        "",
    )
    kind = str(model._meta.verbose_name)
    return f"{kind}: {words}" if words else kind


def _tracked(model, record):
    kept = {f.name for f in record._meta.fields}
    return [f for f in model._meta.fields if f.name in kept and f.name not in UNTOLD]


def _chosen(model, records, name) -> dict:
    """Return what a list of choices held at each save, by the identifier of the save."""
    column = f"{model._meta.get_field(name).m2m_reverse_field_name()}_id"
    saves = getattr(model.history.model, name).model._default_manager
    keys = records.order_by().values("history_id")
    keys_by_save = defaultdict(list)
    for save, key in saves.filter(history__in=keys).values_list("history_id", column):
        keys_by_save[save].append(key)
    return keys_by_save


def _values(model, record, chosen) -> dict:
    """Return the values of one save; lists of choices as a tuple of identifiers."""
    values = {f.name: getattr(record, f.attname) for f in _tracked(model, record)}
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
    """Return related rows by identifier, with the foreign keys that their names may read."""
    rows = related._base_manager
    keys_of_names = [f.name for f in related._meta.fields if f.many_to_one and not f.null]
    rows = rows.select_related(*keys_of_names) if keys_of_names else rows
    return rows.in_bulk(keys)


def _changes(model, before, after, names) -> list[FieldChange]:
    changes = []
    for name, value in after.items():
        old = before.get(name)
        if old == value or (not before and value in (None, "", ())):
            continue
        field = model._meta.get_field(name)
        changes.append(
            FieldChange(
                label=str(field.verbose_name),
                before=_text(field, old, names.get(name, {})),
                after=_text(field, value, names.get(name, {})),
            )
        )
    return changes


def _text(field, value, names) -> str:
    """Return a value as a person reads it."""
    if value in (None, "", ()):
        return NOTHING
    gone = _("(non più presente)")
    if isinstance(value, tuple):
        return ", ".join(names.get(key, gone) for key in value)
    if field.is_relation:
        return names.get(value, gone)
    if isinstance(value, bool):
        return _("sì") if value else _("no")
    return str(dict(field.flatchoices).get(value, localize(value)))


def _logged(row) -> list[HistoryEntry]:
    kind = ContentType.objects.get_for_model(row)
    logs = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
    kinds = {1: _("inserimento"), 2: _("modifica"), 3: _("eliminazione")}
    return [
        HistoryEntry(
            at=log.action_time,
            by=str(log.user),
            kind=kinds[log.action_flag],
            note=log.get_change_message(),
        )
        for log in logs.select_related("user").order_by("-action_time")
    ]
