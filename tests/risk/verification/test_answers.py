"""The six answers: what each file is, and that nothing more is said of it."""

import io
from contextlib import suppress

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from risk.enums import Verdict
from risk.paper.pdf import VARIANT
from risk.services.verification.lookup import whole_digest
from risk.services.verification.verifying import verify_file
from risk.services.verification.wording import always_told, sentences, sentences_of_file
from tests.register import close
from tests.risk.verification.world import make_issue, zipped
from tests.signing import (
    SIGNER,
    add_comment,
    change_page,
    detached_signature,
    openssl,
    rewrite,
    sign_pdf,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(annex, people):
    return make_issue(annex, people["rpct"])


def one(content: bytes, **brought):
    """The answer to a file of one document."""
    (document,) = verify_file(content, **brought).documents
    return document


def test_what_only_has_signatures_after_the_issued_bytes_is_signed(issue):
    found = one(sign_pdf(bytes(issue.pdf)))
    assert (found.verdict, found.issue) == (Verdict.SIGNED, issue)
    assert "Nel PDF: 1 firma (Mario Rossi)." in sentences(found)


def test_what_has_anything_else_after_them_is_changed_and_never_called_signed(issue):
    pdf = bytes(issue.pdf)
    for content in (pdf + b"firma", pdf + b"\n%signature", add_comment(sign_pdf(pdf))):
        found = one(content)
        assert (found.verdict, found.issue) == (Verdict.CHANGED, issue)
        assert "firmato" not in f"{found.verdict.label} {sentences(found)}".lower()


def by_engine(tree: str) -> bytes:
    """A PDF as the engine leaves it, which is not laid out for signing tools."""
    from weasyprint import HTML  # noqa: PLC0415

    return HTML(string=tree).write_pdf(pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=True)


def packed(pdf: bytes) -> bytes:
    """The PDF with its objects in streams, the catalogue among them, as issues once were."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        book.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def test_what_was_issued_before_files_were_linearised_is_answered_as_before(annex, people):
    drawn = by_engine(
        "<html lang=it><title>Allegato</title><p>Uno<p style='break-before: page'>Due"
    )
    for number, pdf in enumerate((drawn, packed(drawn)), start=1):
        assert b"/Linearized" not in pdf
        issue = make_issue(annex, people["rpct"], number=number, pdf=pdf)
        for content, verdict in (
            (pdf, Verdict.ISSUED),
            (sign_pdf(pdf), Verdict.SIGNED),
            (sign_pdf(sign_pdf(pdf), field="Due"), Verdict.SIGNED),
            (add_comment(pdf), Verdict.CHANGED),
            (change_page(sign_pdf(pdf)), Verdict.CHANGED),
            (pdf + b"firma", Verdict.CHANGED),
        ):
            found = one(content)
            assert (found.verdict, found.issue) == (verdict, issue)


def test_what_was_added_is_said_with_its_page(issue):
    assert "(a pagina 2)" in sentences(one(add_comment(bytes(issue.pdf))))[0]
    assert "contenuto delle pagine (a pagina 1)" in sentences(one(change_page(bytes(issue.pdf))))[0]


def test_the_issue_itself_its_data_and_its_page_are_issued(issue):
    for content in (bytes(issue.pdf), issue.data.encode(), issue.html.encode()):
        found = one(content)
        assert (found.verdict, found.issue) == (Verdict.ISSUED, issue)


def test_what_another_program_wrote_claims_and_confirms_nothing(issue):
    for content in (rewrite(bytes(issue.pdf)), issue.html.encode() + b"<p>Altro</p>"):
        found = one(content)
        assert (found.verdict, found.issue) == (Verdict.REWRITTEN, issue)
        assert "lo dice il file" in sentences(found)[0]
    # not even what comes before the issued bytes leaves them recognised
    assert one(b"%PDF-1.7\n" + bytes(issue.pdf)).verdict == Verdict.REWRITTEN


def test_anything_else_is_unknown(issue):
    for content in (b"", b"testo", b"%PDF-1.7\n%%EOF\n", bytes(issue.pdf)[:-200], b"\0" * 9):
        assert one(content).verdict in (Verdict.UNKNOWN, Verdict.REWRITTEN)
    assert one(b"testo").issue is None


def locked(pdf: bytes) -> bytes:
    """The same PDF, behind a password that opens it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        book.save(out, encryption=pikepdf.Encryption(user="apriti", owner="sesamo"))
    return out.getvalue()


def test_of_a_pdf_that_was_not_read_it_is_said_why_and_not_what_it_says(issue):
    pdf = bytes(issue.pdf)
    for content, why in ((locked(pdf), "con una password"), (b"%PDF-1.7\n%%EOF\n", "incompleto")):
        found = one(content)
        told = " ".join(sentences(found))
        assert found.verdict == Verdict.UNKNOWN
        assert why in told
        assert "non dice di esserlo" not in told
    # readers open a PDF that begins a little later, and so do we
    assert one(b"\r\n\r\n " + pdf).verdict == Verdict.REWRITTEN


def test_a_second_file_that_is_no_signature_takes_nothing_from_the_first(issue, tmp_path):
    pdf = bytes(issue.pdf)
    whole = openssl(tmp_path, "-nodetach", "-outform", "DER", content=pdf)
    for other, why in ((b"una nota", ""), (whole, "contiene già"), (pdf, "")):
        verification = verify_file(pdf, detached=other)
        (found,), (told,) = verification.documents, sentences_of_file(verification)
        assert (found.verdict, found.issue) == (Verdict.ISSUED, issue)
        assert "non è una firma separata" in told
        assert why in told
    assert sentences_of_file(verify_file(pdf, detached=detached_signature(pdf))) == []


def test_an_issue_after_which_the_annex_went_on_is_overtaken(annex, issue, people):
    close(annex, "returned")
    for content in (bytes(issue.pdf), sign_pdf(bytes(issue.pdf))):
        found = one(content)
        assert (found.verdict, found.issue) == (Verdict.OVERTAKEN, issue)
        assert "riaperto o emesso di nuovo" in " ".join(sentences(found))
    assert one(add_comment(bytes(issue.pdf))).verdict == Verdict.CHANGED


def test_every_answer_says_that_signatures_were_not_examined(annex, issue):
    pdf = bytes(issue.pdf)
    files = [pdf, sign_pdf(pdf), add_comment(pdf), rewrite(pdf), b"testo"]
    found = [one(content) for content in files]
    close(annex, "returned")
    found.append(one(pdf))
    assert {document.verdict for document in found} == set(Verdict)
    assert all(sentences(document)[-1] == always_told() for document in found)


def test_page_and_command_say_the_same(issue, tmp_path, capsys):
    client, address = Client(), reverse("risk:verify")
    assert client.get(address).status_code == 200
    pdf = bytes(issue.pdf)
    for content, heading, tone, code in (
        (pdf, "Emesso", "is-success", 0),
        (sign_pdf(pdf), "Emesso, poi firmato", "is-success", 0),
        (add_comment(pdf), "Emesso, poi modificato", "is-warning", 1),
        (pdf + b"firma", "Emesso, poi modificato", "is-warning", 1),
        (rewrite(pdf), "Riscritto da un altro programma", "is-warning", 1),
        (b"altro", "Non riconosciuto", "is-danger", 1),
    ):
        file = SimpleUploadedFile("allegato.pdf", content)
        page = client.post(address, {"file": file}).content.decode()
        assert f"<strong>{heading}</strong>" in page
        assert f"house-message {tone}" in page
        brought = tmp_path / "allegato.pdf"
        brought.write_bytes(content)
        if code:
            with pytest.raises(CommandError) as error:
                call_command("verify_issue", str(brought))
            assert error.value.returncode == code
        else:
            call_command("verify_issue", str(brought))
        told = capsys.readouterr().out
        assert told.startswith(f"{heading}: ")
        assert all(sentence in told for sentence in sentences(one(content)))
        if heading == "Emesso, poi modificato":
            assert "firmato" not in (page + told).lower()
    with pytest.raises(CommandError) as error:
        call_command("verify_issue", str(tmp_path / "manca.pdf"))
    assert error.value.returncode == 2
    assert SIGNER not in capsys.readouterr().out


FILES = {
    "": {"a.pdf": lambda pdf: pdf},
    "Il file non contiene documenti.": {"cartella/": lambda _pdf: b""},
    "Il file contiene 2 documenti.": {"a.pdf": lambda pdf: pdf, "b.pdf": lambda pdf: pdf},
    "L’elenco dei codici di controllo (SHA256SUMS) è quello di questi documenti.": {
        "a.pdf": lambda pdf: pdf,
        "SHA256SUMS": lambda pdf: f"{whole_digest(pdf)}  a.pdf\n".encode(),
    },
    "Attenzione: l’elenco dei codici di controllo (SHA256SUMS) non è quello di questi documenti.": {
        "a.pdf": lambda pdf: pdf,
        # as an envelope begins
        "SHA256SUMS": lambda _pdf: b"0" * 64 + b"  a.pdf\n",
    },
    "Una firma separata va portata di nuovo, insieme al suo documento.": {
        "a.pdf.p7s": detached_signature,
    },
}


def test_page_and_command_say_the_same_of_the_whole_file(issue, tmp_path, capsys):
    brought = tmp_path / "atti.zip"
    for sentence, members in FILES.items():
        content = zipped({name: made(bytes(issue.pdf)) for name, made in members.items()})
        file = SimpleUploadedFile("atti.zip", content)
        page = Client().post(reverse("risk:verify"), {"file": file}).content.decode()
        brought.write_bytes(content)
        with suppress(CommandError):
            call_command("verify_issue", str(brought))
        told = capsys.readouterr().out.splitlines()
        for other in filter(None, FILES):
            assert (other in told) == (f">{other}<" in page) == (other == sentence), (
                sentence,
                other,
            )
