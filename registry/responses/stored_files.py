"""Answering a file that was stored once: as it is, or deflated to whoever takes it."""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header, quote_etag

from registry.services.stored_files import StoredFile

IN_ONE_PIECE = 256 * 1024
"""Bytes that are read whole and not in pieces."""
_CHUNK = 1 << 16
_GZIP_HEAD = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"
"""Deflated, no name, no moment, by the slowest way, on no system in particular (RFC 1952, 2.3)."""


def stored_file(
    request: HttpRequest, file: StoredFile, *, name: str, content_type: str, end: bytes = b""
) -> HttpResponseBase:
    """Answer a stored file with `end` after it, or 304 to whoever has the same already.

    The mark is the digest of the file, and that of the end where there is one. Raises
    `FileNotFoundError` when the file has gone since its index was read.
    """
    takes_gzip = accepts_gzip(request.headers.get("Accept-Encoding", ""))
    mark = file.digest + (f"-{hashlib.sha256(end).hexdigest()[:16]}" if end else "")
    marks = {is_packed: quote_etag(mark + "-gzip" * is_packed) for is_packed in (False, True)}
    response = (
        get_conditional_response(request, etag=marks[takes_gzip])
        or _known_otherwise(request, marks[not takes_gzip])
        or _answer(file, end, content_type, is_packed=takes_gzip)
    )
    response.headers["ETag"] = marks[takes_gzip]
    if response.status_code == HTTPStatus.OK:
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _known_otherwise(request: HttpRequest, mark: str) -> HttpResponse | None:
    """Return 304 to whoever has the same bytes in the other form."""
    if "If-None-Match" not in request.headers:
        return None
    known = get_conditional_response(request, etag=mark)
    return known if known is not None and known.status_code == HTTPStatus.NOT_MODIFIED else None


def accepts_gzip(header: str) -> bool:
    """Tell whether an `Accept-Encoding` takes gzip (RFC 9110, 12.5.3)."""
    asked = {}
    for part in header.lower().split(","):
        coding, _mark, weight = part.partition(";")
        asked[coding.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return asked.get("gzip", asked.get("*", False))


def _answer(
    file: StoredFile, end: bytes, content_type: str, *, is_packed: bool
) -> HttpResponse | StreamingHttpResponse:
    path, before, after = (file.path, b"", end)
    size = file.size
    if is_packed:
        path, before, after = file.deflated_path, _GZIP_HEAD, _gzip_end(file, end)
        size = file.deflated_size
    length = len(before) + size + len(after)
    response: HttpResponse | StreamingHttpResponse
    if length <= IN_ONE_PIECE:
        response = HttpResponse(before + path.read_bytes() + after, content_type)
    else:
        response = StreamingHttpResponse(_pieces(path, before, after), content_type)
    response.headers["Content-Length"] = str(length)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _pieces(path: Path, before: bytes, after: bytes) -> Iterator[bytes]:
    if before:
        yield before
    with path.open("rb") as opened:
        while piece := opened.read(_CHUNK):
            yield piece
    if after:
        yield after


def _gzip_end(file: StoredFile, end: bytes) -> bytes:
    """Return what closes a deflated form that was left open, with `end` in it (RFC 1952, 2.3.1)."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    last = deflate.compress(end) + deflate.flush()
    size = (file.size + len(end)) & 0xFFFFFFFF
    return last + struct.pack("<II", zlib.crc32(end, file.crc), size)
