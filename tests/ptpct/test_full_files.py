"""A disk without room for a file: told in a sentence, nothing left half, what was there stays.

That of the database is in `test_full_disk.py`, backups in `backup/test_folder.py`.
"""

import gc
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from ptpct.figures import fold_ended, make_room
from ptpct.metrics import MetricsMiddleware
from registry import trail
from registry.services.anchors import anchors_in, append_heads
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import write_table
from tests.file_limit import no_file_longer_than
from tests.ptpct.test_figures import written

ROOM = 1_000_000
MUCH = b"x" * 4_000_000


def a_file_of_a_job(folder: Path) -> None:
    storages["jobs"].save("prova.xlsx", ContentFile(MUCH))


def a_file_that_is_published(folder: Path) -> None:
    storages["published"].save("prova.csv", ContentFile(MUCH))


def a_file_brought_to_the_back_office(folder: Path) -> None:
    storages["import_export"].save("prova.csv", ContentFile(MUCH))


def an_upload(folder: Path) -> None:
    asked = RequestFactory().post("/", {"file": SimpleUploadedFile("registro.csv", MUCH)})
    asked.FILES["file"]


def a_list_as_a_workbook(folder: Path) -> None:
    rows = ([f"Processo {number}", "Rimborso di tributi"] for number in range(20_000))
    write_table(Table("Elenco", ("Processo", "Titolo"), rows), "xlsx", io.BytesIO())


FILES: list[Callable[[Path], None]] = [
    a_file_of_a_job,
    a_file_that_is_published,
    a_file_brought_to_the_back_office,
    an_upload,
    a_list_as_a_workbook,
]


@pytest.fixture
def folder(tmp_path, settings, monkeypatch) -> Path:
    """Where whatever is written goes."""
    kept = {alias: values | {} for alias, values in settings.STORAGES.items()}
    for alias in ("jobs", "published", "import_export"):
        kept[alias]["OPTIONS"] = {"location": tmp_path}
    settings.STORAGES = kept
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


# what the library of workbooks had opened is closed when nothing refers to it any more
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("write", FILES, ids=lambda write: write.__name__)
def test_of_a_file_without_room_nothing_is_left(folder, write):
    with no_file_longer_than(ROOM), pytest.raises(OSError, match="File too large"):
        write(folder)

    assert [path.name for path in folder.rglob("*") if path.is_file()] == []
    gc.collect()


@pytest.mark.django_db
def test_an_upload_without_room_is_told_in_a_sentence(folder):
    with no_file_longer_than(ROOM):
        file = SimpleUploadedFile("atto.pdf", MUCH)
        answer = Client().post(reverse("risk:verify"), {"document": file})

    assert answer.status_code == 503
    assert "Il disco è pieno" in answer.content.decode()


class TestAnchors:
    """The file of the anchors, which is to be read again for years."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def file(self, tmp_path) -> Path:
        """A file with the head of the trail as it was before."""
        trail.write(kind="edit", by=None)
        append_heads(tmp_path / "ancore")
        return tmp_path / "ancore"

    def test_a_line_begun_is_taken_back(self, file, settings):
        before = file.read_text()
        settings.TRAIL_FILE = str(file)
        with (
            no_file_longer_than(len(before) + 50),
            pytest.raises(CommandError, match="non si può scrivere: il file è troppo grande"),
        ):
            call_command("verify_trail", verbosity=0)

        assert file.read_text() == before

    def test_a_line_that_could_not_be_taken_back_hides_none_after_it(self, file):
        """As where the file may only be added to."""
        (anchor,) = anchors_in(file)
        with file.open("a") as opened:
            opened.write("2026-11-28T05:00:00+01:00 installazione:1:ab")
        assert anchors_in(file) == [anchor]
        append_heads(file)

        assert anchors_in(file) == [anchor, anchor]
        assert file.read_text().splitlines()[1].endswith(" (interrotta)")

    def test_the_last_line_of_a_hand_without_its_end_counts(self, file):
        file.write_text(file.read_text().strip())

        assert len(anchors_in(file)) == 1


class TestFigures:
    """Those of `/metriche/`: without room the site goes on, and counts nothing."""

    def test_a_page_is_answered_though_it_is_not_counted(self, tmp_path, settings, monkeypatch):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
        settings.OPERATOR_TOKEN = "una-parola-lunga"
        page = MetricsMiddleware(lambda request: HttpResponse("Pagina"))
        with no_file_longer_than(1_000):
            answer = page(RequestFactory().get("/"))

        assert answer.content == b"Pagina"
        # an empty file would stop whoever adds the figures up
        assert list(tmp_path.glob("*.db")) == []
        fold_ended(tmp_path)

    def test_the_room_they_need_is_there_before_they_are(self, tmp_path):
        make_room(tmp_path)

        for kind in ("counter", "histogram"):
            file = (tmp_path / f"{kind}_{os.getpid()}.db").stat()
            assert file.st_blocks * 512 >= file.st_size > ROOM

    def test_figures_of_ended_processes_wait_until_there_is_room(self, tmp_path):
        own = tmp_path / f"counter_{os.getpid()}.db"
        written(own, una=2)
        with no_file_longer_than(100_000), pytest.raises(OSError, match="File too large"):
            fold_ended(tmp_path)

        assert {file.name for file in tmp_path.iterdir()} == {own.name, "lock"}
        fold_ended(tmp_path)
        assert {file.name for file in tmp_path.iterdir()} == {"counter_ended.db", "lock"}
