"""Files of a day where every host sees them: in the database, and in what answers like S3."""

import datetime
import hashlib
import logging
import socket

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from ptpct import s3_files
from ptpct.backup.refusals import BackupRefusedError, disk_faults_told
from ptpct.backup.stores import kept_stores, size_of_stores
from registry.models import FilePiece
from registry.services.database_files import PIECE
from registry.services.expiry import KEEP_FILES, sweep
from registry.services.health import signs_of_life
from registry.services.jobs import job_files
from registry.system_faults import FilesAwayError
from tests.people import client_of, make_member
from tests.register import make_body
from tests.registry.jobs import kinds
from tests.registry.jobs.older_s3 import certificate, older_s3

pytestmark = pytest.mark.django_db

LONG = bytes(range(256)) * (3 * PIECE // 256) + b"fine"
BUCKET = "registro"


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def rpct(body):
    return make_member("rpct", "rpct", body=body)


@pytest.fixture(scope="module")
def answering():
    """A server that answers like S3, with an empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        # those of a server that asks nobody
        patch.setenv("AWS_ACCESS_KEY_ID", "prova")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "prova")
        patch.setenv("AWS_DEFAULT_REGION", "eu-south-1")
        address = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=address).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-south-1"}
        )
        yield address
    server.stop()


@pytest.fixture
def database(settings):
    kept = {
        alias: {
            "BACKEND": "registry.services.database_files.DatabaseStorage",
            "OPTIONS": {"store": alias},
        }
        for alias in ("jobs", "import_export", "evidence")
    }
    settings.STORAGES = settings.STORAGES | kept
    return storages["jobs"]


@pytest.fixture
def bucket(settings, answering):
    options = {"bucket_name": BUCKET, "location": "jobs", "endpoint_url": answering}
    kept = {"BACKEND": "ptpct.s3_files.BucketStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"jobs": kept}
    settings.FILES_IN = f"s3://{BUCKET}"
    yield storages["jobs"]
    for name in storages["jobs"].listdir("")[1]:
        storages["jobs"].delete(name)


@pytest.fixture(params=["database", "bucket"])
def store(request):
    return request.getfixturevalue(request.param)


def test_a_file_is_kept_whole_and_given_back(store):
    name = store.save("lungo.bin", ContentFile(LONG))
    other = store.save("lungo.bin", ContentFile(b"altro"))
    store.save("vuoto.txt", ContentFile(b""))

    assert (name, other == name) == ("lungo.bin", False)
    assert store.size(name) == len(LONG)
    with store.open(name) as file:
        assert file.read(10) + file.read() == LONG
        file.seek(PIECE - 3)
        assert file.read(6) == LONG[PIECE - 3 : PIECE + 3]
    with store.open("vuoto.txt") as file:
        assert file.read() == b""
    assert set(store.listdir("")[1]) == {name, other, "vuoto.txt"}
    assert timezone.now() - store.get_modified_time(name) < datetime.timedelta(hours=1)
    store.delete(name)
    store.delete(name)
    assert not store.exists(name)
    with pytest.raises(FileNotFoundError):
        store.open(name)
    with pytest.raises(FileNotFoundError):
        store.size(name)


def test_a_file_of_a_job_is_for_whoever_asked_and_goes_with_its_day(store, body, rpct):
    job = kinds.ask(body, rpct, "file")

    answer = client_of(rpct).get(reverse("registry:job_file", args=[job.uid]))
    assert b"".join(answer.streaming_content) == b"ecco"
    assert answer.headers["Content-Length"] == "4"
    assert sweep().files == 0


def test_what_is_old_goes_and_a_folder_is_no_file(database):
    imports = storages["import_export"]
    names = [imports.save(name, ContentFile(b"x")) for name in ("cartella/vecchio.csv", "nuovo")]
    database.save("nuovo", ContentFile(b"y"))
    FilePiece.objects.filter(name=names[0]).update(
        created_at=timezone.now() - KEEP_FILES - datetime.timedelta(hours=1)
    )

    assert imports.listdir("") == (["cartella"], ["nuovo"])
    assert sweep().files == 1
    assert [imports.exists(name) for name in names] == [False, True]
    # in a backup they are rows of their table
    assert set(kept_stores()) == {"default", "published"}


def test_what_is_kept_for_good_moves_with_the_place_of_files(database, settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    folder = FileSystemStorage(location=tmp_path / "evidence")
    folder.save("ab/abcd", ContentFile(LONG))

    call_command("bring_files")
    call_command("bring_files")
    assert capsys.readouterr().out.split() == ["File", "portati:", "1.", "File", "portati:", "0."]
    with storages["evidence"].open("ab/abcd") as file:
        assert hashlib.file_digest(file, "sha256").digest() == hashlib.sha256(LONG).digest()
    # and back: the other engine has folders
    folder.delete("ab/abcd")
    told = {"BACKEND": "ptpct.uploads.WholeFileStorage", "OPTIONS": {"location": folder.location}}
    settings.STORAGES = settings.STORAGES | {"evidence": told}
    call_command("bring_files", verbosity=0)
    with storages["evidence"].open("ab/abcd") as file:
        assert file.read() == LONG


def test_what_is_kept_for_good_comes_out_of_a_bucket(database, answering, settings, tmp_path):
    settings.VAR_DIR, settings.S3_ENDPOINT = tmp_path, answering
    there = settings.STORAGES
    options = {"bucket_name": BUCKET, "location": "evidence", "endpoint_url": answering}
    kept = {"BACKEND": "ptpct.s3_files.BucketStorage", "OPTIONS": options}
    settings.STORAGES = there | {"evidence": kept}
    storages["evidence"].save("ab/abcd", ContentFile(LONG))
    settings.STORAGES = there

    call_command("bring_files", "--from", f"s3://{BUCKET}", verbosity=0)
    with storages["evidence"].open("ab/abcd") as file:
        assert file.read() == LONG


def test_a_file_taken_away_while_it_is_read_is_no_short_one(database):
    database.save("lungo.bin", ContentFile(LONG))
    with database.open("lungo.bin") as file:
        assert file.read(10) == LONG[:10]
        database.delete("lungo.bin")
        with pytest.raises(FileNotFoundError):
            file.read()


def test_a_bucket_that_is_away_is_told_and_nothing_is_lost(bucket, settings, body, rpct):
    done = kinds.ask(body, rpct, "file")
    there = settings.STORAGES
    assert [sign.state for sign in signs_of_life() if sign.name == "files"] == ["ok"]
    # a port where nobody is
    away = there["jobs"]["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = there | {"jobs": there["jobs"] | {"OPTIONS": away}}
    job = kinds.ask(body, rpct, "file", subject="prova 2")
    address = reverse("registry:job", args=[done.uid])
    page = client_of(rpct).get(address)

    assert (job.state, "Il posto dei file non risponde" in job.failure) == ("failed", True)
    assert page.status_code == 503
    assert "non risponde" in page.content.decode()
    assert [sign.state for sign in signs_of_life() if sign.name == "files"] == ["errore"]
    with pytest.raises(FilesAwayError):
        job_files().listdir("")
    # a worker sweeps when it begins, and does what needs no file
    assert sweep().files == 0
    settings.STORAGES = there
    assert client_of(rpct).get(address).status_code == 200
    assert job_files().exists(f"{done.uid}.txt")


def test_a_bucket_that_hangs_keeps_nobody_who_asks_how_all_is(bucket, settings, monkeypatch):
    """One that takes what it is asked and never answers: a file would be waited for."""
    monkeypatch.setattr(s3_files, "LOOK_SECONDS", 0.2)
    there = settings.STORAGES
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        address = "http://{}:{}".format(*hanging.getsockname())
        options = there["jobs"]["OPTIONS"] | {"endpoint_url": address}
        settings.STORAGES = there | {"jobs": there["jobs"] | {"OPTIONS": options}}
        assert [sign.state for sign in signs_of_life() if sign.name == "files"] == ["errore"]
        # asked once, where a file is asked for again and again
        hanging.setblocking(False)
        hanging.accept()[0].close()
        with pytest.raises(BlockingIOError):
            hanging.accept()
    settings.STORAGES = there


def test_whoever_copies_files_is_told_where_their_place_is_away(bucket, settings, tmp_path):
    kept = settings.STORAGES["jobs"]
    away = kept["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9", "location": "evidence"}
    settings.STORAGES = settings.STORAGES | {"evidence": kept | {"OPTIONS": away}}
    settings.VAR_DIR = tmp_path
    FileSystemStorage(location=tmp_path / "evidence").save("ab/abcd", ContentFile(b"prova"))
    with pytest.raises(CommandError, match="posto dei file non risponde"):
        call_command("bring_files")
    with (
        pytest.raises(BackupRefusedError, match="posto dei file non risponde"),
        disk_faults_told(tmp_path),
    ):
        size_of_stores()


def test_a_server_that_keeps_all_that_arrives_is_sent_the_file_alone(
    answering, settings, tmp_path, body, rpct
):
    """Over TLS the sum of a file would follow it: so is one of 2024 asked, and most before."""
    certified = certificate(tmp_path)
    with older_s3(certified) as (address, files):
        _keep_in(settings, address, certified)
        storages["jobs"].save("prova.bin", ContentFile(LONG))
        with storages["jobs"].open("prova.bin") as file:
            assert file.read() == LONG
        assert [*files.values()] == [LONG]
    with older_s3(certified, adds=b"\r\n0\r\n") as (address, files):
        _keep_in(settings, address, certified)
        with pytest.raises(FilesAwayError, match="kept otherwise than given"):
            storages["jobs"].save("prova.bin", ContentFile(LONG))
        job = kinds.ask(body, rpct, "file")
        assert (job.state, "non risponde come deve" in job.failure) == ("failed", True)
        assert files == {}


def _keep_in(settings, address, certified):
    options = {"bucket_name": BUCKET, "endpoint_url": address, "verify": str(certified)}
    kept = {"BACKEND": "ptpct.s3_files.BucketStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"jobs": kept}
