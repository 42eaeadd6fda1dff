"""Reference data: the national lists and methods, brought into the database from their files.

The lists are data with their sources (fixtures/README.md), never code: a new list or method is one
more file in the folder, read after those whose name comes before it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.python import Deserializer
from django.db import models

from registry.acts import act
from registry.querysets import is_frozen

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
        for entry in _entries(folder):
            outcome += _load(entry)
    return outcome


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def _load(entry: dict[str, Any]) -> LoadOutcome:
    # one entry at a time, because an entry may point to the one before it
    (deserialized,) = Deserializer([entry])
    given, links = deserialized.object, deserialized.m2m_data or {}
    stored = _find(given, entry["model"])
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
