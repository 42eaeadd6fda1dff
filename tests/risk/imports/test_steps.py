"""The steps of an import: columns, values, preview."""

import io

import openpyxl
import pytest
from django.urls import reverse

from registry.models import Alias, Process, RiskArea, TrailRecord
from risk.models import ColumnMapping, RegisterImport
from tests.people import client_of
from tests.register import make_annex, make_body, make_process
from tests.risk.imports.pages import ASKED, KNOWN, ODD, address, take, text_of, upload

pytestmark = pytest.mark.django_db


def test_an_unknown_column_is_asked_once_and_remembered(annex, editor):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    page = editor.get(address("import"), follow=True)
    assert page.redirect_chain[-1][0] == address("import_columns")
    assert "non riconosciuta" in text_of(page)
    assert ">x<" in text_of(page)
    data = {
        "colonna-0-0": "process_title",
        "colonna-0-1": "risk_area",
        "colonna-0-2": "objective",
        "layout": "auto",
    }
    answer = editor.post(address("import_columns"), data)
    assert answer.headers["Location"] == address("import_preview")
    known = ColumnMapping.objects.get()
    assert (known.layout, known.heading, known.field) == ("catalogo", "Note interne", "objective")
    take(editor)
    assert Process.objects.get().objective == "x"
    # the next file with this heading is certain
    again = ODD.replace("Patrocini", "Concessioni")
    answer = upload(editor, annex.plan, again, office=annex.office.code)
    assert answer.headers["Location"].endswith("/anteprima/")


def test_a_heading_counts_for_the_layout_it_was_said_of(annex, editor):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    data = {"colonna-0-0": "process_title", "colonna-0-1": "risk_area", "colonna-0-2": "objective"}
    editor.post(address("import_columns"), data)
    RegisterImport.objects.all().delete()
    # a register of risks: there the notes are nobody's yet
    text = "Processo;Rischio;Note interne\nPatrocini;Favori;x\n"
    answer = upload(editor, annex.plan, text, office=annex.office.code)
    assert answer.headers["Location"] == address("import_columns")
    (table,) = RegisterImport.objects.get().report["tables"]
    assert [one["field"] for one in table["columns"]] == ["process_title", "behaviours", ""]


PLACED = "N.;{};Rischi;Appunti presi\n1;{};Favorire un amico;vedi il verbale\n"


@pytest.mark.parametrize(
    ("head", "value", "proposed"),
    [
        ("Che cosa si fa", "Rilascio di patrocini", True),
        # one word may be anything, and so may a number
        ("Che cosa si fa", "Patrocini", False),
        ("Che cosa si fa", "12 34", False),
        ("Processo", "Rilascio di patrocini", False),
    ],
)
def test_the_column_before_the_risks_is_proposed_as_the_process(
    annex, editor, head, value, proposed
):
    upload(editor, annex.plan, PLACED.format(head, value), office=annex.office.code)
    page = editor.get(address("import_columns"))
    (table,) = page.context["form"].tables()

    assert [one["is_proposed"] for one in table["rows"]] == [False, proposed, False, False]
    assert ("proposta, da controllare" in text_of(page)) is proposed
    said = table["rows"][1]["choice"].value()
    assert said == ("process_title" if proposed or head == "Processo" else "")
    # a proposal is kept only when a person sends the page
    assert RegisterImport.objects.get().mapping == {}


def test_a_column_left_out_knowingly_is_remembered_too(annex, editor):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    data = {"colonna-0-0": "process_title", "colonna-0-1": "risk_area", "colonna-0-2": ""}
    editor.post(address("import_columns"), data)
    assert ColumnMapping.objects.get().field == ""
    page = editor.get(address("import_preview"))
    assert "Note interne" in text_of(page)
    answer = upload(editor, annex.plan, ODD, office=annex.office.code)
    assert answer.headers["Location"].endswith("/anteprima/")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"colonna-0-0": "", "colonna-0-1": "risk_area"}, "quale colonna dice il processo"),
        (
            {"colonna-0-0": "process_title", "colonna-0-1": "process_title"},
            "Due colonne dicono «processo»",
        ),
        ({"colonna-0-0": "inventato"}, "Scegli"),
    ],
)
def test_columns_that_make_no_sense_are_refused(annex, editor, data, message):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    answer = editor.post(address("import_columns"), data)
    assert message in text_of(answer)
    assert RegisterImport.objects.get().mapping == {}
    assert not ColumnMapping.objects.exists()


