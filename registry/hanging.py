"""What hangs on an annex, and by which way: each model says it itself, once, for all who ask.

A model with a history, and every other whose rows lead to an annex, says `ANNEX_PATHS`: the lookups
from a row to its annex, the nearest first; "" where the row is the annex; none for lists, bodies
and plans, which annexes only use. A model is the content of the annexes it leads to, unless it says
`EDITS_ANNEX = False`: then writing its rows is no edit of the annex, and they outlive its closing.

Where a row may be without annex, `BODY_PATH` is the way to the row that names its administration.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet


def paths_of(model: type[Model]) -> tuple[str, ...]:
    """Return the lookups that lead from a row of a model to its annex; none where none does."""
    return getattr(model, "ANNEX_PATHS", ())


def edits_annex(model: type[Model]) -> bool:
    """Tell whether the rows of a model are content of an annex: writing one is an edit of it."""
    return bool(paths_of(model)) and getattr(model, "EDITS_ANNEX", True)


@cache
def content_models() -> tuple[type[Model], ...]:
    """Return the models whose rows are content of an annex, each after those it hangs on."""
    waiting = [model for model in apps.get_models() if edits_annex(model)]
    ordered: list[type[Model]] = []
    while waiting:
        free = [model for model in waiting if not _pointed_at(model) & {*waiting} - {model}]
        # a circle is cut where it was declared first
        free = free or waiting[:1]
        ordered += free
        waiting = [model for model in waiting if model not in free]
    return tuple(ordered)


def parents_of(model: type[Model]) -> dict[str, type[Model]]:
    """Return the models the rows of a model hang on, by the column; none for the annex itself."""
    steps = dict.fromkeys(path.split("__")[0] for path in paths_of(model) if path)
    return {step: _related(model, step) for step in steps}


def annex_of(row: Any) -> Any:
    """Return the annex a row hangs on; None for a row of a list, of a body or of a whole plan."""
    annexes = (_follow(row, path) for path in paths_of(row.__class__))
    return next((annex for annex in annexes if annex is not None), None)


def annex_keys(rows: Iterable[Model]) -> set[int | None]:
    """Return the keys of the annexes rows hang on; None among them where one hangs on none.

    What is gone hangs where it did, also on another of the rows that is gone. One statement for
    each kind of row on the way, however many there are.
    """
    waiting, found = list(rows), set()
    known = {(type(row), row.pk) for row in waiting}
    while waiting:
        wanted: dict[type[Model], set[int]] = {}
        for row in waiting:
            parent, key = _above(row)
            if parent is None or "" in paths_of(parent):
                found.add(key)
            elif (parent, key) not in known:
                # those that are known are asked for themselves
                known.add((parent, key))
                wanted.setdefault(parent, set()).add(key)
        waiting = []
        for model, keys in wanted.items():
            there = model._base_manager.in_bulk(keys)
            waiting += there.values()
            found |= {None} if len(there) < len(keys) else set()
    return found


def _above(row: Model) -> tuple[type[Model] | None, Any]:
    """Return what a row hangs on, as model and key; the annex itself on nothing but itself."""
    if "" in paths_of(type(row)):
        return None, row.pk
    ways = ((parent, getattr(row, f"{step}_id")) for step, parent in parents_of(type(row)).items())
    return next((way for way in ways if way[1] is not None), (None, None))


def body_row_of(row: Any) -> Any:
    """Return the row that names the administration of a row of whatever kind.

    The plan of its annex, the plan or the list it belongs to, or the row itself; None where no body
    keeps it.
    """
    if hasattr(row, "administration_id"):
        return row
    annex = annex_of(row)
    if annex is not None:
        return annex.plan
    path = getattr(row, "BODY_PATH", "")
    return _follow(row, path) if path else None


def bodies_of(rows: QuerySet) -> set[int]:
    """Return the keys of the administrations that rows of one kind are of; one statement."""
    model = rows.model
    if hasattr(model, "administration_id"):
        ways = ["administration"]
    else:
        ways = ["__".join(filter(None, [path, "plan__administration"])) for path in paths_of(model)]
        if path := getattr(model, "BODY_PATH", ""):
            ways.append(f"{path}__administration")
    told = rows.order_by().values_list(*ways).distinct() if ways else ()
    return {key for keys in told for key in keys if key is not None}


@cache
def sure_path(model: type[Model]) -> str | None:
    """Return the one way that leads every row of a model to its annex.

    None where there is no way, or more than one, or where a row may be without annex.
    """
    paths = paths_of(model)
    return paths[0] if len(paths) == 1 and _is_sure(model, paths[0]) else None


def on_annexes(model: type[Model], **lookups: Any) -> Q:
    """Return the filter for the rows of a model whose annex answers to all the `lookups`.

    No row of a model that hangs on no annex does.
    """
    condition = Q(pk__in=())
    for path in paths_of(model):
        prefix = f"{path}__" if path else ""
        condition |= Q(**{f"{prefix}{name}": value for name, value in lookups.items()})
    return condition


@cache
def uses_of(model: type[Model]) -> tuple[str, ...]:
    """Return the ways from a row of a list to the annexes whose content names it.

    None for a model that says no `FROZEN_USES`, the ways that lead over other lists: what annexes
    do with its rows leaves them free.
    """
    over_lists: tuple[str, ...] | None = getattr(model, "FROZEN_USES", None)
    if over_lists is None:
        return ()
    named_by = [rel for rel in model._meta.related_objects if edits_annex(rel.related_model)]
    direct = [
        f"{rel.name}__{path}" if path else rel.name
        for rel in named_by
        for path in paths_of(rel.related_model)
    ]
    return (*direct, *over_lists)


def plans_of_use(model: type[Model], way: str) -> tuple[str, ...]:
    """Return the lookups from a row of a list to the plans that use it, by a way to their annexes.

    Two where what names it may be of a whole plan, without annex.
    """
    rows, _step, _annex = way.rpartition("__")
    for step in rows.split("__"):
        model = _related(model, step)
    names_plan = any(field.name == "plan" for field in model._meta.concrete_fields)
    return (f"{way}__plan", f"{rows}__plan") if names_plan else (f"{way}__plan",)


def _follow(row: Any, path: str) -> Any:
    for step in path.split("__") if path else ():
        # a row that is being made may not name its parent yet
        row = getattr(row, step, None)
        if row is None:
            return None
    return row


def _is_sure(model: type[Model], path: str) -> bool:
    for step in path.split("__") if path else ():
        if model._meta.get_field(step).null:
            return False
        model = _related(model, step)
    return True


def _related(model: Any, name: str) -> type[Model]:
    related: type[Model] = model._meta.get_field(name).related_model
    return related


def _pointed_at(model: type[Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.remote_field}
