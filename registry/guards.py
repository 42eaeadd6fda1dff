"""Guards: rules over several tables that no constraint can hold, kept by triggers on both engines.

A guard is one sentence of SQL over the NEW (and OLD) row that is true when the row is refused. The
sentence is written once, in the SQL both engines share. Triggers are created again after every
migrate by one idempotent function: SQLite drops them whenever it remakes a table
(docs/decisions/0006).
"""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Together:
    """How PostgreSQL looks at all rows a statement adds, where they have few parents in common.

    `rows` is a query over the table `added`; NEW in the other two is a row of it.
    """

    rows: str
    refused_when: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guard:
    """One rule: refuse a row of `table` on `events` when `refused_when` is true.

    `name` stands in the error beside `message`, so that a test can expect it by name. `holds` are
    queries, without their SELECT, that lock rows the sentence speaks of: PostgreSQL runs them
    first, so that nobody changes those rows in a transaction that has not ended yet. On SQLite
    nobody can. On PostgreSQL rows that are added are looked at together, after their statement;
    `together` says the same of them in fewer steps.
    """

    name: str
    table: str
    refused_when: str
    message: str
    events: tuple[str, ...] = ("INSERT", "UPDATE")
    holds: tuple[str, ...] = ()
    together: Together | None = None

    def statements(self, vendor: str) -> list[str]:
        """Return SQL that replaces this guard's triggers on "sqlite" or "postgresql"."""
        builders = {"sqlite": self._sqlite, "postgresql": self._postgresql}
        return builders[vendor]()

    def drops(self, vendor: str) -> list[str]:
        """Return SQL that takes this guard's triggers away."""
        if vendor == "postgresql":
            triggers = (self.name, f"{self.name}_added")
            return [f'DROP TRIGGER IF EXISTS "{one}" ON "{self.table}"' for one in triggers]
        return [f'DROP TRIGGER IF EXISTS "{self.name}_{event.lower()}"' for event in self.events]

    @property
    def _text(self) -> str:
        return f"{self.name}: {self.message}".replace("'", "''")

    def _sqlite(self) -> list[str]:
        statements = []
        for event in self.events:
            trigger = f"{self.name}_{event.lower()}"
            statements.append(f'DROP TRIGGER IF EXISTS "{trigger}"')
            statements.append(
                f'CREATE TRIGGER "{trigger}" BEFORE {event} ON "{self.table}" FOR EACH ROW '
                f"WHEN {self.refused_when} BEGIN SELECT RAISE(ABORT, '{self._text}'); END"
            )
        return statements

    def _postgresql(self) -> list[str]:
        statements = self.drops("postgresql")
        if "INSERT" in self.events:
            statements += self._postgresql_added()
        events = [event for event in self.events if event != "INSERT"]
        if not events:
            return statements
        held = "".join(f"PERFORM {rows}; " for rows in self.holds)
        return [
            *statements,
            f"{self._function(self.name)}{held}IF ({self.refused_when}) THEN {self._refusal} "
            f"END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $guard$",
            f'CREATE TRIGGER "{self.name}" BEFORE {" OR ".join(events)} ON "{self.table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "{self.name}"()',
        ]

    def _postgresql_added(self) -> list[str]:
        """Return SQL that looks at all rows a statement adds at once, rows alike once: an import
        adds thousands, and a function called for each cost more than writing them.
        """
        name, together = f"{self.name}_added", self.together
        rule = together or self

        def added(sentence: str) -> str:
            return f"({together.rows}) row_added" if together else _added(sentence)

        held = "".join(
            f"PERFORM 1 FROM {added(rows)}, LATERAL (SELECT {_of_added(rows)}) held; "
            for rows in rule.holds
        )
        # S608: the sentences are literals of the guards, never a person's input
        rows, refused = added(rule.refused_when), _of_added(rule.refused_when)
        refused_rows = f"SELECT 1 FROM {rows} WHERE {refused}"  # noqa: S608
        return [
            f"{self._function(name)}{held}IF EXISTS ({refused_rows}) THEN {self._refusal} END IF; "
            "RETURN NULL; END $guard$",
            f'CREATE TRIGGER "{name}" AFTER INSERT ON "{self.table}" REFERENCING NEW TABLE AS '
            f'added FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
        ]

    @staticmethod
    def _function(name: str) -> str:
        return (
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
            "AS $guard$ BEGIN "
        )

    @property
    def _refusal(self) -> str:
        return (
            f"RAISE EXCEPTION '%', '{self._text}' "
            f"USING ERRCODE = 'check_violation', CONSTRAINT = '{self.name}';"
        )


