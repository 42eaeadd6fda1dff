"""Guards of the lists: a row that a closed annex or an adopted plan names stays, with its parts.

Built from the models, as `registry.querysets.is_frozen` asks: which lists annexes use, and what is
part of a row, both follow from the keys (docs/decisions/0024). It may still be retired.
"""

# ruff: noqa: S608 - the names in the SQL are those of the models, never a person’s input

from typing import Any

from django.apps import apps

from registry.guards import Guard
from registry.hanging import paths_of, plans_of_use, uses_of
from risk.guards.freezing import OPEN, ROWS_OF, changed, is_adopted

_MESSAGE = (
    "la voce è usata da un allegato chiuso o da un piano adottato: si toglie dall’uso e se ne fa "
    "un’altra."
)
_MAY_CHANGE = ("version", "retired_on", "retired_reason")


def catalogue_guards() -> tuple[Guard, ...]:
    """Return guards of the lists that annexes use, and of what is part of their rows.

    The apps must be loaded.
    """
    lists = [model for model in apps.get_models() if uses_of(model)]
    guards = [guard for model in lists for guard in _of_list(model)]
    for model in lists:
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through._meta.db_table
            guards += _of_part(through, model, f"{{row}}.{field.m2m_column_name()}")
    for part, owner, key in parts_of(lists):
        guards += _of_part(part._meta.db_table, owner, key)
    return tuple(guards)


def _of_list(model: Any) -> list[Guard]:
    """Return guards of a row of a list: another row may always be added."""
    table = model._meta.db_table
    columns = (field.column for field in model._meta.local_concrete_fields)
    words = changed(*(column for column in columns if column not in _MAY_CHANGE))
    used, held = _used(model, "OLD.id"), _holding(model, "OLD.id")
    return [
        Guard(f"{table}_used_delete", table, used, _MESSAGE, events=("DELETE",), holds=held),
        Guard(
            f"{table}_used_words",
            table,
            f"({words}) AND ({used})",
            _MESSAGE,
            events=("UPDATE",),
            holds=held,
        ),
    ]


def _of_part(table: str, owner: Any, key: str) -> list[Guard]:
    """Return guards of what is part of a row of a list, which is not added to it either."""
    rules = {row: _used(owner, key.format(row=row)) for row in ("OLD", "NEW")}
    return [
        Guard(
            f"{table}_used_{event.lower()}",
            table,
            " OR ".join(rules[row] for row in rows),
            _MESSAGE,
            events=(event,),
            holds=tuple(held for row in rows for held in _holding(owner, key.format(row=row))),
        )
        for event, rows in ROWS_OF.items()
    ]


def parts_of(lists: list[Any]) -> list[tuple[Any, Any, str]]:
    """Return models whose rows are part of a row of a list: (model, list, SQL for its key)."""
    found = []
    for model in apps.get_models():
        if paths_of(model) or not (path := getattr(model, "BODY_PATH", "")):
            continue
        first, *more = path.split("__")
        field = model._meta.get_field(first)
        key, owner = f"{{row}}.{field.column}", field.related_model
        for step in more:
            field = owner._meta.get_field(step)
            key = f"(SELECT {field.column} FROM {owner._meta.db_table} WHERE id = {key})"
            owner = field.related_model
        if owner in lists:
            found.append((model, owner, key))
    return found


def _used(model: Any, key: str) -> str:
    """Return SQL that is true when something closed names the row of a list with this key."""
    closed = f"(COALESCE(a.state, 'draft') NOT IN {OPEN} OR {is_adopted('e.state')})"
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {_rows(model, way, key)} AND {closed})" for way in uses_of(model)
    )


def _holding(model: Any, key: str) -> tuple[str, ...]:
    """Return queries that hold the annexes that name a row: none is closed meanwhile."""
    return tuple(
        "1 FROM registry_annex held WHERE held.id IN "
        f"(SELECT a.id FROM {_rows(model, way, key)}) FOR SHARE"
        for way in uses_of(model)
    )


def _rows(model: Any, way: str, key: str) -> str:
    """Return SQL for what names a row of a list, by one way, with its annex (a) and plan (e).

    A measure of a whole plan has no annex, and what hangs on it none either.
    """
    has_plan = len(plans_of_use(model, way)) > 1
    *steps, _annex = way.split("__")
    tables, conditions, last = [], [], ""
    for number, step in enumerate(steps):
        field, this = model._meta.get_field(step), f"n{number}"
        before = f"{last}.id" if last else key
        model = field.related_model
        if field.many_to_many:
            link = field.remote_field
            tables.append(f"{link.remote_field.through._meta.db_table} {this}m")
            conditions.append(f"{this}m.{link.m2m_reverse_name()} = {before}")
            conditions.append(f"{this}.id = {this}m.{link.m2m_column_name()}")
        elif field.one_to_many:
            conditions.append(f"{this}.{field.remote_field.column} = {before}")
        else:
            conditions.append(f"{this}.id = {last}.{field.column}")
        tables.append(f"{model._meta.db_table} {this}")
        last = this
    plan = f"{last}.plan_id" if has_plan else "a.plan_id"
    return (
        f"{' CROSS JOIN '.join(tables)} LEFT JOIN registry_annex a ON a.id = {last}.annex_id "
        f"JOIN registry_plan e ON e.id = {plan} WHERE {' AND '.join(conditions)}"
    )
