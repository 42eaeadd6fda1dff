"""An installation beside that of the tests: a database of the same engine, and its commands."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from tests.worker import environment


class Installation:
    """A database of the engine of the tests, apart from theirs, and the folder beside it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.file = folder / f"{name}.sqlite3"
        self.name = f"{connection.settings_dict['NAME']}_{name}"
        server = os.environ.get("DATABASE_URL", "")
        is_file = connection.vendor == "sqlite"
        self.url = (
            f"sqlite:///{self.file}" if is_file else f"{server.rsplit('/', 1)[0]}/{self.name}"
        )

    def connect(self) -> Any:
        """Open it, to be closed."""
        if connection.vendor == "sqlite":
            return sqlite3.connect(self.file)
        return psycopg.connect(self.url)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` on it; see `manage`."""
        return manage(*arguments, DATABASE_URL=self.url, PTPCT_VAR_DIR=str(self.folder))

    def run(self, script: str, *, told: str) -> str:
        """Run a script on it; see `run`."""
        return run(script, told=told, DATABASE_URL=self.url, PTPCT_VAR_DIR=str(self.folder))

    def migrate(self) -> None:
        """Apply its migrations."""
        self.manage("migrate", "--verbosity", "0")

    def migrate_as_before(self, *step: str) -> None:
        """Apply its migrations up to a step of an earlier version; see `as_before.py`."""
        self.run("tests/project/as_before.py", told=json.dumps(step))

    @contextmanager
    def there(self) -> Iterator["Installation"]:
        """Make it, empty, and take it away afterwards."""
        if connection.vendor == "sqlite":
            yield self
            return
        with closing(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)) as opened:
            opened.execute(f'CREATE DATABASE "{self.name}"')
            try:
                yield self
            finally:
                opened.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def manage(*arguments: str, **variables: str) -> str:
    """Run `manage.py` as an installation does, and return what it says when it succeeds."""
    return run("manage.py", *arguments, **variables)


def run(*arguments: str, told: str = "", **variables: str) -> str:
    """Run a script by the Python of the tests, `told` something; return what it says."""
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment() | variables,
        input=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    return ended.stdout
