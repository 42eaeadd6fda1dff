"""A PDF written once, with what signers write again outside what is packed.

The linearised form (`risk.paper.tags.signable`) has that too, but all objects are read and written
a second time for it. Here two objects alone are written again behind the others, and the table of
objects (ISO 32000-1, 7.5.8) told of it. LibreOffice signs such a file, and none in which a later
revision does the same: of two tables it believes the older.
"""

import re
import zlib
from collections.abc import Mapping
from io import BytesIO

import pikepdf

from risk.paper.tags import signable

_FIELDS = re.compile(rb"/W \[ 1 (\d) (\d) \]")
_LENGTH = re.compile(rb"/Length \d+")
_NOT_PACKED = b"\x01"
_UP = b"\x02"
"""Each line of the table is written as what it has more than the one before."""


def write_once(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of a PDF, packed but for catalogue and first page; the same each time."""
    try:
        return _written(pdf)
    except OverflowError:
        # two objects more make places longer than its table has room for
        return signable(pdf)


def _written(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    mode = pikepdf.ObjectStreamMode.generate
    pdf.save(out, deterministic_id=True, object_stream_mode=mode)
    out.seek(0)
    with pikepdf.open(out) as packed:
        again = sorted((packed.Root, packed.pages[0].obj), key=lambda one: one.objgen)
        objects = {one.objgen[0]: one.unparse(resolved=True) for one in again}
    whole = out.getvalue()
    start = int(whole[whole.rindex(b"startxref") :].split()[1])
    begin = whole.index(b"stream\n", start) + len(b"stream\n")
    head = whole[start:begin]
    places, parts, end = {}, [whole[:start]], start
    for number, content in objects.items():
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, content))
        places[number], end = end, end + len(parts[-1])
    # the table is an object itself
    places[int(head.split(maxsplit=1)[0])] = end
    table = _told(zlib.decompressobj().decompress(whole[begin:]), head, places)
    parts += [
        _LENGTH.sub(b"/Length %d" % len(table), head),
        table,
        b"\nendstream\nendobj\n\nstartxref\n%d\n%%%%EOF\n" % end,
    ]
    return b"".join(parts)


def _told(table: bytes, head: bytes, places: Mapping[int, int]) -> bytes:
    """Return the table of objects with the places of some that are packed no more."""
    fields = _FIELDS.search(head)
    if fields is None:
        raise ValueError(head)
    offset, rest = int(fields[1]), int(fields[2])
    width = 2 + offset + rest
    lines = bytearray(table)
    for number, place in places.items():
        line = _NOT_PACKED + place.to_bytes(offset, "big") + bytes(rest)
        before, after = (_line(lines, row, width) for row in (number - 1, number + 1))
        lines[number * width : (number + 1) * width] = _UP + _less(line, before)
        if after:
            lines[(number + 1) * width : (number + 2) * width] = _UP + _less(after, line)
    return zlib.compress(bytes(lines), 9)


def _line(lines: bytearray, row: int, width: int) -> bytes:
    """Return a line of the table itself; nothing behind the last."""
    end = (row + 1) * width
    if end > len(lines):
        return b""
    return bytes(sum(lines[column:end:width]) % 256 for column in range(1, width))


def _less(line: bytes, before: bytes) -> bytes:
    return bytes((one - other) % 256 for one, other in zip(line, before, strict=True))
