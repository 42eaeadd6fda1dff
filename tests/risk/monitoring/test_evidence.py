"""Files as evidence: what they are, kept once, for whom, and nothing of nobody counts."""

import datetime
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from registry import clock
from registry.acts import RuleRefused
from registry.services.trail_verification import verify_trail
from registry.trail.records import canonical, plain, written_digest
from risk.content.round_values import written
from risk.models import Evidence
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.closing_rows import facts_of, with_all
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.evidence_files import (
    KINDS,
    LARGEST,
    STORE,
    BroughtFile,
    check_file,
    name_of,
    sweep_orphans,
)
from risk.services.monitoring.evidence_room import MEGABYTE, evidence_room
from risk.services.monitoring.report_data import round_content
from tests.people import client_of
from tests.risk.monitoring.conftest import item_of, start_checks

PDF = b"%PDF-1.7\n%%EOF"
SAID = {"proves": "Il controllo", "has_personal_data": False}


def office_file(*names: str, mimetype: str = "") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


SIGNED = bytes.fromhex("3080") + bytes.fromhex("06092a864886f70d010702") + b"\0" * 40
GOOD = {
    "verbale.pdf": PDF,
    "foto.PNG": b"\x89PNG\r\n\x1a\n...",
    "foto.jpg": b"\xff\xd8\xff\xe0...",
    "foto.jpeg": b"\xff\xd8\xff\xe0...",
    "atto.docx": office_file("word/document.xml"),
    "elenco.xlsx": office_file("xl/workbook.xml"),
    "atto.odt": office_file(mimetype=KINDS["odt"][0]),
    "elenco.ods": office_file(mimetype=KINDS["ods"][0]),
    "atto.pdf.p7m": SIGNED,
    "elenco.csv": "Perché;1\n".encode("cp1252"),
    "nota.txt": "Perché".encode(),
}
BAD = {
    "verbale.pdf": b"MZ\x90\0 program",
    "foto.png": PDF,
    "atto.docx": office_file("word/document.xml", "word/vbaProject.bin"),
    "elenco.xlsx": b"PK\x03\x04 cut",
    "atto.odt": office_file("content.xml"),
    "atto.p7m": PDF,
    "nota.txt": b"a\0b",
    "pagina.html": b"<script>",
    "senza": PDF,
    "vuoto.pdf": b"",
}


def brought(name: str = "verbale.pdf", content: bytes = PDF) -> BroughtFile:
    return BroughtFile(name, io.BytesIO(content))


def prove(world, *files: BroughtFile, name: str = "own", **values) -> list[Evidence]:
    values = {**SAID, **values}
    return add_evidence(item=item_of(world, name), files=files, by=world.people["editor"], **values)


def where(digest: str) -> Path:
    return Path(storages[STORE].path(name_of(digest)))


# --- what a file is -------------------------------------------------------------------------------


def test_a_file_is_what_its_content_says_and_no_other():
    assert {name.rpartition(".")[2].lower() for name in GOOD} == set(KINDS)
    for name, content in GOOD.items():
        assert check_file(brought(name, content)).kind == KINDS[name.split(".")[-1].lower()][0]
    for name, content in BAD.items():
        with pytest.raises(ValidationError, match="il contenuto è altro|non è di un tipo|è vuoto"):
            check_file(brought(name, content))
    with pytest.raises(ValidationError, match="pesa 21 MB: al più se ne tengono 20"):
        check_file(brought("grande.pdf", PDF + b"0" * LARGEST))


def test_a_name_has_no_folders_and_nothing_that_is_not_seen():
    for name in ("../../etc/verbale.pdf", "C:\\atti\\verbale.pdf", "verbale\u202e\n.pdf"):
        assert check_file(brought(name)).name == "verbale.pdf"


# --- keeping it -----------------------------------------------------------------------------------


def test_several_files_come_at_once_and_each_is_kept_once(world):
    editor, item = client_of(world.people["editor"]), item_of(world, "own")
    address = reverse("risk:round_prove", args=[item.uid])
    files = [SimpleUploadedFile("verbale.pdf", PDF), SimpleUploadedFile("nota.txt", b"Nota")]
    done = editor.post(address, {"files": files, "proves": "Il controllo"})
    assert done.status_code == 302
    rows = list(Evidence.objects.filter(item=item).order_by("pk"))
    assert [row.file_name for row in rows] == ["verbale.pdf", "nota.txt"]
    assert where(rows[0].file_digest).read_bytes() == PDF
    before = where(rows[0].file_digest).stat().st_ino
    prove(world, brought("altro-nome.pdf"), name="late")
    assert where(rows[0].file_digest).stat().st_ino == before, "kept once, for both"
    again = editor.post(
        address,
        {"files": [SimpleUploadedFile("c.pdf", PDF)], "proves": "Di nuovo"},
    ).content.decode()
    assert "«c.pdf» è già fra le prove di questa misura." in again
    none = editor.post(address, {"proves": "Nulla"}).content.decode()
    assert "Scegli un file, o scrivi dove si trova la prova." in none
    many = [SimpleUploadedFile(f"{n}.txt", b"x%d" % n) for n in range(6)]
    refused = editor.post(address, {"files": many, "proves": "Troppi"}).content.decode()
    assert "Al più 5 file alla volta." in refused
    assert Evidence.objects.filter(item=item).count() == 2, "whole or not at all"
    said = [one.sentence for one in verify_trail()]
    assert not [one for one in said if any(str(row.uid) in one for row in rows)]


