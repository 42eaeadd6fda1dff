"""The pages of an import: the file, what became of it, what it costs; and who may see them."""

import pytest
from django.urls import reverse

from registry.models import Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import EventCategory, RegisterImport, RiskBehaviour
from risk.services.imports import apply_import, undo_import
from risk.services.imports.report import ShownProcesses
from tests.people import client_of
from tests.register import adopt, close
from tests.risk.imports.files import brought
from tests.risk.imports.pages import KNOWN, ODD, address, take, text_of, upload
from tests.statements import at_most

pytestmark = pytest.mark.django_db


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
    assert reverse("risk:mapping", args=[annex.uid]) in text_of(done)
    assert verify_trail() == []


def test_a_preview_kept_before_processes_were_packed_is_shown(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    found = RegisterImport.objects.get()
    found.report["processes"] = list(ShownProcesses(found))
    assert found.report["processes"][0]["title"] == "Rilascio di patrocini"
    found.save()
    assert "Rilascio di patrocini" in text_of(editor.get(address("import_preview")))


def test_an_import_is_taken_back_as_one(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    assert "Annulla l’importazione" in text_of(take(editor))
    answer = editor.post(address("import_undo"), follow=True)
    assert "com’era prima" in text_of(answer)
    assert "Annulla l’importazione" not in text_of(answer)
    assert not Process.objects.exists()
    assert RegisterImport.objects.get().state == "undone"
    # what went with the import nobody deleted
    history = text_of(editor.get(reverse("risk:annex_history", args=[annex.uid])))
    cells = " ".join(history.split()).partition("Eliminazione")[2].partition("</th>")[0]
    assert "Importazione annullata" in cells


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
    assert TrailRecord.objects.filter(kind="import-discard", outcome="done").count() == 1
    for name in ("import_columns", "import_values", "import_preview"):
        assert editor.get(address(name)).headers["Location"] == address("import")


def test_an_adopted_plan_takes_no_file(annex, editor):
    adopt(annex.plan)
    page = text_of(editor.get(reverse("risk:import_start", args=["c_x001", annex.plan.slug])))
    assert "Il piano è adottato" in page
    # nothing is offered above the list
    assert "qui sopra" not in page
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
    annex_map = reverse("risk:mapping", args=[annex.uid])
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


def test_taking_back_costs_the_same_however_much_was_taken(annex, people):
    EventCategory.objects.create(code="FAV", label="Favoritismo")
    rpct = people["rpct"]
    for count in (5, 100):
        rows = "".join(f"Processo {n};F;Favori {n};Favoritismo\n" for n in range(count))
        heads = "Processo;Area di rischio;Rischi;Categorie di eventi rischiosi\n"
        found = brought(annex.plan, annex.office, by=rpct, content=(heads + rows).encode())
        apply_import(register_import=found, digest=found.report["digest"], by=rpct)
        assert RiskBehaviour.categories.through.objects.count() == count
        with at_most(110):
            undo_import(register_import=found, by=rpct)
        assert not Process.objects.exists()
        assert not RiskBehaviour.objects.exists()
    assert verify_trail() == []
