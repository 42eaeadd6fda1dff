"""What the application's role may do in PostgreSQL: everything but change what is written for ever.

Triggers stop whoever goes through the application; rights of the role stop whoever takes over its
password too, because only the owner of a table may drop its triggers. The role is therefore another
one than the owner, who runs `migrate`.
"""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from registry import trail
from registry.guards.rules import TRUNCATE
from registry.models import TrailRecord
from registry.triggers import declared_guards

READ_ONLY = ("django_migrations",)
_NEVER = "1 = 1"
_OWNER = (
    "SELECT pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE') FROM pg_class "
    "WHERE oid = to_regclass(%s)"
)
"""Whose the tables are, and whether whoever is connected may act as that role."""


class RoleRefusedError(Exception):
    """The rights cannot be given; the message is an Italian sentence."""


def written_once() -> dict[str, tuple[str, ...]]:
    """Return the tables whose rows are never deleted, and the columns that may still change.

    They are those the guards refuse any change of: trail, histories, transitions; and the issues,
    whose models say which columns are filled in later.
    """
    refused = never_allowed()
    whole = {table: () for table, events in refused.items() if {"UPDATE", "DELETE"} <= events}
    return {**whole, **_filled_in_later()}


def _filled_in_later() -> dict[str, tuple[str, ...]]:
    """Return the columns that may still change by table, of rows that are written once."""
    return {model._meta.db_table: model.WRITTEN_ONCE_BUT_FOR for model in trail.written_models()}


def never_allowed() -> dict[str, set[str]]:
    """Return by table what its guards refuse of any row, whatever stands in it.

    Not all of them refuse both: an answer to a remark never changes, and goes with a draft.
    """
    refused: dict[str, set[str]] = {}
    for guard in declared_guards():
        # no role but the owner's may empty a table: that right is given to nobody
        if guard.refused_when == _NEVER and TRUNCATE not in guard.events:
            refused.setdefault(guard.table, set()).update(guard.events)
    return refused


def grant_role(*, role: str, dry_run: bool = False) -> list[str]:
    """Give a role of PostgreSQL the rights the application needs, no more; return the statements.

    Run by the owner of the tables, again after every `migrate` that makes a table. Rights the role
    had before on the tables of the application are taken away first.

    Tables of its own are taken from everybody in the database, because every role has what
    everybody has: what a guard looks up must not be something a session has made.

    Raises `RoleRefusedError` when the database is not PostgreSQL, the role is not there, it is one
    that no rights could bind (a superuser, the owner, a member of the owner), or whoever gives the
    rights does not own the tables, or may not take those away.
    """
    _check(role, dry_run=dry_run)
    statements = _statements(role)
    if not dry_run:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            _check_given(role)
    return statements


def _check_given(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY'), "
            "has_schema_privilege(%s, 'public', 'CREATE')",
            [role, role],
        )
        temporary, create = cursor.fetchone()
    if temporary or create:
        raise RoleRefusedError(
            _(
                "«%(role)s» può ancora creare tabelle sue, e con quelle ingannare le difese: il "
                "comando va eseguito da chi possiede la base di dati «%(database)s»."
            )
            % {"role": role, "database": connection.settings_dict["NAME"]}
        )


def _check(role: str, *, dry_run: bool) -> None:
    if connection.vendor != "postgresql":
        raise RoleRefusedError(_("I diritti si danno in PostgreSQL: SQLite non ha ruoli."))
    with connection.cursor() as cursor:
        cursor.execute(_OWNER, [TrailRecord._meta.db_table])
        owner, is_given_by_owner = cursor.fetchone()
    if not (is_given_by_owner or dry_run):
        raise RoleRefusedError(
            _(
                "I diritti li dà «%(owner)s», che possiede le tabelle: il comando va eseguito con "
                "il suo DATABASE_URL."
            )
            % {"owner": owner}
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR pg_has_role(rolname, %s, 'MEMBER') FROM pg_roles "
            "WHERE rolname = %s",
            [owner, role],
        )
        right = cursor.fetchone()
    if right is None:
        raise RoleRefusedError(_("Il ruolo «%(role)s» non c’è: prima va creato.") % {"role": role})
    if right[0]:
        raise RoleRefusedError(
            _("«%(role)s» può già tutto: serve un altro ruolo, che non possieda le tabelle.")
            % {"role": role}
        )


def _statements(role: str) -> list[str]:
    name = connection.ops.quote_name
    who = name(role)
    tables = set(connection.introspection.table_names())
    database = name(connection.settings_dict["NAME"])
    statements = [
        f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {who}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {who}",
        f"GRANT USAGE ON SCHEMA public TO {who}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
    ]
    for table in sorted(set(READ_ONLY) & tables):
        statements.append(f"REVOKE INSERT, UPDATE, DELETE ON {name(table)} FROM {who}")
    later = _filled_in_later()
    refused = never_allowed() | {table: {"UPDATE", "DELETE"} for table in later}
    for table, events in sorted(refused.items()):
        if table in tables:
            verbs = ", ".join(sorted(events, reverse=True))
            statements.append(f"REVOKE {verbs} ON {name(table)} FROM {who}")
            if columns := later.get(table):
                listed = ", ".join(map(name, columns))
                statements.append(f"GRANT UPDATE ({listed}) ON {name(table)} TO {who}")
    return statements
