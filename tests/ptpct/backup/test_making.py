"""What goes into a backup, and what stops one."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from ptpct.backup.stores import kept_stores
from registry.models import TrailRecord
from tests.ptpct.backup.conftest import STORED

MADE_ANEW = {
    "STATIC_ROOT": "comes with the program",
    "FILE_UPLOAD_TEMP_DIR": "being uploaded by somebody who will have to do it again",
    "METRICS_DIR": "what the processes that run have counted",
    "CACHES": "who has a page open, how often a sign-in was tried",
}
"""Settings that name a folder of the installation which is in no backup, each with its reason."""


def places(value) -> list[Path]:
    """Return the paths in the folder of the installation that stand in a setting."""
    match value:
        case dict():
            return [path for part in value.values() for path in places(part)]
        case str() | Path() if str(value).startswith(f"{settings.VAR_DIR}/"):
            return [Path(value)]
    return []


def test_every_folder_of_an_installation_is_in_the_backup_or_made_anew():
    """A store added later has to be one of the two."""
    named = {
        name: path
        for name in dir(settings)
        if name.isupper() and name not in {"DATABASES", *MADE_ANEW}
        for path in places(getattr(settings, name))
    }
    kept = {Path(store.path("")) for store in kept_stores().values()}
    assert named
    assert {name for name, path in named.items() if path not in kept} == set()


def test_the_manifest_says_what_is_in_it(small_backup):
    told = json.loads((small_backup / "manifest.json").read_text())
    files = {str(path.relative_to(small_backup)) for path in small_backup.rglob("*.*")}
    assert set(told["files"]) == files - {"manifest.json", "key.sealed"}
    assert {f"files/{alias}/{STORED}" for alias in kept_stores()} < files
    assert told["engine"] == connection.vendor
    assert told["tables"]["registry_trailrecord"]["rows"] == told["trail"]["number"] == 1
    assert ["account", "0001_initial"] in told["migrations"]
    assert settings.SECRET_KEY.encode() not in (small_backup / "key.sealed").read_bytes()


def test_a_short_passphrase_makes_no_backup(migrated, tmp_path, passphrase_file):
    passphrase_file.write_text("breve\n")
    with pytest.raises(CommandError, match="almeno 12 caratteri"):
        call_command("backup", str(tmp_path / "copia"), passphrase_file=passphrase_file)
    assert not (tmp_path / "copia").exists()


def test_a_database_without_its_tables_makes_no_backup(transactional_db, tmp_path, passphrase_file):
    with pytest.raises(CommandError, match="mancano le sue tabelle"):
        call_command("backup", str(tmp_path / "copia"), passphrase_file=passphrase_file)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frase"]
    assert TrailRecord.objects.count() == 0
