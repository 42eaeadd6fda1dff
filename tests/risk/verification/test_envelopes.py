"""Envelopes as offices make them: whatever they are, the document inside is the one that counts."""

import base64
import hashlib

import pytest
from asn1crypto import cms, core, tsp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from risk.enums import Verdict
from risk.services.verification import cms as envelopes
from risk.services.verification.cms import open_envelope
from risk.services.verification.unpacking import MOST_LAYERS, Unpacking
from risk.services.verification.values import Wrapping
from risk.services.verification.verifying import verify_file
from risk.services.verification.wording import sentences
from tests.risk.verification.world import make_issue, paper, zipped
from tests.signing import OTHER_SIGNER, SIGNER, add_comment, identity, openssl, sign_pdf

PDF = paper("0123456789abcdef" * 4)
BOTH = (SIGNER, OTHER_SIGNER)


@pytest.fixture(scope="module")
def tools(tmp_path_factory):
    """Sign with openssl: `tools("-outform", "DER", content=…)`."""
    folder = tmp_path_factory.mktemp("openssl")
    return lambda *arguments, **options: openssl(folder, *arguments, **options)


@pytest.fixture(scope="module")
def plain(tools) -> bytes:
    return tools("-nodetach", "-outform", "DER", content=PDF)


@pytest.fixture(scope="module")
def detached(tools) -> bytes:
    return tools("-outform", "DER", content=PDF)


def leaf_of(content: bytes, name: str = ""):
    (leaf,) = Unpacking().leaves(content, name)
    return leaf


def signers_of(leaf) -> list[tuple[str, ...]]:
    return [layer.signers for layer in leaf.layers if layer.signers]


def test_every_way_of_writing_an_envelope_gives_its_document(tools, plain):
    streamed = tools("-nodetach", "-stream", "-outform", "DER", content=PDF)
    lines = base64.encodebytes(plain)
    written = {
        "DER": plain,
        "streamed": streamed,
        "base64 with lines": lines,
        "base64 with other lines": lines.replace(b"\n", b"\r\n"),
        "base64 without lines": base64.b64encode(plain),
        "base64, streamed": base64.b64encode(streamed),
        "PEM": tools("-nodetach", "-outform", "PEM", content=PDF),
        "S/MIME": tools("-nodetach", "-outform", "SMIME", content=PDF),
        "followed by a line": plain + b"\r\n",
    }
    assert streamed[:2] == b"\x30\x80"
    for way, content in written.items():
        leaf = leaf_of(content, "atto.pdf.p7m")
        assert (leaf.content == PDF, leaf.note, signers_of(leaf)) == (True, "", [(SIGNER,)]), way
    assert leaf_of(plain, "atto.pdf.p7m").name == "atto.pdf"


def test_pieces_of_any_form_of_length_are_joined():
    pieces = [core.OctetString(PDF[at : at + 1000]).dump() for at in range(0, len(PDF), 1000)]
    joined = b"".join(pieces)
    inner = b"\x24\x84" + len(joined).to_bytes(4, "big") + joined
    for octets in (b"\x24\x80" + joined + b"\0\0", inner, b"\x24\x80" + inner + b"\0\0"):
        data = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
        content = _sequence(data + b"\xa0\x80" + octets + b"\0\0")
        signed = b"\x02\x01\x01" + b"\x31\x00" + content + b"\x31\x00"
        kind = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
        assert (
            open_envelope(_sequence(kind + b"\xa0\x80" + _sequence(signed) + b"\0\0")).content
            == PDF
        )


def _sequence(content: bytes) -> bytes:
    return b"\x30\x80" + content + b"\0\0"


def test_several_signers_and_envelopes_in_envelopes_are_counted(tools, plain):
    two = tools("-nodetach", "-outform", "DER", content=PDF, names=BOTH)
    assert {*leaf_of(two).layers[0].signers} == {*BOTH}
    nested = tools("-nodetach", "-stream", "-outform", "DER", content=plain, names=(OTHER_SIGNER,))
    leaf = leaf_of(base64.b64encode(nested))
    assert leaf.content == PDF
    assert signers_of(leaf) == [(OTHER_SIGNER,), (SIGNER,)]


def test_envelopes_end_somewhere(plain):
    content = PDF
    for _again in range(MOST_LAYERS + 1):
        content = zipped({"atto": content})
    leaf = leaf_of(content)
    assert (leaf.content, f"più di {MOST_LAYERS} buste" in leaf.note) == (b"", True)


