"""Migrations that make the models of their state once for many operations, not after each.

Django makes the classes of all models anew that an operation touches, and of all that point to
them: with a history for each model, which points to its person, that is nearly all of them nearly
every time, and nine tenths of the time of a migrate on an empty database.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import ModelOperation
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
_ON_ONE_TABLE = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.RemoveIndex,
    migrations.RenameIndex,
    migrations.AlterUniqueTogether,
)
"""What changes one table in a way that ends a stretch."""


class Migration(migrations.Migration):
    """A migration like any other, applied in stretches of operations that are free of each other.

    What it leaves in the database is the same, and it is taken back as any other.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Apply the operations and return the state after them, as Django does."""
        if collect_sql or not schema_editor.atomic_migration:
            return super().apply(project_state, schema_editor, collect_sql)
        return _applied(self, project_state, schema_editor)

    def says_only_words(self, state: Any) -> Callable[[Operation], bool]:
        """Return how to tell an operation that changes a field's words, not its column.

        It is asked before any operation is applied: a field changed twice is not one of them.
        """
        return _words_of(self, state)


def apply_in_stretches(found: Iterable[Any]) -> None:
    """Let migrations of libraries be applied as ours are: all of them come to a person.

    Where they are applied after the tables of this house, Django made the models of all of these
    anew for each of their operations. What they run finds the models of their own app, and those
    these point to; asked for any other, it finds all.
    """
    for migration in found:
        if type(migration).apply is migrations.Migration.apply:
            migration.apply = partial(_applied_of_library, migration)


def _applied_of_library(
    migration: Any, state: Any, schema_editor: Any, collect_sql: bool = False
) -> Any:
    if collect_sql or not schema_editor.atomic_migration:
        return migrations.Migration.apply(migration, state, schema_editor, collect_sql)
    return _applied(migration, state, schema_editor, of_its_app=True)


def _applied(migration: Any, state: Any, schema_editor: Any, *, of_its_app: bool = False) -> Any:
    app, is_of_words = migration.app_label, _words_of(migration, state)
    for stretch in stretches(migration.operations, is_of_words):
        changing = [one for one in stretch if not _is_of_words(one, is_of_words)]
        if all(_model_of(one) for one in changing):
            _apply_to_tables(app, stretch, changing, state, schema_editor)
        elif isinstance(stretch[0], _ON_ONE_TABLE):
            _apply_to_one(app, stretch[0], state, schema_editor)
        else:
            _apply_to_all(app, stretch[0], state, schema_editor, of_its_app=of_its_app)
    if "apps" not in state.__dict__:
        # the executor asks for the models before the next migration, which may need none
        state.apps = SimpleLazyObject(lambda: StateApps(state.real_apps, state.models))
    return state


def _apply_to_all(
    app: str, operation: Operation, state: Any, schema_editor: Any, *, of_its_app: bool
) -> None:
    """Apply an operation that may look at any model."""
    # a state without its models is copied without making them
    state.__dict__.pop("apps", None)
    before = state.clone()
    if of_its_app and isinstance(operation, migrations.RunPython):
        before.apps = _AppsAsAsked(before, app)
    operation.state_forwards(app, state)
    operation.database_forwards(app, schema_editor, before, state)


def _apply_to_one(app: str, operation: Any, state: Any, schema_editor: Any) -> None:
    """Apply an operation of another kind on one table: of its model, and those that point to it."""
    state.__dict__.pop("apps", None)
    is_of_model = isinstance(operation, ModelOperation)
    name = operation.name if is_of_model else operation.model_name
    key = {(app, name.lower())}
    before = part_of(state, key, key)
    operation.state_forwards(app, state)
    operation.database_forwards(app, schema_editor, before, part_of(state, key, key))


def _apply_to_tables(
    app: str, stretch: list[Operation], changing: list[Operation], state: Any, schema_editor: Any
) -> None:
    """Apply operations of a stretch: the models made for them are those they look at."""
    # nothing is made of a state without them
    state.__dict__.pop("apps", None)
    names = {(app, _model_of(one)) for one in changing}
    altered = {(app, _model_of(one)) for one in changing if isinstance(one, migrations.AlterField)}
    before = part_of(state, names, altered)
    for operation in stretch:
        operation.state_forwards(app, state)
    after = part_of(state, names, altered)
    for operation in _of_the_database(changing):
        operation.database_forwards(app, schema_editor, before, after)


class _AppsAsAsked:
    """The models of an app and those they point to; all models where another is asked for."""

    def __init__(self, state: Any, app: str) -> None:
        self._state = state
        own = {key for key in state.models if key[0] == app}
        self._part = part_of(state, own, ())

    def get_model(self, *names: str, **options: Any) -> Any:
        """Return a model of the state, by app and name."""
        try:
            return self._part.apps.get_model(*names, **options)
        except LookupError:
            return self._all().get_model(*names, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._all(), name)

    def _all(self) -> Any:
        self._state.__dict__.pop("apps", None)
        return self._state.apps


def _words_of(migration: Any, state: Any) -> Callable[[Operation], bool]:
    """Return how to tell an operation that changes a field's words, not its column.

    It is asked before any operation is applied: a field changed twice is not one of them.
    """
    fields = {
        (model, name): field
        for (app, model), of_model in state.models.items()
        if app == migration.app_label
        for name, field in of_model.fields.items()
    }
    altered = Counter(
        (one.model_name_lower, one.name)
        for one in migration.operations
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
