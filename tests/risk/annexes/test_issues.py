"""What is issued is stored whole, numbered, never drawn again, and recognised."""

import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from registry.models import Administration, Annex, Macroprocess, Office, Plan
from risk.content.build import build_document
from risk.content.canonical import UnknownFormatError, restore, snapshot
from risk.content.reading import read_annex
from risk.enums import Verb, Verdict
from risk.models import AnnexIssue, Approval, Measure, TextBlock
from risk.paper.html import render_html
from risk.services.annexes.documents import DocumentPages, document_of, issue_read
from risk.services.annexes.earlier import earlier_of
from risk.services.annexes.issues import issue_annex, reprint
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.plans.bound import bound_plan
from risk.services.plans.choices import Chosen
from risk.services.plans.documents import current_issues
from risk.services.plans.texts import plan_text
from risk.services.verification.verifying import verify_file
from tests.people import client_of, people_of
from tests.register import close, complete_annex, make_annex
from tests.risk.annexes.issued import issued_annex
from tests.signing import add_comment, rewrite, sign_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(request):
    """What a test that asks for the issue begins with; None for the others."""
    return issued_annex() if "issue" in request.fixturenames else None


@pytest.fixture
def annex(issued):
    return issued.annex if issued else complete_annex()


@pytest.fixture
def people(issued, annex):
    return issued.people if issued else people_of(annex)


@pytest.fixture
def issue(issued):
    return issued.issue


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def test_the_data_gives_back_the_very_document(annex):
    document = build_document(read_annex(annex))
    assert restore(snapshot(document)) == document
    for data, told in (('{"format": 2}', "nel formato 2"), ("{}", "nel formato —")):
        with pytest.raises(UnknownFormatError, match=f"{told} .* fino al formato 1"):
            restore(data)


def test_a_form_not_known_yet_is_said_on_the_page_of_changes(annex, people):
    close(annex)
    process = annex.processes.get()
    Approval.objects.create(
        process=process, by=people["head"], digest="0" * 64, data='{"format": 2}'
    )
    client = client_of(people["head"])
    answer = client.get(reverse("risk:changes", args=[annex.uid]), follow=True)
    assert answer.status_code == 200
    assert "nel formato 2" in answer.content.decode()


def test_an_issue_holds_data_page_and_paper(annex, issue, people):
    assert (issue.number, issue.by) == (1, people["rpct"])
    assert fresh(annex).state == "issued"
    assert hashlib.sha256(issue.data.encode()).hexdigest() == issue.data_digest
    assert json.loads(issue.data)["annex"]["uid"] == str(annex.uid)
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(issue.pdf)).pages)
    assert "BOZZA" not in text
    assert issue.data_digest in text.replace("\n", "")
    assert "Emissione n. 1" in text
    assert "BOZZA" not in issue.html
    assert issue.data_digest in issue.html


def test_an_issue_says_where_it_is_verified_and_a_draft_does_not(annex, people, settings):
    settings.SITE_URL = "https://registro.esempio.it"
    address = "https://registro.esempio.it/verifica/"
    assert address not in render_html(build_document(read_annex(annex)), layout="completo")
    close(annex, "validated")
    issue = issue_annex(annex=annex, by=people["rpct"])
    for page in PdfReader(io.BytesIO(issue.pdf)).pages:
        assert f"Si verifica su {address}" in page.extract_text()
    assert address in issue.html
    assert address not in issue.data


def test_what_is_not_issued_says_so(annex):
    assert build_document(read_annex(annex)).is_draft


def test_only_a_validated_annex_is_issued_and_only_by_the_rpct(annex, people):
    with pytest.raises(MoveRefusedError):
        issue_annex(annex=annex, by=people["rpct"])
    close(annex, "validated")
    with pytest.raises(MoveRefusedError):
        issue_annex(annex=fresh(annex), by=people["head"])
    assert not AnnexIssue.objects.exists()


def test_the_same_content_is_the_same_issue(annex, issue, people):
    move_annex(annex=annex, verb=Verb.REOPEN, by=people["rpct"], reason="Da rivedere.")
    close(annex, "validated")
    again = issue_annex(annex=fresh(annex), by=people["rpct"])
    assert again == issue
    assert bytes(AnnexIssue.objects.get().pdf) == bytes(issue.pdf)


def test_other_content_is_another_issue_with_the_next_number(annex, issue, people):
    move_annex(annex=annex, verb=Verb.REOPEN, by=people["rpct"], reason="Da rivedere.")
    process = annex.processes.get()
    process.description = "Testo nuovo."
    process.save()
    close(annex, "validated")
    again = issue_annex(annex=fresh(annex), by=people["rpct"])
    assert again.number == 2
    assert again.data_digest != issue.data_digest


