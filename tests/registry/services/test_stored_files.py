"""Files written once: whole or not at all, by one at a time, and given as they are or deflated."""

import gzip
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from registry.responses import stored_files as answering
from registry.responses.stored_files import accepts_gzip, stored_file
from registry.services.stored_files import (
    INDEX,
    BusyError,
    drop_folder,
    is_sound,
    new_file,
    read_folder,
    stored_folder,
    sweep_folders,
)

TEXT = "Processi, fasi e misure: perché no?\n".encode() * 2_000


def fill(folder: Path) -> None:
    with new_file(folder / "dati.json") as into:
        into.write(TEXT)


def die(folder: Path) -> None:
    fill(folder)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "published" / "piano"


def test_what_was_written_is_not_written_again(folder):
    first = stored_folder(folder, fill, patience=1)
    again = stored_folder(folder, lambda place: pytest.fail("written twice"), patience=1)

    assert first == again
    assert first["dati.json"].path.read_bytes() == TEXT
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert is_sound(folder)


def test_of_many_at_once_one_writes_and_all_have_it(folder):
    written = []

    def once(place: Path) -> None:
        written.append(place)
        fill(place)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(stored_folder, folder, once, patience=30) for _n in range(4)]
        given = [one.result() for one in asked]
    assert len(written) == 1
    assert given == [read_folder(folder)] * 4


def test_nobody_waits_longer_than_they_said(folder):
    def ask(place: Path) -> None:
        fill(place)
        with pytest.raises(BusyError):
            stored_folder(folder, fill, patience=0)

    assert stored_folder(folder, ask, patience=1)


def test_a_writer_that_is_killed_leaves_nothing_and_is_followed_by_the_next(folder):
    child = os.fork()
    if not child:
        try:
            stored_folder(folder, die, patience=1)
        finally:
            os._exit(0)
    _child, ended = os.waitpid(child, 0)

    assert os.WTERMSIG(ended) == signal.SIGKILL
    assert read_folder(folder) == {}
    assert stored_folder(folder, fill, patience=1)["dati.json"].size == len(TEXT)
    # what the dead one had begun goes with whatever else is not to be kept
    assert sweep_folders(folder.parent, keep={folder.name}, patience=1) == 1
    assert [path.name for path in folder.parent.iterdir() if path.is_dir()] == [folder.name]


def test_a_writer_that_fails_leaves_nothing(folder):
    def full(place: Path) -> None:
        fill(place)
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space left"):
        stored_folder(folder, full, patience=1)
    assert [path for path in folder.parent.iterdir() if path.is_dir()] == []


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "a file": lambda folder: (folder / "dati.json").write_bytes(TEXT[1:]),
    "its deflated form": lambda folder: (folder / "dati.json.deflate").write_bytes(b"\x03\x00"),
    "no deflated form": lambda folder: (folder / "dati.json.deflate").unlink(),
    "the index": lambda folder: (folder / INDEX).write_bytes(b"{"),
    "another index": lambda folder: (folder / INDEX).write_bytes(b'{"a": {"size": 1}}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_seen_and_written_anew(folder, damage):
    stored_folder(folder, fill, patience=1)
    DAMAGES[damage](folder)

    assert not is_sound(folder)
    drop_folder(folder, patience=1)
    assert stored_folder(folder, fill, patience=1)
    assert is_sound(folder)


@pytest.mark.parametrize("in_one_piece", [0, 1 << 20])
@pytest.mark.parametrize("end", [b"", ', "superato_da": "è"}\n'.encode()])
def test_the_answer_is_the_file_with_its_end_in_either_form(folder, monkeypatch, end, in_one_piece):
    monkeypatch.setattr(answering, "IN_ONE_PIECE", in_one_piece)
    file = stored_folder(folder, fill, patience=1)["dati.json"]

    def ask(**headers: str):
        request = RequestFactory().get("/", headers=headers)
        return stored_file(request, file, name="è.json", content_type="application/json", end=end)

    plain, packed = ask(), ask(accept_encoding="br, gzip;q=0.5")
    for answer in (plain, packed):
        content = b"".join(answer)
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Vary"] == "Accept-Encoding"
        is_packed = answer is packed
        assert answer.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
        assert (gzip.decompress(content) if is_packed else content) == TEXT + end
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert file.digest in plain.headers["ETag"]
    for known in (plain, packed):
        for asked in ("identity", "gzip"):
            again = ask(if_none_match=known.headers["ETag"], accept_encoding=asked)
            assert (again.status_code, again.content) == (304, b"")
            # nginx makes the mark of what it packs itself a weak one
            weak = ask(if_none_match=f"W/{known.headers['ETag']}", accept_encoding=asked)
            assert weak.status_code == 304
    assert ask(if_match=packed.headers["ETag"], accept_encoding="gzip").status_code == 200
    assert ask(if_match='"altro"').status_code == 412


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.1", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0, *", False),
    ],
)
def test_gzip_goes_to_whoever_takes_it(header, takes):
    assert accepts_gzip(header) is takes
