"""What the check of conformance notices: what is right passes, and each fault is told."""

import io
import re

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from risk.paper.pdf import write_pdf
from risk.paper.plan import Attachment, attach
from tests.conformance import faults, streams_of_wrong_length
from tests.long_tables import faults_of_long_tables
from tests.risk.paper.reading import elements

ROWS = 1_100
"""More than the validator looks at by itself."""


@pytest.fixture(scope="module")
def short_table() -> bytes:
    rows = "".join(f"<tr><th scope=row>{n}</th><td>Testo {n}</td></tr>" for n in range(3))
    head = "<thead><tr><th scope=col id=t-a>N.</th><th scope=col id=t-b>Testo</th></tr></thead>"
    title = "<html lang=it><title>Lunga</title><h1>Lunga</h1>"
    return write_pdf(f"{title}<table>{head}{rows}</table>")


@pytest.fixture(scope="module")
def long_table(short_table) -> bytes:
    """A table of which three rows are drawn, and many more are only tagged."""
    return changed(short_table, longer)


def longer(book: pikepdf.Pdf) -> None:
    """Repeat the last row, each time with a head of its own name that its cell is under."""
    row = [one for one in elements(book.Root.StructTreeRoot) if one.S == "/TR"][-1]
    head, cell = row.K
    column = next(name for name in cell.A.Headers if str(name) != str(head.ID))
    for number in range(ROWS):
        empty = book.make_indirect(Dictionary(S=Name.TR, P=row.P, Type=Name.StructElem))
        named = String(f"{head.ID}-{number}")
        first = Dictionary(S=Name.TH, P=empty, A=head.A, ID=named, Type=Name.StructElem)
        second = Dictionary(S=Name.TD, P=empty, Type=Name.StructElem)
        second.A = Dictionary(O=Name.Table, Headers=Array([column, named]))
        empty.K = Array([book.make_indirect(one) for one in (first, second)])
        row.P.K.append(empty)


def changed(pdf: bytes, change) -> bytes:
    """Return a PDF whose document `change` has changed."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        change(book)
        out = io.BytesIO()
        book.save(out, deterministic_id=True)
    return out.getvalue()


def last_row(book: pikepdf.Pdf) -> pikepdf.Object:
    return [one for one in elements(book.Root.StructTreeRoot) if one.S == "/TR"][-1]


def spanning_too_far(book: pikepdf.Pdf) -> None:
    last_row(book).K[0].A = Dictionary(O=Name.Table, Scope=Name.Row, RowSpan=3)


def one_cell_fewer(book: pikepdf.Pdf) -> None:
    del last_row(book).K[1]


def under_another_row(book: pikepdf.Pdf) -> None:
    last_row(book).K[1].A.Headers[1] = last_row(book).P.K[0].K[0].ID


def without_a_scope(book: pikepdf.Pdf) -> None:
    last_row(book).K[0].A = Dictionary(O=Name.Table)


def with_a_paragraph_in_a_row(book: pikepdf.Pdf) -> None:
    last_row(book).K[1].S = Name.P


def without_language(book: pikepdf.Pdf) -> None:
    del book.Root.Lang


def test_a_long_table_is_looked_at_to_its_end(long_table):
    assert faults(long_table) == []
    (told, *_more) = faults(changed(long_table, spanning_too_far))
    assert "TABLE" in told


def test_a_long_table_is_read_by_us_too(short_table, long_table):
    for change, told in (
        (spanning_too_far, "/TH 4, 1 spans beyond the last row"),
        (one_cell_fewer, "row 4 has a hole"),
        (under_another_row, "/TD 4, 2 is not under"),
        (without_a_scope, "/TH 4, 1 with scope “”"),
        (with_a_paragraph_in_a_row, "/P in /TR 4"),
    ):
        spoilt = changed(short_table, change)
        assert told in faults_of_long_tables(spoilt, more_than=0)[0]
        assert faults_of_long_tables(spoilt) == []
    (told,) = faults_of_long_tables(changed(long_table, one_cell_fewer))
    assert f"row {ROWS + 4} has a hole" in told


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
