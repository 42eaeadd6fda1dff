"""Marks: what is kept of a content is known to be old by the mark of what it was made of.

A marker is a trigger that refuses nothing: whatever is written, by whichever way, draws new marks
by lot for what is made of the row. A mark never comes back, so that equal marks mean that nothing
was written in between (docs/decisions/0047). The table of the marks belongs to a room above.
"""

# ruff: noqa: S608 - the sentences are literals of the markers, never a person's input

from collections.abc import Callable
from dataclasses import dataclass

from registry.guards.rules import Trigger

EVENTS = ("INSERT", "UPDATE", "DELETE")
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
_ADDED, _GONE = "added", "gone"


@dataclass(frozen=True)
class Marker:
    """One rule: a row of `table` that is written marks what `marks` name.

    Each of `marks` is a query for pairs of scope and key over one `{row}`. Of a row that is changed
    only `columns` count. `into` is the table of the marks: scope, key, mark, the pair unique.
    """

    name: str
    table: str
    marks: tuple[str, ...]
    columns: tuple[str, ...]
    into: str
    events: tuple[str, ...] = EVENTS


def sqlite_triggers(marker: Marker) -> list[Trigger]:
    """Return the triggers of SQLite, which look at each row that is written."""
    triggers = []
    for event in marker.events:
        name = f"{marker.name}_{event.lower()}"
        when = f"WHEN {_differs(marker, 'OLD', 'NEW', 'IS NOT')} " if event == "UPDATE" else ""
        # one after the other, the same twice if it must be: to sort them took longer than to mark
        drawn = " ".join(
            f"{_draw(marker, mark.format(row=row), 'random()')};"
            for row in _ROWS[event]
            for mark in marker.marks
        )
        text = (
            f'CREATE TRIGGER "{name}" AFTER {event} ON "{marker.table}" FOR EACH ROW {when}BEGIN '
            f"{drawn} END"
        )
        triggers.append(
            Trigger(name, marker.table, f'DROP TRIGGER IF EXISTS "{name}"', (text,), kept=text)
        )
    return triggers


def postgresql_triggers(
    marker: Marker, make: Callable[[str, str, str, str, str], Trigger]
) -> list[Trigger]:
    """Return the triggers of PostgreSQL, which look at all rows of a statement at once.

    `make` makes one from table, name, event, the rows it is given and what it does.
    """
    triggers = []
    for event in marker.events:
        tables = {"NEW": _ADDED, "OLD": _GONE}
        queries = []
        for row in _ROWS[event]:
            rows = f"{tables[row]} r"
            if event == "UPDATE":
                other = tables["OLD" if row == "NEW" else "NEW"]
                differs = _differs(marker, "r", "o", "IS DISTINCT FROM")
                rows = f"(SELECT r.* FROM {rows} JOIN {other} o ON o.id = r.id WHERE {differs}) r"
            queries += [
                f"SELECT m.scope, m.key FROM {rows}, LATERAL ({mark.format(row='r')}) m"
                for mark in marker.marks
            ]
        given = " ".join(f"{row} TABLE AS {tables[row]}" for row in _ROWS[event])
        drawn = "floor(random() * 9007199254740991)::bigint"
        # in one order, or two statements could wait for each other
        named = f"SELECT DISTINCT scope, key FROM ({' UNION ALL '.join(queries)}) named"
        draw = _draw(marker, named, drawn, ordered="ORDER BY scope, key ")
        body = f"BEGIN {draw}; RETURN NULL; END"
        name = f"{marker.name}_{event.lower()}"
        triggers.append(make(marker.table, name, event, given, body))
    return triggers


def sentences_of(marker: Marker) -> list[str]:
    """Return the SQL of a marker, to see which columns it names."""
    return [*marker.marks, " ".join(marker.columns), marker.into, "scope key mark"]


def _draw(marker: Marker, named: str, drawn: str, *, ordered: str = "") -> str:
    return (
        f"INSERT INTO {marker.into} (scope, key, mark) SELECT scope, key, {drawn} "
        f"FROM ({named}) marked WHERE key IS NOT NULL {ordered}"
        "ON CONFLICT (scope, key) DO UPDATE SET mark = excluded.mark"
    )


def _differs(marker: Marker, one: str, other: str, operator: str) -> str:
    terms = (f"{one}.{column} {operator} {other}.{column}" for column in marker.columns)
    return f"({' OR '.join(terms)})"
