"""A backup is written whole or not at all, in a new place, and read by its owner only."""

import fcntl
import hashlib
import os
import stat
from pathlib import Path

import pytest

from ptpct.backup.folder import UNFINISHED, check_room, new_folder
from ptpct.backup.refusals import BackupRefusedError
from tests.file_limit import no_file_longer_than


def fill(path: Path, content: bytes = b"prova") -> None:
    with new_folder(path) as folder, folder.new_file("sotto/file") as file:
        file.write(content)


def test_a_folder_gets_its_name_when_it_is_whole(tmp_path):
    place = tmp_path / "copia"
    with new_folder(place) as folder:
        assert not place.exists()
        with folder.new_file("sotto/file") as file:
            for _n in range(3):
                file.write(b"x" * 1_000_000)
        entry = folder.files["sotto/file"]
    content = (place / "sotto" / "file").read_bytes()
    assert (entry.size, entry.sha256) == (3_000_000, hashlib.sha256(content).hexdigest())
    assert os.listdir(tmp_path) == ["copia"]


def test_it_is_read_by_its_owner_only(tmp_path):
    before = os.umask(0)
    try:
        fill(tmp_path / "copia")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"copia": 0o700, "sotto": 0o700, "file": 0o600}


def test_nothing_is_left_of_one_that_fails(tmp_path):
    with pytest.raises(TypeError):
        fill(tmp_path / "copia", None)
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    full = pytest.raises(BackupRefusedError, match=r"Il disco di .*copia è pieno")
    with no_file_longer_than(1_500_000), full:
        fill(tmp_path / "copia", b"x" * 2_000_000)
    assert os.listdir(tmp_path) == []


def test_too_little_room_is_told_before(tmp_path):
    check_room(tmp_path, 1)
    with pytest.raises(BackupRefusedError, match=r"servono 1.000.000.000 MB e ne restano [\d.]+"):
        check_room(tmp_path, 10**15)


def a_file(place: Path) -> None:
    place.write_text("prova")


def a_full_folder(place: Path) -> None:
    place.mkdir()
    (place / "altro").write_text("prova")


def a_link(place: Path) -> None:
    place.symlink_to("altrove")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (a_file, "non è una cartella"),
        (a_link, "non è una cartella"),
        (a_full_folder, "non è vuota"),
    ],
)
def test_what_stands_there_stays(tmp_path, make, sentence):
    place = tmp_path / "copia"
    make(place)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupRefusedError, match=sentence):
        fill(place)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "copia").mkdir()
    fill(tmp_path / "copia")
    assert (tmp_path / "copia" / "sotto" / "file").read_bytes() == b"prova"


def test_a_disk_that_is_not_there_is_not_written_beside(tmp_path):
    with pytest.raises(BackupRefusedError, match="non c’è"):
        fill(tmp_path / "disco" / "copia")
    assert os.listdir(tmp_path) == []


def test_what_a_dead_backup_left_goes_and_that_of_one_at_work_stays(tmp_path):
    dead, at_work = tmp_path / f".ieri.x{UNFINISHED}", tmp_path / f".oggi.x{UNFINISHED}"
    for place in (dead, at_work):
        a_full_folder(place)
    held = os.open(at_work, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        fill(tmp_path / "copia")
    finally:
        os.close(held)
    assert sorted(os.listdir(tmp_path)) == [at_work.name, "copia"]
