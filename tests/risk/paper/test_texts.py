"""Annexes and plans as DOCX and ODT: all they say is there when a word processor opens them."""

import dataclasses
import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document
from docx.oxml.ns import qn
from odfdo import Document as OpenDocument
from pypdf import PdfReader

from risk.content.plan_facts import PlanFacts, annex_facts
from risk.content.plan_parts import parts_of
from risk.content.plan_values import BoundPlan, PlanAct, PlanEmblem
from risk.content.values import Entry, ProcessRow, Texts
from risk.enums import Layout
from risk.paper.annex_blocks import annex_book
from risk.paper.blocks import (
    TEXT_FORMATS,
    BlockCell,
    Book,
    Heading,
    Paragraph,
    TableBlock,
    TextStyle,
)
from risk.paper.image_sizes import fitted
from risk.paper.plan_blocks import AnnexText, plan_book
from risk.paper.text_widths import column_widths
from risk.services.printing.rendering import text_of as written
from tests.calc import converted
from tests.risk.paper import samples
from tests.risk.paper.reading import text_of

NOT_SAID = {"uid", "macroprocess_key", "tone", "texts", "name"}
"""What tells rows apart or colours them, blocks of other layouts, and names without their text."""


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 6"><path d="M0 0h9v6"/></svg>'
EMBLEM = PlanEmblem("image/svg+xml", DRAWING, "Stemma & motto")


