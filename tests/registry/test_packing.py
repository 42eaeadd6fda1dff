"""What is packed is got back byte by byte, and what never was is read as it is."""

import hashlib
import zlib

import pytest

from registry.packing import pack, pack_around, stored_stream, unpack

NOISE = hashlib.shake_256(b"carta").digest(200_000)
CONTENTS = {
    "nothing": b"",
    "a text": "Perché è così.\n".encode() * 500,
    "noise": NOISE,
    "begins as a form": b"\0z" + NOISE[:9],
    "a pdf": b"%PDF-1.7 " + NOISE[:50] * 20,
}


@pytest.mark.parametrize("is_text", [False, True])
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_what_is_packed_is_got_back(content, is_text):
    kept = pack(content, is_text=is_text)

    assert unpack(kept) == content
    assert len(kept) <= len(content) + 100


@pytest.mark.parametrize("content", [b"%PDF-1.7", b'{"format":1}', "<p>è</p>".encode(), b""])
def test_what_was_never_packed_is_read_as_it_is(content):
    assert unpack(content) == content


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 200_000])
def test_a_stream_that_compresses_nothing_is_read_by_any_reader(size):
    content = NOISE[:size]

    assert zlib.decompress(stored_stream(content)) == content


def parts_by_digest(*parts: bytes):
    known = {hashlib.sha256(part).hexdigest(): part for part in parts}
    return lambda digests: {digest: known[digest] for digest in digests if digest in known}


def test_what_is_kept_elsewhere_is_not_kept_again():
    first, second, absent = NOISE[:90_000], NOISE[90_000:], b"altro"
    whole = b"%PDF" + stored_stream(second) + b"fra" + stored_stream(first) + b"%%EOF"
    kept = pack_around(whole, [first, second, absent])

    assert len(kept) < 300
    assert unpack(kept, parts_by_digest(first, second)) == whole
    # a part that is lost, or another, makes another digest and no error
    assert unpack(kept, parts_by_digest(first)) == whole.replace(stored_stream(second), b"")
    assert pack_around(whole, [absent]) == pack(whole)


def test_a_part_that_stands_there_twice_is_kept_by_neither():
    part = NOISE[:90_000]
    whole = b"%PDF" + stored_stream(part) + b"fra" + stored_stream(part)
    kept = pack_around(whole, [part, part])

    assert len(kept) < 200
    assert unpack(kept, parts_by_digest(part)) == whole


def test_a_part_that_stands_in_another_is_left_where_it_is():
    inner = b"dentro" * 100
    outer = stored_stream(inner) + NOISE[:1000]
    whole = b"prima" + stored_stream(outer)

    assert unpack(pack_around(whole, [inner, outer]), parts_by_digest(inner, outer)) == whole
