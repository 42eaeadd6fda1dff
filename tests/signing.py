"""Signing as Italian offices do, with real tools: pyHanko inside a PDF, openssl around it."""

import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from asn1crypto import keys, pem, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

SIGNER, OTHER_SIGNER = "Mario Rossi", "Anna Verdi"


@cache
def identity(name: str = SIGNER) -> tuple[bytes, bytes]:
    """An invented person's key and certificate, in DER."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    called = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = certificates.CertificateBuilder(subject_name=called, issuer_name=called)
    builder = builder.public_key(key.public_key()).serial_number(len(name) + 1000)
    builder = builder.not_valid_before(now - timedelta(days=1)).add_extension(usage, critical=True)
    certificate = builder.not_valid_after(now + timedelta(days=30)).sign(key, hashes.SHA256())
    der = serialization.Encoding.DER
    private = key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(der)


def _parts(name: str) -> dict[str, Any]:
    key, certificate = identity(name)
    return {
        "signing_cert": x509.Certificate.load(certificate),
        "signing_key": keys.PrivateKeyInfo.load(key),
    }


def sign_pdf(pdf: bytes, *, name: str = SIGNER, field: str = "Firma", box=None) -> bytes:
    """The PDF with one more signature of pyHanko after it, seen where it has a box."""
    signer = signers.SimpleSigner(cert_registry=SimpleCertificateStore(), **_parts(name))
    place = fields.SigFieldSpec(field, box=box) if box else fields.SigFieldSpec(field)
    signing = signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name=field), signer=signer, new_field_spec=place
    )
    return _apart(lambda: signing.sign_pdf(_writer(pdf))).getvalue()


def time_stamp_pdf(pdf: bytes, *, field: str = "Marca") -> bytes:
    """The PDF with a document time stamp after it."""
    parts = _parts("Marca temporale")
    stamper = DummyTimeStamper(
        tsa_cert=parts["signing_cert"],
        tsa_key=parts["signing_key"],
        certs_to_embed=SimpleCertificateStore(),
    )
    writing = signers.PdfTimeStamper(stamper, field_name=field)
    return _apart(lambda: writing.timestamp_pdf(_writer(pdf), "sha256")).getvalue()


def _apart(work: Callable[[], Any]) -> Any:
    """Do what runs an event loop of its own in a thread: that of the tests keeps the browser's."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def add_validation_data(pdf: bytes) -> bytes:
    """The PDF with the certificates its signatures are to be validated by (PAdES-B-LT)."""
    writer = _writer(pdf)
    certificate = writer.add_object(generic.StreamObject(stream_data=identity()[1]))
    store = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/DSS"),
            generic.pdf_name("/Certs"): generic.ArrayObject([certificate]),
        }
    )
    writer.root["/DSS"] = writer.add_object(store)
    writer.update_root()
    return _written(writer)


def add_comment(pdf: bytes) -> bytes:
    """The PDF with a comment on its second page, as a reader saves it."""
    writer = _writer(pdf)
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/Text"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, range(4))),
            generic.pdf_name("/Contents"): generic.pdf_string("Da rivedere"),
        }
    )
    writer.register_annotation(_page(writer, 1), writer.add_object(note))
    return _written(writer)


def change_page(pdf: bytes) -> bytes:
    """The PDF with other words on its first page."""
    writer = _writer(pdf)
    content = writer.add_object(generic.StreamObject(stream_data=b"BT (Altro) Tj ET"))
    page = _page(writer, 0).get_object()
    page["/Contents"] = content
    writer.update_container(page)
    return _written(writer)


def add_form(pdf: bytes) -> bytes:
    """The PDF with a text field and what was typed into it."""
    writer = _writer(pdf)
    field = generic.DictionaryObject(
        {
            generic.pdf_name("/FT"): generic.pdf_name("/Tx"),
            generic.pdf_name("/T"): generic.pdf_string("Esito"),
            generic.pdf_name("/V"): generic.pdf_string("Favorevole"),
        }
    )
    form = {generic.pdf_name("/Fields"): generic.ArrayObject([writer.add_object(field)])}
    writer.root["/AcroForm"] = writer.add_object(generic.DictionaryObject(form))
    writer.update_root()
    return _written(writer)


def set_root(pdf: bytes, key: str, value: generic.PdfObject) -> bytes:
    """The PDF with something else under a key of its catalogue."""
    writer = _writer(pdf)
    writer.root[key] = value
    writer.update_root()
    return _written(writer)


def rewrite(pdf: bytes) -> bytes:
    """The PDF as another program saves it: same pages, other bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as book:
        book.save(out)
    return out.getvalue()


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: Any, number: int) -> Any:
    return writer.root["/Pages"]["/Kids"].raw_get(number)


# --- openssl ---------------------------------------------------------------------------------


def openssl(folder: Path, *arguments: str, content: bytes, names: tuple[str, ...] = (SIGNER,)):
    """What `openssl cms -sign` makes of some bytes, signed by each of these people."""
    source = folder / "content"
    source.write_bytes(content)
    command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-in", str(source)]
    for name in names:
        for option, kind, data in zip(
            ("-inkey", "-signer"), ("PRIVATE KEY", "CERTIFICATE"), identity(name), strict=True
        ):
            file = folder / f"{name}{option}.pem"
            file.write_bytes(pem.armor(kind, data))
            command += [option, str(file)]
    return subprocess.run([*command, *arguments], check=True, capture_output=True).stdout


def detached_signature(content: bytes) -> bytes:
    """A signature of some bytes apart from them (.p7s), in DER."""
    with TemporaryDirectory() as folder:
        return openssl(Path(folder), "-outform", "DER", content=content)
