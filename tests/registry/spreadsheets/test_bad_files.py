"""Files that are not what they say, or would fill the memory: refused in a sentence."""

import io
import zipfile

import pytest

from registry.spreadsheets import limits
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.workbook import UnreadableFile
from tests.messy_workbooks import Grid, as_docx, as_ods, as_other_xlsx, as_xlsx

GRID = Grid([["Processo", "Livello"], ["Gare", "ALTO"]])
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def with_part(content: bytes, name: str, change) -> bytes:
    """Return a zipped file with one part changed, or a new one."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            target.writestr(entry.filename, change(data) if entry.filename == name else data)
    return stream.getvalue()


def with_cells(cells: str) -> bytes:
    """Return a workbook whose only sheet has these rows."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )
    return with_part(as_xlsx(GRID), SHEET, lambda _old: sheet.encode())


def refusal(content: bytes, filename: str = "registro.xlsx") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(content, filename)
    return caught.value


def test_a_row_beyond_the_last_one_is_refused():
    row = limits.ROWS + 1
    content = with_cells(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>')

    assert "50.000 righe: dividilo" in str(refusal(content))


@pytest.fixture
def little_room(monkeypatch):
    """A file may unpack to little more than a small workbook does."""
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 100_000)


def test_a_part_that_unpacks_to_more_than_it_may_is_refused(little_room):
    content = with_part(as_xlsx(GRID), SHEET, lambda data: data + b" " * limits.UNPACKED_BYTES)

    assert len(content) < limits.UNPACKED_BYTES
    assert "troppo grande" in str(refusal(content))


def test_a_zip_that_understates_its_sizes_is_refused(little_room):
    content = bytearray(
        with_part(as_xlsx(GRID), SHEET, lambda data: data + b" " * limits.UNPACKED_BYTES)
    )
    # The directory at the end keeps the size of each part 24 bytes after the mark of its entry.
    name = content.rindex(SHEET.encode())
    content[name - 22 : name - 18] = (1000).to_bytes(4, "little")

    assert str(refusal(bytes(content)))


def test_one_long_text_shown_by_every_cell_is_refused():
    # xlsxwriter keeps every text once, and the cells point at it.
    content = as_other_xlsx(Grid([["testo"]] * 2000))
    long = b"<t>" + b"a" * 100_000 + b"</t>"
    content = with_part(
        content, "xl/sharedStrings.xml", lambda data: data.replace(b"<t>testo</t>", long)
    )

    assert "troppo lunghi" in str(refusal(content))


@pytest.mark.parametrize(
    ("write", "part"),
    [(as_xlsx, SHEET), (as_ods, "content.xml"), (as_docx, "word/document.xml")],
)
def test_entities_are_never_expanded(write, part):
    said = b'<!DOCTYPE a [<!ENTITY b "beta">]>'
    content = with_part(write(GRID), part, lambda data: data[: data.index(b">") + 1] + said + data)

    assert "dichiarazioni XML" in str(refusal(content))


def test_the_last_column_of_excel_is_refused_with_its_number():
    error = refusal(with_cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'))

    assert "16.384 colonne" in str(error)
    assert (error.sheet, error.column) == ("Foglio1", 16_384)


@pytest.mark.parametrize("place", ["r='AAA60000'", 'r = "aaa60000"', f"s='{'0' * 2000}' r='A1'"])
def test_a_far_cell_does_not_hide_behind_the_way_it_is_written(place):
    assert refusal(with_cells(f"<row><c {place}><v>1</v></c></row>"))


def test_formats_painted_to_the_last_column_do_no_harm():
    content = with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>')

    assert read_workbook(content).sheets[0].rows == [[1]]


@pytest.mark.parametrize("count", [2, 1000])
def test_merged_cells_that_overlap_are_refused(count):
    merges = "".join(f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(1, count + 1))
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>1</v></c></row>'
        for n in range(1, count + 2)
    )
    content = with_part(
        with_cells(rows),
        SHEET,
        lambda data: data.replace(
            b"</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>".encode()
        ),
    )

    assert "A1:B2 e A2:B3 si sovrappongono" in str(refusal(content))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("write", [as_xlsx, as_ods, as_docx])
def test_a_file_cut_off_on_its_way_is_refused(write, share):
    content = write(GRID)

    assert "incompleto" in str(refusal(content[: int(len(content) * share)]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90\x00\x03" + b"\x00" * 200, "non è una tabella"),
        (OLE + b"\x00" * 100 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + b"\x00" * 100 + "Workbook".encode("utf-16-le"), ".xls"),
        (b"%PDF-1.7\n", "Esporta"),
        (b"{\\rtf1 ciao}", "salvalo come .xlsx"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "salvalo come .xlsx"),
        (b"Processo;Livello\nGare\x00;ALTO\n", "non è una tabella"),
        (b"", "vuoto"),
        (b"  \n", "vuoto"),
    ],
    ids=["exe", "password", "xls", "pdf", "rtf", "html", "nul", "empty", "blank"],
)
def test_what_is_no_table_is_refused_with_advice(content, said):
    assert said in str(refusal(content))


def test_an_ods_with_a_password_is_refused():
    manifest = b"<m><encryption-data/></m>"
    content = with_part(as_ods(GRID), "META-INF/manifest.xml", lambda _old: manifest)

    assert "password" in str(refusal(content))


def test_rows_and_columns_repeated_by_an_ods_do_not_fill_the_memory():
    content = with_part(
        as_ods(GRID),
        "content.xml",
        lambda data: data.replace(
            b"<table:table-row>", b'<table:table-row table:number-rows-repeated="60000">'
        ),
    )

    assert "righe" in str(refusal(content))


def test_a_file_without_any_cell_is_refused():
    assert "nessuna cella" in str(refusal(as_xlsx(Grid([["", ""]]))))


def test_a_zip_of_something_else_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("foto.png", b"x")

    assert "non è una tabella" in str(refusal(stream.getvalue()))
