"""Drawings kept for a day, whole ones and the pieces of long ones: what is kept is not drawn again.

A drawing is known by what is printed and by what draws it, so that another text, template, style,
font or library asks for another. Losing one changes nothing but time: they lie where the files of
jobs do, and go with them (docs/decisions/0072, 0074).
"""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from typing import Protocol

from django.core.files.base import ContentFile

from registry.services.jobs import job_files
from risk.paper.html import PIECE_STYLESHEETS, style_of
from risk.paper.pdf import DrawnPiece
from risk.paper.round_report import ROUND_STYLESHEET
from risk.services.printing.sources import digest_of_sources

_ENGINE = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "pyphen", "fonttools", "pikepdf")
_DRAWERS = ("paper", "content", "templatetags")
"""The folders of this room that say how something is drawn, beside the templates."""


def kept(said: str) -> bytes | None:
    """Return the drawing of what is said, as long as it is what was written."""
    try:
        with job_files().open(_name(said)) as file:
            digest, content = file.read(hashlib.sha256().digest_size), file.read()
    except OSError:
        return None
    return content if hashlib.sha256(content).digest() == digest else None


def keep(said: str, content: bytes) -> None:
    """Keep the drawing of what is said, with its digest before it."""
    # a full disk is told by whoever writes the file that was asked for
    with suppress(OSError):
        job_files().delete(_name(said))
        whole = hashlib.sha256(content).digest() + content
        job_files().save(_name(said), ContentFile(whole))


class KnownPiece(Protocol):
    """A piece of a document, known by what it says."""

    @property
    def digest(self) -> str: ...


def kept_piece(fragment: KnownPiece) -> DrawnPiece | None:
    """Return a piece of a document as `kept`."""
    found = kept(fragment.digest)
    if found is None:
        return None
    told, _end, content = found.partition(b"\n")
    return DrawnPiece(content, **json.loads(told))


def keep_piece(fragment: KnownPiece, piece: DrawnPiece) -> None:
    """Keep a piece of a document as `keep`."""
    told = asdict(piece)
    content: bytes = told.pop("content")
    keep(fragment.digest, json.dumps(told).encode() + b"\n" + content)


def _name(said: str) -> str:
    return f"drawn-{hashlib.sha256(f'{_drawer()} {said}'.encode()).hexdigest()}.pdf"


@cache
def _drawer() -> str:
    """Return the digest of all that says how a document is drawn."""
    digest = hashlib.sha256(" ".join(version(name) for name in _ENGINE).encode())
    # with the fonts inside
    sheets = (*PIECE_STYLESHEETS, ROUND_STYLESHEET)
    digest.update(style_of(sheets, embed=True).encode())
    digest.update(digest_of_sources(rooms=_DRAWERS, templates=["paper"]))
    return digest.hexdigest()
