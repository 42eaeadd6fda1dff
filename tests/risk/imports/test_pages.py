"""The pages of an import: file, columns, values, preview, outcome; and who may see them."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import Alias, Process, RiskArea, TrailRecord
from registry.services.trail import verify_trail
from risk.models import ColumnMapping, RegisterImport
from tests.counting import at_most
from tests.people import client_of
from tests.register import adopt, close, make_process

pytestmark = pytest.mark.django_db

KNOWN = "Processo;Area di rischio\nRilascio di patrocini;F\n"
ODD = "Processo;Area di rischio;Note interne\nPatrocini;F;x\n"
ASKED = "Processo;Area di rischio\nUno;Entrate comunali\nDue;Entrate comunali\n"


def upload(client, plan, text, name="registro.csv", office="", **options):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post(
        reverse("risk:import_start", args=[plan.administration.ipa_code, plan.slug]),
        {"file": SimpleUploadedFile(name, content), "office": office},
        **options,
    )


def address(name, found=None):
    return reverse(f"risk:{name}", args=[(found or RegisterImport.objects.get()).uid])


def text_of(answer) -> str:
    return answer.content.decode()


def take(client, found=None):
    """Confirm the preview of a file as it is shown."""
    found = found or RegisterImport.objects.get()
    shown = client.get(address("import_preview", found))
    data = {"digest": shown.context["report"]["digest"]}
    return client.post(address("import_preview", found), data, follow=True)


@pytest.fixture
def editor(people):
    return client_of(people["editor"])


def test_a_file_known_by_its_heads_goes_straight_to_the_preview(annex, editor):
    answer = upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert answer.headers["Location"] == address("import_preview")
    page = editor.get(address("import_preview"))
    assert "Rilascio di patrocini" in text_of(page)
    assert (page.context["report"]["added"], Process.objects.count()) == (1, 0)
    done = take(editor)
    assert "Il file è nel registro" in text_of(done)
    process = Process.objects.get()
    assert (process.title, process.risk_area.code) == ("Rilascio di patrocini", "F")
    assert reverse("risk:map", args=[annex.uid]) in text_of(done)
    assert verify_trail() == []


def test_an_import_is_taken_back_as_one(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert "Annulla l’importazione" in text_of(take(editor))
    answer = editor.post(address("import_undo"), follow=True)
    assert "com’era prima" in text_of(answer)
    assert "Annulla l’importazione" not in text_of(answer)
    assert not Process.objects.exists()
    assert RegisterImport.objects.get().state == "undone"


def test_what_somebody_has_worked_on_since_is_not_taken_back(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    take(editor)
    process = Process.objects.get()
    process.objective = "Un obiettivo scritto dopo."
    process.save()
    answer = editor.post(address("import_undo"), follow=True)
    assert "è stato modificato dopo" in text_of(answer)
    assert Process.objects.count() == 1


def test_an_annex_sent_on_meanwhile_keeps_its_import(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    take(editor)
    close(annex)
    assert "Annulla l’importazione" not in text_of(editor.get(address("import")))
    answer = editor.post(address("import_undo"), follow=True)
    assert "non si possono più modificare" in text_of(answer)
    assert Process.objects.count() == 1


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
    assert (known.heading, known.field) == ("Note interne", "objective")
    take(editor)
    assert Process.objects.get().objective == "x"
    # the next file with this heading is certain
    again = ODD.replace("Patrocini", "Concessioni")
    answer = upload(editor, annex.plan, again, office=annex.office.code)
    assert answer.headers["Location"].endswith("/anteprima/")


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
    answers = {"risposta-0": "new", "risposta-1": "skip"}
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


def test_a_refused_row_says_where_and_why_and_is_given_as_a_file(annex, editor):
    text = "Processo;Area di rischio\nUno;F\nUno;F\n"
    upload(editor, annex.plan, text, office=annex.office.code)
    page = editor.get(address("import_preview"))
    assert "scritto due volte nel file" in text_of(page)
    assert "Importa nel registro" not in text_of(page)
    answer = editor.get(f"{address('import')}problemi.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert rows[0] == ("Foglio", "Riga", "Colonna", "Valore", "Perché")
    assert rows[1][1] == 3
    assert "due volte" in rows[1][4]
    csv = editor.get(f"{address('import')}problemi.csv").content.decode("utf-8-sig")
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


def test_the_same_file_again_has_nothing_to_do(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    take(editor)
    answer = upload(editor, annex.plan, KNOWN, office=annex.office.code, follow=True)
    assert "non c’è nulla da importare" in text_of(answer)
    assert "Importa nel registro" not in text_of(answer)


def test_taken_once_only_also_with_two_windows(annex, editor, people):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    digest = editor.get(address("import_preview")).context["report"]["digest"]
    take(editor)
    rpct = client_of(people["rpct"])
    answer = rpct.post(address("import_preview"), {"digest": digest}, follow=True)
    assert "già stato importato" in text_of(answer)
    assert Process.objects.count() == 1
    assert TrailRecord.objects.filter(kind="import", outcome="done").count() == 1


def test_a_file_set_aside_loses_its_bytes_and_leaves_a_line(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    answer = editor.post(address("import_discard"), follow=True)
    assert "è scartato" in text_of(answer)
    assert "registro.csv" in text_of(answer)
    found = RegisterImport.objects.get()
    assert (found.state, bytes(found.content), found.report) == ("discarded", b"", {})
    record = TrailRecord.objects.get(kind="import-discard")
    assert record.detail == {"file": "registro.csv", "file_digest": found.digest}
    # once
    answer = editor.post(address("import_discard"), follow=True)
    assert "già stato importato o scartato" in text_of(answer)
    assert TrailRecord.objects.filter(kind="import-discard").count() == 1
    for name in ("import_columns", "import_values", "import_preview"):
        assert editor.get(address(name)).headers["Location"] == address("import")


def test_an_adopted_plan_takes_no_file(annex, editor):
    adopt(annex.plan)
    assert "Il piano è adottato" in text_of(
        editor.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug]))
    )
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert not RegisterImport.objects.exists()
    record = TrailRecord.objects.get(kind="import")
    assert (record.outcome, "adottato" in record.detail["reason"]) == ("refused", True)


def test_a_plan_adopted_in_between_keeps_its_register(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    digest = editor.get(address("import_preview")).context["report"]["digest"]
    adopt(annex.plan)
    answer = editor.post(address("import_preview"), {"digest": digest})
    assert answer.status_code == 409
    assert "Il piano è adottato" in text_of(answer)
    assert not Process.objects.exists()


@pytest.mark.parametrize(
    ("who", "start", "own"),
    [
        ("head", 200, 404),
        ("editor", 200, 200),
        ("rpct", 200, 200),
        ("auditor", 403, 404),
        ("colleague", 200, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_may(annex, people, editor, who, start, own):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    client = client_of(people[who])
    page = client.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug]))
    assert page.status_code == start
    assert client.get(address("import_columns")).status_code == own
    if who in ("head", "colleague"):
        assert "registro.csv" not in text_of(page)


def test_the_offices_one_may_name_are_ones_own(annex, people, editor):
    colleague = client_of(people["colleague"])
    answer = upload(colleague, annex.plan, KNOWN, office=annex.office.code)
    assert "Scegli" in text_of(answer)
    assert not RegisterImport.objects.exists()
    # and a file that names another office is refused row by row
    text = f"Processo;Ufficio\nUno;{annex.office.name}\n"
    answer = upload(colleague, annex.plan, text, follow=True)
    assert "non è fra quelli che puoi modificare" in text_of(answer)
    # whoever works for one office finds it chosen
    page = editor.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug]))
    assert f'value="{annex.office.code}" selected' in text_of(page)


def test_the_ways_to_an_import(annex, people, editor):
    start = reverse("risk:import_start", args=["c_x001", annex.plan.slug])
    plan = reverse("risk:plan", args=["c_x001", annex.plan.slug])
    annex_map = reverse("risk:map", args=[annex.uid])
    assert start in text_of(editor.get(plan))
    assert f"{start}?ufficio={annex.office.code}" in text_of(editor.get(annex_map))
    auditor = client_of(people["auditor"])
    assert start not in text_of(auditor.get(plan))
    assert start not in text_of(auditor.get(annex_map))


def test_the_pages_cost_the_same_however_long_the_file(annex, people):
    rpct = client_of(people["rpct"])
    for count in (3, 200):
        rows = "".join(f"Processo {n};F\n" for n in range(count))
        upload(rpct, annex.plan, f"Processo;Area di rischio\n{rows}", office=annex.office.code)
    for found in RegisterImport.objects.all():
        for name in ("import_columns", "import_values", "import_preview"):
            with at_most(14):
                assert rpct.get(address(name, found)).status_code == 200
    with at_most(14):
        rpct.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug]))


def test_whoever_has_left_the_body_finds_nothing(annex, people, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    people["editor"].memberships.update(ends_on="2020-12-31")
    client = client_of(people["editor"])
    for name in ("import", "import_preview", "import_undo", "import_discard"):
        assert {client.get(address(name)).status_code, client.post(address(name)).status_code} <= {
            404,
            405,
        }


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
        assert "non c’è nulla da importare" in text_of(answer)
    process.refresh_from_db()
    assert process.objective == kept
