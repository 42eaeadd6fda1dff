"""A row longer than a page: it begins where it stands, below the heads of its table."""

import io
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from risk.paper.html import PAPER_STYLESHEETS, style_of
from risk.paper.long_rows import CUT, LONG_ROW, let_long_rows_be_cut
from risk.paper.pdf import write_pdf
from tests.conformance import faults

LONG = "parola " * (5_000 // 7)
TABLE = """<!doctype html>
<html lang="it"><head><title>Prova</title><style>{style}</style></head>
<body><main class="paper"><h1 id="titolo">Esiti</h1>
<table class="paper-table {kind}" aria-labelledby="titolo">
<thead><tr><th scope="col">Da chi</th><th scope="col">Contributo</th></tr></thead>
<tbody>
<tr><th scope="row">prima</th><td>breve</td></tr>
<tr><th scope="row">seconda</th><td><p>inizio</p><p>{text}</p></td></tr>
</tbody></table></main></body></html>"""


def pages(text: str, *, kind: str = "") -> list[str]:
    style = style_of(PAPER_STYLESHEETS, embed=False)
    pdf = write_pdf(TABLE.format(style=style, text=text, kind=kind))
    assert faults(pdf) == []
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_it_begins_below_the_title_and_goes_on_below_the_heads():
    first, *others = pages(LONG)
    assert "prima" in first
    assert "inizio" in first
    assert others
    assert all("Contributo" in page for page in (first, *others))


def test_what_is_kept_whole_would_leave_the_page_before_it():
    """The rows of the tabella are measured, and say themselves which may be cut."""
    first, *_others = pages(LONG, kind="paper-table-tabella")
    assert "inizio" not in first


@pytest.mark.parametrize(("signs", "cut"), [(LONG_ROW, False), (LONG_ROW + 1, True)])
def test_how_long_it_must_be(signs, cut):
    row = f"<tr class='a'><td> {'x' * signs} </td></tr>"
    tree = ElementTree.fromstring(f"<div><table>{row}</table></div>")  # noqa: S314 (ours)
    let_long_rows_be_cut(tree)
    assert tree.find(".//tr").get("class") == ("a " + CUT if cut else "a")
