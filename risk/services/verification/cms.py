"""Signed envelopes (CMS, RFC 5652) and time-stamped ones (RFC 5544), read with asn1crypto.

The library's parser reads DER and BER. The content alone is not left to its classes: it may come in
pieces, as streaming signers write it, of any form of length, of which they refuse some; and it is
joined once, since their own joining costs the square of the pieces.
"""

import hashlib
from dataclasses import dataclass, field

from asn1crypto import cms, parser
from django.utils.translation import gettext as _

from registry.readable import grouped
from risk.services.verification.names import name_in
from risk.services.verification.values import Layer, UnreadableFileError, Wrapping

MOST_PIECES = 200_000
"""Of a content in pieces: the usual 1,000 bytes each make 200 MB."""
MOST_SIGNERS = 100
_MOST_NESTED = 4
_OCTET_STRING, _CONTEXT = 4, 2
_OPEN, _END = b"\x30\x80", b"\0\0"
_READING_ERRORS = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)
_PADDING = b"\x00\r\n \t"


_Node = tuple[int, int, int, bytes, bytes, bytes]
"""A value as the library's parser gives it: class, method, tag, header, content, trailer."""


@dataclass(frozen=True)
class Hashed:
    """Bytes that signatures may be of, and their digests, each taken once."""

    content: bytes
    _known: dict[str, bytes] = field(default_factory=dict)

    def has(self, algorithm: str, digest: bytes) -> bool:
        """Tell whether this is their digest; raises `ValueError` for an unknown algorithm."""
        if algorithm not in self._known:
            taken = hashlib.new(algorithm, self.content, usedforsecurity=False)
            self._known[algorithm] = taken.digest()
        return self._known[algorithm] == digest


@dataclass(frozen=True)
class Opened:
    """An envelope taken apart: who signed it, and what it holds; None when it is detached.

    `digests` are those its signers signed, each with the name of its algorithm; they compare a
    detached signature with the file it is said to be of.
    """

    layer: Layer
    content: bytes | None
    digests: tuple[tuple[str, bytes], ...] = ()
    is_time_stamp: bool = False

    def speaks_of(self, hashed: Hashed) -> bool | None:
        """Tell whether every signature is of these bytes; None when they do not say of which."""
        if not self.digests:
            return None
        try:
            return all(hashed.has(name, digest) for name, digest in self.digests)
        except ValueError:
            return None


def open_envelope(data: bytes) -> Opened:
    """Take a DER or BER envelope apart. Raises `UnreadableFileError` for what is none."""
    try:
        kind, content = _outer(data)
        if kind == "timestamped_data":
            return _time_stamped(content)
        if kind == "signed_data":
            return _signed(content)
    except UnreadableFileError:
        raise
    except _READING_ERRORS as error:
        raise UnreadableFileError(_("La busta non si lascia leggere.")) from error
    if kind in ("enveloped_data", "authenticated_enveloped_data", "encrypted_data"):
        raise UnreadableFileError(
            _("La busta è cifrata: si verifica il file che ne esce con la chiave di chi l’ha.")
        )
    raise UnreadableFileError(_("La busta non contiene un documento che si possa leggere."))


def _outer(data: bytes) -> tuple[str, bytes]:
    """Return what an envelope says it holds and that part of it."""
    length = parser.peek(data)
    if data[length:].strip(_PADDING):
        raise UnreadableFileError(_("Dopo la busta il file continua con altri byte."))
    kind, held = _children(parser.parse(data[:length])[4])[:2]
    return cms.ContentType.load(_raw(kind)).native, held[4]


def _children(content: bytes) -> list[_Node]:
    """Return the values in a constructed one, as they come."""
    children: list[_Node] = []
    at, end = 0, len(content)
    while at < end:
        # the public `parse` takes one value and refuses what follows it
        child, at = parser._parse(content, end, at)
        children.append(child)
        if len(children) > MOST_PIECES:
            raise UnreadableFileError(_("La busta è in troppi pezzi."))
    return children


def _raw(node: _Node) -> bytes:
    return node[3] + node[4] + node[5]


def _signed(data: bytes) -> Opened:
    parts = _children(parser.parse(data)[4])
    kind, *held = _children(parts[2][4])
    # all but the content, which the library would read in the forms of length it knows
    bare = [*map(_raw, parts[:2]), _OPEN + _raw(kind) + _END, *map(_raw, parts[3:])]
    signed = cms.SignedData.load(_OPEN + b"".join(bare) + _END)
    signers = signed["signer_infos"]
    if len(signers) > MOST_SIGNERS:
        raise UnreadableFileError(
            _("La busta ha più di %(count)s firmatari.") % {"count": grouped(MOST_SIGNERS)}
        )
    names = tuple(name_in(signed, signer) for signer in signers)
    return Opened(
        layer=Layer(Wrapping.CMS, signers=names),
        content=_bytes_of(held[0][4]) if held else None,
        digests=tuple(digest for signer in signers for digest in _signed_digest(signer)),
        is_time_stamp=signed["encap_content_info"]["content_type"].native == "tst_info",
    )


def _signed_digest(signer: cms.SignerInfo) -> list[tuple[str, bytes]]:
    algorithm = signer["digest_algorithm"]["algorithm"].native
    return [
        (algorithm, attribute["values"][0].native)
        for attribute in signer["signed_attrs"] or ()
        if attribute["type"].native == "message_digest"
    ]


def _bytes_of(value: bytes, nested: int = 0) -> bytes:
    """Return the bytes of an OCTET STRING, whole or in pieces; of anything else itself.

    Envelopes older than CMS hold another envelope directly (PKCS #7).
    """
    class_, method, tag, _header, content, _trailer = parser.parse(value)
    if class_ != 0 or tag != _OCTET_STRING:
        return value
    return b"".join(_pieces(content, nested)) if method else content


def _pieces(content: bytes, nested: int) -> list[bytes]:
    if nested > _MOST_NESTED:
        raise UnreadableFileError(_("La busta è in pezzi di pezzi."))
    pieces: list[bytes] = []
    for node in _children(content):
        if node[2] != _OCTET_STRING:
            raise ValueError("a piece that is no OCTET STRING")
        pieces += _pieces(node[4], nested + 1) if node[1] else [node[4]]
    return pieces


def _time_stamped(data: bytes) -> Opened:
    """Open a .tsd: a file and its time stamps (RFC 5544). Who stamped it is no signer of it."""
    parts = _children(parser.parse(data)[4])
    held = [part for part in parts if part[:1] == (0,) and part[2] == _OCTET_STRING]
    evidence = [part for part in parts if part[0] == _CONTEXT]
    stamps = sum(len(_children(part[4])) for part in evidence)
    return Opened(
        layer=Layer(Wrapping.TIME_STAMPED, time_stamps=stamps),
        content=_bytes_of(_raw(held[0])) if held else None,
        is_time_stamp=not held,
    )
