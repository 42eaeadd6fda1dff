"""Measure what a backup and a restore cost: ``bench_trust_backup.py FILE``; writes its figures.

Started by ``bench_trust.py`` once for each engine, with an empty database that it fills with a
register of some 300,000 rows, histories included, and the files that offices have brought.

``backup_vs_copy``: a whole backup – digests, sealed key, everything on the disk – ÷ what the engine
needs for the bare copy: ``VACUUM INTO``, or ``COPY … TO`` of all tables.
``restore_vs_migrate_and_copy``: ``manage.py restore`` with all it verifies ÷ ``manage.py migrate``
on an empty database and the same rows put in with triggers and references off. On SQLite besides
what a save costs with and without waiting for the disk, in milliseconds. By the clock on the wall,
in turns, the best of the rounds.
"""

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg  # noqa: E402
from bench_spreadsheets_import import FILENAME, Body  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from ptpct.backup.making import make_backup  # noqa: E402
from registry.acts import act  # noqa: E402
from registry.models import Process  # noqa: E402
from risk.models import RegisterImport  # noqa: E402
from risk.services.imports import apply_import, preview_import, start_import  # noqa: E402

EDITIONS, FILES, COPIES, RESTORES, SAVES = 2, 150, 7, 2, 50
PASSPHRASE = "una frase per la sola misura"  # noqa: S105 - opens nothing else


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    fill()
    with tempfile.TemporaryDirectory(dir=os.environ["PTPCT_VAR_DIR"]) as folder:
        found = measure(Path(folder))
    if connection.vendor == "sqlite":
        found |= saves()
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


def fill() -> None:
    """Take a register into two editions of an invented body, and keep the files of others."""
    body = Body()
    content, by = body.content(), body.rpct
    for n in range(EDITIONS):
        plan = body.edition(n)
        preview = preview_import(plan=plan, content=content, filename=FILENAME, by=by)
        taken = start_import(
            plan=plan, office=None, filename=FILENAME, content=content, layout="auto", by=by
        )
        apply_import(register_import=taken, digest=preview.digest, by=by)
    for _n in range(FILES):
        RegisterImport.objects.create(
            plan=plan, by=by, filename=FILENAME, content=os.urandom(1 << 20), digest="0" * 64
        )


def measure(folder: Path) -> dict[str, float]:
    """Return the two ratios."""
    seconds: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], Any]) -> None:
        began = time.perf_counter()
        work()
        seconds.setdefault(name, []).append(time.perf_counter() - began)

    copied, backup = folder / "copied", folder / "backup"
    for _round in range(COPIES):
        for old in (copied, backup):
            shutil.rmtree(old, ignore_errors=True)
        copied.mkdir()
        timed("copy", lambda: copy_barely(copied))
        timed("backup", lambda: make_backup(folder=backup, passphrase=PASSPHRASE))
    passphrase = folder / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text(PASSPHRASE)
    options = ["--passphrase-file", str(passphrase)]
    for n in range(RESTORES):
        with empty_place(folder, f"plain{n}") as place:
            timed("migrate and copy", lambda place=place: load_barely(copied, place))
        with empty_place(folder, f"restored{n}") as place:
            timed("restore", lambda place=place: manage(place, "restore", str(backup), *options))
    best = {name: min(values) for name, values in seconds.items()}
    print("  ".join(f"{name} {value:.2f} s" for name, value in best.items()), flush=True)
    return {
        "backup_vs_copy": round(best["backup"] / best["copy"], 2),
        "restore_vs_migrate_and_copy": round(best["restore"] / best["migrate and copy"], 2),
    }


def copy_barely(folder: Path) -> None:
    """Copy the database as its engine does, and no more."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as opened:
            opened.execute("VACUUM INTO ?", [str(folder / "copy.sqlite3")])
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            with (
                (folder / table).open("wb") as file,
                cursor.copy(f'COPY "{table}" TO STDOUT') as copied,
            ):
                for row in copied:
                    file.write(row)


def load_barely(folder: Path, place: dict[str, str]) -> None:
    """Make the tables in an empty place and put the rows back, nothing looked at."""
    manage(place, "migrate", "--verbosity", "0")
    if connection.vendor == "sqlite":
        load_sqlite(folder / "copy.sqlite3", place["DATABASE_URL"].removeprefix("sqlite:///"))
        return
    with closing(psycopg.connect(place["DATABASE_URL"])) as opened, opened.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        tables = sorted(path.name for path in folder.iterdir())
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        for table in tables:
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copied:
                copied.write((folder / table).read_bytes())
        opened.commit()


def load_sqlite(source: Path, target: str) -> None:
    """Put the rows of one file of SQLite into another that has the same tables."""
    with closing(sqlite3.connect(target, isolation_level=None)) as opened:
        opened.execute("ATTACH ? AS source", [str(source)])
        kinds = "SELECT name FROM main.sqlite_master WHERE type = ?"
        opened.execute("BEGIN")
        for (name,) in opened.execute(kinds, ["trigger"]).fetchall():
            opened.execute(f'DROP TRIGGER "{name}"')
        for (name,) in opened.execute(kinds, ["table"]).fetchall():
            columns = ", ".join(
                f'"{column[1]}"' for column in opened.execute(f'PRAGMA source.table_info("{name}")')
            )
            # S608: the names are those of the schema
            opened.execute(f'DELETE FROM main."{name}"')  # noqa: S608
            opened.execute(
                f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM source."{name}"'  # noqa: S608
            )
        opened.execute("COMMIT")


@contextmanager
def empty_place(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Give the variables of an installation that holds nothing, with an engine as this one's."""
    place = folder / name
    place.mkdir()
    if connection.vendor == "sqlite":
        yield {"PTPCT_VAR_DIR": str(place), "DATABASE_URL": f"sqlite:///{place / 'ptpct.sqlite3'}"}
        return
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    url = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"
    yield {"PTPCT_VAR_DIR": str(place), "DATABASE_URL": url}


def manage(place: dict[str, str], *arguments: str) -> None:
    """Run `manage.py` for another place; stop the measurement when it does not succeed."""
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | place
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def saves() -> dict[str, float]:
    """Return what saving one process costs, by how SQLite waits for the disk."""
    rows = list(Process.objects.filter(annex__plan__state="preparation")[:SAVES])
    seconds: dict[str, list[float]] = {"NORMAL": [], "FULL": []}
    for n, process in enumerate(rows):
        for mode, told in seconds.items():
            connection.connection.execute(f"PRAGMA synchronous = {mode}")
            began = time.perf_counter()
            with act("edit", by=None):
                process.objective = f"{mode} {n}"
                process.save()
            told.append(time.perf_counter() - began)
    return {
        f"save_ms_{mode.lower()}": round(statistics.median(told) * 1000, 1)
        for mode, told in seconds.items()
    }


if __name__ == "__main__":
    sys.exit(main())
