"""The triggers PostgreSQL makes of a guard, each with a function of its own.

A function says itself where it looks names up: in the tables of the register, and last in those a
session has made for itself, which otherwise would be asked first.
"""

# ruff: noqa: S608 - the sentences are literals of the guards, never a person's input

import re

from registry.guards import marks
from registry.guards.marks import Marker
from registry.guards.rules import TRUNCATE, Guard, Trigger

SEARCH_PATH = "public, pg_temp"

_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, TRUNCATE: 32}
_EACH_ROW, _BEFORE = 1, 2
_NEW = re.compile(r"\bNEW\.(\w+)")


def triggers_of(guard: Guard | Marker) -> list[Trigger]:
    """Return the triggers of a guard: one for the rows a statement adds, one for what becomes of
    each, one for the emptying of the table. A marker has one for each event.
    """
    if isinstance(guard, Marker):
        return marks.postgresql_triggers(guard, _after_statement)
    triggers = []
    if "INSERT" in guard.events:
        triggers.append(_added_rows(guard))
    if events := [event for event in guard.events if event in ("UPDATE", "DELETE")]:
        triggers.append(_each_row(guard, events))
    if TRUNCATE in guard.events:
        body = f"BEGIN {_refusal(guard)} END"
        triggers.append(_trigger(guard.table, guard.name, f"BEFORE {TRUNCATE}", "STATEMENT", body))
    return triggers


def sentences_of(guard: Guard | Marker) -> list[str]:
    """Return the SQL of a guard, to see which columns it names."""
    if isinstance(guard, Marker):
        return marks.sentences_of(guard)
    parts = [guard.refused_when, *guard.holds]
    if together := guard.together:
        parts += [together.rows, together.refused_when, *together.holds]
    return parts


def kept_of(*, table: str, kind: int, body: str, path: str) -> str:
    """Return what is compared of a trigger: its table, what it comes before, what it does, where.

    `kind` is that of pg_trigger.tgtype.
    """
    return "|".join((table, str(kind), path, body))


def _each_row(guard: Guard, events: list[str]) -> Trigger:
    held = "".join(f"PERFORM {rows}; " for rows in guard.holds)
    body = (
        f"BEGIN {held}IF ({guard.refused_when}) THEN {_refusal(guard)} END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"
    )
    return _trigger(guard.table, guard.name, f"BEFORE {' OR '.join(events)}", "ROW", body)


def _added_rows(guard: Guard) -> Trigger:
    """Return the trigger that looks at all rows a statement adds at once, rows alike once: an
    import adds thousands, and a function called for each cost more than writing them.
    """
    together = guard.together
    rule = together or guard

    def added(sentence: str) -> str:
        return f"({together.rows}) row_added" if together else _added(sentence)

    held = "".join(
        f"PERFORM 1 FROM {added(rows)}, LATERAL (SELECT {_of_added(rows)}) held; "
        for rows in rule.holds
    )
    rows, refused = added(rule.refused_when), _of_added(rule.refused_when)
    body = (
        f"BEGIN {held}IF EXISTS (SELECT 1 FROM {rows} WHERE {refused}) THEN {_refusal(guard)} "
        "END IF; RETURN NULL; END"
    )
    return _after_statement(
        guard.table, f"{guard.name}_added", "INSERT", "NEW TABLE AS added", body
    )


def _after_statement(table: str, name: str, event: str, given: str, body: str) -> Trigger:
    return _trigger(table, name, f"AFTER {event}", "STATEMENT", body, given=given)


def _trigger(table: str, name: str, when: str, each: str, body: str, *, given: str = "") -> Trigger:
    rows = f" REFERENCING {given}" if given else ""
    function = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
        f"SET search_path = {SEARCH_PATH} AS $guard${body}$guard$"
    )
    trigger = (
        f'CREATE TRIGGER "{name}" {when} ON "{table}"{rows} FOR EACH {each} '
        f'EXECUTE FUNCTION "{name}"()'
    )
    kind = sum(bit for event, bit in _BITS.items() if event in when)
    kind += (_EACH_ROW if each == "ROW" else 0) + (_BEFORE if when.startswith("BEFORE") else 0)
    return Trigger(
        name,
        table,
        drop=f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        create=(function, trigger),
        kept=kept_of(table=table, kind=kind, body=body, path=f"search_path={SEARCH_PATH}"),
    )


def _refusal(guard: Guard) -> str:
    return (
        f"RAISE EXCEPTION '%', '{guard.error}' "
        f"USING ERRCODE = 'check_violation', CONSTRAINT = '{guard.name}';"
    )


def _added(sentence: str) -> str:
    """Return SQL for the rows a statement adds, of which a sentence names these columns."""
    columns = ", ".join(sorted(set(_NEW.findall(sentence)))) or "1"
    return f"(SELECT DISTINCT {columns} FROM added) row_added"


def _of_added(sentence: str) -> str:
    return _NEW.sub(r"row_added.\1", sentence)
