"""Columns that keep their value in fewer bytes, and give it as it was (`registry.packing`).

What is read carries the bytes it was kept as, and what is about to be saved may: so a row that is
saved again keeps the very same bytes, whatever a later library makes of them.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db import models

from registry.packing import pack, pack_around, unpack


class PackedText(str):
    """A text with the value its column keeps of it."""

    __slots__ = ("kept",)
    kept: Any


class PackedBytes(bytes):
    """Bytes with the value their column keeps of them."""

    kept: Any


def packed_text(text: str) -> PackedText:
    """Return a text packed to be saved, so that no transaction waits for it."""
    return _text(text, pack(text.encode(), is_text=True))


def text_packed_as(text: str, kept: bytes) -> PackedText:
    """Return a text to be saved in a form of it that was made already."""
    return _text(text, kept)


def packed_bytes(content: bytes) -> PackedBytes:
    """Return bytes packed to be saved."""
    return _bytes(content, pack(content))


def packed_around(content: bytes, parts: Iterable[bytes]) -> PackedBytes:
    """Return bytes packed to be saved without the parts that other rows keep already."""
    return _bytes(content, pack_around(content, parts))


def _text(text: str, kept: Any) -> PackedText:
    value = PackedText(text)
    value.kept = kept
    return value


def _bytes(content: bytes, kept: Any) -> PackedBytes:
    value = PackedBytes(content)
    value.kept = kept
    return value


def as_kept(name: str) -> models.ExpressionWrapper:
    """Return what a packed column keeps, for a query that reads it without unpacking it."""
    return models.ExpressionWrapper(models.F(name), output_field=models.BinaryField())


class PackedTextField(models.TextField):
    """A text that is kept packed; one that was kept as text before is read as it is."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the text; SQLite has what was there before packing as text still."""
        if value is None or isinstance(value, str):
            return value if value is None else _text(value, value)
        return _text(unpack(bytes(value)).decode(), bytes(value))

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


class PackedBinaryField(models.BinaryField):
    """Bytes that are kept packed; those that were kept as they are before are read so."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the bytes; what other rows keep of them is read by one statement."""
        if value is None:
            return None
        kept = bytes(value)
        found = unpack(kept, lambda digests: self.kept_elsewhere(digests, connection.alias))
        return _bytes(found, kept)

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
        return dict(issues.filter(pdf_digest__in=digests).values_list("pdf_digest", "pdf"))