def test_too_much_is_refused_before_it_is_read(world, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    address = reverse("risk:round_prove", args=[item_of(world, "own").uid])
    file = SimpleUploadedFile("grande.pdf", PDF + b"0" * 2000)
    answered = client_of(world.people["editor"]).post(address, {"files": [file], **SAID})

    assert answered.status_code == 400
    assert "I file mandati sono troppo grandi" in answered.content.decode()
    assert not Evidence.objects.exists()


def test_a_body_keeps_so_much_and_then_says_where_its_proofs_are(world, settings):
    settings.BODY_EVIDENCE_MB = 1
    body = world.plan.administration
    big = PDF + b"0" * (MEGABYTE - 100)
    assert evidence_room(body).used == 0
    prove(world, brought("grande.pdf", big))
    assert evidence_room(body).used == len(big)
    # there already, it takes no more room
    prove(world, brought("stesso.pdf", big), name="late")
    room = evidence_room(body)
    assert (room.used, room.used_megabytes, room.is_nearly_full) == (len(big), "1", True)
    item = item_of(world, "own")
    address = reverse("risk:round_prove", args=[item.uid])
    sent = {"files": [SimpleUploadedFile("nuovo.pdf", PDF + b"1" * 200)], "proves": "Il verbale"}
    refused = client_of(world.people["editor"]).post(address, sent).content.decode()
    assert "Non c’è più spazio per file di prova: l’amministrazione ne ha 1 MB, al più 1" in refused
    assert 'value="Il verbale"' in refused, "what was typed is there"
    assert Evidence.objects.filter(item=item).count() == 1
    prove(world, reference="Verbale 4/2021")
    listed = reverse("risk:plan_rounds", args=[body.ipa_code, world.plan.slug])
    told = "File di prova dell’amministrazione: 1 MB di 1."
    assert told in client_of(world.people["rpct"]).get(listed).content.decode()
    assert told not in client_of(world.people["head"]).get(listed).content.decode()


def test_a_reference_written_before_files_existed_keeps_its_digest(world):
    row = prove(world, reference="Verbale 3/2021")[0]
    before = ("uid", "version", "item", "reference", "proves", "has_personal_data", "by", "at")
    fields = [row._meta.get_field(name) for name in before]
    values = {field.attname: plain(field, getattr(row, field.attname)) for field in fields}

    assert written_digest(row) == hashlib.sha256(canonical(values).encode()).hexdigest()


def test_a_file_of_nobody_proves_nothing_and_goes_after_a_day(world):
    kept = prove(world, brought("nota.txt", b"Tenuta"))[0]
    lost = check_file(brought("altra.txt", b"Di nessuno"))
    with transaction.atomic():  # killed before the end of the act
        prove(world, brought("altra.txt", b"Di nessuno"))
        transaction.set_rollback(True)
    part = where(lost.digest).with_name("0.part")
    part.write_bytes(b"meta")

    assert where(lost.digest).exists()
    proved = {
        one.pk: facts_of(one, world.round).has_evidence for one in with_all(world.round.items)
    }
    assert [pk for pk, has in proved.items() if has] == [kept.item_id]
    assert not Evidence.objects.filter(file_digest=lost.digest).exists()
    sweep_orphans()
    assert where(lost.digest).exists(), "it may be being written"
    sweep_orphans(before=clock.now() + datetime.timedelta(hours=1))
    assert not where(lost.digest).exists()
    assert not part.exists()
    assert where(kept.file_digest).exists()


# --- for whom -------------------------------------------------------------------------------------


def test_a_file_is_given_to_who_reads_the_answer_and_never_shown(world):
    row = prove(world, brought("verbale.pdf"), has_personal_data=True)[0]
    address = reverse("risk:round_evidence_file", args=[row.uid])
    for who, code in (
        *(("editor", 200), ("head", 200), ("rpct", 200), ("auditor", 200)),
        *(("colleague", 404), ("stranger", 404)),
    ):
        answered = client_of(world.people[who]).get(address)
        assert answered.status_code == code, who
    given = client_of(world.people["rpct"]).get(address)
    assert given.content == PDF
    assert given["Content-Disposition"] == 'attachment; filename="verbale.pdf"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Type"] == "application/pdf"
    where(row.file_digest).write_bytes(b"%PDF-1.7 another")
    changed = client_of(world.people["rpct"]).get(address, follow=True).content.decode()
    assert "non è più quello che è stato caricato" in changed
    prove(world, brought("verbale.pdf"), name="late")
    assert where(row.file_digest).read_bytes() == PDF, "brought again, it is put in order"


def test_personal_data_stand_in_nothing_that_leaves_the_body(world):
    names = {"segreto-mario.pdf": True, "nota-di-maria.txt": False}
    files = [
        prove(world, brought(n, GOOD["nota.txt"] if ".txt" in n else PDF), has_personal_data=p)[0]
        for n, p in names.items()
    ]
    prove(world, reference="Fascicolo di Mario", has_personal_data=True)
    data = written(round_content(world.round))

    assert files[0].file_digest not in data
    assert files[1].file_digest in data
    assert not [word for word in (*names, "Fascicolo di Mario") if word in data]


def test_evidence_stays_as_it_is_after_the_close(world):
    row = prove(world, brought())[0]
    start_checks(world)
    close_round(row=world.round, by=world.people["rpct"])

    with pytest.raises(RuleRefused, match="non si risponde più"):
        prove(world, brought("nota.txt", b"Tardi"))
    for change in (
        lambda: Evidence.objects.filter(pk=row.pk).update(file_digest="0" * 64),
        row.delete,
        lambda: Evidence.objects.create(
            item=row.item, reference="Tardi", proves="x", by=world.people["editor"]
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
