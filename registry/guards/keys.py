"""What makes a row of a table the same as another: its key, and all that is unique besides.

SQLite deletes the row that is in the way of one written with `OR REPLACE`, and runs no trigger for
it unless the connection asks for that. So its guards look for the row in the way themselves.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import UniqueConstraint
from django.db.models.sql import Query

_QUOTED = re.compile(r'"(\w+)"')


@dataclass(frozen=True)
class UniqueKey:
    """Columns no two rows have alike, and the SQL that is true when `replaced` has those of NEW."""

    columns: frozenset[str]
    is_met: str


def unique_keys(table: str) -> list[UniqueKey]:
    """Return the unique keys of a table of the register, its primary key first."""
    model = _models()[table]
    columns = [[f.column] for f in model._meta.local_concrete_fields if f.primary_key or f.unique]
    for names in model._meta.unique_together:
        columns.append([model._meta.get_field(name).column for name in names])
    keys = [_key([f'"{name}"' for name in names]) for names in columns]
    constraints = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    return [*keys, *(_of_constraint(model, constraint) for constraint in constraints)]


def _of_constraint(model: Any, constraint: Any) -> UniqueKey:
    query = Query(model, alias_cols=False)
    compiler = query.get_compiler(connection=connection)
    parts = [f'"{model._meta.get_field(name).column}"' for name in constraint.fields]
    for expression in constraint.expressions:
        sql, _none = compiler.compile(expression.resolve_expression(query))
        parts.append(sql)
    return _key(parts, constraint._get_condition_sql(model, connection.schema_editor()))


def _key(parts: list[str], condition: str | None = None) -> UniqueKey:
    """Return the key of expressions over quoted columns, where a condition holds for both rows."""
    met = [f"{_of('replaced', part)} = {_of('NEW', part)}" for part in parts]
    if condition:
        met += [f"({_of('replaced', condition)})", f"({_of('NEW', condition)})"]
    columns = {name for text in [*parts, condition or ""] for name in _QUOTED.findall(text)}
    return UniqueKey(frozenset(columns), " AND ".join(met))


def _of(row: str, text: str) -> str:
    return _QUOTED.sub(rf"{row}.\1", text)


def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