@pytest.fixture
def again(annex, issue, people) -> AnnexIssue:
    """The annex issued with other content, and then again with that of before; the second issue."""
    process, made = annex.processes.get(), []
    for text in ("Testo nuovo.", process.description):
        move_annex(annex=fresh(annex), verb=Verb.REOPEN, by=people["rpct"], reason="Da rivedere.")
        process.description = text
        process.save()
        close(annex, "validated")
        made.append(issue_annex(annex=fresh(annex), by=people["rpct"]))
    second, third = made
    assert (second.number, third) == (2, issue)
    return second


def test_what_is_issued_again_as_it_was_is_everywhere_the_issue_it_was(annex, issue, again, people):
    now, papers = fresh(annex), []
    assert current_issues(now.plan) == {now.pk: issue}
    assert issue_read(now) == issue
    assert document_of(now) == reprint(issue)
    holding = DocumentPages(now, rows=9).page(1).document
    assert holding.sheets == reprint(issue).sheets
    bound_plan(
        plan=now.plan,
        chosen=Chosen(("allegati",), frozenset()),
        on_annex=lambda paper: papers.append((paper.issue, paper.document)),
    )
    assert papers == [(issue, reprint(issue))]
    written = Document(io.BytesIO(plan_text(plan=now.plan, suffix="docx")))
    words = " ".join(written.element.itertext())
    assert "Copia modificabile dell’emissione n. 1 " in words
    assert "Testo nuovo." not in words
    told = [verify_file(bytes(one.pdf)).documents[0].verdict for one in (issue, again)]
    assert told == [Verdict.ISSUED, Verdict.OVERTAKEN]
    page = client_of(people["head"]).get(reverse("risk:workflow", args=[annex.uid]))
    newest, standing = page.content.decode().split("<strong>n. ")[1:3]
    assert ["quella che vale" in one for one in (newest, standing)] == [False, True]
    later = Plan.objects.create(
        administration=now.plan.administration, title="Poi", first_year=2022, last_year=2024
    )
    copy = Annex.objects.create(plan=later, office=now.office, origin=now)
    TextBlock.objects.create(
        administration=now.plan.administration, layout="completo", slot="title", text="Altro"
    )
    (sheet,) = earlier_of(copy).sheets([str(now.processes.get().uid)]).values()
    # what is kept says something else now, so that the issue is read
    assert sheet.entries == reprint(issue).sheets[0].entries


def test_an_issue_cannot_be_changed_or_deleted(issue):
    for change in ({"data": "{}"}, {"number": 9}, {"pdf": b"x"}, {"html": ""}):
        with (
            pytest.raises(IntegrityError, match="risk_annexissue_never_changes"),
            transaction.atomic(),
        ):
            AnnexIssue.objects.update(**change)
    with pytest.raises(IntegrityError, match="never_goes"), transaction.atomic():
        AnnexIssue.objects.all().delete()
    AnnexIssue.objects.update(protocol_number="123/2021")
    assert AnnexIssue.objects.get().protocol_number == "123/2021"


def test_a_file_is_recognised_and_what_was_signed_or_added_after_it(issue):
    pdf = bytes(issue.pdf)
    for content, verdict in (
        (pdf, Verdict.ISSUED),
        (sign_pdf(pdf), Verdict.SIGNED),
        (pdf + b"\n1 0 obj<</Type/Sig>>endobj\n%%EOF\n", Verdict.CHANGED),
        (add_comment(pdf), Verdict.CHANGED),
        (rewrite(pdf), Verdict.REWRITTEN),
    ):
        (found,) = verify_file(content).documents
        assert (found.verdict, found.issue) == (verdict, issue)
    for other in (b"", b"testo"):
        (found,) = verify_file(other).documents
        assert (found.verdict, found.issue) == (Verdict.UNKNOWN, None)


def test_the_verification_says_when_an_issue_is_no_longer_the_last_word(annex, issue, people):
    def verification_page() -> str:
        file = SimpleUploadedFile("allegato.pdf", bytes(issue.pdf))
        return Client().post(reverse("risk:verify"), {"file": file}).content.decode()

    assert "riaperto o emesso di nuovo" not in verification_page()
    assert "house-message is-success" in verification_page()
    move_annex(annex=annex, verb=Verb.REOPEN, by=people["rpct"], reason="Da rivedere.")
    assert "<strong>Superato</strong>" in verification_page()
    assert "riaperto o emesso di nuovo" in verification_page()
    assert "house-message is-success" not in verification_page()


