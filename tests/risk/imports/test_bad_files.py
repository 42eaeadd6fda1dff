"""Bad files through the page: what is wrong is said, and the register is as it was."""

import datetime
import io

import pytest
import xlsxwriter
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import Office, Process, TrailRecord
from risk.models import RegisterImport, RiskBehaviour
from tests.messy_workbooks import as_ods, as_xlsx
from tests.people import client_of
from tests.register import make_body, make_method, use_method
from tests.registry.spreadsheets.test_bad_files import GRID, OLE, SHEET, with_cells, with_part

pytestmark = pytest.mark.django_db

NOT_THE_REGISTER = {"risk.RegisterImport", "registry.TrailRecord"}
"""What bringing a file writes, taken or not."""

BEYOND = '<row r="50001"><c r="A50001"><v>1</v></c></row>'
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "beta">]>'
OVERLAPS = "".join(f'<mergeCell ref="A{n}:B{n + 1}"/>' for n in range(1, 1_001))


def with_entities() -> bytes:
    return with_part(as_xlsx(GRID), SHEET, lambda data: ENTITIES + data)


def overlapping() -> bytes:
    merges = f"</sheetData><mergeCells>{OVERLAPS}</mergeCells>".encode()
    return with_part(as_xlsx(GRID), SHEET, lambda data: data.replace(b"</sheetData>", merges))


def ods_with_a_password() -> bytes:
    manifest = b"<m><encryption-data/></m>"
    return with_part(as_ods(GRID), "META-INF/manifest.xml", lambda _old: manifest)


UNREADABLE = {
    "rows": (lambda: with_cells(BEYOND), "50.000 righe: dividilo"),
    "entities": (with_entities, "dichiarazioni XML"),
    "exe": (lambda: b"MZ\x90\x00\x03" + b"\x00" * 200, "non è una tabella"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "ods-password": (ods_with_a_password, "password"),
    "truncated": (lambda: as_xlsx(GRID)[:2000], "incompleto"),
    "columns": (lambda: with_cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "16.384 colonne"),
    "overlaps": (overlapping, "si sovrappongono"),
    "nul": (lambda: b"Processo;Area\nGare\x00;D\n", "non è una tabella"),
    "pdf": (lambda: b"%PDF-1.7\n", "Un PDF non dice"),
    "empty": (lambda: b"", "vuoto"),
}


def written(*rows, formulas=()) -> bytes:
    """Return a workbook with the heads of a small register, and rows of values below."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Registro")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    heads = ["Processo", "Ufficio", "Area di rischio", "Rischi", "Livello di rischio"]
    sheet.write_row(0, 0, heads)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write(number, column, value)
    for place, formula, value in formulas:
        sheet.write_formula(place, formula, None, value)
    book.close()
    return stream.getvalue()


ROW = ["Gare", "", "F", "Favori", "Basso"]
REFUSED = {
    "formula-without-value": (written(ROW, formulas=[("A3", "=A2", "")]), "A", 3, "formula"),
    "#N/D": (written(ROW, formulas=[("C2", "=NA()", "#N/A")]), "C", 2, "#N/D"),
    "date": (written([*ROW[:4], datetime.date(2020, 5, 3)]), "E", 2, "03/05/2020"),
    "twice": (
        written(ROW, ["Altro", *ROW[1:]], [*ROW[:2], "Entrate", *ROW[3:]]),
        "A",
        4,
        "due volte nel file: la prima in «Registro», riga 2",
    ),
}
TEXTS = {
    "=A1&' x'!B2": "=A1&' x'!B2",
    "==1+1": "==1+1",
    "+39 06 1": "+39 06 1",
    "-uno": "-uno",
    "@SUM(A1)": "@SUM(A1)",
    "prima\tdopo": "prima dopo",
    "Fa\u200bvori\ufeff": "Favori",
}
"""A text of the file, and what the register has of it."""


def rows_there() -> dict[str, int]:
    """Return how many rows each table of the register has, histories included."""
    models = [*apps.get_app_config("registry").get_models()]
    models += apps.get_app_config("risk").get_models()
    return {
        model._meta.label: model._base_manager.count()
        for model in models
        if model._meta.label not in NOT_THE_REGISTER
    }


@pytest.fixture
def rpct(annex, people):
    use_method(annex, make_method())
    return client_of(people["rpct"])


def bring(client, annex, content, name="registro.xlsx"):
    """Bring a file and return the page it leads to."""
    start = reverse("risk:import_start", args=[annex.plan.administration.ipa_code, annex.plan.slug])
    file = SimpleUploadedFile(name, content)
    return client.post(start, {"file": file, "office": annex.office.code}, follow=True)


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_said_and_not_kept(annex, rpct, name):
    make, said = UNREADABLE[name]
    before = rows_there()
    page = bring(rpct, annex, make())
    assert said in page.content.decode()
    assert page.redirect_chain == []
    assert not RegisterImport.objects.exists()
    assert rows_there() == before
    record = TrailRecord.objects.get(kind="import")
    assert (record.outcome, said in record.detail["reason"]) == ("refused", True)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_said_row_by_row_and_nothing_is(annex, rpct, name):
    content, column, row, said = REFUSED[name]
    before = rows_there()
    page = bring(rpct, annex, content)
    (problem,) = page.context["problems"]
    assert (problem["sheet"], problem["row"], problem["column"] or "—") == ("Registro", row, column)
    assert said in problem["value"] + problem["reason"]
    found = RegisterImport.objects.get()
    digest = page.context["report"]["digest"]
    answer = rpct.post(reverse("risk:import_preview", args=[found.uid]), {"digest": digest})
    assert answer.status_code == 409
    assert rows_there() == before


def test_an_office_of_another_body_is_nobody(annex, rpct):
    other = Office.objects.create(
        administration=make_body("c_x002"), code="ALTROVE", name="Sportello di un altro comune"
    )
    before = rows_there()
    page = bring(rpct, annex, written(["Gare", other.name, *ROW[2:]]))
    (row,) = page.context["form"].rows()
    assert row["value"] == other.name
    # not to be chosen, not to be made, not to be left out
    choices = [key for key, _label in row["answer"].field.choices]
    assert choices == [f"is:{annex.office.code}", "other"]
    assert other.code not in dict(row["entry"].field.choices)
    for answer in ({"voce-0": other.code}, {"risposta-0": "new"}, {"risposta-0": "skip"}):
        found = RegisterImport.objects.get()
        page = rpct.post(reverse("risk:import_values", args=[found.uid]), answer)
        assert "Scegli" in page.content.decode()
        assert RegisterImport.objects.get().answers == {}
    assert rows_there() == before


def test_a_text_like_a_formula_is_taken_as_the_text_it_is(annex, rpct):
    rows = [[f"Processo {n}", "", "F", text, "Basso"] for n, text in enumerate(TEXTS)]
    page = bring(rpct, annex, written(*rows))
    found = RegisterImport.objects.get()
    digest = page.context["report"]["digest"]
    rpct.post(reverse("risk:import_preview", args=[found.uid]), {"digest": digest})
    assert Process.objects.count() == len(TEXTS)
    taken = RiskBehaviour.objects.order_by("process__number").values_list("text", flat=True)
    assert list(taken) == list(TEXTS.values())


def test_a_formula_gives_the_value_it_was_stored_with_and_that_is_said(annex, rpct):
    page = bring(rpct, annex, written(ROW, formulas=[("A2", '="Ga"&"re"', "Gare")]))
    assert "formula" in str(page.context["report"]["notes"])
    assert page.context["report"]["is_ready"]