_NEW = re.compile(r"\bNEW\.(\w+)")


def _added(sentence: str) -> str:
    """Return SQL for the rows a statement adds, of which a sentence names these columns."""
    columns = ", ".join(sorted(set(_NEW.findall(sentence)))) or "1"
    # S608: the sentences are literals of the guards, never a person's input
    return f"(SELECT DISTINCT {columns} FROM added) row_added"  # noqa: S608


def _of_added(sentence: str) -> str:
    return _NEW.sub(r"row_added.\1", sentence)


def same(
    name: str, table: str, left: str, right: str, message: str, *, only_with: str = ""
) -> Guard:
    """Refuse a row when two SQL expressions differ; unknown (NULL) does not differ.

    `only_with` is the column without which they cannot: then neither is looked up.
    """
    differ = f"({left}) <> ({right})"
    given = f"NEW.{only_with} IS NOT NULL AND " if only_with else ""
    return Guard(name=name, table=table, refused_when=f"{given}{differ}", message=message)


def fixed(name: str, table: str, column: str, message: str) -> Guard:
    """Return a guard that refuses moving a row to another parent."""
    return Guard(
        name=name,
        table=table,
        refused_when=f"NEW.{column} <> OLD.{column}",
        message=message,
        events=("UPDATE",),
    )


def append_only(table: str) -> tuple[Guard, ...]:
    """Return guards that let rows of `table` be written once, and neither changed nor deleted."""
    message = "una registrazione non si modifica e non si cancella."
    return tuple(
        Guard(f"{table}_no_{event.lower()}", table, "1 = 1", message, events=(event,))
        for event in ("UPDATE", "DELETE")
    )


def history_guards(app_label: str) -> tuple[Guard, ...]:
    """Return guards of the history tables of an app, lists of choices included: written, never
    changed, and nobody goes who has written them.

    Built from the models, so that no new history is forgotten; the apps must be loaded.
    """
    tables, by_people = [], []
    for model in apps.get_app_config(app_label).get_models(include_auto_created=True):
        if hasattr(model._meta, "simple_history_manager_attribute"):
            by_people.append(model.history.model._meta.db_table)
        elif hasattr(model, "m2m_history_id"):
            tables.append(model._meta.db_table)
    return (
        *(guard for table in sorted([*tables, *by_people]) for guard in append_only(table)),
        _people_stay(app_label, by_people),
    )


def _people_stay(app_label: str, tables: list[str]) -> Guard:
    """Return a guard that lets nobody be deleted who has written a row of these histories.

    A foreign key would look the same person up again for each of the many thousand rows of an
    import.
    """
    # S608: the names are those of the models, never a person's input
    written = (
        f"EXISTS (SELECT 1 FROM {table} WHERE history_user_id = OLD.id)"  # noqa: S608
        for table in sorted(tables)
    )
    return Guard(
        f"{app_label}_histories_keep_their_people",
        "registry_user",
        " OR ".join(written),
        "chi ha scritto nel registro non si cancella: si sospende.",
        events=("DELETE",),
    )


def body_of(table: str, column: str) -> str:
    """Return SQL for the administration of the row that NEW.`column` names in `table`."""
    # S608: the names are literals of this file, never a person's input
    return f"SELECT administration_id FROM {table} WHERE id = NEW.{column}"  # noqa: S608


_ANNEX_BODY = "SELECT administration_id FROM registry_plan WHERE id = NEW.plan_id"
_PROCESS_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "WHERE a.id = NEW.annex_id"
)
_PHASE_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "JOIN registry_process r ON r.annex_id = a.id WHERE r.id = NEW.process_id"
)
_ACTION_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "JOIN registry_process r ON r.annex_id = a.id JOIN registry_phase f ON f.process_id = r.id "
    "WHERE f.id = NEW.phase_id"
)