def test_heads_in_a_row_nobody_would_guess(annex, editor):
    text = "Elenco interno;\nCosa si fa;Perché lo si fa\nPatrocini;Cultura\n"
    answer = upload(editor, annex.plan, text, office=annex.office.code)
    assert answer.headers["Location"] == address("import_columns")
    page = editor.get(address("import_columns"))
    assert "In nessun foglio c’è" in text_of(page)
    # the row is no row of the sheet
    refused = editor.post(address("import_columns"), {"riga-0": "99", "rileggi": "1"})
    assert "<details open" in " ".join(text_of(refused).split()).replace('class="import-more" ', "")
    page = editor.post(address("import_columns"), {"riga-0": "2", "rileggi": "1"}, follow=True)
    assert "Perché lo si fa" in text_of(page)
    data = {"colonna-0-0": "process_title", "colonna-0-1": "objective"}
    page = editor.post(address("import_columns"), data, follow=True)
    take(editor)
    process = Process.objects.get()
    assert (process.title, process.objective) == ("Patrocini", "Cultura")


def test_a_value_of_nobody_is_asked_once_and_remembered(annex, editor):
    answer = upload(editor, annex.plan, ASKED, office=annex.office.code)
    assert answer.headers["Location"] == address("import_values")
    page = editor.get(address("import_values"))
    assert text_of(page).count("<legend>Entrate comunali</legend>") == 1
    assert "2 volte nel file" in text_of(page)
    # an editor keeps no lists
    assert "una voce nuova" not in text_of(page)
    refused = editor.post(address("import_values"), {})
    assert "Scegli una risposta." in text_of(refused)
    refused = editor.post(address("import_values"), {"risposta-0": "other"})
    assert "Scegli la voce dall’elenco." in text_of(refused)
    answer = editor.post(address("import_values"), {"voce-0": "F"})
    assert answer.headers["Location"] == address("import_preview")
    take(editor)
    assert {row.risk_area.code for row in Process.objects.all()} == {"F"}
    assert Alias.objects.get().text == "Entrate comunali"


def test_the_rpct_says_that_a_value_is_new_or_leaves_it_empty(annex, people):
    rpct = client_of(people["rpct"])
    text = ASKED.replace("Due;Entrate comunali", "Due;Boh")
    upload(rpct, annex.plan, text, office=annex.office.code)
    # what nothing is proposed for comes first
    answers = {"risposta-0": "skip", "risposta-1": "new"}
    rpct.post(address("import_values"), answers)
    take(rpct)
    area = RiskArea.objects.get(label="Entrate comunali")
    assert list(Process.objects.order_by("number").values_list("risk_area", flat=True)) == [
        area.pk,
        None,
    ]


def test_answers_can_be_given_again(annex, editor):
    upload(editor, annex.plan, ASKED, office=annex.office.code)
    editor.post(address("import_values"), {"risposta-0": "skip"})
    assert "Togli la risposta data" in text_of(editor.get(address("import_values")))
    answer = editor.post(address("import_values"), {"ricomincia": "1"})
    assert answer.headers["Location"] == address("import_values")
    assert RegisterImport.objects.get().answers == {}


