"""The command that takes a file in: its exit codes and its report."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from registry.models import Office, Process
from risk.models import RegisterImport
from tests.messy_workbooks import Grid, as_xlsx, catalogue, table
from tests.risk.imports.test_published_documents import DemoImportCase, order_above


class CommandTests(DemoImportCase):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def run_command(self, content, *options, answers=None):
        """Return the exit code and the report."""
        file, report = self.folder / "registro.xlsx", self.folder / "report.json"
        file.write_bytes(content)
        if answers is not None:
            (self.folder / "answers.json").write_text(json.dumps(answers))
            options = (*options, f"--answers={self.folder / 'answers.json'}")
        with pytest.raises(SystemExit) as ended:
            call_command(
                "import_register",
                str(file),
                f"--plan={self.plan.title}",
                f"--report={report}",
                "--by=rpct",
                *options,
                stdout=io.StringIO(),
            )
        return ended.value.code, json.loads(report.read_text())

    def count(self):
        return Process.objects.filter(annex__plan=self.plan).count()

    def test_taken(self):
        code, report = self.run_command(as_xlsx(catalogue()))
        assert code == 0
        assert report["added"] == 28
        assert report["layout"] == "catalogo"
        assert report["questions"] == report["problems"] == []
        assert self.count() == 28
        # its page says what was done, and takes it back
        assert RegisterImport.objects.get().report["counts"] == [["Processo", 28, 0]]

    def test_dry_run_writes_nothing(self):
        code, report = self.run_command(as_xlsx(catalogue()), "--dry-run")
        assert code == 0
        assert report["added"] == 28
        assert self.count() == 0

    def test_open_questions_then_answers(self):
        content = as_xlsx(table())
        code, report = self.run_command(content, "--office=ICT")
        assert code == 3
        assert {one["kind"] for one in report["questions"]} == {"order"}
        assert self.count() == 0
        preview = self.preview(content, office=Office.objects.get(code="ICT"))
        code, report = self.run_command(content, "--office=ICT", answers=order_above(preview))
        assert code == 0
        assert self.count() == 5

    def test_an_answer_nobody_asked_for_is_said(self):
        unasked = {
            "measure": {"Rotazione dei RUP": {"new": True}, "Formazione": {"skip": True}},
            "mesure": {"Formazione": {"new": True}},
        }
        code, report = self.run_command(as_xlsx(catalogue()), "--dry-run", answers=unasked)
        assert code == 0
        said = {note["reason"]: note["value"] for note in report["notes"][-2:]}
        assert said == {
            "Il file non lo chiede: la risposta non ha effetto (Misure).": (
                "«Rotazione dei RUP», «Formazione»"
            ),
            "Nessuna domanda si chiama così: la risposta non ha effetto (mesure).": "«Formazione»",
        }

    def test_answers_of_another_form_are_refused(self):
        file, answers = self.folder / "registro.csv", self.folder / "answers.json"
        file.write_text("Processo\nConcorsi\n")
        for text in (
            "{",
            "[]",
            '{"measure": ["Formazione"]}',
            '{"measure": {"Formazione": "new"}}',
        ):
            answers.write_text(text)
            with self.subTest(text), pytest.raises(CommandError, match="--answers"):
                call_command(
                    "import_register",
                    str(file),
                    f"--plan={self.plan.title}",
                    "--by=rpct",
                    f"--answers={answers}",
                )

    def test_a_file_with_no_cell_says_so_in_a_sentence(self):
        code, report = self.run_command(as_xlsx(Grid([])))
        assert (code, report["account"]["cells"]) == (1, 0)
        assert report["account"]["sentence"] == "Nel file non si è letta nessuna cella."

    def test_refused_with_the_reason(self):
        code, report = self.run_command(b"%PDF-1.7 niente tabelle")
        assert code == 1
        assert "PDF" in report["problems"][0]["reason"]
        assert self.count() == 0

    def test_the_row_of_the_heads_may_be_named(self):
        notes = [["Nota", "di metodo"]] * 600
        rows = [*notes, ["Processo", "Area di rischio"], ["Concorsi", "A"], ["Permessi", "B"]]
        content = as_xlsx(Grid(rows, name="Registro"))
        code, report = self.run_command(content, "--office=ICT", "--dry-run")
        assert code == 1
        assert "--header-row" in report["problems"][0]["reason"]
        for said in ("601", "Registro=601"):
            with self.subTest(said):
                code, report = self.run_command(
                    content, "--office=ICT", "--dry-run", f"--header-row={said}"
                )
                assert (code, report["header_row"], report["added"]) == (0, 601, 2)
        for wrong in ("0", "604", "Altro=601", "Registro"):
            with self.subTest(wrong), pytest.raises(CommandError, match="--header-row"):
                call_command(
                    "import_register",
                    str(self.folder / "registro.xlsx"),
                    f"--plan={self.plan.title}",
                    "--by=rpct",
                    f"--header-row={wrong}",
                )

    def test_no_office_is_a_problem_of_each_row(self):
        code, report = self.run_command(as_xlsx(table()))
        assert code == 1
        assert report["problems"][0]["row"] > 0
        assert "ufficio" in report["problems"][0]["reason"]

    def test_a_file_that_is_not_there(self):
        with pytest.raises(CommandError, match="non si può leggere"):
            call_command("import_register", "/manca.xlsx", f"--plan={self.plan.title}", "--by=rpct")
