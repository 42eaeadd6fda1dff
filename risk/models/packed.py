"""Columns that keep their value in fewer bytes, and give it as it was (`registry.packing`).

What is read carries the bytes it was kept as, and what is about to be saved may: so a row that is
saved again keeps the very same bytes, whatever a later library makes of them. A part of a value may
be kept by earlier rows of the same table alone (`registry.shared_packing`), named by their uid.

What cannot be read, or lacks such a part, is given as far as it is there: so that whoever reads
many rows goes on, and finds by its digest that it is another. Whoever gives it away asks `intact`.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from registry.packing import (
    DamagedContentError,
    Elsewhere,
    nothing_elsewhere,
    pack,
    pack_around,
    unpack,
)
from registry.shared_packing import (
    EMBEDDED_FILES,
    PDF_STREAMS,
    EarlierRow,
    KeptRows,
    lacks_pieces,
    pack_shared,
    rows_shared_with,
    unpack_shared,
)

_AT_ONCE = 20
"""Issues whose PDFs are in memory together."""


class PackedText(str):
    """A text with the value its column keeps of it, and whether that was read whole."""

    __slots__ = ("is_damaged", "kept")
    kept: Any
    is_damaged: bool


class PackedBytes(bytes):
    """Bytes with the value their column keeps of them, and whether that was read whole."""

    kept: Any
    is_damaged: bool


def intact(row: models.Model, column: str) -> Any:
    """Return what a packed column of a row gives, to be given away or built upon.

    Raises `DamagedContentError` where it is not whole, or not what the digest beside it is of.
    """
    value = getattr(row, column)
    content = value.encode() if isinstance(value, str) else value
    told = getattr(row, f"{column}_digest", "")
    is_another = told and hashlib.sha256(content).hexdigest() != told
    if is_another or getattr(value, "is_damaged", False):
        name = row._meta.get_field(column).verbose_name
        raise DamagedContentError(f"«{row}» ({name})")
    return value


def packed_text(text: str) -> PackedText:
    """Return a text packed to be saved, so that no transaction waits for it."""
    return _text(text, pack(text.encode(), is_text=True))


def text_packed_as(text: str, kept: bytes) -> PackedText:
    """Return a text to be saved in a form of it that was made already."""
    return _text(text, kept)


def packed_bytes(content: bytes) -> PackedBytes:
    """Return bytes packed to be saved."""
    return _bytes(content, False, pack(content))


def packed_around(content: bytes, parts: Iterable[bytes]) -> PackedBytes:
    """Return bytes packed to be saved without the parts that other rows keep already."""
    return _bytes(content, False, pack_around(content, parts))


def page_shared(page: str, earlier: Iterable[Any]) -> PackedText:
    """Return a page packed to be saved without the fonts that the pages of earlier rows keep."""
    rows = [EarlierRow(row.uid.hex, row.html.encode(), _as_bytes(row.html.kept)) for row in earlier]
    return _text(page, pack_shared(page.encode(), rows, EMBEDDED_FILES, is_text=True))


def pdf_shared(pdf: bytes, earlier: Iterable[Any]) -> PackedBytes:
    """Return a PDF packed to be saved without what the PDFs of earlier rows keep."""
    rows = [EarlierRow(row.uid.hex, bytes(row.pdf), row.pdf.kept) for row in earlier]
    return _bytes(pdf, False, pack_shared(pdf, rows, PDF_STREAMS))


def whole_pdfs(issues: Iterable[Any], using: str) -> Iterator[tuple[Any, PackedBytes]]:
    """Give each of some issues with its PDF, which they were read without.

    `issues` carry what is kept of it as `kept_pdf`. Twenty at a time are in memory, with what they
    share with others: one statement for them.
    """
    coming = iter(issues)
    while some := list(islice(coming, _AT_ONCE)):
        yield from _some_whole([(row, bytes(row.kept_pdf)) for row in some], using)


def _some_whole(rows: list[tuple[Any, bytes]], using: str) -> Iterator[tuple[Any, PackedBytes]]:
    names: set[str] = set()
    for _row, kept in rows:
        with suppress(DamagedContentError):
            names |= rows_shared_with(kept)
    field = apps.get_model("risk", "AnnexIssue")._meta.get_field("pdf")
    found = field.kept_by_rows(names, using) if names else {}
    for row, kept in rows:
        yield row, _bytes(*_read(kept, lambda _names: found), kept)


def _as_bytes(kept: Any) -> bytes:
    # SQLite has what was there before packing as text still
    return kept.encode() if isinstance(kept, str) else bytes(kept)


def _read(
    kept: bytes, rows: KeptRows, elsewhere: Elsewhere = nothing_elsewhere
) -> tuple[bytes, bool]:
    """Return a content as far as it can be read, and whether something of it cannot."""
    try:
        shared = unpack_shared(kept, rows)
        if shared is not None:
            return shared, lacks_pieces(kept, shared)
        lost: set[str] = set()

        def found(digests: Collection[str]) -> dict[str, bytes]:
            parts = elsewhere(digests)
            lost.update(set(digests) - parts.keys())
            return parts

        return unpack(kept, found), bool(lost)
    except DamagedContentError:
        return b"", True


def _text(text: str, kept: Any, *, is_damaged: bool = False) -> PackedText:
    value = PackedText(text)
    value.kept, value.is_damaged = kept, is_damaged
    return value


def _bytes(content: bytes, is_damaged: bool, kept: Any) -> PackedBytes:
    value = PackedBytes(content)
    value.kept, value.is_damaged = kept, is_damaged
    return value


def as_kept(name: str) -> models.ExpressionWrapper:
    """Return what a packed column keeps, for a query that reads it without unpacking it."""
    return models.ExpressionWrapper(models.F(name), output_field=models.BinaryField())


class _Shared(models.Field):
    """A column that may keep pieces of its value in other rows of its table."""

    def read(
        self, kept: bytes, using: str, elsewhere: Elsewhere = nothing_elsewhere
    ) -> tuple[bytes, bool]:
        """Return a value, and whether something of it cannot be read.

        One of which other rows keep a part is read by one statement more.
        """
        return _read(kept, lambda names: self.kept_by_rows(names, using), elsewhere)

    def kept_by_rows(self, names: Collection[str], using: str) -> dict[str, bytes]:
        """Return what some rows, named by their uid, keep in this column."""
        rows = self.model._base_manager.using(using).filter(uid__in=[UUID(one) for one in names])
        values = rows.values_list("uid", as_kept(self.name))
        return {uid.hex: _as_bytes(kept) for uid, kept in values}


class PackedTextField(_Shared, models.TextField):
    """A text that is kept packed; one that was kept as text before is read as it is."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the text; SQLite has what was there before packing as text still."""
        if value is None or isinstance(value, str):
            return value if value is None else _text(value, value)
        kept = bytes(value)
        content, is_damaged = self.read(kept, connection.alias)
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text, is_damaged = content.decode(errors="replace"), True
        return _text(text, kept, is_damaged=is_damaged)

    def get_prep_value(self, value: Any) -> Any:
        """Return what the column keeps."""
        if value is None or isinstance(value, bytes | memoryview):
            return value
        kept = getattr(value, "kept", None)
        return packed_text(str(value)).kept if kept is None else kept

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Return what the column keeps, as the driver wants bytes."""
        kept = value if prepared else self.get_prep_value(value)
        return kept if kept is None or isinstance(kept, str) else connection.Database.Binary(kept)


class PackedBinaryField(_Shared, models.BinaryField):
    """Bytes that are kept packed; those that were kept as they are before are read so."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the bytes; what other rows keep of them is read by one statement."""
        if value is None:
            return None
        kept, using = bytes(value), connection.alias
        read = self.read(kept, using, lambda digests: self.kept_elsewhere(digests, using))
        return _bytes(*read, kept)

    def get_prep_value(self, value: Any) -> Any:
        """Return what the column keeps."""
        if value is None:
            return None
        kept = getattr(value, "kept", None)
        return packed_bytes(bytes(value)).kept if kept is None else kept

    def kept_elsewhere(self, digests: Collection[str], using: str) -> dict[str, bytes]:
        """Return what other rows keep of a value: nothing."""
        return {}


class WrappingPdfField(PackedBinaryField):
    """The PDF of a plan, kept without the PDFs of the issues it wraps, which keep them."""

    def kept_elsewhere(self, digests: Collection[str], using: str) -> dict[str, bytes]:
        """Return the PDFs of issues by their digest."""
        issues = apps.get_model("risk", "AnnexIssue")._base_manager.using(using)
        found = issues.filter(pdf_digest__in=digests).only("pdf_digest")
        kept = found.annotate(kept_pdf=as_kept("pdf")).iterator(chunk_size=_AT_ONCE)
        rows = whole_pdfs(kept, using)
        return {row.pdf_digest: pdf for row, pdf in rows if not pdf.is_damaged}