def test_one_answer_is_asked_again_and_the_others_stay(annex, editor):
    text = "Processo;Area di rischio\nUno;Entrate comunali\nDue;Acquisti vari\n"
    upload(editor, annex.plan, text, office=annex.office.code)
    editor.post(address("import_values"), {"risposta-0": "skip", "risposta-1": "skip"})
    page = text_of(editor.get(address("import_values")))
    assert "2 risposte già date" in page
    assert "Acquisti vari → lascia vuoto" in " ".join(page.split())

    data = {"tipo": "risk_area", "valore": "Acquisti vari"}
    answer = editor.post(address("import_values"), data, follow=True)

    assert answer.redirect_chain[-1][0] == address("import_values")
    assert [one["value"] for one in answer.context["form"].questions] == ["Acquisti vari"]
    kept = RegisterImport.objects.get().answers
    assert kept == {"risk_area": {"Entrate comunali": {"skip": True}}}


def test_a_file_that_names_no_office_asks_for_one_on_its_preview(annex, rpct):
    client = client_of(rpct)
    upload(client, annex.plan, KNOWN)
    page = text_of(client.get(address("import_preview")))
    assert "Il file non dice di quale ufficio" in page
    assert "Scegli l’ufficio" in text_of(client.post(address("import_office"), {}, follow=True))

    answer = client.post(address("import_office"), {"office": annex.office.code}, follow=True)

    assert "Importa nel registro" in text_of(answer)
    assert "Il file non dice di quale ufficio" not in text_of(answer)
    take(client)
    assert Process.objects.get().annex == annex


@pytest.mark.parametrize(
    ("text", "step", "data"),
    [
        (ODD, "import_columns", {"colonna-0-0": "process_title", "colonna-0-1": "risk_area"}),
        (ASKED, "import_values", {"risposta-0": "skip"}),
    ],
)
def test_the_office_is_asked_beside_the_first_questions(annex, rpct, text, step, data):
    make_annex(annex.plan.administration, office="Anagrafe")
    client = client_of(rpct)
    upload(client, annex.plan, text)
    assert "Ufficio delle righe che non lo dicono" in text_of(client.get(address(step)))

    # one of another body is no answer, and nothing is kept
    stranger = make_annex(make_body("c_x003"), office="Sportello").office
    refused = client.post(address(step), {**data, "office": stranger.code})
    assert "Scegli un ufficio dell’elenco." in text_of(refused)
    assert RegisterImport.objects.get().office is None
    # it may be left open: the preview asks
    client.post(address(step), data)
    assert "Usa questo ufficio" in text_of(client.get(address("import_preview")))

    page = client.post(address(step), {**data, "office": annex.office.code}, follow=True)
    if step == "import_columns":
        assert page.redirect_chain[-1][0] == address("import_preview")
        assert "Importa nel registro" in text_of(page)
        assert "Ufficio delle righe" not in text_of(client.get(address(step)))
    assert RegisterImport.objects.get().office == annex.office


def test_an_office_of_somebody_else_is_no_answer(annex, editor):
    upload(editor, annex.plan, KNOWN)
    other = make_annex(annex.plan.administration, office="Anagrafe").office

    page = editor.post(address("import_office"), {"office": other.code}, follow=True)

    assert RegisterImport.objects.get().office is None
    assert "Scegli un ufficio dell’elenco." in text_of(page)


