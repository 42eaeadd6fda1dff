"""The triggers SQLite makes of a guard."""

# ruff: noqa: S608 - the sentences are literals of the guards, never a person's input

import re

from registry.guards import marks
from registry.guards.keys import unique_keys
from registry.guards.marks import Marker
from registry.guards.rules import TRUNCATE, Guard, Trigger

_OLD = re.compile(r"\bOLD\.(\w+)")


def triggers_of(guard: Guard | Marker) -> list[Trigger]:
    """Return one trigger for each event, and two where a row may be deleted unseen.

    SQLite knows no emptying of a table but by DELETE.
    """
    if isinstance(guard, Marker):
        return marks.sqlite_triggers(guard)
    triggers = [
        _trigger(guard, event.lower(), event, guard.refused_when)
        for event in guard.events
        if event != TRUNCATE
    ]
    return [*triggers, *_of_replaced(guard)] if "DELETE" in guard.events else triggers


def sentences_of(guard: Guard | Marker) -> list[str]:
    """Return the SQL of a guard, to see which columns it names."""
    if isinstance(guard, Marker):
        return marks.sentences_of(guard)
    keys = unique_keys(guard.table) if "DELETE" in guard.events else []
    return [guard.refused_when, *(key.is_met for key in keys)]


def _of_replaced(guard: Guard) -> list[Trigger]:
    """Return triggers that look, before a row is written, for the rows it would take the place of.

    `OR REPLACE` deletes them, and on a connection that is not ours no other trigger is asked.
    """
    refused = _OLD.sub(r"replaced.\1", guard.refused_when)
    keys, table = unique_keys(guard.table), guard.table
    pk, *_others = sorted(keys[0].columns)
    # each key by itself, or its index is not used; the sentence once, or a long one is very long
    found = [f"SELECT {pk} FROM {table} replaced WHERE {key.is_met}" for key in keys]
    # nearly always there is none, which is known without gathering them
    is_any = " OR ".join(f"EXISTS ({one})" for one in found)
    insert, update = (
        f"({is_any}) AND EXISTS (SELECT 1 FROM ({' UNION ALL '.join(found)}) hit "
        f"JOIN {table} replaced ON replaced.{pk} = hit.{pk} WHERE {another}({refused}))"
        for another in ("", f"replaced.{pk} <> OLD.{pk} AND ")
    )
    columns = ", ".join(sorted({column for key in keys for column in key.columns}))
    return [
        _trigger(guard, "replaced_by_insert", "INSERT", insert),
        _trigger(guard, "replaced_by_update", f"UPDATE OF {columns}", update),
    ]


def _trigger(guard: Guard, ending: str, event: str, refused_when: str) -> Trigger:
    name = f"{guard.name}_{ending}"
    text = (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{guard.table}" FOR EACH ROW '
        f"WHEN {refused_when} BEGIN SELECT RAISE(ABORT, '{guard.error}'); END"
    )
    return Trigger(name, guard.table, f'DROP TRIGGER IF EXISTS "{name}"', (text,), kept=text)
