"""Files as other programs write them: read, or called what they are."""

import io
import re
import zipfile
from contextlib import contextmanager

import pytest

from registry.spreadsheets import xlsx
from registry.spreadsheets.reading import read_workbook, refusing_failures
from registry.spreadsheets.workbook import UnreadableFile
from tests.messy_workbooks import Grid, as_docx, as_ods, as_other_xlsx, as_xlsx
from tests.registry.spreadsheets.test_bad_files import GRID, OLE, SHEET, refusal, with_part

RELATIONS = "xl/_rels/workbook.xml.rels"
MACROS = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
ROWS = [["Processo", "Livello"], ["Gare", "ALTO"]]


def renamed(content: bytes, name) -> bytes:
    """Return a zipped file whose parts have other names; those called "" are left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            if name(entry.filename):
                target.writestr(name(entry.filename), source.read(entry))
    return stream.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a zipped file with some words of a part replaced, which have to be there."""

    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new)

    return with_part(content, part, change)


def flat_ods() -> bytes:
    """Return a flat ODS: the content of the zipped one, and its kind in the root."""
    with zipfile.ZipFile(io.BytesIO(as_ods(GRID))) as source:
        text = source.read("content.xml")
    kind = b' office:mimetype="application/vnd.oasis.opendocument.spreadsheet"'
    text = text.replace(b"office:document-content", b"office:document")
    return re.sub(rb"<office:document\b", rb"<office:document" + kind, text, count=1)


def with_more_sheets(relation: bytes = b"") -> bytes:
    """Return a workbook that lists one more sheet, of a kind of which there is no worksheet."""
    listed = b'<sheet name="Macro &amp; altro" sheetId="9" r:id="rId99" state="hidden"/></sheets>'
    space = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    listed = listed.replace(b"<sheet ", b"<sheet " + space + b" ")
    content = replaced(as_xlsx(GRID), "xl/workbook.xml", b"</sheets>", listed)
    return replaced(content, RELATIONS, b"</Relationships>", relation + b"</Relationships>")


MACRO_SHEET = f'<Relationship Id="rId99" Type="{MACROS}" Target="macrosheets/s.xml"/>'.encode()