def test_a_time_stamped_file_is_opened_and_its_stamp_is_no_signer():
    stamps = tsp.TimeStampTokenEvidence([])
    data = tsp.TimeStampedData(
        {"version": 1, "content": PDF, "temporal_evidence": tsp.Evidence("tst_evidence", stamps)}
    )
    envelope = cms.ContentInfo({"content_type": "timestamped_data", "content": data})
    leaf = leaf_of(envelope.dump(), "atto.pdf.tsd")
    assert (leaf.content, leaf.name) == (PDF, "atto.pdf")
    assert [layer.wrapping for layer in leaf.layers] == [Wrapping.TIME_STAMPED]
    assert signers_of(leaf) == []


def _reference(tag: str, content: bytes) -> str:
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return (
        f'<{tag} URI="atto%20uno.pdf"><ds:DigestMethod '
        'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></{tag}>"
    )


def _of_xml(content: bytes, key_info: str = "") -> bytes:
    return (
        '<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Signature><ds:SignedInfo>'
        f"{_reference('ds:Reference', content)}"
        f'<ds:Reference URI="#x"/></ds:SignedInfo>{key_info}</ds:Signature>'
        "</asic:XAdESSignatures>"
    ).encode()


def _key_info(*names: str, signer: str = "") -> str:
    """Certificates as a XAdES signature carries them, and which of them it was made with."""
    held = {name: base64.encodebytes(identity(name)[1]).decode() for name in names}
    certificates = "".join(f"<ds:X509Certificate>{c}</ds:X509Certificate>" for c in held.values())
    info = f"<ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>"
    if not signer:
        return info
    digest = base64.b64encode(hashlib.sha512(identity(signer)[1]).digest()).decode()
    return (
        f'{info}<ds:Object><x:SigningCertificateV2 xmlns:x="http://uri.etsi.org/01903/v1.3.2#">'
        '<x:Cert><x:CertDigest><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"'
        f"/><ds:DigestValue>{digest}</ds:DigestValue></x:CertDigest></x:Cert>"
        "</x:SigningCertificateV2></ds:Object>"
    )


def _manifest(content: bytes) -> bytes:
    return (
        '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" '
        'xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        '<asic:SigReference URI="META-INF/signature.p7s"/>'
        f"{_reference('asic:DataObjectReference', content)}</asic:ASiCManifest>"
    ).encode()


def test_asic_containers_say_who_signed_which_document(detached, tools):
    simple = {"mimetype": b"application/vnd.etsi.asic-s+zip", "atto.pdf": PDF}
    (leaf,) = Unpacking().leaves(zipped(simple | {"META-INF/signature.p7s": detached}))
    assert (leaf.content, leaf.layers[0].signers, leaf.layers[0].matches) == (PDF, (SIGNER,), True)
    members = {"mimetype": b"application/vnd.etsi.asic-e+zip", "atto uno.pdf": PDF, "altro": b"x"}
    of_manifest = tools("-outform", "DER", content=_manifest(PDF))
    for meta, signers in (
        ({"signature.p7s": of_manifest, "ASiCManifest.xml": _manifest(PDF)}, (SIGNER,)),
        ({"signatures.xml": _of_xml(PDF)}, ("",)),
        ({"signatures.xml": _of_xml(PDF, _key_info(SIGNER))}, (SIGNER,)),
        (
            {"signatures.xml": _of_xml(PDF, _key_info(OTHER_SIGNER, SIGNER, signer=SIGNER))},
            (SIGNER,),
        ),
        (
            {"signatures.xml": _of_xml(PDF, _key_info(SIGNER).replace("MII", "!!!"))},
            ("",),
        ),
    ):
        inside = {f"META-INF/{name}": content for name, content in meta.items()}
        first, other = Unpacking().leaves(zipped(members | inside))
        assert (first.content, first.layers[0].signers) == (PDF, signers)
        assert first.layers[0].matches
        assert (other.layers[0].signers, other.layers[0].matches) == ((), None)
    wrong = {"META-INF/signatures.xml": _of_xml(PDF + b"x")}
    assert next(Unpacking().leaves(zipped(members | wrong))).layers[0].matches is False


def test_signatures_beside_their_documents_in_an_archive_are_theirs(detached, tools):
    other = tools("-outform", "PEM", content=PDF, names=(OTHER_SIGNER,))
    members = {"atto.pdf": PDF, "atto.pdf.p7s": detached, "firme/seconda.p7s": other}
    (leaf,) = Unpacking().leaves(zipped(members))
    assert (leaf.name, leaf.content) == ("atto.pdf", PDF)
    assert [layer.wrapping for layer in leaf.layers] == [Wrapping.ARCHIVE, Wrapping.DETACHED]
    assert (leaf.layers[1].signers, leaf.layers[1].matches) == ((SIGNER, OTHER_SIGNER), True)
    first, second = Unpacking().leaves(zipped({**members, "atto.pdf": b"altro"}))
    assert [layer.matches for layer in first.layers] == [None, False]
    assert (second.name, second.is_detached) == ("firme/seconda.p7s", True)
    # whatever else is called so is a document like another
    found = list(Unpacking().leaves(zipped({"atto.pdf": PDF, "atto.pdf.p7s": b"altro"})))
    assert [(leaf.name, len(leaf.layers)) for leaf in found] == [
        ("atto.pdf", 1),
        ("atto.pdf.p7s", 1),
    ]


