"""Migrations that make the models of their state once for many operations, not after each.

Django makes the classes of all models anew that an operation touches, and of all that point to
them: with a history for each model, which points to its person, that is nearly all of them nearly
every time, and nine tenths of the time of a migrate on an empty database.
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation

_ON_A_MODEL = (
    migrations.AddField,
    migrations.AlterField,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
)


class Migration(migrations.Migration):
    """A migration like any other, applied in stretches of operations that are free of each other.

    What it leaves in the database is the same, and it is taken back as any other.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Apply the operations and return the state after them, as Django does."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        for stretch in stretches(self.operations):
            before = project_state.clone()
            if len(stretch) > 1:
                # nothing is made of a state without them, and all at once when they are asked for
                project_state.__dict__.pop("apps", None)
            for operation in stretch:
                operation.state_forwards(self.app_label, project_state)
            for operation in _of_the_database(stretch):
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state


def stretches(operations: list[Operation]) -> Iterator[list[Operation]]:
    """Give the operations in their order, cut where one must see what another has done.

    SQLite makes a table anew from how its model was before, so that a second change of the same
    table would lose the first; a table that is new is made as it is at the end of its stretch.
    """
    stretch: list[Operation] = []
    new: set[str] = set()
    changed: set[str] = set()
    for operation in operations:
        name = _model_of(operation)
        if not name or name in changed:
            if stretch:
                yield stretch
            stretch, new, changed = [], set(), set()
        if name:
            stretch.append(operation)
            if isinstance(operation, migrations.CreateModel):
                new.add(name)
            elif name not in new:
                changed.add(name)
        else:
            yield [operation]
    if stretch:
        yield stretch


def _model_of(operation: Operation) -> str:
    """Return the model that an operation makes or changes, or nothing for one that stands alone."""
    if isinstance(operation, migrations.CreateModel):
        return operation.name_lower
    if isinstance(operation, FieldOperation) and isinstance(operation, _ON_A_MODEL):
        return operation.model_name_lower
    if isinstance(operation, _ON_A_MODEL):
        return operation.model_name.lower()
    return ""


def _of_the_database(stretch: list[Operation]) -> Iterator[Operation]:
    """Give the operations without those on a new table, which is made with all they say."""
    new: set[str] = set()
    for operation in stretch:
        name = _model_of(operation)
        if isinstance(operation, migrations.CreateModel):
            new.add(name)
            yield operation
        elif name not in new:
            yield operation
