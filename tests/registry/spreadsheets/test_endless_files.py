"""Small files made so that reading them would take hours, or end in an error nobody foresaw."""

from contextlib import suppress
from functools import partial

import pytest

from registry.spreadsheets import limits
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.workbook import UnreadableFile
from tests.messy_workbooks import as_docx, as_ods, as_other_xlsx, as_xlsx
from tests.processor import at_most_seconds
from tests.registry.spreadsheets.test_bad_files import GRID, SHEET, refusal, with_cells, with_part

SECONDS = 15
"""Each of these took minutes to years; the files of this size that are honest take one second."""


soon = partial(at_most_seconds, SECONDS)


@pytest.mark.parametrize(
    "noise",
    [b"<c>" * 300_000, b"<c-" * 300_000, b'<c t="s" ' * 100_000, b't="s"' * 200_000, b"<c r=" * 9],
)
@pytest.mark.parametrize("inside", [b"<!--%s-->", b"%s"])
def test_tags_that_never_end_are_looked_through_once(noise, inside):
    cell = b'<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
    content = with_part(
        with_cells(""),
        SHEET,
        lambda data: data.replace(b"<sheetData>", b"<sheetData>" + cell + inside % noise),
    )
    with soon(), suppress(UnreadableFile):
        read_workbook(content, "registro.xlsx")


def test_results_that_never_end_are_looked_through_once():
    noise = "<!--" + "<v>" * 300_000 + "-->"
    content = with_cells(f'<row r="1"><c r="A1"><f>1+1</f>{noise}</c></row>')
    with soon(), suppress(UnreadableFile):
        read_workbook(content, "registro.xlsx")


def test_a_cell_of_a_hundred_thousand_paragraphs_is_read_once():
    def change(data: bytes) -> bytes:
        return data.replace(b"<text:p>Gare</text:p>", b"<text:p>a</text:p>" * 30_000)

    content = with_part(as_ods(GRID), "content.xml", change)
    with soon():
        read_workbook(content, "registro.ods")


def test_many_empty_rows_are_passed_over():
    def change(data: bytes) -> bytes:
        return data.replace(b"</table:table>", b"<table:table-row/>" * 100_000 + b"</table:table>")

    content = with_part(as_ods(GRID), "content.xml", change)
    with soon():
        (sheet,) = read_workbook(content, "registro.ods").sheets[:1]
    assert len(sheet.rows) == 2


def document_with(more: bytes, *, before: bytes) -> bytes:
    return with_part(
        as_docx(GRID), "word/document.xml", lambda data: data.replace(before, more + before)
    )


def test_rows_of_no_cell_count_in_a_document_too():
    rows = b"<w:tr/>" * (limits.ROWS + 1)
    content = document_with(rows, before=b"</w:tbl>")
    assert "righe" in str(refusal(content, "registro.docx"))


def test_a_document_of_more_elements_than_memory_is_refused():
    many = b"<w:p/>" * (limits.TAGS + 1)
    content = document_with(many, before=b"</w:body>")
    assert "troppo grande" in str(refusal(content, "registro.docx"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<text:p>Gare</text:p>", b'<text:p><text:s text:c="x"/></text:p>'),
        (b"<table:table-row", b'<table:table-row table:number-rows-repeated="\xc2\xb2"'),
        (
            b"<text:p>Gare</text:p>",
            b"<text:p>" + b"<text:span>" * 50_000 + b"</text:span>" * 50_000 + b"</text:p>",
        ),
    ],
)
def test_an_ods_nobody_would_write_is_refused_in_words(old, new):
    content = with_part(as_ods(GRID), "content.xml", lambda data: data.replace(old, new, 1))
    assert "danneggiato" in str(refusal(content, "registro.ods"))


@pytest.mark.parametrize(
    "new",
    [
        b'<w:trPr><w:gridBefore w:val="\xc2\xb2"/></w:trPr>',
        b"<w:sdt>" * 50_000 + b"</w:sdt>" * 50_000,
    ],
)
def test_a_document_nobody_would_write_is_refused_in_words(new):
    def change(data: bytes) -> bytes:
        return data.replace(b"<w:tr>", b"<w:tr>" + new, 1)

    content = with_part(as_docx(GRID), "word/document.xml", change)
    assert "danneggiato" in str(refusal(content, "registro.docx"))


def test_what_is_honest_is_still_read():
    for write, name in ((as_xlsx, "a.xlsx"), (as_ods, "a.ods"), (as_docx, "a.docx")):
        assert read_workbook(write(GRID), name).sheets[0].rows[1][:2] == ["Gare", "ALTO"]


RICH = "<si><r><t>a </t></r></si>"


@pytest.mark.parametrize(
    "noise", ["<r>" * 300_000, "<r><t>" * 200_000, "<strike " * 200_000, "<rFont " * 200_000]
)
def test_runs_that_never_end_are_looked_through_once(noise):
    shared = f"<sst><!--{noise}-->{RICH}<si><r><t>b</t></r><!--{noise}--></si></sst>"
    content = with_part(as_other_xlsx(GRID), "xl/sharedStrings.xml", lambda _old: shared.encode())
    with soon(), suppress(UnreadableFile):
        read_workbook(content, "registro.xlsx")


@pytest.mark.parametrize(
    "noise",
    [
        "<row hidden='1' " * 200_000,
        "<autoFilter ref='A1:B2'><filterColumn colId='0'>" * 100_000,
        "<col min='1' max='300' hidden='1'/>" * 100_000,
        "<is><r>" * 200_000,
    ],
)
def test_marks_of_rows_that_never_end_are_looked_through_once(noise):
    rows = "".join(f'<row r="{n}" hidden="1"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 3))
    content = with_cells(f"{rows}<!--{noise}-->")
    with soon(), suppress(UnreadableFile):
        read_workbook(content, "registro.xlsx")


def test_a_cell_of_a_document_of_very_many_paragraphs_is_read_once():
    many = b"<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>a</w:t></w:r><w:r><w:t>b</w:t></w:r></w:p>"
    content = document_with(many * 8_000, before=b"</w:tc>")
    with soon(), suppress(UnreadableFile):
        read_workbook(content, "registro.docx")


def test_styles_based_on_thousands_of_others_are_looked_up_soon():
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(4_000)
    )
    content = with_part(
        as_docx(GRID),
        "word/styles.xml",
        lambda data: data.replace(b"</w:styles>", f"{styles}</w:styles>".encode()),
    )
    many = b"".join(
        b'<w:p><w:pPr><w:pStyle w:val="s%d"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>' % n
        for n in range(4_000)
    )
    with soon():
        content = with_part(
            content,
            "word/document.xml",
            lambda data: data.replace(b"</w:tc>", many + b"</w:tc>", 1),
        )
        read_workbook(content, "registro.docx")
