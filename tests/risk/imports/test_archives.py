"""Registers of several offices in one archive are one import: one preview, one act, one undo."""

import io
import json

import pytest
from django.core.management import call_command

from registry.models import Office, Process
from risk.models import RegisterImport
from tests.looks import Marked, marked_xlsx
from tests.messy_workbooks import Grid, as_csv, as_xlsx
from tests.people import client_of
from tests.register import make_annex, make_method, use_method
from tests.risk.imports.files import zipped
from tests.risk.imports.pages import address, take, text_of, upload

pytestmark = pytest.mark.django_db

CATALOGUE = as_csv(
    Grid([["Processo", "Area di rischio", "Ufficio"], ["Patrocini", "F", "Cultura"]])
)
REGISTER = as_xlsx(
    Grid([["Processo", "Rischio", "Livello di rischio"], ["Multe", "Omissione", "Alto"]])
)
FILES = {"elenco.csv": CATALOGUE, "vigili.xlsx": REGISTER}


@pytest.fixture
def offices(annex):
    """Two more offices of the body, each with its annex; the plan has a method."""
    use_method(annex, make_method())
    body = annex.plan.administration
    return [make_annex(body, office=name) for name in ("Cultura", "Vigili")]


def titles():
    return sorted(Process.objects.values_list("annex__office__name", "title"))


def test_an_archive_comes_in_and_goes_back_as_one(annex, people, offices):
    client = client_of(people["rpct"])
    answer = upload(client, annex.plan, zipped(FILES), "registri.zip", follow=True)
    assert "Patrocini" in text_of(answer)
    assert "Multe" in text_of(answer)
    take(client)
    assert titles() == [("Cultura", "Patrocini"), ("Vigili", "Multe")]
    found = RegisterImport.objects.get()
    assert found.report["account"]["cells"] == 12
    client.post(address("import_undo"))
    assert not Process.objects.exists()


def test_an_office_nobody_knows_by_the_name_of_its_file_is_asked(annex, people, offices):
    client = client_of(people["rpct"])
    for name, asked in (("registro_vigili_2024.xlsx", []), ("Dei vigili.xlsx", ["Dei vigili"])):
        RegisterImport.objects.all().delete()
        files = {"elenco.csv": CATALOGUE, name: REGISTER}
        upload(client, annex.plan, zipped(files), "registri.zip")
        report = RegisterImport.objects.get().report
        assert any("si prende dal suo nome" in note["reason"] for note in report["notes"])
        assert [one["value"] for one in report["questions"]] == asked
        assert all(f"Il file «{name}» non dice" in one["reason"] for one in report["questions"])
        codes = {one["proposed"] for one in report["questions"]}
        assert codes <= {Office.objects.get(name="Vigili").code}


def test_a_question_of_all_files_names_the_places_of_each(annex, people, offices):
    names = ("cultura.xlsx", "vigili.xlsx")
    rows = [
        ["Processo", "Rischio", "Livello di rischio"],
        ["Gare", "Favori", "Alto"],
        ["Multe", "idem", "//"],
    ]
    red, green = "C00000", "00B050"
    colours = [
        *rows,
        ["Nidi", "Ritardo", Marked("", fill=red)],
        ["Mense", "Altro", Marked("", fill=green)],
    ]
    marked = [[cell if isinstance(cell, Marked) else Marked(cell) for cell in r] for r in colours]
    marked[1][1] = Marked("Favori", struck="Favori")
    files = {name: marked_xlsx(marked) for name in names}
    upload(client_of(people["rpct"]), annex.plan, zipped(files), "registri.zip")
    questions = RegisterImport.objects.get().report["questions"]
    for kind in ("cancelled", "ditto", "colour"):
        own = [one for one in questions if one["kind"] == kind]
        assert own
        for one in own:
            assert one["count"] == 2
            assert all(f"{name} › " in one["reason"] for name in names), one["reason"]


def test_a_file_that_cannot_be_taken_is_named_and_the_others_wait(annex, people, offices):
    client = client_of(people["rpct"])
    files = {**FILES, "nota.pdf": b"%PDF-1.7"}
    answer = upload(client, annex.plan, zipped(files), "registri.zip")
    assert "«nota.pdf»" in text_of(answer)
    assert not RegisterImport.objects.exists()
    twice = {**FILES, "ancora.csv": CATALOGUE.replace(b"F", b"")}
    upload(client, annex.plan, zipped(twice), "registri.zip")
    report = RegisterImport.objects.get().report
    (problem,) = report["problems"]
    assert "due volte nel file: la prima in «ancora.csv › ancora»" in problem["reason"]
    assert not report["is_ready"]


@pytest.mark.parametrize("way", ["folder", "zip"])
def test_the_command_takes_a_folder_as_it_takes_an_archive(annex, people, offices, tmp_path, way):
    given, report = tmp_path / "registri", tmp_path / "report.json"
    if way == "folder":
        given.mkdir()
        for name, content in FILES.items():
            (given / name).write_bytes(content)
    else:
        given.write_bytes(zipped(FILES))
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_register",
            str(given),
            f"--plan={annex.plan.title}",
            f"--by={people['rpct'].username}",
            f"--report={report}",
            stdout=io.StringIO(),
        )
    assert ended.value.code == 0, report.read_text()
    assert titles() == [("Cultura", "Patrocini"), ("Vigili", "Multe")]
    assert json.loads(report.read_text())["added"] > 2
    assert RegisterImport.objects.count() == 1
