"""The PDF for those who do not see it, and for those who open it in twenty years."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from risk.paper.html import render_pdf
from tests.conformance import faults
from tests.long_tables import faults_of_long_tables
from tests.risk.paper import published
from tests.risk.paper.reading import elements, tables

ALL = ["catalogo", "tabella", "schede", "completo", "nasty"]


@pytest.fixture(params=ALL)
def printed(request):
    return request.getfixturevalue(request.param)


def test_the_file_says_what_it_is(printed):
    pdf = printed.opened()
    root = pdf.Root
    assert str(root.Lang) == "it"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert root.StructTreeRoot.K
    assert str(pdf.docinfo["/Author"]) == published.ADMINISTRATION
    assert published.PLAN in str(pdf.docinfo["/Title"])
    assert "/CreationDate" not in pdf.docinfo
    assert "/ModDate" not in pdf.docinfo
    assert root.Outlines.Count != 0


def test_metadata_claim_both_standards_and_explain_the_second(printed):
    xmp = printed.opened().Root.Metadata.read_bytes().decode()
    assert re.search(r'pdfaid:part="2"', xmp)
    assert re.search(r'pdfaid:conformance="A"', xmp)
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in xmp
    metadata = printed.opened().open_metadata()
    assert metadata["pdfuaid:part"] == "1"
    assert metadata.pdfa_status == "2A"


def test_all_fonts_are_embedded_and_map_to_text(printed):
    used = printed.opened().pages[0].Resources.Font.values()
    below = [font.DescendantFonts[0] if "/DescendantFonts" in font else font for font in used]
    fonts = [font.FontDescriptor for font in below]
    assert fonts
    assert all("/ToUnicode" in font for font in used)
    for font in fonts:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()), font.FontName
    names = " ".join(str(font.FontName) for font in fonts)
    assert "Titillium" in names


def test_a_validator_finds_nothing_against_either_standard(printed):
    assert faults(printed.data) == []
    # nor does our reading of tags, asked of the short tables as of those the validator leaves to it
    assert faults_of_long_tables(printed.data, more_than=0) == []


def test_qpdf_finds_no_error(printed):
    assert printed.opened().check_pdf_syntax() == []


def test_every_grid_is_whole_and_each_cell_is_under_its_head(printed):
    for cells in tables(printed.opened()):
        by_id = {cell.id: cell for cell in cells if cell.id}
        assert len(by_id) == sum(cell.kind == "/TH" for cell in cells)
        heads = [cell for cell in cells if cell.scope == "/Column"]
        for cell in cells:
            assert (cell.scope != "") == (cell.kind == "/TH")
            named = [by_id[name] for name in cell.headers]
            for head in named:
                assert head.columns & cell.columns or head.rows & cell.rows
            beside = {one.id for one in cells if one.scope == "/Row" and one.rows & cell.rows}
            if cell.kind == "/TD" and beside:
                assert beside & set(cell.headers)
            if cell.kind == "/TD" and heads:
                above = {head.id for head in heads if head.columns & cell.columns}
                assert above <= set(cell.headers)


def test_merged_cells_are_linked_to_the_activities_and_phases_they_span(tabella):
    (cells,) = tables(tabella.opened())
    columns = {cell.name: cell for cell in cells if cell.scope == "/Column"}
    assert len(columns) == 7
    rows = [cell for cell in cells if cell.scope == "/Row"]
    activity = columns["tabella-attivita"].columns
    phase = columns["tabella-fasi"].columns
    for cell in cells:
        if cell.kind == "/TH" and cell.scope == "/Column":
            continue
        expected = {
            head.id
            for head in rows
            if head.rows & cell.rows
            and head is not cell
            and (
                (head.columns == activity and cell.columns != activity)
                or (
                    head.columns == phase
                    and cell.columns == columns["tabella-comportamento"].columns
                )
            )
        }
        column = {head.id for head in columns.values() if head.columns == cell.columns}
        assert set(cell.headers) == expected | column


def test_a_table_over_pages_is_one_table_with_one_head(catalogo, tabella):
    for printed, rows in ((catalogo, 28), (tabella, 19)):
        pdf = printed.opened()
        found = list(elements(pdf.Root.StructTreeRoot))
        assert sum(element.S == "/Table" for element in found) == 1
        assert sum(element.S == "/THead" for element in found) == 1
        assert sum(element.S == "/TR" for element in found) == rows + 1


def test_a_section_over_pages_is_one_and_a_paragraph_stands_in_no_other(completo):
    pdf = completo.opened()
    found = list(elements(pdf.Root.StructTreeRoot))
    (article,) = [one for one in found if one.S == "/Art"]
    titles = [named_of(one) for one in elements(article) if one.S == "/Sect"]
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    spread = [
        {pages[below.Pg.objgen] for below in elements(one)} for one in article.K if one.S == "/Sect"
    ]
    # the catalogue, the table, and the sheets on all the pages they have
    assert len(spread) == 3
    assert [len(one) for one in spread][2] > 2
    assert len(set().union(*spread)) == sum(map(len, spread))
    assert titles.count("/H3") == 2
    assert not [one for one in found if one.S == one.P.get("/S") == "/P"]
    assert pdf.Root.PageLabels.Nums[1] == pikepdf.Dictionary(S=pikepdf.Name.D)


def named_of(section: pikepdf.Object) -> str:
    """Return what kind of heading a section begins with."""
    return next((str(one.S) for one in elements(section) if str(one.S)[:2] == "/H"), "")


def test_each_table_says_what_it_is(printed):
    found = elements(printed.opened().Root.StructTreeRoot)
    for table in (one for one in found if one.S == "/Table"):
        captions = [one for one in table.K if one.S == "/Caption"]
        assert len(captions) == 1 or str(table.A.Summary).strip()


def test_all_content_is_tagged_or_artifact(printed):
    pdf = printed.opened()
    owners = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    by_page = dict(zip([int(key) for key in owners[::2]], owners[1::2], strict=True))
    reachable = {element.objgen for element in elements(pdf.Root.StructTreeRoot)}
    for page in pdf.pages:
        mapped = by_page[int(page.StructParents)]
        drawn = set()
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                drawn.add(int(operands[1].MCID))
        owned = {index for index, owner in enumerate(mapped) if owner is not None}
        assert drawn == owned
        assert all(mapped[index].objgen in reachable for index in drawn)


def test_running_heads_are_artifacts(catalogo):
    pdf = catalogo.opened()
    kinds = {str(element.S) for element in elements(pdf.Root.StructTreeRoot)}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= kinds
    # "BOZZA" is drawn once a page and never tagged, so a reader is not told it at each page.
    for page in pdf.pages:
        operators = [
            (str(operator), operands) for operands, operator in pikepdf.parse_content_stream(page)
        ]
        assert any(
            name == "BMC" and str(operands[0]) == "/Artifact" for name, operands in operators
        )


def test_each_link_says_where_it_leads(completo):
    links = [
        annotation
        for page in completo.opened().pages
        for annotation in page.get("/Annots", [])
        if annotation.Subtype == "/Link"
    ]
    told = [str(link.Contents) for link in links]
    assert told[:3] == ["Catalogo dei processi", "Tabella dei rischi", "Schede dei processi"]
    assert len(told) == 5
    assert all(text.strip() for text in told)


def test_bookmarks_lead_to_parts_and_processes(completo):
    titles = []

    def walk(items):
        for item in items:
            titles.append(item.title)
            walk(item.children)

    with completo.opened().open_outline() as outline:
        walk(outline.root)
    assert "SCHEDE DEI PROCESSI" in titles
    title = "Affidamento diretto di servizi e forniture sotto soglia"
    assert [one for one in titles if title in one] == [
        f"Processo n. {number} {title}" for number in (1, 2)
    ]
    assert "Fasi e azioni" not in titles


def test_the_same_data_give_the_same_bytes_in_another_process(tabella):
    script = (
        "import django, hashlib; django.setup();"
        "from risk.paper.html import render_pdf;"
        "from tests.risk.paper.published import published_table;"
        "print(hashlib.sha256(render_pdf(published_table(), layout='tabella')).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root
    )
    assert other.stdout.strip() == hashlib.sha256(tabella.data).hexdigest()


def test_the_same_data_give_the_same_bytes_again(catalogo):
    assert render_pdf(published.published_catalogue(), layout="catalogo") == catalogo.data
