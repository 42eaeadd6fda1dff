"""App configurations of the wiring: what SQLite is told, and the admin site of the project."""

import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils.module_loading import import_string

from ptpct.kept_words import keep_words
from registry.clock import look_at_database

_OF_OTHERS = 0o077


def raise_parameter_limit(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Tell Django how many parameters this SQLite really takes, instead of the 999 it assumes.

    The library itself is asked, so the number is right for any build; see docs/decisions/0002.
    """
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit


def ask_for_json(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Ask SQLite whether it knows JSON, as soon as it is there.

    Django asks when it first wants to know, in a transaction that writes: where somebody else
    writes meanwhile it takes the end of its patience for a no, and remembers it.
    """
    if connection.vendor == "sqlite":
        try:
            connection.connection.execute("SELECT JSON('{}')")
        except sqlite3.OperationalError:
            connection.features.supports_json_field = False
        else:
            connection.features.supports_json_field = True


def keep_from_others(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let nobody but its owner read the database: the file, and what SQLite writes beside it."""
    if connection.vendor != "sqlite":
        return
    for suffix in ("", "-wal", "-shm"):
        file = Path(f"{connection.settings_dict['NAME']}{suffix}")
        with suppress(FileNotFoundError):
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & _OF_OTHERS:
                _close(file, mode & ~_OF_OTHERS)


def _close(file: Path, mode: int) -> None:
    try:
        file.chmod(mode)
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL: {file} è leggibile da altri e appartiene a un altro utente: "
            "chi lo possiede dia «chmod 600», o lo passi all’utente del sito."
        ) from error


def guard_replaced_rows(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Have SQLite ask the guards for rows that `OR REPLACE` deletes: it does not by itself.

    Raises `ImproperlyConfigured` where a connection does not take the setting, so that nothing is
    served without (docs/decisions/0006).
    """
    if connection.vendor == "sqlite":
        # by the driver itself: this is no statement of a page
        connection.connection.execute("PRAGMA recursive_triggers = ON")
        if connection.connection.execute("PRAGMA recursive_triggers").fetchone() != (1,):
            raise ImproperlyConfigured(
                "SQLite non attiva i trigger ricorsivi: le righe adottate non sono protette."
            )


class ProjectConfig(AppConfig):
    """The wiring itself, installed to set up connections when they are made."""

    name = "ptpct"

    def ready(self) -> None:
        """Listen to new database connections and to what happens at sign-in; keep words."""
        keep_words()
        connection_created.connect(raise_parameter_limit, dispatch_uid="ptpct.parameter_limit")
        connection_created.connect(ask_for_json, dispatch_uid="ptpct.ask_for_json")
        connection_created.connect(keep_from_others, dispatch_uid="ptpct.keep_from_others")
        connection_created.connect(look_at_database, dispatch_uid="registry.look_at_database")
        connection_created.connect(guard_replaced_rows, dispatch_uid="ptpct.guard_replaced_rows")
        # by name: both modules know models, which do not exist yet when this one is read
        import_string("ptpct.signin.accounts.listen")()
        import_string("ptpct.signin.sessions.listen")()


class RegisterAdminConfig(SimpleAdminConfig):
    """Django's admin with the site of this project as the default one.

    Its lists are read where its addresses are (`ptpct.urls`): a worker at rest needs neither.
    """

    default_site = "ptpct.admin_site.RegisterAdminSite"

    def ready(self) -> None:
        """Have the lists checked, all of them."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_lists, checks.Tags.admin)


def check_lists(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return what Django finds wrong with the lists of the back office."""
    admin.autodiscover()
    return check_admin_app(app_configs, **kwargs)