OTHER_BODY = "la voce scelta appartiene a un’altra amministrazione."

GUARDS = (
    same(
        "registry_office_parent_of_same_body",
        "registry_office",
        "NEW.administration_id",
        body_of("registry_office", "parent_id"),
        OTHER_BODY,
    ),
    same(
        "registry_membership_office_of_same_body",
        "registry_membership",
        "NEW.administration_id",
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    same(
        "registry_macroprocess_function_of_same_body",
        "registry_macroprocess",
        "NEW.administration_id",
        body_of("registry_institutionalfunction", "function_id"),
        OTHER_BODY,
    ),
    same(
        "registry_annex_office_of_same_body",
        "registry_annex",
        _ANNEX_BODY,
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    fixed(
        "registry_annex_stays_in_its_plan",
        "registry_annex",
        "plan_id",
        "un allegato non passa a un altro piano.",
    ),
    same(
        "registry_process_area_of_same_body",
        "registry_process",
        _PROCESS_BODY,
        body_of("registry_riskarea", "risk_area_id"),
        OTHER_BODY,
    ),
    same(
        "registry_process_macroprocess_of_same_body",
        "registry_process",
        _PROCESS_BODY,
        body_of("registry_macroprocess", "macroprocess_id"),
        OTHER_BODY,
    ),
    fixed(
        "registry_process_stays_in_its_annex",
        "registry_process",
        "annex_id",
        "un processo non passa a un altro allegato.",
    ),
    same(
        "registry_phase_office_of_same_body",
        "registry_phase",
        _PHASE_BODY,
        body_of("registry_office", "executor_office_id"),
        OTHER_BODY,
    ),
    fixed(
        "registry_phase_stays_in_its_process",
        "registry_phase",
        "process_id",
        "una fase non passa a un altro processo.",
    ),
    same(
        "registry_action_office_of_same_body",
        "registry_action",
        _ACTION_BODY,
        body_of("registry_office", "executor_office_id"),
        OTHER_BODY,
    ),
    *append_only("registry_trailrecord"),
    Guard(
        "registry_action_stays_in_its_process",
        "registry_action",
        "(SELECT process_id FROM registry_phase WHERE id = NEW.phase_id) <> "
        "(SELECT process_id FROM registry_phase WHERE id = OLD.phase_id)",
        "un’azione non passa a un altro processo.",
        events=("UPDATE",),
    ),
)


_REFUSED = re.compile(r"^\w+: (?P<text>.+)$", re.MULTILINE)
_UNIQUE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w., ]+)")


def is_guarded(error: Exception) -> bool:
    """Tell whether it was a guard that refused a row, and not a constraint."""
    return isinstance(error, DatabaseError) and bool(_REFUSED.match(str(error)))


def refusal_of(error: Exception) -> str:
    """Return what a person reads when the database refused a row.

    That is the text of the guard or of the named constraint; for anything else, a sentence that
    asks to look again, because two people at once are the only cause left.
    """
    text = str(error)
    names = {
        constraint.name: constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }
    for word in re.findall(r"\w+", text):
        if word in names:
            return str(names[word].violation_error_message)
    if columns := _UNIQUE_COLUMNS.search(text):
        unique_columns = {column.strip() for column in columns["columns"].split(",")}
        for model in apps.get_models():
            for constraint in model._meta.constraints:
                if unique_columns == _columns_of(model, constraint):
                    return str(constraint.violation_error_message)
    elif (guarded := _REFUSED.search(text)) and guarded[0].split(":")[0] in text.splitlines()[0]:
        sentence = guarded["text"]
        return sentence[0].upper() + sentence[1:]
    return _("La modifica contrasta con un’altra salvata nel frattempo: ricaricare la pagina.")


def _columns_of(model: Any, constraint: Any) -> set[str]:
    """Return columns of a unique constraint as SQLite names them in its error."""
    fields = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    return {f"{model._meta.db_table}.{field.column}" for field in fields}
