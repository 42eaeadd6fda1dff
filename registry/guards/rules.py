"""A guard: one sentence of SQL over the NEW (and OLD) row that is true when the row is refused.

The sentence is written once, in the SQL both engines share; each engine makes its triggers of it
(docs/decisions/0006).
"""

from collections.abc import Iterable
from dataclasses import dataclass

TRUNCATE = "TRUNCATE"
"""The event of a guard that stands before the emptying of a table, which only PostgreSQL knows."""


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

    @property
    def error(self) -> str:
        """The text of the error, as it stands between the quotes of an SQL string."""
        return f"{self.name}: {self.message}".replace("'", "''")


@dataclass(frozen=True)
class Trigger:
    """What one engine makes of a guard: how it is put in, taken out, and known again.

    `kept` is what the engine keeps of it (`registry.triggers`): where that is something else, the
    trigger has been changed.
    """

    name: str
    table: str
    drop: str
    create: tuple[str, ...]
    kept: str


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


def never_emptied(guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """Return guards that let nobody empty a table of these at one blow, past all its guards."""
    tables = sorted({guard.table for guard in guards})
    return tuple(
        Guard(
            f"{table}_never_emptied",
            table,
            "1 = 1",
            "una tabella del registro non si svuota.",
            events=(TRUNCATE,),
        )
        for table in tables
    )
