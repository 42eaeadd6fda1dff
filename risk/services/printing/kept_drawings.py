"""Drawings of drafts kept for a day: what has not changed since is not drawn again.

A drawing is known by what is printed and by what draws it, so that another text, template, style,
font or library asks for another. Losing one changes nothing but time: they lie where the files of
jobs do, and go with them (docs/decisions/0072).
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.core.files.base import ContentFile

import risk
from registry.services.jobs import job_files
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.html import PAPER_STYLESHEETS, style_of
from risk.services.printing.rendering import render_pdf_apart

_ENGINE = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "pyphen", "fonttools", "pikepdf")
_DRAWERS = ("paper", "content", "templatetags")
"""The folders of this room that say how something is drawn, beside the templates."""


def pdf_of_draft(document: AnnexDocument, *, layout: Layout) -> bytes:
    """Return the PDF of `document`, as it was drawn before or drawn now; as `render_pdf_apart`."""
    name = f"drawn-{_key(document, layout)}.pdf"
    found = _read(name)
    if found is None:
        found = render_pdf_apart(document, layout=layout)
        _keep(name, found)
    return found


def _key(document: AnnexDocument, layout: Layout) -> str:
    told = json.dumps(asdict(document), sort_keys=True, default=str)
    return hashlib.sha256(f"{_drawer()} {layout} {told}".encode()).hexdigest()


def _read(name: str) -> bytes | None:
    """Return what is kept under a name, as long as it is what was written."""
    try:
        with job_files().open(name) as file:
            digest, content = file.read(hashlib.sha256().digest_size), file.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).digest() == digest else None


def _keep(name: str, content: bytes) -> None:
    # a full disk is told by whoever writes the file that was asked for
    with suppress(OSError):
        job_files().delete(name)
        job_files().save(name, ContentFile(hashlib.sha256(content).digest() + content))


@cache
def _drawer() -> str:
    """Return the digest of all that says how a document is drawn."""
    digest = hashlib.sha256(" ".join(version(name) for name in _ENGINE).encode())
    # with the fonts inside
    digest.update(style_of(PAPER_STYLESHEETS, embed=True).encode())
    for path in sorted(_sources()):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    room = Path(str(risk.__file__)).parent
    for folder in (*(room / name for name in _DRAWERS), room.parent / "templates/risk/paper"):
        yield from (one for one in folder.rglob("*") if one.suffix in (".py", ".html"))
