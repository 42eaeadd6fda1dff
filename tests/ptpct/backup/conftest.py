"""What the tests of backups begin with."""

import shutil
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from ptpct.backup.stores import kept_stores
from registry import trail
from tests.ptpct.backup.installation import PASSPHRASE, Installation, as_migrated

STORED = "prova.pdf"
"""A file of each store in the backup of next to nothing."""
_made: list[Path] = []


@pytest.fixture
def own_stores(tmp_path, settings):
    """Stores of files that no other test has put anything into."""
    settings.MEDIA_ROOT = tmp_path / "stores" / "default"
    settings.STORAGES = {
        alias: told | {"OPTIONS": {"location": tmp_path / "stores" / alias}}
        if "location" in told.get("OPTIONS", {})
        else told
        for alias, told in settings.STORAGES.items()
    }


@pytest.fixture
def installation(transactional_db, own_stores):
    """An installation at work, as `migrate` would have made it."""
    with as_migrated():
        yield Installation()


@pytest.fixture
def passphrase_file(tmp_path):
    """A file with the passphrase that its owner alone can read."""
    file = tmp_path / "frase"
    file.write_text(PASSPHRASE)
    file.chmod(0o600)
    return file


@pytest.fixture
def migrated(transactional_db, own_stores):
    """A database of which its migrations say that they are applied."""
    with as_migrated():
        yield


@pytest.fixture
def small_backup(migrated, tmp_path, tmp_path_factory, passphrase_file):
    """A backup of one record on the trail and a file in each store; made once, copied each time."""
    if not _made:
        trail.write(kind="prova", by=None)
        for store in kept_stores().values():
            store.save(STORED, ContentFile(b"prova"))
        folder = tmp_path_factory.mktemp("fatta") / "copia"
        call_command("backup", str(folder), passphrase_file=passphrase_file)
        for store in kept_stores().values():
            store.delete(STORED)
        _made.append(folder)
    return shutil.copytree(_made[0], tmp_path / "copia")
