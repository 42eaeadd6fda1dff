"""Reference data: the national lists and methods, brought into the database from their files.

The lists are data with their sources (fixtures/README.md), never code: a new list or method is one
more file in the folder, read after those whose name comes before it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializedObject
from django.core.serializers.python import Deserializer
from django.db import IntegrityError, models, transaction

from registry.acts import act
from registry.hanging import body_row_of, paths_of
from registry.querysets import is_frozen
from registry.services.bulk import create_in_bulk, link_in_bulk

Entry = dict[str, Any]

REFERENCE = settings.BASE_DIR / "fixtures" / "reference"

IDENTITIES: dict[str, tuple[str, ...]] = {
    "registry.plandeadline": ("plan", "due_on", "label"),
    "risk.matrixcell": ("method", "probability", "impact"),
    "risk.textblock": ("administration", "plan", "layout", "slot"),
}
"""What tells the rows apart of models that no other file points to, so without natural key."""


@dataclass(frozen=True)
class LoadOutcome:
    """How many rows a loading created, changed, found as they should be, and had to keep.

    Those are rows a closed annex uses, which the file words otherwise: they stay, and another word
    is another row (docs/decisions/0024).
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0

    def __add__(self, other: "LoadOutcome") -> "LoadOutcome":
        return LoadOutcome(
            self.created + other.created,
            self.updated + other.updated,
            self.unchanged + other.unchanged,
            self.kept + other.kept,
        )


def load_reference(*, folder: Path = REFERENCE, by: Any = None) -> LoadOutcome:
    """Bring every file of `folder` into the database, in one transaction; return the counts.

    Rows are found by natural key. A row that differs in a column the file names is rewritten and
    leaves a history row; one that does not differ is not touched, so a second loading writes
    nothing. Rows that are in no file stay, and so does, with its parts, what a closed annex uses.
    `by` is the acting person, None for a command.

    Raises `django.core.serializers.base.DeserializationError` for an entry that cannot be read,
    `ValidationError` for a value its model refuses: then nothing at all is written.
    """
    outcome = LoadOutcome()
    with act("reference", by=by):
        for path in sorted(folder.glob("*.json")):
            for entries in _together(json.loads(path.read_text(encoding="utf-8"))):
                outcome += _load(entries, by=by)
    return outcome


def _together(entries: list[Entry]) -> Iterable[list[Entry]]:
    """Return entries in the order they are written in, those of one model at a time.

    An entry may point to one before it: where a model is pointed to by another that came first, the
    file keeps the order it has, and only neighbours are written at once.
    """
    labels = list(dict.fromkeys(entry["model"] for entry in entries))
    models_of = [apps.get_model(label) for label in labels]
    fields = [(n, f) for n, model in enumerate(models_of) for f in model._meta.get_fields()]
    if not any(f.related_model in models_of[n + 1 :] for n, f in fields if not f.auto_created):
        entries = sorted(entries, key=lambda entry: labels.index(entry["model"]))
    return [list(rows) for _label, rows in groupby(entries, key=itemgetter("model"))]


def _load(entries: list[Entry], *, by: Any) -> LoadOutcome:
    outcome, new = LoadOutcome(), []
    for entry in entries:
        (deserialized,) = Deserializer([entry])
        stored = _find(deserialized.object, entry["model"])
        if stored is None:
            new.append((entry, deserialized))
        else:
            outcome += _write(entry, deserialized, stored)
    try:
        with transaction.atomic():
            return outcome + _create([deserialized for _entry, deserialized in new], by=by)
    except (IntegrityError, ValidationError):
        # one by one it is known which is meant twice, and what is wrong with which
        return sum((_load_one(entry) for entry, _deserialized in new), outcome)


def _create(found: list[DeserializedObject], *, by: Any) -> LoadOutcome:
    frozen = {pk: is_frozen(row) for pk, row in {_body(d.object): d.object for d in found}.items()}
    taken = [one for one in found if not frozen[_body(one.object)]]
    for one in taken:
        row: Any = one.object
        # what it points to was just looked up; what must be there once the table refuses
        row.clean_fields(exclude=[f.name for f in row._meta.concrete_fields if f.is_relation])
        row.clean()
    rows = _insert([one.object for one in taken], by=by)
    links: dict[str, dict[models.Model, set[Any]]] = defaultdict(dict)
    for created, one in zip(rows, taken, strict=True):
        for name, values in (one.m2m_data or {}).items():
            if values:
                links[name][created] = {getattr(value, "pk", value) for value in values}
    link_in_bulk(links, kind="reference", by=by)
    return LoadOutcome(created=len(taken), kept=len(found) - len(taken))


def _insert(rows: list[Any], *, by: Any) -> list[Any]:
    if rows and not hasattr(rows[0], "history"):
        # a list of the law, which nobody edits
        return type(rows[0])._base_manager.bulk_create(rows)
    return create_in_bulk(rows, kind="reference", by=by)


def _body(row: Any) -> Any:
    """Return the key of what a row is a part of; None of one that is a part of nothing there."""
    return None if paths_of(type(row)) else getattr(body_row_of(row), "pk", None)


def _load_one(entry: Entry) -> LoadOutcome:
    (deserialized,) = Deserializer([entry])
    return _write(entry, deserialized, _find(deserialized.object, entry["model"]))


def _write(
    entry: Entry, deserialized: DeserializedObject, stored: models.Model | None
) -> LoadOutcome:
    given, links = deserialized.object, deserialized.m2m_data or {}
    row = given if stored is None else stored
    columns: list[str] = []
    if stored is not None:
        columns = _differing(stored, given, [name for name in entry["fields"] if name not in links])
        if not columns and not _unlinked(stored, links):
            return LoadOutcome(unchanged=1)
    if is_frozen(row):
        return LoadOutcome(kept=1)
    for column in columns:
        setattr(row, column, getattr(given, column))
    if stored is None or columns:
        row.full_clean()
        row.save()
    for name, keys in _unlinked(row, links).items():
        getattr(row, name).set(keys)
    return LoadOutcome(created=1) if stored is None else LoadOutcome(updated=1)


def _find(given: models.Model, label: str) -> models.Model | None:
    """Return the row of the database that is the same thing as `wanted`, if there is one."""
    manager = apps.get_model(label)._default_manager
    if label in IDENTITIES:
        same: dict[str, Any] = {}
        for name in IDENTITIES[label]:
            value = getattr(given, given._meta.get_field(name).attname)
            same.update({f"{name}__isnull": True} if value is None else {name: value})
        return manager.filter(**same).first()
    # the deserializer has looked the natural key up
    return None if given.pk is None else manager.get(pk=given.pk)


def _differing(stored: models.Model, given: models.Model, names: list[str]) -> list[str]:
    columns = [given._meta.get_field(name).attname for name in names]
    return [column for column in columns if getattr(stored, column) != getattr(given, column)]


def _unlinked(row: models.Model, links: dict[str, Any]) -> dict[str, set[Any]]:
    """Return the many-to-many columns that differ, with the keys they should have."""
    wanted = {name: {getattr(v, "pk", v) for v in values} for name, values in links.items()}
    return {
        name: keys
        for name, keys in wanted.items()
        if keys != set(getattr(row, name).values_list("pk", flat=True))
    }
