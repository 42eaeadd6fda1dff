"""An installation at work, empty places to restore it to, and looking into what came back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import dj_database_url
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend
from django.test import override_settings

from registry.acts import act
from registry.models import Job, Process
from risk.models import Level as RiskLevel
from risk.models import RegisterImport
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from tests.people import people_of
from tests.register import complete_annex, make_annex, make_process
from tests.worker import environment

PASSPHRASE = "una frase che nessuno indovina"
ODD = "a\tb\nc\rd\\e\\Nf «è» ’ \x01"
"""What a line of COPY and a statement of SQL write otherwise than it is."""


@contextmanager
def as_migrated() -> Iterator[None]:
    """Say in the database of the tests that its migrations are applied, for as long as it lasts.

    Its tables are made from the models; `tests.project.test_migrations` holds the two to be alike.
    """
    recorder = MigrationRecorder(connection)
    with override_settings(MIGRATION_MODULES={}):
        recorder.ensure_schema()
        try:
            for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
                recorder.record_applied(app, name)
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE django_migrations")


class Installation:
    """An annex that was issued, one that is worked at, a file, and values of every kind."""

    def __init__(self) -> None:
        annex = complete_annex()
        level = RiskLevel.objects.get(label="Alto")
        level.min_score, level.max_score = Decimal("2.500"), Decimal("1234.125")
        level.save()
        self.people = people_of(annex)
        with act("edit", by=self.people["editor"]):
            process = annex.processes.get()
            process.objective = ODD
            process.save()
        for verb, who in (("submit", "editor"), ("approve", "head"), ("validate", "rpct")):
            move_annex(annex=annex, verb=verb, by=self.people[who])
            annex.refresh_from_db()
        self.issue = issue_annex(annex=annex, by=self.people["rpct"])
        plan = annex.plan
        RegisterImport.objects.create(
            plan=plan,
            by=self.people["rpct"],
            filename="registro.xlsx",
            content=bytes(range(256)),
            digest="0" * 64,
            mapping={"b": [1, 2.5, None, True], "a": ODD},
        )
        self.process = make_process(make_annex(plan.administration, office="Anagrafe"))
        job = Job.objects.create(
            kind="prova", administration=plan.administration, by=self.people["rpct"], subject=ODD
        )
        self.file = storages["jobs"].save(f"{job.uid}.pdf", ContentFile(b"%PDF- prova"))

    def edit(self, n: int) -> None:
        """Change a text as a person does: one act, one record on the trail."""
        with act("edit", by=self.people["editor"]):
            process = Process.objects.get(pk=self.process.pk)
            process.objective = f"Obiettivo {n}"
            process.save()


@contextmanager
def empty_place(folder: Path, name: str, engine: str = "") -> Iterator[dict[str, str]]:
    """Give the variables of an installation that holds nothing, on this engine or another."""
    folder = folder / name
    folder.mkdir()
    own = {"PTPCT_VAR_DIR": str(folder), "PTPCT_SECRET_KEY": ""}
    if (engine or connection.vendor) == "sqlite":
        yield own | {"DATABASE_URL": f"sqlite:///{folder / 'ptpct.sqlite3'}"}
        return
    server = os.environ["DATABASE_URL"]
    database = f"{connection.settings_dict['NAME']}_{name}"
    with closing(psycopg.connect(server, autocommit=True)) as opened:
        opened.execute(f'CREATE DATABASE "{database}"')
        try:
            yield own | {"DATABASE_URL": f"{server.rsplit('/', 1)[0]}/{database}"}
        finally:
            opened.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run `manage.py` as somebody does at the other installation."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment() | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def looking_into(url: str) -> Iterator[None]:
    """Have the models read from another database."""
    ours = connections["default"]
    told = ours.settings_dict | dj_database_url.parse(url) | {"OPTIONS": {}}
    connections["default"] = load_backend(told["ENGINE"]).DatabaseWrapper(told)
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = ours


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all models as Django reads them, by table."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        rows = model._base_manager.order_by("pk").values_list()
        found[model._meta.db_table] = [tuple(map(_readable, row)) for row in rows]
    return found


def _readable(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
