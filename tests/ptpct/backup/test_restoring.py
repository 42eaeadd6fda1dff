"""What is damaged, not ours or not empty is refused by name, and nothing is written."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ptpct.backup import loading, stores
from ptpct.backup.making import database_alone
from ptpct.backup.manifest import NAME
from ptpct.backup.refusals import BackupRefusedError
from ptpct.backup.restoring import read_backup, restore_backup
from registry.models import TrailRecord
from tests.ptpct.backup.conftest import STORED
from tests.ptpct.backup.installation import all_rows, empty_place, manage
from tests.register import make_body

DATABASE_FILES = {
    "sqlite": "database.sqlite3",
    "postgresql": "tables/registry_trailrecord.copy",
}


def database_file() -> str:
    return DATABASE_FILES[connection.vendor]


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / NAME).read_text())


def change_manifest(folder: Path, **values) -> None:
    (folder / NAME).write_text(json.dumps(manifest_of(folder) | values))


def lead_out(folder: Path) -> None:
    files = manifest_of(folder)["files"]
    change_manifest(folder, files=files | {"files/jobs/../../../x": files[database_file()]})


FAULTS = {
    "a bit of the database": (
        lambda folder: flip_a_bit(folder / database_file()),
        r"Il file (database\.sqlite3|tables/registry_trailrecord\.copy) .*è danneggiato",
    ),
    "the end of the database": (
        lambda folder: cut(folder / database_file()),
        r"Il file (database\.sqlite3|tables/registry_trailrecord\.copy) .*è danneggiato",
    ),
    "no database": (
        lambda folder: (folder / database_file()).unlink(),
        r"manca il file (database\.sqlite3|tables/registry_trailrecord\.copy)",
    ),
    "no manifest": (lambda folder: (folder / NAME).unlink(), "non è una copia di sicurezza"),
    "half a manifest": (lambda folder: cut(folder / NAME), "Il manifesto è danneggiato: non si"),
    "another manifest": (
        lambda folder: change_manifest(folder, made_at="2020-01-01T00:00:00+00:00"),
        "Il manifesto è danneggiato o è di un’altra copia",
    ),
    "a later form": (lambda folder: change_manifest(folder, format=3), "è nel formato 3"),
    "a name that leads out": (lead_out, "Il manifesto è danneggiato: non si legge"),
    "a bit of the key": (
        lambda folder: flip_a_bit(folder / "key.sealed"),
        "La chiave sigillata è danneggiata|Il manifesto è danneggiato",
    ),
    "no key": (lambda folder: (folder / "key.sealed").unlink(), "manca il file key.sealed"),
    "no folder": (shutil.rmtree, "non è una copia di sicurezza"),
}


OF_THE_DATABASE = ("a bit of the database", "the end of the database", "no database")
TRIED = [*FAULTS] if connection.vendor == "sqlite" else [*OF_THE_DATABASE]
"""What is written alike whatever the engine is refused alike."""


@pytest.mark.parametrize("fault", TRIED)
def test_a_damaged_backup_is_refused_by_name(small_backup, passphrase_file, fault):
    damage, sentence = FAULTS[fault]
    damage(small_backup)
    before = all_rows()
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("restore", str(small_backup), passphrase_file=passphrase_file)
    assert refused.value.returncode == 2
    assert all_rows() == before
    assert not any(list(stores.files_of(store)) for store in stores.kept_stores().values())


def test_another_passphrase_is_refused(small_backup, passphrase_file):
    passphrase_file.write_text("un’altra frase segreta")
    with pytest.raises(CommandError, match="La frase segreta non è quella"):
        call_command("restore", str(small_backup), passphrase_file=passphrase_file)


def test_a_passphrase_others_can_read_is_refused(small_backup, passphrase_file):
    passphrase_file.chmod(0o644)
    with pytest.raises(CommandError, match="può essere letto da altri: chmod 600"):
        call_command("restore", str(small_backup), passphrase_file=passphrase_file)


def test_without_a_terminal_the_passphrase_stands_in_a_file(small_backup):
    with pytest.raises(CommandError, match="in un file, con --passphrase-file"):
        call_command("restore", str(small_backup))


def test_a_backup_of_a_later_program_is_refused(migrated, tmp_path):
    database_alone(tmp_path / "copia")
    later = [*manifest_of(tmp_path / "copia")["migrations"], ["risk", "9999_later"]]
    change_manifest(tmp_path / "copia", migrations=later, program="9.0")
    with pytest.raises(BackupRefusedError, match=r"versione 9\.0 .*risk\.9999_later"):
        restore_backup(folder=tmp_path / "copia", passphrase=None)


def test_a_database_somebody_works_in_is_no_empty_place(small_backup, passphrase_file):
    make_body()
    before = all_rows()
    with pytest.raises(CommandError, match="non è vuoto: nel database la tabella registry_admin"):
        call_command("restore", str(small_backup), passphrase_file=passphrase_file)
    assert all_rows() == before


def test_what_a_migrate_makes_is_an_empty_place(migrated):
    loading.check_empty()


@pytest.mark.parametrize("alias", stores.kept_stores())
def test_a_store_with_another_file_is_no_empty_place(small_backup, alias):
    _content, manifest, lost = read_backup(small_backup)
    store = stores.kept_stores()[alias]
    assert lost == []
    put, count = stores.restore_stores(small_backup, manifest.files)
    try:
        # what a restore that was killed has put there is what the next one wants there
        stores.check_empty(manifest.files)
        assert (alias, STORED) in put
        assert count == len(put) == len(stores.kept_stores())
        Path(store.path(STORED)).write_bytes(b"altro")
        with pytest.raises(BackupRefusedError, match=f"«{alias}» c’è già {STORED}"):
            stores.check_empty(manifest.files)
    finally:
        stores.remove(put)
    assert list(stores.files_of(store)) == []


def test_a_lost_file_and_a_lost_passphrase_are_told_and_the_rest_comes_back(small_backup, tmp_path):
    flip_a_bit(small_backup / "files" / "jobs" / STORED)
    (small_backup / "files" / "import_export" / STORED).unlink()
    with empty_place(tmp_path, "altrove") as place:
        ended = manage("restore", str(small_backup), "--without-key", **place)
        again = manage("restore", str(small_backup), "--without-key", **place)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert sorted(ended.stderr.splitlines()) == [
        "Il file files/jobs/prova.pdf della copia è danneggiato.",
        "La chiave non è stata ripristinata: chi ha un secondo fattore deve rifarlo (manage.py "
        "reset_second_factor) e i collegamenti spediti per posta non valgono più.",
        "Nella copia manca il file files/import_export/prova.pdf.",
    ]
    assert (tmp_path / "altrove" / "media" / STORED).read_bytes() == b"prova"
    assert again.returncode == 2
    assert "Il posto non è vuoto" in again.stderr
    assert TrailRecord.objects.count() <= 1
