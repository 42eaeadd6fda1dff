"""Uploaded files: not too much of them, read by nobody else, and served by no address."""

import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from ptpct.uploads import WholeFileStorage


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "code"), [(5_000, 400), (500, 200)])
def test_a_request_over_the_limit_is_refused_whoever_sends_it(client, settings, size, code):
    settings.UPLOAD_MAX_BYTES = 2_000
    file = SimpleUploadedFile("prova.pdf", b"x" * size)

    answer = client.post(reverse("risk:verify"), {"file": file})

    assert answer.status_code == code


@pytest.mark.django_db
def test_more_files_than_any_page_asks_for_are_refused(client):
    files = {f"file{n}": SimpleUploadedFile(f"{n}.pdf", b"x") for n in range(6)}

    assert client.post(reverse("risk:verify"), files).status_code == 400
    files.pop("file5")
    assert client.post(reverse("risk:verify"), files).status_code == 200


TEXT = "Il testo mandato è troppo lungo: al più 0 MB alla volta."
PART = "--x\r\nContent-Disposition: form-data; name="
BROKEN = {"content_type": "multipart/form-data; boundary="}
UNREADABLE = (
    ({"data": {"a": "x" * 200}}, TEXT),
    ({"data": f"a={'x' * 200}", "content_type": "application/x-www-form-urlencoded"}, TEXT),
    ({"data": {f"a{n}": "" for n in range(9)}}, "Il modulo ha più di 8 campi"),
    ({"data": {f"f{n}": ContentFile(b"x", "a") for n in range(7)}}, "al più 5 alla volta"),
    ({"data": {"f": ContentFile(b"x" * 3_000, "a")}}, "I file mandati sono troppo grandi"),
    ({"data": PART, **BROKEN}, "La richiesta è arrivata a metà, o guasta."),
)


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused_in_words_at_every_address(settings):
    """By the middleware of CSRF, which reads what a form sends before any page does."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100, 8
    settings.UPLOAD_MAX_BYTES = 2_000
    client = Client(enforce_csrf_checks=True)
    said = {}
    for number, (sent, words) in enumerate(UNREADABLE):
        answer = client.post("/accedi/", **sent)
        told = answer.content.decode()
        whole = words in told and "Niente è stato salvato" in told
        said[number] = (answer.status_code, whole)
    assert said == dict.fromkeys(range(len(UNREADABLE)), (400, True))
    # no page is left out of the middleware
    assert [view for view in _views(get_resolver()) if getattr(view, "csrf_exempt", False)] == []


def _views(resolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _views(entry)
        else:
            yield entry.callback


def test_a_big_file_waits_in_a_folder_of_the_application():
    with TemporaryUploadedFile("prova.xlsx", "application/x", 1, None) as file:
        path = Path(file.temporary_file_path())

        assert path.parent == Path(settings.FILE_UPLOAD_TEMP_DIR)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["default", "import_export", "jobs", "published"])
def test_what_is_stored_stands_outside_of_what_the_web_serves(name):
    store = storages[name]
    saved = store.save("prova.txt", ContentFile(b"segreto"))
    path = Path(store.path(saved))
    try:
        assert not path.is_relative_to(settings.STATIC_ROOT)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        store.delete(saved)


@pytest.mark.parametrize("name", ["media/prova.txt", "import/prova.txt", "../import/prova.txt"])
@pytest.mark.django_db
def test_no_address_serves_a_stored_file(client, name):
    storages["import_export"].save("prova.txt", ContentFile(b"segreto"))

    answer = client.get(f"/static/{name}")

    assert answer.status_code in {302, 404}
    assert b"segreto" not in answer.content


class Failing(ContentFile):
    """A file whose end cannot be read any more, or for which there is no room."""

    def chunks(self, chunk_size=None):
        """Give the first bytes, then fail."""
        yield b"mi"
        raise OSError("niente posto")


def test_of_two_who_save_under_one_name_neither_touches_the_file_of_the_other(tmp_path):
    store = WholeFileStorage(location=tmp_path)
    store.save("cartella/prova.txt", ContentFile(b"suo"))

    # as whoever was given the name a moment before the other's file was there
    with pytest.raises(OSError, match="niente posto"):
        store._save("cartella/prova.txt", Failing(b"mio"))
    assert [path.name for path in (tmp_path / "cartella").iterdir()] == ["prova.txt"]
    mine = store._save("cartella/prova.txt", ContentFile(b"mio"))
    assert Path(store.path("cartella/prova.txt")).read_bytes() == b"suo"
    assert mine != "cartella/prova.txt"
    assert Path(store.path(mine)).read_bytes() == b"mio"
    assert len(list((tmp_path / "cartella").iterdir())) == 2
