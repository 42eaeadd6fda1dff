"""What the check of conformance notices: what is right passes, and each fault is told."""

import io
import re

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from risk.paper.pdf import write_pdf
from risk.paper.plan import Attachment, attach
from tests.conformance import faults, streams_of_wrong_length
from tests.risk.paper.reading import elements

ROWS = 1_100
"""More than the validator looks at by itself."""


@pytest.fixture(scope="module")
def long_table() -> bytes:
    """A table of which three rows are drawn, and many more are only tagged."""
    rows = "".join(f"<tr><th scope=row>{n}</th><td>Testo {n}</td></tr>" for n in range(3))
    head = "<thead><tr><th scope=col id=t-a>N.</th><th scope=col id=t-b>Testo</th></tr></thead>"
    title = "<html lang=it><title>Lunga</title><h1>Lunga</h1>"
    return changed(write_pdf(f"{title}<table>{head}{rows}</table>"), longer)


def longer(book: pikepdf.Pdf) -> None:
    row = [one for one in elements(book.Root.StructTreeRoot) if one.S == "/TR"][-1]
    cell = row.K[1]
    for _number in range(ROWS):
        empty = book.make_indirect(Dictionary(S=Name.TR, P=row.P, Type=Name.StructElem))
        cells = [Dictionary(S=Name.TD, P=empty, A=cell.A, Type=Name.StructElem) for _one in "ab"]
        empty.K = Array([book.make_indirect(one) for one in cells])
        row.P.K.append(empty)


def changed(pdf: bytes, change) -> bytes:
    """Return a PDF whose document `change` has changed."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        change(book)
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()


def spanning_too_far(book: pikepdf.Pdf) -> None:
    last = [one for one in elements(book.Root.StructTreeRoot) if one.S == "/TR"][-1]
    last.K[0].A = Dictionary(O=Name.Table, RowSpan=3)


def without_language(book: pikepdf.Pdf) -> None:
    del book.Root.Lang


def test_a_long_table_is_looked_at_to_its_end(long_table):
    assert faults(long_table) == []
    (told, *_more) = faults(changed(long_table, spanning_too_far))
    assert "TABLE" in told


def test_what_a_file_carries_is_looked_at_too(schede):
    spoilt = changed(schede.data, without_language)
    assert [one for one in faults(spoilt) if "LANG" in one]
    carrying = attach(schede.data, [Attachment("a.pdf", "Allegato", schede.data)])
    assert faults(carrying) == []
    assert faults(attach(schede.data, [Attachment("a.pdf", "Allegato", spoilt)])) == faults(spoilt)


def test_a_stream_of_another_length_is_noticed(schede):
    assert streams_of_wrong_length(schede.data) == []
    (told,) = re.findall(rb"/Length (\d+)", schede.data)[:1]
    other = b"/Length %0*d" % (len(told), int(told) - 3)
    spoilt = schede.data.replace(b"/Length " + told, other, 1)
    assert len(streams_of_wrong_length(spoilt)) == 1