def plan_of(document) -> Book:
    body, title = document.administration, document.plan
    front = BoundPlan(body, title, "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    parts = parts_of(PlanFacts((annex_facts(document),), (), (), ()))
    told = {"drafted_on": "01/02/2021", "version": "a1b2c3d4e5f6", "emblem": EMBLEM}
    front = dataclasses.replace(front, parts=parts, **told)
    return plan_book(front, [AnnexText("Allegato 1 – SERVIZI TECNICI", "bozza", document)])


COVER = Texts(title="REGISTRO DEI RISCHI", introduction="Questo allegato ha tre parti.")
WORKED = dataclasses.replace(
    samples.worked(2), texts={**samples.worked(2).texts, Layout.COMPLETE.value: COVER}
)
BOOKS = {
    "allegato": annex_book(samples.worked(2), Layout.COMPLETE),
    "ostile": annex_book(samples.nasty(), Layout.COMPLETE),
    "piano": plan_of(WORKED),
}
KEYS = [f"{name}.{suffix}" for name in BOOKS for suffix in TEXT_FORMATS]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {key: written(BOOKS[key.split(".")[0]], key.split(".")[1]) for key in KEYS}


@pytest.fixture(scope="module")
def read(files) -> dict[str, str]:
    """The words of each file, as LibreOffice says them; it is started once for all."""
    named = {key.replace(".", "-") + "." + key.split(".")[1]: file for key, file in files.items()}
    found = converted(named, "txt:Text (encoded):UTF8")
    return {key: text_of(found[key.replace(".", "-") + ".txt"].decode()) for key in KEYS}


def said(value) -> Iterator[str]:
    """Give every line that a document says."""
    if isinstance(value, str):
        yield from value.split("\n")
    elif isinstance(value, tuple):
        for one in value:
            yield from said(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if isinstance(value, Entry) and field.name == "label":
                # two may stand as one on paper
                continue
            if isinstance(value, ProcessRow) and field.name == "measures":
                yield from said(tuple(text for _uid, text in value.measures))
            elif field.name not in NOT_SAID:
                yield from said(getattr(value, field.name))


def shown(line: str) -> str:
    """Return a line without what no paper carries."""
    return text_of(line.replace("\x07", " ").replace("'", "’"))


@pytest.mark.parametrize("key", KEYS)
def test_nothing_that_is_said_is_lost(key, read):
    document = samples.nasty() if "ostile" in key else samples.worked(2)
    text = read[key].replace("'", "’")
    # what its cover says as well, where it is one of a plan
    cover = (COVER.title, COVER.introduction) if "piano" in key else ()
    assert [one for one in cover if shown(one) not in text] == []
    assert [line for line in said(document) if shown(line) not in text] == []


@pytest.mark.parametrize("key", KEYS)
def test_every_block_is_there_in_both_formats(key, read):
    texts = []
    for block in BOOKS[key.split(".")[0]].blocks:
        match block:
            case Heading() | Paragraph():
                texts.append(block.text)
            case TableBlock():
                cells = [cell for row in block.rows for cell in row if cell]
                texts += [*block.heads, *(line for cell in cells for line in cell.lines)]
    assert len(texts) > 50
    text = read[key].replace("'", "’")
    assert [one for one in texts if shown(one) not in text] == []


def test_a_docx_has_real_headings_repeated_heads_named_styles_and_its_language(files):
    docx = Document(io.BytesIO(files["allegato.docx"]))
    headings = [one for one in docx.paragraphs if one.style.name.startswith("Heading")]
    told = [(one.text, int(one.style.name[-1])) for one in headings]
    assert told == [(one.text, one.level) for one in BOOKS["allegato"].headings(6)]
    tables = [one for one in BOOKS["allegato"].blocks if isinstance(one, TableBlock)]
    assert len(docx.tables) == len(tables)
    for table, block in zip(docx.tables, tables, strict=True):
        assert len(table.rows) == len(block.rows) + bool(block.heads)
        assert len(table._tbl.xpath("./w:tr/w:trPr/w:tblHeader")) == bool(block.heads)
        assert table.style.name == "Tabella del piano"
        # by a name and by a number: one of labels alone has no first row that is a head
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        is_head = bool(int(look.get(qn("w:val")), 16) & 0x20)
        assert is_head == (look.get(qn("w:firstRow")) == "1") == bool(block.heads)
    assert {one.value for one in TextStyle} <= {style.name for style in docx.styles}
    assert docx.core_properties.title == BOOKS["allegato"].title
    assert docx.core_properties.language == "it-IT"
    assert docx.styles.element.xpath("./w:docDefaults//w:lang/@w:val") == ["it-IT"]
    assert [section.orientation for section in docx.sections] == [0, 1, 0]
    assert "BOZZA" in docx.sections[0].header.paragraphs[0].text


def test_an_odt_has_real_headings_repeated_heads_named_styles_and_its_language(files):
    odt = OpenDocument(io.BytesIO(files["allegato.odt"]))
    told = [(one.inner_text, int(one.level)) for one in odt.body.headers]
    assert told == [(one.text, one.level) for one in BOOKS["allegato"].headings(6)]
    tables = [one for one in BOOKS["allegato"].blocks if isinstance(one, TableBlock)]
    content = zipfile.ZipFile(io.BytesIO(files["allegato.odt"])).read("content.xml").decode()
    assert content.count("<table:table ") == len(tables)
    assert content.count("<table:table-header-rows") == sum(bool(one.heads) for one in tables)
    rows = sum(len(one.rows) + bool(one.heads) for one in tables)
    assert content.count("<table:table-row ") == rows
    shown_names = {style.get_attribute("style:display-name") for style in odt.get_styles()}
    assert {one.value for one in TextStyle} <= shown_names
    assert odt.meta.title == BOOKS["allegato"].title
    assert (odt.language, odt.meta.language) == ("it-IT", "it-IT")
    styles = zipfile.ZipFile(io.BytesIO(files["allegato.odt"])).read("styles.xml").decode()
    assert 'style:print-orientation="landscape"' in styles
    assert "BOZZA" in styles


def test_a_cell_that_spans_rows_leaves_none_of_them_without_its_place():
    (table,) = (
        one
        for one in BOOKS["allegato"].blocks
        if isinstance(one, TableBlock) and one.caption == "Tabella dei rischi"
    )
    left = [0] * len(table.heads)
    for row in table.rows:
        assert len(row) == len(table.heads)
        for column, cell in enumerate(row):
            assert (cell is None) == (left[column] > 0)
            left[column] = (cell.rowspan if isinstance(cell, BlockCell) else left[column]) - 1
    assert left == [0] * len(table.heads)


@pytest.mark.parametrize(
    ("columns", "whole", "least"),
    [
        # a date among long texts, on an upright page
        (["31/12/2022", *["parola " * 40] * 4], 92, (10, 6, 6, 6, 6)),
        # more columns than have room still share the page
        (["31/12/2022", *["parola " * 40] * 11], 92, (10, *[6] * 11)),
        (["n.", "Responsabilizzazione"], 92, (2, 20)),
        # capitals are wider
        (["MEDIO", *["parola " * 40] * 4], 92, (8, 6, 6, 6, 6)),
        # an address of the web does not push the others aside
        (["www." + "a" * 200, "31/12/2022"], 92, (20, 10)),
    ],
)
def test_a_column_has_room_for_its_longest_word(columns, whole, least):
    widths = column_widths([["", text] for text in columns], whole)
    room = [whole * width / max(whole, sum(widths)) for width in widths]
    assert all(one >= few for one, few in zip(room, least, strict=True)), room


def test_no_head_of_an_annex_is_broken_within_a_word():
    tables = [one for one in BOOKS["allegato"].blocks if isinstance(one, TableBlock)]
    for table in tables:
        # a bold sign of nine points is a quarter of a centimetre at most, of small ones a fifth
        whole = 25.7 if table.caption in ("Catalogo dei processi", "Tabella dei rischi") else 17.0
        for head, part in zip(table.heads, table.widths, strict=False):
            room = whole * part / sum(table.widths) - 0.3
            longest = max(head.split(), key=len)
            wanted = sum(0.25 if sign.isupper() else 0.18 for sign in longest)
            assert wanted <= room, (table.caption, head)


def test_a_column_that_says_nothing_gives_its_room_away():
    document = samples.worked(2)
    bare = {"objective": "—", "phases": (), "measures": ()}
    rows = tuple(dataclasses.replace(row, **bare) for row in document.table)
    for table, widths in (
        (document.table, (3, 3, 3, 3, 4, 4, 2)),
        (rows, (3, 2, 3, 2, 2, 2, 2)),
    ):
        book = annex_book(dataclasses.replace(document, table=table), Layout.RISK_TABLE)
        (block,) = (one for one in book.blocks if isinstance(one, TableBlock))
        assert block.widths == widths


def test_a_plan_has_a_cover_and_contents_with_the_pages_that_a_word_processor_gives_them(files):
    named = {f"{suffix}.{suffix}": files[f"piano.{suffix}"] for suffix in TEXT_FORMATS}
    # as whoever receives an ODT passes it on
    (passed_on,) = converted({"piano.odt": files["piano.odt"]}, "docx").values()
    for name, drawn in converted({**named, "passed-on.docx": passed_on}, "pdf").items():
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages]
        told = ["Comune", "2021–2023", "BOZZA del 01/02/2021", "Anna Verdi", "a1b2c3d4e5f6"]
        assert [one for one in told if one not in pages[0]] == []
        # LibreOffice takes the break above an index for none of a DOCX
        has_cover = name != "passed-on.pdf"
        assert ("Indice" in pages[0]) != has_cover
        contents = pages[1] if has_cover else "\n".join(pages[:2])
        assert "Indice" in contents
        rows = dict(re.findall(r"^(.+?)\s*\.{3,}\s*(\d+)$", contents, re.MULTILINE))
        titles = [one.text for one in BOOKS["piano"].headings(2)]
        assert list(map(text_of, rows)) == list(map(text_of, titles)), name
        for title, page in rows.items():
            assert text_of(title) in text_of(pages[int(page) - 1]), (name, title, page)
        assert f"Pag. {len(pages)} di {len(pages)}" in pages[-1], name


@pytest.mark.parametrize(
    ("suffix", "part", "name"),
    [
        ("docx", "word/document.xml", r'<w:bookmarkStart [^>]*w:name="([^"]+)"'),
        ("odt", "content.xml", r'<text:bookmark-start text:name="([^"]+)"'),
    ],
)
def test_no_two_documents_mark_a_heading_alike(files, suffix, part, name):
    """Or, put one behind the other, the contents of the second would tell pages of the first."""
    names = [
        one
        for key in ("allegato", "piano")
        for one in re.findall(
            name, zipfile.ZipFile(io.BytesIO(files[f"{key}.{suffix}"])).read(part).decode()
        )
    ]
    assert len(names) == len(set(names)) > 20
    assert max(map(len, names)) <= 40, "Word takes no longer name"


def test_an_emblem_is_in_both_formats_with_its_text_and_as_word_knows_drawings(files):
    docx = zipfile.ZipFile(io.BytesIO(files["piano.docx"]))
    written = docx.read("word/document.xml").decode()
    assert docx.read("word/media/emblema.svg") == DRAWING
    assert written.count('descr="Stemma &amp; motto"') == 2
    assert "svgBlip" in written
    assert ' TOC \\o "1-2" \\h \\z \\u ' in written
    assert b"<w:updateFields" in docx.read("word/settings.xml")
    odt = zipfile.ZipFile(io.BytesIO(files["piano.odt"]))
    content = odt.read("content.xml").decode()
    manifest = odt.read("META-INF/manifest.xml").decode()
    (picture,) = re.findall(r'xlink:href="(Pictures/[^"]+)"', content)
    assert odt.read(picture) == DRAWING
    assert "<svg:desc>Stemma &amp; motto</svg:desc>" in content
    assert 'manifest:media-type="image/svg+xml"' in manifest


def test_a_cover_says_only_what_there_is():
    act = PlanAct("Giunta comunale", "Deliberazione", "12", "31/01/2021")
    front = BoundPlan("Comune", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi", act=act)
    blocks = plan_book(front, []).blocks
    # no emblem, and no contents of an edition that says nothing yet
    assert {type(one) for one in blocks} == {Paragraph}
    told = [one.text for one in blocks]
    assert "Adottato con: Deliberazione n. 12 del 31/01/2021" in told
    assert "Organo: Giunta comunale" in told
    assert not any("BOZZA" in one or "Versione" in one for one in told)
    assert written(plan_book(front, []), "docx")
    assert written(plan_book(front, []), "odt")


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 30 20"', (4.5, 3.0)),
        ('viewBox="0,0,10,20"', (1.5, 3.0)),
        ('width="40mm" height="10mm"', (4.5, 1.125)),
        ('width="100%" height="100%"', (3.0, 3.0)),
        ('viewBox="0 0 0 0"', (3.0, 3.0)),
        ("", (3.0, 3.0)),
    ],
)
def test_an_emblem_is_as_large_as_fits(attributes, size):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()
    assert fitted("image/svg+xml", drawing, widest=4.5, highest=3.0) == size
