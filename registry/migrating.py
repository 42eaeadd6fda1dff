"""Migrations that make the models of their state once for many operations, not after each.

Django makes the classes of all models anew that an operation touches, and of all that point to
them: with a history for each model, which points to its person, that is nearly all of them nearly
every time, and nine tenths of the time of a migrate on an empty database.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.state import ProjectState, StateApps
from django.utils.functional import SimpleLazyObject

Key = tuple[str, ...]
"""A model of a state: its app and its name."""

_ON_A_MODEL = (
    migrations.AddField,
    migrations.AlterField,
    migrations.AddConstraint,
    migrations.RemoveConstraint,
    migrations.AddIndex,
)
_OF_NO_TABLE = (
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.AlterConstraint,
)
"""What changes the models alone, and does nothing in the database."""


class Migration(migrations.Migration):
    """A migration like any other, applied in stretches of operations that are free of each other.

    What it leaves in the database is the same, and it is taken back as any other.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Apply the operations and return the state after them, as Django does."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        says_only_words = self.says_only_words(project_state)
        for stretch in stretches(self.operations, says_only_words):
            changing = [one for one in stretch if not _is_of_words(one, says_only_words)]
            if all(_model_of(one) for one in changing):
                self._apply_to_tables(stretch, changing, project_state, schema_editor)
            else:
                self._apply_to_all(stretch[0], project_state, schema_editor)
        if "apps" not in project_state.__dict__:
            # the executor asks for the models before the next migration, which may need none
            project_state.apps = SimpleLazyObject(
                lambda: StateApps(project_state.real_apps, project_state.models)
            )
        return project_state

    def _apply_to_all(self, operation: Operation, state: Any, schema_editor: Any) -> None:
        """Apply an operation that may look at any model."""
        before = state.clone()
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            # nothing is made anew after each operation it is made of
            state.__dict__.pop("apps", None)
        operation.state_forwards(self.app_label, state)
        operation.database_forwards(self.app_label, schema_editor, before, state)

    def _apply_to_tables(
        self, stretch: list[Operation], changing: list[Operation], state: Any, schema_editor: Any
    ) -> None:
        """Apply operations of a stretch: the models made for them are those they look at."""
        # nothing is made of a state without them
        state.__dict__.pop("apps", None)
        names = {(self.app_label, _model_of(one)) for one in changing}
        altered = {
            (self.app_label, _model_of(one))
            for one in changing
            if isinstance(one, migrations.AlterField)
        }
        before = part_of(state, names, altered)
        for operation in stretch:
            operation.state_forwards(self.app_label, state)
        after = part_of(state, names, altered)
        for operation in _of_the_database(changing):
            operation.database_forwards(self.app_label, schema_editor, before, after)

    def says_only_words(self, state: Any) -> Callable[[Operation], bool]:
        """Return how to tell an operation that changes a field's words, not its column.

        It is asked before any operation is applied: a field changed twice is not one of them.
        """
        fields = {
            (model, name): field
            for (app, model), of_model in state.models.items()
            if app == self.app_label
            for name, field in of_model.fields.items()
        }
        altered = Counter(
            (one.model_name_lower, one.name)
            for one in self.operations
            if isinstance(one, migrations.AlterField)
        )

        def says_only_words(operation: Operation) -> bool:
            if not isinstance(operation, migrations.AlterField):
                return False
            key = (operation.model_name_lower, operation.name)
            old = fields.get(key) if altered[key] == 1 else None
            return old is not None and _column(old) == _column(operation.field)

        return says_only_words


def stretches(
    operations: Sequence[Operation],
    says_only_words: Callable[[Operation], bool] = lambda _one: False,
) -> Iterator[list[Operation]]:
    """Give the operations in their order, cut where one must see what another has done.

    SQLite makes a table anew from how its model was before, so that a second change of the same
    table would lose the first; a table that is new is made as it is at the end of its stretch.
    """
    stretch: list[Operation] = []
    new: set[str] = set()
    changed: set[str] = set()
    for operation in operations:
        if isinstance(operation, _OF_NO_TABLE) or says_only_words(operation):
            stretch.append(operation)
            continue
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


def part_of(state: Any, names: Iterable[Key], altered: Iterable[Key]) -> ProjectState:
    """Return the part of a state that holds these models and all that those point to.

    Where a field is altered also what points to its model: its column may have to change with it.
    """
    pointing = {key: set(sources) for key, sources in state.relations.items()}
    wanted = set(names) | _reached(altered, pointing)
    targets: dict[Key, set[Key]] = {
        key: {tuple(base.lower().split(".")) for base in model.bases if isinstance(base, str)}
        for key, model in state.models.items()
    }
    for target, sources in pointing.items():
        for source in sources:
            targets.setdefault(source, set()).add(target)
    found = _reached(wanted, targets)
    models = {key: model.clone() for key, model in state.models.items() if key in found}
    return ProjectState(models, real_apps=state.real_apps)


def _reached(begin: Iterable[Key], steps: dict[Key, set[Key]]) -> set[Key]:
    found: set[Key] = set()
    waiting = list(begin)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += steps.get(key, ())
    return found


def _is_of_words(operation: Operation, says_only_words: Callable[[Operation], bool]) -> bool:
    return isinstance(operation, _OF_NO_TABLE) or says_only_words(operation)


def _column(field: Any) -> tuple[Any, ...]:
    """Return what a field says of its column, without what Django knows to be words."""
    _name, path, positional, named = field.deconstruct()
    words = set(field.non_db_attrs) - {"db_column"}
    return path, positional, {key: value for key, value in named.items() if key not in words}


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
