"""Saving the fields of one row when two people may have it open (docs/decisions/0007).

A person's form says which version of the row it showed. If the row has moved on since, the three
versions (shown, typed, saved meanwhile) are compared field by field: fields only one side touched
are merged, fields both touched to different values are a conflict, and nothing is written until
the person has chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db.models import BaseConstraint, Model

from registry.acts import act
from registry.hanging import annex_of, edits_annex, sure_path
from registry.kept_statements import KeptStatement
from registry.services.bulk import update_in_bulk
from registry.services.ordering import check_open, lock_open_annex, note_body_of


@dataclass(frozen=True)
class Clash:
    """One field two people changed differently, with the field's own values."""

    field: str
    label: str
    shown: Any
    typed: Any
    saved: Any


class StaleRow(Exception):
    """Somebody changed the same fields meanwhile. Keeps the row as it is now and the clashes."""

    def __init__(self, *, row: Model, clashes: list[Clash], by: Any, at: Any) -> None:
        super().__init__(f"{row} was changed meanwhile")
        self.row = row
        self.clashes = clashes
        self.by = by
        self.at = at


@dataclass(frozen=True)
class Saved:
    """Outcome of a save: the row, the fields written, those somebody else had changed meanwhile."""

    row: Model
    written: tuple[str, ...]
    merged: tuple[str, ...] = ()


def save_fields(
    *, row: Model, values: Mapping[str, Any], version: int, kind: str, by: Any
) -> Saved:
    """Write `values` (field name → value) over `row`, last seen by the person at `version`.

    The caller has checked the right to do so and the form's own rules; what is written is validated
    here, with every field a constraint ties to it (`ValidationError`). Fields equal to what is
    saved are not written, and without any there is no write at all. Raises `StaleRow` when the same
    fields were changed meanwhile, and `ObjectDoesNotExist` when the row is gone. One act in the
    history.
    """
    with act(kind, by=by) as opened:
        current = _lock(row)
        merged: tuple[str, ...] = ()
        if current.version != version:
            values, merged = _reconcile(current, values, version)
        # a foreign key is compared by its key: the row itself would cost a query
        written = tuple(
            name
            for name, value in values.items()
            if _value(current, name) != getattr(value, "pk", value)
        )
        if written:
            for name in written:
                setattr(current, name, values[name])
            _validate(current, written)
            if getattr(type(current), "SAVES_PLAINLY", False):
                # it is locked: `save` would ask once more whether it is there
                update_in_bulk([current], fields=written, opened=opened)
            else:
                current.save()
        return Saved(row=current, written=written, merged=merged)


def _lock(row: Model) -> Model:
    """Return the row as it is now, locked, and before it the annex it hangs from, as all services.

    Who wrote the row first and only then waited for its annex, which the guards hold, could wait
    for somebody who holds the annex and waits for the row. Raises `ValidationError` when the annex
    has been closed meanwhile.
    """
    model = type(row)
    way = sure_path(model) if edits_annex(model) else None
    if not way:
        _lock_loosely_hung(row)
    found = _locked(model)(row.pk)
    if not found:
        raise model.DoesNotExist
    current = found[0]
    if not way:
        return current
    try:
        check_open(attrgetter(way.replace("__", "."))(current))
    except ValidationError as closed:
        raise ValidationError({NON_FIELD_ERRORS: closed}) from closed
    return current


@cache
def _locked(model: type[Model]) -> KeptStatement:
    """Return what reads a row of a kind by its key and locks it, with the annex it hangs from."""
    way, rows = sure_path(model), model._default_manager.select_for_update()
    if way and edits_annex(model):
        rows = model._default_manager.select_related(f"{way}__plan")
        rows = rows.select_for_update(of=(way, "self"))
    return KeptStatement(lambda key: rows.filter(pk=key))


def _lock_loosely_hung(row: Model) -> None:
    """Lock the annex of a row that may be without one, as a measure and its steps are.

    What is no content of an annex outlives its closing.
    """
    note_body_of(row)
    annex = annex_of(row) if edits_annex(type(row)) else None
    if annex is not None and annex is not row:
        try:
            lock_open_annex(annex)
        except ValidationError as closed:
            raise ValidationError({NON_FIELD_ERRORS: closed}) from closed


def _validate(current: Model, written: tuple[str, ...]) -> None:
    """Validate what is written, in as few queries as that takes; raises `ValidationError`.

    A row given as an object was read by the caller: that it exists is not asked again.
    """
    rows = {name for name in written if isinstance(getattr(current, name), Model)}
    others = {field.name for field in current._meta.fields} - set(written)
    errors: dict[str, Any] = {}
    for check, exclude in (
        (current.clean_fields, others | rows),
        (current.validate_unique, others),
        (current.validate_constraints, _apart_from(type(current), written)),
    ):
        try:
            check(exclude=exclude | set(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _apart_from(model: type[Model], written: tuple[str, ...]) -> set[str]:
    """Return the fields a change cannot have made wrong: each would cost a query to validate."""
    touched = set(written)
    for constraint in model._meta.constraints:
        tied = _fields_of(constraint)
        if tied & set(written):
            touched |= tied
    return {field.name for field in model._meta.fields} - touched


def _fields_of(constraint: BaseConstraint) -> set[str]:
    """Return the names of the fields a constraint speaks of."""
    condition = getattr(constraint, "condition", None)
    spoken = condition.referenced_base_fields if condition is not None else set()
    return set(spoken) | set(getattr(constraint, "fields", ()))


def _reconcile(
    current: Model, values: Mapping[str, Any], version: int
) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return what is left to write and the fields somebody else changed since `version`.

    A field the person did not touch keeps what was saved meanwhile. Raises `StaleRow` where both
    changed the same field to different values.
    """
    shown = _at_version(current, version)
    moved = [name for name in values if shown is None or _moved(shown, current, name)]
    mine = {
        name: value
        for name, value in values.items()
        if name not in moved or shown is None or getattr(shown, name) != value
    }
    clashing = [name for name in moved if name in mine and getattr(current, name) != mine[name]]
    if clashing:
        last = current.history.select_related("history_user").first()
        raise StaleRow(
            row=current,
            clashes=[_clash(name, shown, values, current) for name in clashing],
            by=last and last.history_user,
            at=last and last.history_date,
        )
    return mine, tuple(moved)


def _at_version(row: Model, version: int) -> Model | None:
    """Return the row as it was at a version, None when the history does not reach so far back."""
    record = row.history.filter(version=version).order_by("-history_id").first()
    return record and record.instance


def _moved(shown: Model, current: Model, name: str) -> bool:
    return _value(shown, name) != _value(current, name)


def _value(row: Model, name: str) -> Any:
    """Return a field's value, the identifier for a foreign key: its row may be gone by now."""
    return getattr(row, row._meta.get_field(name).attname)


def _clash(name: str, shown: Model | None, values: Mapping[str, Any], current: Model) -> Clash:
    try:
        before = getattr(shown, name) if shown is not None else None
    except ObjectDoesNotExist:
        before = None
    return Clash(
        field=name,
        label=str(current._meta.get_field(name).verbose_name),
        shown=before,
        typed=values[name],
        saved=getattr(current, name),
    )
