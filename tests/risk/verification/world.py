"""Issues whose PDF is a page of words: to be recognised a file need not be a drawn annex."""

import hashlib
import io
import zipfile
from typing import Any

import pikepdf
from django.utils import timezone

from registry.models import Annex, Plan, User
from risk.models import AnnexIssue, PlanIssue
from tests.register import close

_WORDS = (
    b"BT /F1 9 Tf 20 700 Td (Allegato al piano) Tj 0 -20 Td (SHA-256) Tj 0 -20 Td (%s) Tj "
    b"0 -20 Td (%s) Tj ET"
)


def paper(digest: str) -> bytes:
    """A PDF of two pages with the digest printed on the first, broken over two lines."""
    book = pikepdf.new()
    font = book.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number in range(2):
        book.add_blank_page()
        words = _WORDS % (digest[:40].encode(), digest[40:].encode()) if number == 0 else b""
        page = book.pages[number]
        page.Contents = pikepdf.Stream(book, words)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    book.docinfo[pikepdf.Name.Title] = "Allegato"
    out = io.BytesIO()
    book.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def make_issue(annex: Annex, by: User, *, number: int = 1, pdf: bytes | None = None) -> AnnexIssue:
    """An issue of an annex, which stands issued from then on."""
    data = f'{{"annex":"{annex.uid}","n":{number}}}'
    digest = hashlib.sha256(data.encode()).hexdigest()
    if annex.state == "issued":
        close(annex, "returned", digest=digest)
    close(annex, "issued", digest=digest)
    return AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=number,
        issued_at=timezone.now(),
        by=by,
        **_files(data, pdf or paper(digest), "Allegato"),
    )


def make_plan_issue(plan: Plan, by: User) -> PlanIssue:
    """An issue of a plan."""
    data = f'{{"plan":{plan.pk}}}'
    pdf = paper(hashlib.sha256(data.encode()).hexdigest())
    return PlanIssue.objects.create(
        plan=plan, issued_at=timezone.now(), by=by, **_files(data, pdf, "Piano")
    )


def _files(data: str, pdf: bytes, title: str) -> dict[str, Any]:
    digest = hashlib.sha256(data.encode()).hexdigest()
    return {
        "data": data,
        "data_digest": digest,
        "html": f"<p>{title}, SHA-256 {digest}</p>",
        "pdf": pdf,
        "pdf_digest": hashlib.sha256(pdf).hexdigest(),
    }


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of files by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
