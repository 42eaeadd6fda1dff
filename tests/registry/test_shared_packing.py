"""What is kept around pieces of earlier rows is got back byte by byte."""

import base64
import hashlib
import re

import pytest

from registry.packing import pack, unpack
from registry.shared_packing import (
    EMBEDDED_FILES,
    PDF_STREAMS,
    EarlierRow,
    pack_shared,
    rows_shared_with,
    unpack_shared,
)

NOISE = hashlib.shake_256(b"carta").digest(400_000)


def pdf_of(*pages: int) -> bytes:
    """Return what looks like a PDF of numbered pages, each 4 kB that no form makes shorter."""
    streams = [NOISE[n * 4000 : (n + 1) * 4000] for n in pages]
    parts = [b"%d 0 obj\nstream\n%b\nendstream\n" % row for row in enumerate(streams)]
    return b"%PDF-1.7\n" + b"".join(parts) + repr(pages).encode()


class Rows:
    """Rows as a table keeps them, by name."""

    def __init__(self, cut: re.Pattern[bytes] = PDF_STREAMS) -> None:
        self.cut, self.kept, self.read = cut, {}, []

    def add(self, name: str, content: bytes, *earlier: str, is_text: bool = False) -> bytes:
        before = [EarlierRow(one, self.content(one), self.kept[one]) for one in earlier]
        self.kept[name] = pack_shared(content, before, self.cut, is_text=is_text)
        return self.kept[name]

    def content(self, name: str) -> bytes:
        kept = self.kept[name]
        whole = unpack_shared(kept, self._some)
        return unpack(kept) if whole is None else whole

    def _some(self, names):
        self.read = list(names)
        return {name: self.kept[name] for name in names if name in self.kept}


def test_an_edition_keeps_but_the_pages_that_changed():
    rows = Rows()
    editions = {"a": pdf_of(1, 2, 3, 4, 5, 6), "b": pdf_of(1, 2, 9, 4, 5, 6), "c": pdf_of(2, 9, 8)}
    rows.add("a", editions["a"])
    rows.add("b", editions["b"], "a")
    rows.add("c", editions["c"], "b")

    assert {name: rows.content(name) for name in editions} == editions
    sizes = {name: len(kept) // 4000 for name, kept in rows.kept.items()}
    assert sizes == {"a": 6, "b": 1, "c": 1}
    # whatever the second keeps of the first is said of the first: no row leads to another
    rows.content("c")
    assert rows.read == ["a", "b"]
    assert rows_shared_with(rows.kept["b"]) == {"a"}


@pytest.mark.parametrize("form", [pack, lambda content: content], ids=["packed", "as it was"])
def test_pieces_of_a_row_of_any_form_are_shared(form):
    rows = Rows()
    rows.kept["a"] = form(pdf_of(1, 2))
    rows.add("b", pdf_of(2, 7), "a")

    assert rows.content("b") == pdf_of(2, 7)
    assert len(rows.kept["b"]) < 4500


def test_what_shares_nothing_is_packed_as_any():
    rows = Rows()
    rows.add("a", pdf_of(1))
    assert rows.add("b", pdf_of(2), "a") == pack(pdf_of(2))
    assert rows.add("c", b"", "a") == b""
    assert unpack_shared(rows.kept["b"], dict) is None
    assert rows_shared_with(rows.kept["b"]) == set()


def test_a_lost_row_makes_another_content_and_no_error():
    rows = Rows()
    rows.add("a", pdf_of(1, 2))
    rows.add("b", pdf_of(1, 2), "a")
    del rows.kept["a"]

    assert rows.content("b") != pdf_of(1, 2)
    assert len(rows.content("b")) < 200


def test_nothing_is_shared_with_a_row_that_lacks_its_pieces():
    small = b"stream\n" + NOISE[-300:] + b"\nendstream\n"
    rows = Rows()
    rows.add("a", pdf_of(1, 2))
    rows.add("b", pdf_of(1, 2) + small, "a")
    lost = rows.kept.pop("a")
    rows.add("c", small, "b")
    rows.kept["a"] = lost

    assert rows.content("c") == small


def test_a_row_that_says_other_bytes_makes_another_content():
    rows = Rows()
    rows.add("a", pdf_of(1, 2))
    rows.add("b", pdf_of(1, 2), "a")
    rows.kept["a"] = pack(pdf_of(1, 3))

    assert rows.content("b") == pdf_of(1, 3)[: -len("(1, 3)")] + b"(1, 2)"


def test_fonts_of_a_page_are_kept_by_the_first_alone():
    font = base64.b64encode(NOISE[:30_000])
    page = b"<style>src: url(data:font/woff2;base64,%b)</style><p>Perch\xc3\xa9 %d</p>"
    rows = Rows(EMBEDDED_FILES)
    rows.add("a", page % (font, 1), is_text=True)
    rows.add("b", page % (font, 2), "a", is_text=True)

    assert rows.content("b") == page % (font, 2)
    assert len(rows.kept["b"]) < 250 < len(rows.kept["a"])