def test_a_refused_row_says_where_and_why_and_is_given_as_a_file(annex, editor):
    text = "N.;Processo;Area di rischio\n1;Uno;F\n7;Uno;F\n"
    upload(editor, annex.plan, text, office=annex.office.code)
    page = editor.get(address("import_preview"))
    assert "scritto due volte nel file" in text_of(page)
    assert "Importa nel registro" not in text_of(page)
    for suffix in ("xlsx", "ods", "csv", "json"):
        assert f"problemi.{suffix}" in text_of(page)
    answer = editor.get(f"{address('import')}problemi.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert rows[0] == ("Foglio", "Riga", "Colonna", "Valore", "Perché")
    assert rows[1][1] == 3
    assert "due volte" in rows[1][4]
    csv = editor.get(f"{address('import')}problemi.csv").getvalue().decode("utf-8-sig")
    assert csv.splitlines()[0] == "Foglio;Riga;Colonna;Valore;Perché"
    assert editor.get(f"{address('import')}problemi.pdf").status_code == 404
    assert TrailRecord.objects.filter(kind="export").count() == 2
    # also by hand it is not taken
    answer = editor.post(address("import_preview"), {"digest": ""})
    assert answer.status_code == 409
    assert not Process.objects.exists()


def test_the_register_has_changed_since_the_preview(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    old = editor.get(address("import_preview")).context["report"]["digest"]
    make_process(annex, "Rilascio di patrocini")
    answer = editor.post(address("import_preview"), {"digest": old})
    assert answer.status_code == 409
    assert "guardala di nuovo" in text_of(answer)
    # what is shown now is as the register is now
    assert answer.context["report"]["digest"] != old
    assert (answer.context["report"]["added"], answer.context["report"]["changed"]) == (0, 1)
    take(editor)
    assert Process.objects.get().risk_area.code == "F"


def test_before_and_after_stand_field_by_field(annex, editor):
    make_process(annex, "Rilascio di patrocini")
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    page = text_of(editor.get(address("import_preview")))
    assert "Area di rischio" in page
    assert "F) Entrate (generale)" in page
    assert "1 cambiata" in page


@pytest.mark.parametrize(("side", "kept"), [("file", "Dal file"), ("register", "Dal registro")])
def test_a_field_changed_on_both_sides_is_chosen_and_never_overwritten(annex, editor, side, kept):
    process = make_process(annex, objective="Com’era")
    sheet = reverse("risk:annex_workbook", args=[annex.uid, "tabella"])
    book = openpyxl.load_workbook(io.BytesIO(editor.get(sheet).content))
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == "Com’era":
                cell.value = "Dal file"
    stream = io.BytesIO()
    book.save(stream)
    process.objective = "Dal registro"
    process.save()

    answer = upload(editor, annex.plan, stream.getvalue(), "tabella.xlsx", annex.office.code)
    assert answer.headers["Location"] == address("import_preview")
    page = text_of(editor.get(address("import_preview")))
    for words in ("Com’era", "Dal file", "Dal registro", "scegli che cosa resta"):
        assert words in page
    assert "Importa nel registro" not in page
    refused = editor.post(address("import_preview"), {})
    assert "Scegli una risposta." in text_of(refused)
    answer = editor.post(address("import_preview"), {"risposta-0": f"is:{side}"}, follow=True)
    assert "scegli che cosa resta" not in text_of(answer)
    if side == "file":
        take(editor)
    else:
        assert "Resta quello che c’è nel registro, come hai scelto" in text_of(answer)
    process.refresh_from_db()
    assert process.objective == kept


def test_an_empty_file_of_ours_is_downloaded_filled_in_and_taken(annex, editor):
    start = editor.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug]))
    where = reverse("risk:empty_workbook", args=["c_x001", annex.plan.slug, "catalogo"])
    assert where in text_of(start)
    content = editor.get(where).content
    answer = upload(editor, annex.plan, content, "vuoto.xlsx", annex.office.code, follow=True)
    assert "Nel file non c’è nessuna riga" in text_of(answer)

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(one for one in book.worksheets if one.sheet_state == "visible")
    places = {str(cell.value).casefold(): cell for row in sheet.iter_rows() for cell in row}
    head = places["processo"]
    sheet.cell(head.row + 1, head.column, "Rilascio di patrocini")
    sheet.cell(head.row + 1, places["area di rischio"].column, "F) Entrate (generale)")
    stream = io.BytesIO()
    book.save(stream)
    found = RegisterImport.objects.get()
    editor.post(address("import_discard", found))
    upload(editor, annex.plan, stream.getvalue(), "pieno.xlsx", annex.office.code)
    take(editor, RegisterImport.objects.get(filename="pieno.xlsx"))
    process = Process.objects.get()
    assert (process.title, process.risk_area.code) == ("Rilascio di patrocini", "F")