def test_the_pages_of_an_issued_annex_are_the_issue(annex, issue, people):
    client = client_of(people["editor"])
    page = client.get(reverse("risk:annex", args=[annex.uid, "catalogo"])).content.decode()
    assert "BOZZA" not in page
    assert issue.data_digest in page
    for suffix, content in (("pdf", bytes(issue.pdf)), ("json", issue.data.encode())):
        answer = client.get(reverse("risk:issue_file", args=[issue.uid, suffix]))
        assert answer.content == content
    answer = client.get(reverse("risk:annex_file", args=[annex.uid, "tabella", "pdf"]), follow=True)
    assert answer.content == bytes(issue.pdf)
    assert reprint(issue).number == "1"


def test_the_files_of_an_issued_annex_name_the_offices_as_it_did(annex, issue, tmp_path):
    """An office that is named otherwise later is not, on what was issued: no list is asked."""
    office = annex.office
    annex.refresh_from_db()
    issued = document_of(annex)
    assert issued == reprint(issue)
    Office.objects.filter(pk=office.pk).update(name="Ufficio rinominato")
    Administration.objects.update(name="Ente rinominato")
    assert document_of(annex) == issued
    file = tmp_path / "allegato.html"
    where = {"plan": annex.plan.title, "office": office.code, "output": str(file)}
    call_command("export_annex", **where, layout="catalogo", format="html", stdout=io.StringIO())
    assert "rinominato" not in file.read_text(encoding="utf-8")


def test_who_may_have_the_files(issue, people):
    address = reverse("risk:issue_file", args=[issue.uid, "pdf"])
    codes = {who: client_of(person).get(address).status_code for who, person in people.items()}
    readers = dict.fromkeys(("head", "editor", "rpct", "auditor"), 200)
    assert codes == {**readers, "colleague": 404, "stranger": 404}
    assert client_of(people["head"]).get(address.replace("pdf", "exe")).status_code == 404


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("head", 200, 302), ("auditor", 200, 409), ("colleague", 404, 404), ("stranger", 404, 404)],
)
def test_who_may_move_on_the_page(annex, people, who, read, write):
    address = reverse("risk:workflow", args=[annex.uid])
    client = client_of(people[who])
    assert client.get(address).status_code == read
    assert client.post(address, {"verb": "submit"}).status_code == write
    if read == 200:
        assert client.post(address, {"verb": "inventato"}).status_code == 404


def test_the_page_says_why_not_and_keeps_the_reason(annex, people):
    close(annex, "approved")
    address = reverse("risk:workflow", args=[annex.uid])
    client = client_of(people["rpct"])
    answer = client.post(address, {"verb": "return", "reason": "  "})
    assert answer.status_code == 409
    assert "Scrivi il motivo" in answer.content.decode()
    answer = client.post(address, {"verb": "return", "reason": "Manca la fase 2."}, follow=True)
    text = answer.content.decode()
    assert '<li aria-current="step">restituito</li>' in text
    assert "Manca la fase 2." in text


def test_numbers_are_those_of_the_plan(issue, annex, people):
    other = make_annex(annex.plan.administration, office="Anagrafe")
    process = other.processes.create(
        number=1, position=1, title="Certificati", kind="primary", risk_presence="absent",
        risk_presence_reason="Vincolato.", risk_area=annex.processes.get().risk_area,
        macroprocess=annex.processes.get().macroprocess,
    )  # fmt: skip
    assert process.number == 1
    close(other, "validated")
    assert issue_annex(annex=fresh(other), by=people["rpct"]).number == 2


def test_whoever_may_reopen_an_issued_annex_reads_what_it_means(annex, issue, people):
    address = reverse("risk:workflow", args=[annex.uid])

    assert "Riaprire rimanda" in client_of(people["rpct"]).get(address).content.decode()
    assert "Riaprire rimanda" not in client_of(people["head"]).get(address).content.decode()


def test_no_key_of_the_database_leaves_the_register(annex, people):
    body = annex.plan.administration
    national = {"label": "Altri servizi", "pk": 910_000_001}
    annex.processes.update(macroprocess=Macroprocess.objects.create(code="ALTRI", **national))
    own = {"administration": body, "code": "ROT", "label": "Rotazione", "character": "specific"}
    annex.planned_measures.update(measure=Measure.objects.create(pk=910_000_002, **own))
    row = build_document(read_annex(annex)).table[0]
    assert row.macroprocess_key == "ALTRI"
    assert [key for key, _label in row.measures] == [f"{body.ipa_code}:ROT"]
    close(annex, "validated")
    issue = issue_annex(annex=annex, by=people["rpct"])
    assert "91000000" not in issue.data + issue.html
