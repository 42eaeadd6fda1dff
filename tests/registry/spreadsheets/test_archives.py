"""An archive of files of tables: each is read by itself, and what cannot be read is named."""

import io
import zipfile

import pytest

from registry.spreadsheets import limits
from registry.spreadsheets.archives import is_archive, read_archive
from registry.spreadsheets.serialising import deserialise, serialise
from registry.spreadsheets.workbook import UnreadableFile
from tests.messy_workbooks import Grid, as_csv, as_docx, as_ods, as_xlsx

GRID = Grid([["Processo", "Livello"], ["Gare", "ALTO"]])


def archive(**files: bytes) -> bytes:
    """Return an archive of files, their names with "__" for a folder and "_" for the dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in files.items():
            path, _sign, suffix = name.rpartition("_")
            target.writestr(f"{path.replace('__', '/')}.{suffix}", content)
    return stream.getvalue()


def test_the_sheets_of_all_files_know_whose_they_are():
    content = archive(gare_xlsx=as_xlsx(GRID), note__multe_csv=as_csv(GRID))
    whole = read_archive(content, "registri.zip")

    names = [(sheet.file, sheet.name, sheet.own_name) for sheet in whole.sheets]
    assert names == [
        ("gare.xlsx", "gare.xlsx › Foglio1", "Foglio1"),
        ("note/multe.csv", "note/multe.csv › multe", "multe"),
    ]
    assert deserialise(serialise(whole)) == whole


@pytest.mark.parametrize("write", [as_xlsx, as_ods, as_docx, as_csv])
def test_a_file_is_no_archive(write):
    assert not is_archive(write(GRID))
    assert not is_archive(write(GRID)[:500])


REFUSED = {
    "one of another kind": (
        {"gare_xlsx": as_xlsx(GRID), "nota_pdf": b"%PDF-1.7"},
        ["«nota.pdf»", "Un PDF non dice"],
    ),
    "two, each with its reason": (
        {"gare_xlsx": as_xlsx(GRID)[:900], "nota_pdf": b"%PDF-1.7"},
        ["«gare.xlsx»: Il file è incompleto", "«nota.pdf»"],
    ),
    "an archive within": (
        {"gare_xlsx": as_xlsx(GRID), "altri_zip": archive(multe_csv=as_csv(GRID))},
        ["«altri.zip»", "archivio dentro l’archivio"],
    ),
    "nothing but what systems add": ({"Thumbs_db": b"x", "~$gare_xlsx": b"x"}, ["nessun file"]),
}


@pytest.mark.parametrize(("files", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_named(files, said):
    with pytest.raises(UnreadableFile) as refused:
        read_archive(archive(**files))

    assert all(words in str(refused.value) for words in said), refused.value


def test_limits_count_all_files_together(monkeypatch):
    monkeypatch.setattr(limits, "SHEETS", 1)
    with pytest.raises(UnreadableFile, match="più di 1 fogli"):
        read_archive(archive(a_csv=as_csv(GRID), b_csv=as_csv(GRID)))
