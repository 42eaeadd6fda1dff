"""What is kept for ever, in fewer bytes: compressed, or as what stands around bytes kept elsewhere.

The forms are those of the standard library, by documents anybody can read them again with: zlib
(RFC 1950) and XZ. What is kept without a form, as before there were any, is read as it is
(docs/decisions/0050).
"""

import hashlib
import json
import lzma
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

_ZLIB, _XZ, _AROUND, _PIECES = b"\0z", b"\0x", b"\0a", b"\0p"
"""How a form begins: no text, PDF or JSON does so."""
_LITERAL, _ELSEWHERE = b"L", b"E"
_DIGEST = hashlib.sha256().digest_size
_BLOCK = 0xFFFF
_TWICE = 2
_WINDOW = 32 * 1024
"""Bytes that zlib looks back (RFC 1951, 2)."""

_LENGTH = 4
"""Bytes of the length of an index."""

FAULTS = (zlib.error, lzma.LZMAError, LookupError, TypeError, ValueError)
"""What reading a form that is not as it was written may raise; each form has check sums."""


class DamagedContentError(Exception):
    """What is kept of a content cannot be read, or lacks a part; an Italian sentence."""

    def __init__(self, what: str = "") -> None:
        super().__init__(
            _(
                "%(what)s non si può aprire: quello che ne tiene la base di dati è danneggiato, o "
                "lo è un documento precedente di cui riprende una parte. Il resto non è cambiato. "
                "La verifica del registro delle operazioni dice che cosa è danneggiato, e chi cura "
                "il programma lo riprende da una copia di sicurezza."
            )
            % {"what": what or _("Il documento")}
        )


Elsewhere = Callable[[Collection[str]], dict[str, bytes]]
"""Returns what is kept elsewhere, by its SHA-256; what it does not find is left out."""


@dataclass(frozen=True, slots=True)
class PackedPiece:
    """A piece of a text: what rows it has, how many, and the piece as it is kept, packed."""

    name: str
    rows: int
    kept: bytes

    @property
    def content(self) -> bytes:
        """The piece of the text."""
        return unpack(self.kept)


def packed_piece(name: str, rows: int, text: str) -> PackedPiece:
    """Return a piece of a text, packed by itself."""
    return PackedPiece(name, rows, pack(text.encode(), is_text=True))


def nothing_elsewhere(digests: Collection[str]) -> dict[str, bytes]:
    """Return nothing: for what was packed without anything around it."""
    return {}


def pack(content: bytes, *, is_text: bool = False) -> bytes:
    """Return the content in fewer bytes, or as it is where that would be more.

    Text, which says the same again and again far apart, in the form that sees farther, where there
    is anything so far away: beginning that form takes milliseconds.
    """
    sees_far = is_text and len(content) > _WINDOW
    packed = _XZ + lzma.compress(content) if sees_far else _ZLIB + zlib.compress(content)
    if len(packed) < len(content) or content[:1] == b"\0":
        return packed
    return content


def pack_around(content: bytes, parts: Iterable[bytes]) -> bytes:
    """Return the content without the parts that stand in it as `stored_stream` wrote them.

    A part that does not stand in it so changes nothing. The same content is got back by `unpack`
    from whoever has the parts.
    """
    places = []
    for digest, part in {hashlib.sha256(part).digest(): part for part in parts}.items():
        stream = stored_stream(part)
        end = 0
        while (start := content.find(stream, end)) >= 0:
            end = start + len(stream)
            places.append((start, end, digest))
    pieces, done = [], 0
    for start, end, digest in sorted(places):
        if start >= done:
            pieces += [_literal(content[done:start]), _ELSEWHERE + digest]
            done = end
    if not pieces:
        return pack(content)
    return _AROUND + zlib.compress(b"".join([*pieces, _literal(content[done:])]))


def pack_pieces(pieces: Sequence[PackedPiece]) -> bytes:
    """Return a text of which each piece can be read without the others; `unpack` gives it whole."""
    index = json.dumps([(piece.name, piece.rows, len(piece.kept)) for piece in pieces])
    packed = zlib.compress(index.encode())
    head = _PIECES + len(packed).to_bytes(_LENGTH, "big") + packed
    return b"".join([head, *(piece.kept for piece in pieces)])


def pieces_of(kept: bytes) -> list[PackedPiece]:
    """Return the pieces of what `pack_pieces` packed, none of them read; none of anything else.

    Raises `DamagedContentError` where the index is not as it was written.
    """
    if not kept.startswith(_PIECES):
        return []
    try:
        return list(_indexed(kept))
    except FAULTS as fault:
        raise DamagedContentError from fault


def _indexed(kept: bytes) -> Iterator[PackedPiece]:
    start = len(_PIECES) + _LENGTH
    at = start + int.from_bytes(kept[len(_PIECES) : start], "big")
    for name, rows, size in json.loads(zlib.decompress(kept[start:at])):
        yield PackedPiece(name, rows, kept[at : at + size])
        at += size


def unpack(kept: bytes, elsewhere: Elsewhere = nothing_elsewhere) -> bytes:
    """Return the content that was packed; what was never packed is returned as it is.

    Where a part is not found elsewhere the content lacks it, and has another digest. Raises
    `DamagedContentError` for a form that is not as it was written.
    """
    try:
        return _unpacked(kept, elsewhere)
    except FAULTS as fault:
        raise DamagedContentError from fault


def _unpacked(kept: bytes, elsewhere: Elsewhere) -> bytes:
    match kept[: len(_ZLIB)]:
        case b"\0z":
            return zlib.decompress(kept[len(_ZLIB) :])
        case b"\0x":
            return lzma.decompress(kept[len(_XZ) :])
        case b"\0a":
            return _put_together(zlib.decompress(kept[len(_AROUND) :]), elsewhere)
        case b"\0p":
            return b"".join(piece.content for piece in pieces_of(kept))
    return kept


def stored_stream(content: bytes) -> bytes:
    """Return the content as a zlib stream that compresses nothing: always the same bytes.

    Written out here, because a library may cut the blocks otherwise one day (RFC 1951, 3.2.4).
    """
    pieces = [b"\x78\x01"]
    for start in range(0, max(len(content), 1), _BLOCK):
        block = content[start : start + _BLOCK]
        is_last = start + _BLOCK >= len(content)
        size = len(block).to_bytes(_TWICE, "little")
        pieces += [bytes([is_last]), size, bytes(byte ^ 0xFF for byte in size), block]
    return b"".join([*pieces, zlib.adler32(content).to_bytes(4, "big")])


def _literal(content: bytes) -> bytes:
    return _LITERAL + len(content).to_bytes(8, "big") + content


def _put_together(pieces: bytes, elsewhere: Elsewhere) -> bytes:
    read = list(_pieces(pieces))
    found = elsewhere({piece for piece in read if isinstance(piece, str)})
    streams = {digest: stored_stream(content) for digest, content in found.items()}
    return b"".join(streams.get(piece, b"") if isinstance(piece, str) else piece for piece in read)


def _pieces(pieces: bytes) -> Iterator[bytes | str]:
    """Give the pieces in their order: bytes, or the digest of what is kept elsewhere."""
    at = 0
    while at < len(pieces):
        kind, at = pieces[at : at + 1], at + 1
        if kind == _ELSEWHERE:
            yield pieces[at : at + _DIGEST].hex()
            at += _DIGEST
        else:
            size = int.from_bytes(pieces[at : at + 8], "big")
            yield pieces[at + 8 : at + 8 + size]
            at += 8 + size
