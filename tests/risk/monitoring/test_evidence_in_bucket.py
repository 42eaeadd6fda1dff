"""Files as evidence in a bucket: kept once, never away for a moment, told where it is away."""

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from risk.models import Evidence
from risk.services.monitoring.evidence_files import check_file, keep_file, name_of
from tests.people import client_of
from tests.registry.jobs.older_s3 import certificate, older_s3
from tests.risk.monitoring.conftest import item_of
from tests.risk.monitoring.test_evidence import PDF, brought, prove

NOTE = b"Di nessuno"


@pytest.fixture
def refused() -> set[str]:
    """The methods the server does not answer."""
    return set()


@pytest.fixture
def files(settings, tmp_path, monkeypatch, refused):
    """What the bucket keeps, by path: another object for each time that a file is sent."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "prova")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "prova")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-south-1")
    certified = certificate(tmp_path)
    with older_s3(certified, refused=refused) as (address, kept):
        options = {
            "bucket_name": "registro",
            "location": "evidence",
            "endpoint_url": address,
            "verify": str(certified),
        }
        store = {"BACKEND": "ptpct.s3_files.BucketStorage", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"evidence": store}
        yield kept


def test_what_a_proof_names_is_not_sent_again(world, files):
    prove(world, brought())
    first = next(iter(files.values()))
    prove(world, brought("altro.pdf"), name="late")
    assert [kept is first for kept in files.values()] == [True]
    assert Evidence.objects.count() == 2

    # of nobody, and of long ago: it is about to be swept
    lost = check_file(brought("nota.txt", NOTE))
    keep_file(lost)
    path = next(one for one in files if name_of(lost.digest) in one)
    before = files[path]
    keep_file(lost)
    assert (files[path] is before, files[path]) == (False, NOTE)
    # damaged
    files[path] = b"guasto"
    keep_file(lost)
    assert files[path] == NOTE


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_where_it_is_away_nobody_says_that_a_file_is_another(world, files, refused, method):
    row = prove(world, brought())[0]
    editor = client_of(world.people["editor"])
    given = reverse("risk:round_evidence_file", args=[row.uid])
    proving = reverse("risk:round_prove", args=[item_of(world, "late").uid])
    before = dict(files)
    refused.add(method)
    file = SimpleUploadedFile("altro.pdf", PDF)
    answers = [editor.get(given), editor.post(proving, {"files": [file], "proves": "Il verbale"})]

    for answer in answers:
        assert answer.status_code == 503
        assert "Il posto dei file non risponde" in answer.content.decode()
    assert (files, Evidence.objects.count()) == (before, 1)
    refused.clear()
    assert editor.get(given).content == PDF


def test_files_that_are_nowhere_are_told_when_their_place_moves(world, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    row = prove(world, brought())[0]
    call_command("bring_files", verbosity=0)
    storages["evidence"].delete(name_of(row.file_digest))

    with pytest.raises(CommandError, match="Manca 1 file di prova"):
        call_command("bring_files", verbosity=0)
    with pytest.raises(CommandError, match="«--from» vuole un bucket"):
        call_command("bring_files", "--from", "registro", verbosity=0)