def with_drawings_it_has_not() -> bytes:
    """Return a workbook as openxlsx saves it (findings/openxlsx_missing_drawings.sh)."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(
        f'<Relationship Id="r{kind}" Type="{kinds}/{kind}" Target="../drawings/{part}"/>'
        for kind, part in (("drawing", "drawing1.xml"), ("vmlDrawing", "vmlDrawing1.vml"))
    )
    stream = io.BytesIO(as_xlsx(GRID))
    with zipfile.ZipFile(stream, "a") as target:
        name = "xl/worksheets/_rels/sheet1.xml.rels"
        target.writestr(name, f"<Relationships>{relations}</Relationships>")
    return stream.getvalue()


READ = {
    "a flat ods": flat_ods(),
    "an ods without its kind": renamed(as_ods(GRID), lambda name: name.replace("mimetype", "")),
    "an xlsx with backslashes": renamed(as_xlsx(GRID), lambda name: name.replace("/", "\\")),
    "an xlsx with a macro sheet": with_more_sheets(MACRO_SHEET),
    "an xlsx that lost a sheet": with_more_sheets(),
    "an xlsx that names drawings it has not": with_drawings_it_has_not(),
    "a docx of Word for the web": replaced(
        renamed(
            as_docx(GRID),
            lambda name: name.replace("word/document.xml", "word/document2.xml").replace(
                "word/_rels/document.xml", "word/_rels/document2.xml"
            ),
        ),
        "_rels/.rels",
        b"word/document.xml",
        b"/word/document2.xml",
    ),
}


@pytest.mark.parametrize("what", READ)
def test_a_file_written_in_another_way_is_read(what):
    assert read_workbook(READ[what], "registro").sheets[0].rows == ROWS


def test_a_sheet_that_cannot_be_read_is_named():
    for relation in (MACRO_SHEET, b""):
        (finding,) = read_workbook(with_more_sheets(relation)).findings
        assert (finding.kind, finding.sheet, finding.stops) == (
            "sheet-not-read",
            "Macro & altro",
            False,
        )


def test_a_flat_file_declares_nothing():
    said = flat_ods().replace(b"<office:document", b"<!DOCTYPE a><office:document", 1)

    assert "dichiarazioni XML" in str(refusal(said))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (OLE + "Workbook".encode("utf-16-le"), r"Excel \(\.xls\)"),
        (OLE + "WordDocument".encode("utf-16-le"), r"\.docx"),
        (renamed(as_xlsx(GRID), lambda name: name.replace("book.xml", "book.bin")), r"\.xlsb"),
    ],
)
def test_old_and_binary_files_get_advice_of_their_own(content, said):
    assert re.search(said, str(refusal(content)))


RICH = (
    "<r><t>Favorire </t></r><r><rPr><b/></rPr><t>un richiedente</t></r>"
    "<r><t> in cambio di </t></r><r><rPr><strike val='0'/></rPr><t>denaro &amp; altro</t></r>"
)


@pytest.mark.parametrize("is_shared", [False, True])
def test_blanks_between_the_runs_of_a_text_are_kept(is_shared):
    shared = f"<sst><si/><si><t>Gare</t></si><si>{RICH}</si></sst>".replace(
        "<sst>", '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    cell = '<c r="A1" t="s"><v>2</v></c>'
    if not is_shared:
        cell = f'<c r="A1" t="inlineStr"><is>{RICH}</is></c>'
    content = with_part(
        as_other_xlsx(Grid([["x"]])),
        SHEET,
        lambda data: re.sub(rb'<row r="1".*</row>', f'<row r="1">{cell}</row>'.encode(), data),
    )
    content = with_part(content, "xl/sharedStrings.xml", lambda _old: shared.encode())
    sheet = read_workbook(content).sheets[0]

    assert sheet.rows == [["Favorire un richiedente in cambio di denaro & altro"]]
    assert not sheet.looks


def test_a_picture_in_a_cell_is_no_error():
    space = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts = {
        "xl/metadata.xml": f'<metadata xmlns="{main}"><metadataTypes><metadataType '
        'name="XLRICHVALUE"/></metadataTypes><futureMetadata name="XLRICHVALUE"><bk><extLst><ext>'
        f'<r:rvb xmlns:r="{space}" i="0"/></ext></extLst></bk><bk><r:rvb xmlns:r="{space}" i="1"/>'
        '</bk></futureMetadata><valueMetadata><bk><rc t="1" v="0"/></bk>'
        '<bk><rc t="1" v="1"/></bk></valueMetadata></metadata>',
        "xl/richData/rdrichvalue.xml": f'<rvData xmlns="{space}"><rv s="0"/><rv s="1"/></rvData>',
        "xl/richData/rdrichvaluestructure.xml": f'<rvStructures xmlns="{space}">'
        '<s t="_localImage"/><s t="_error"/></rvStructures>',
    }
    cells = "".join(
        f'<c r="{letter}1" t="e" vm="{number}"><v>#VALUE!</v></c>'
        for letter, number in (("A", 1), ("B", 2))
    )
    content = with_part(
        as_xlsx(Grid([["x"], ["y"]])),
        SHEET,
        lambda data: re.sub(rb'<row r="1".*?</row>', f'<row r="1">{cells}</row>'.encode(), data),
    )
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as target:
        for name, text in parts.items():
            target.writestr(name, text)

    findings = read_workbook(stream.getvalue()).findings

    assert [(one.kind, one.place, one.stops) for one in findings] == [
        ("picture", "A1", False),
        ("error-value", "B1", True),
    ]


class EndOfALibrary(BaseException):
    """What a library of another language ends with: no `Exception`."""


@pytest.mark.parametrize("failure", [EndOfALibrary("panic"), OverflowError("x"), KeyError("x")])
def test_whatever_a_library_ends_with_is_a_refusal_that_names_the_file(failure):
    def reader(_content: bytes):
        raise failure

    with (
        pytest.raises(UnreadableFile, match="«registro.xlsx»"),
        refusing_failures("C:\\registro.xlsx"),
    ):
        reader(b"")


@pytest.mark.parametrize("end", [MemoryError(), KeyboardInterrupt(), UnreadableFile("così")])
def test_what_is_not_about_the_file_goes_on(end):
    with pytest.raises(type(end)) as caught, refusing_failures("registro.xlsx"):
        raise end
    assert caught.value is end


def test_a_reader_that_raises_is_guarded_where_files_are_read(monkeypatch):
    @contextmanager
    def panic(_stream):
        raise EndOfALibrary
        yield

    class Broken:
        from_filelike = staticmethod(panic)

    monkeypatch.setattr(xlsx, "CalamineWorkbook", Broken)

    assert "«registro.xlsx»" in str(refusal(as_xlsx(GRID)))