@pytest.mark.django_db
def test_what_is_in_an_envelope_is_answered_with_envelopes_and_signers(annex, people, tools):
    issue = make_issue(annex, people["rpct"])
    pdf = bytes(issue.pdf)
    for inner, verdict in (
        (pdf, Verdict.SIGNED),
        (sign_pdf(pdf), Verdict.SIGNED),
        (add_comment(pdf), Verdict.CHANGED),
    ):
        wrapped = tools("-nodetach", "-outform", "DER", content=inner, names=BOTH)
        (found,) = verify_file(wrapped, name="atto.pdf.p7m").documents
        assert (found.verdict, found.issue, found.name) == (verdict, issue, "atto.pdf")
        told = " ".join(sentences(found))
        assert "1 busta, 2 firmatari" in told
        assert ("firmato" in told.lower()) is False
    (found,) = verify_file(zipped({"atto.pdf": pdf})).documents
    assert found.verdict == Verdict.ISSUED
    signature = tools("-outform", "DER", content=pdf)
    (found,) = verify_file(zipped({"atto.pdf.p7s": signature, "atto.pdf": pdf})).documents
    assert (found.verdict, found.issue) == (Verdict.SIGNED, issue)


@pytest.mark.django_db
def test_a_detached_signature_is_asked_for_its_document(annex, people, tools):
    issue = make_issue(annex, people["rpct"])
    pdf = bytes(issue.pdf)
    signature = tools("-outform", "DER", content=pdf)
    client, address = Client(), reverse("risk:verify")

    def page(**files) -> str:
        brought = {name: SimpleUploadedFile("atto", content) for name, content in files.items()}
        return client.post(address, brought).content.decode()

    for alone in (signature, base64.encodebytes(signature)):
        text = page(file=alone)
        assert "<strong>Non riconosciuto</strong>" in text
        assert "insieme al suo documento" in text
    for files in ({"file": pdf, "signature": signature}, {"file": signature, "signature": pdf}):
        text = page(**files)
        assert "<strong>Emesso, poi firmato</strong>" in text
        assert f"firma separata (.p7s), 1 firma ({SIGNER})" in text
    other = tools("-outform", "DER", content=b"altro")
    text = page(file=pdf, signature=other)
    assert "<strong>Emesso</strong>" in text
    assert "riguarda un altro file" in text
    (found,) = verify_file(tools("-outform", "SMIME", content=pdf)).documents
    assert found.verdict == Verdict.SIGNED


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x30\x80\x06", "non si lascia leggere"),
        (b"\x30\x03\x02\x01\x01", "non si lascia leggere"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "non è una busta"),
        (b"MIIB", "non si lascia leggere"),
        (b"MIIBA", "incompleto"),
        (b"PK\x03\x04rotto", "non si lascia aprire"),
        (b"Content-Type: text/plain\n\nsolo testo", "non contiene file"),
        (zipped({"[Content_Types].xml": b""}), "si emettono soltanto PDF"),
    ],
)
def test_what_cannot_be_opened_says_so(content, told):
    assert told in leaf_of(content).note


def test_what_follows_an_envelope_is_not_overlooked(plain):
    assert "continua con altri byte" in leaf_of(plain + b"altro").note


def test_what_a_file_unpacks_to_is_limited(monkeypatch, plain):
    members = zipped({f"{number}.txt": b"\0" * 4000 for number in range(5)})
    unpacking = Unpacking()
    unpacking.budget.unpacked = 10_000
    leaves = list(unpacking.leaves(members))
    assert [len(leaf.content) for leaf in leaves] == [4000, 4000, 0]
    assert "supera i 256 MB" in leaves[-1].note
    unpacking = Unpacking()
    unpacking.budget.members = 4
    (leaf,) = unpacking.leaves(members)
    assert "più di 1.000 file" in leaf.note
    unpacking = Unpacking()
    unpacking.budget.unpacked = len(PDF) - 1
    (leaf,) = unpacking.leaves(plain)
    assert "supera i 256 MB" in leaf.note
    monkeypatch.setattr(envelopes, "MOST_PIECES", 1)
    assert "troppi pezzi" in leaf_of(plain).note
