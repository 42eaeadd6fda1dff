"""Are the rows as their histories say? Asked of the database, a few statements for each table."""

# ruff: noqa: S608 - the names in the SQL are those of the models

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from registry.readable import grouped

_WHOLE_SINCE = ("registry", "0016_name_salt")
"""A migration of the version since which a history row has the lists of its row, moved or not."""
_TOLD = 20
"""Rows that are named one by one; of more, only how many they are."""


def live_row_findings() -> Iterator[str]:
    """Yield in Italian what is in no history: rows changed, brought back or taken away past it.

    Of a row that has no history at all – what was there before histories, or is made for a
    measurement – nothing can be said here.
    """
    for model in apps.get_models():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            yield from _told(model, _differing(model), _("non è come dice la sua storia"))
            yield from _told(model, _gone(model), _("è nella storia, e la riga non c’è più"))


def _differing(model: Any) -> set[int]:
    """Return the keys of rows that are not as their last history row, lists of choices included."""
    past, table = model.history.model, model._meta.db_table
    kept = {field.column for field in past._meta.concrete_fields}
    columns = [f.column for f in model._meta.concrete_fields if f.column in kept]
    pk = model._meta.pk.column
    names = ", ".join(f'"{column}"' for column in columns)
    known = f'SELECT "{pk}" FROM "{past._meta.db_table}"'
    last = _last(model, ", ".join(f'h."{column}"' for column in columns))
    live = f'SELECT {names} FROM "{table}" WHERE "{pk}" IN ({known})'
    keys = _keys(f'SELECT "{pk}" FROM ({live} EXCEPT {last}) differing')
    for field in model._meta.local_many_to_many:
        if hasattr(past, field.name):
            keys |= _differing_lists(model, field)
    return keys


def _differing_lists(model: Any, field: Any) -> set[int]:
    """Return the keys of rows that have not the list their last history row has.

    What was written before an upgrade to histories that are whole is not judged: a row that moved
    with others was told there without its lists.
    """
    near, far = field.m2m_column_name(), field.m2m_reverse_name()
    through = field.remote_field.through._meta.db_table
    kept = getattr(model.history.model, field.name).model._meta.db_table
    pk, since = model._meta.pk.column, _since()
    known = _last(model, f'h."{pk}"') + since
    live = f'SELECT "{near}" AS key, "{far}" FROM "{through}" WHERE "{near}" IN ({known})'
    last = _last(model, f'h."{pk}" AS key, m."{far}"') + since
    last = last.replace(" WHERE ", f' JOIN "{kept}" m ON m.history_id = h.history_id WHERE ', 1)
    more = _keys(f"SELECT key FROM ({live} EXCEPT {last}) differing")
    return more | _keys(f"SELECT key FROM ({last} EXCEPT {live}) differing")


def _gone(model: Any) -> set[int]:
    """Return the keys of rows that are not there, though nothing tells of their end."""
    pk = model._meta.pk.column
    last = _last(model, f'h."{pk}"')
    return _keys(f'{last} AND h."{pk}" NOT IN (SELECT "{pk}" FROM "{model._meta.db_table}")')


def _last(model: Any, columns: str) -> str:
    """Return SQL for the last history row (h) of each row that was not deleted."""
    table, pk = model.history.model._meta.db_table, model._meta.pk.column
    newest = f'SELECT MAX(history_id) FROM "{table}" GROUP BY "{pk}"'
    return (
        f'SELECT {columns} FROM "{table}" h '
        f"WHERE h.history_id IN ({newest}) AND h.history_type <> '-'"
    )


def _since() -> str:
    """Return the condition for history rows (h) of a version that tells all lists of a row."""
    told = MigrationRecorder(connection).applied_migrations().get(_WHOLE_SINCE)
    if told is None:
        return ""
    moment = connection.ops.adapt_datetimefield_value(told.applied)
    return f" AND h.history_date >= '{moment}'"


def _keys(sql: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {key for (key,) in cursor.fetchall()}


def _told(model: Any, keys: set[int], what: str) -> Iterator[str]:
    name = str(model._meta.verbose_name)
    rows = model._base_manager.in_bulk(sorted(keys)[:_TOLD])
    for key in sorted(keys)[:_TOLD]:
        values = {"name": name, "row": rows.get(key, ""), "key": key, "what": what}
        yield _("«%(name)s» %(row)s (chiave %(key)d): %(what)s.") % values
    if len(keys) > _TOLD:
        values = {"name": name, "n": grouped(len(keys) - _TOLD), "what": what}
        yield _("«%(name)s», altre %(n)s righe: %(what)s.") % values
