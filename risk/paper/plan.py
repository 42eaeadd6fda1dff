"""An adopted plan on paper: its cover with the act, its contents, its figures, its manifest.

The issued annexes travel inside the PDF, byte by byte, as attachments.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string

from registry.packing import stored_stream
from risk.content.plan_values import PlanDocument
from risk.content.rich_text import rich_blocks
from risk.content.typography import without_controls
from risk.paper.html import PAPER_STYLESHEETS, STYLESHEETS, style_of
from risk.paper.pdf import write_pdf
from risk.paper.tags import signable

PLAN_STYLESHEET = "risk/paper/plan.css"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF."""

    name: str
    description: str
    content: bytes


def render_plan_html(document: PlanDocument) -> str:
    """Return the plan as a complete page, with style and fonts inside."""
    return _standalone(document, style_of((*STYLESHEETS, PLAN_STYLESHEET), embed=True))


def render_plan_pdf(document: PlanDocument) -> bytes:
    """Return cover, contents and manifest as a tagged PDF/A-2a, without attachments.

    The same document gives the same bytes. Raises `risk.paper.pdf.PaperError`.
    """
    return write_pdf(
        _standalone(document, style_of((*PAPER_STYLESHEETS, PLAN_STYLESHEET), embed=False)),
        digest=document.digest,
    )


def attach(pdf: bytes, attachments: Iterable[Attachment]) -> bytes:
    """Return the PDF with the files inside, found again byte by byte; the same in, the same out.

    PDF/A-2 lets a file carry others that are PDF/A themselves (ISO 19005-2, 6.8).
    """
    with pikepdf.open(BytesIO(pdf)) as book:
        names, associated = pikepdf.Array(), pikepdf.Array()
        for item in sorted(attachments, key=lambda one: one.name):
            specification = book.make_indirect(_file_of(book, item))
            names.append(pikepdf.String(item.name))
            names.append(specification)
            associated.append(specification)
        if names:
            tree = book.make_indirect(pikepdf.Dictionary(Names=names))
            if "/Names" not in book.Root:
                book.Root.Names = pikepdf.Dictionary()
            book.Root.Names.EmbeddedFiles = tree
            book.Root.AF = associated
            book.Root.PageMode = pikepdf.Name.UseAttachments
        return signable(book)


def _file_of(book: pikepdf.Pdf, item: Attachment) -> pikepdf.Dictionary:
    # the format asks for this checksum; what proves the content is the SHA-256 on the paper
    checksum = hashlib.md5(item.content, usedforsecurity=False).digest()
    # not compressed, so that the plan can be kept without what its issues keep (registry.packing)
    stream = pikepdf.Stream(
        book,
        stored_stream(item.content),
        Filter=pikepdf.Name.FlateDecode,
        Type=pikepdf.Name.EmbeddedFile,
        Subtype=pikepdf.Name("/application/pdf"),
        Params=pikepdf.Dictionary(Size=len(item.content), CheckSum=pikepdf.String(checksum)),
    )
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec,
        F=pikepdf.String(item.name),
        UF=pikepdf.String(item.name),
        Desc=pikepdf.String(item.description),
        AFRelationship=pikepdf.Name.Supplement,
        EF=pikepdf.Dictionary(F=stream, UF=stream),
    )


def _standalone(document: PlanDocument, style: str) -> str:
    chapters = [{"row": one, "words": rich_blocks(one.blocks)} for one in document.chapters]
    context = {"document": document, "style": style, "chapters": chapters}
    return without_controls(render_to_string("risk/paper/plan/standalone.html", context))
