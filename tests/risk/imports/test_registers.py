"""Registers of other bodies: the "Allegato B" table, lists in spellings of their own, bad files."""

from registry.models import Alias, Office, Process
from risk.models import Assessment, Measure
from risk.services.imports import apply_import
from tests.risk.imports.test_published_documents import DemoImportCase

ALLEGATO_B = (
    "Processo;Area di rischio;Catalogo dei rischi principali;Livello di interesse esterno;"
    "Grado di discrezionalità del decisore interno alla PA;Valutazione complessiva;Motivazione;"
    "Misure\n"
    "Rilascio di patrocini;D) Contratti pubblici (generale);Favorire qualcuno;Alto;Medio;Medio;"
    "La scelta è discrezionale;Rotazione straordinaria dei patrocini\n"
)


class RegisterTests(DemoImportCase):
    def setUp(self):
        self.office = Office.objects.get(code="SI")

    def csv(self, text, answers=None):
        return self.preview(text.encode(), filename="b.csv", office=self.office, answers=answers)

    def test_rows_without_an_office_are_said_once_with_their_count(self):
        text = "Processo;Area di rischio\nConcorsi;A\nAppalti;D\nProtocollo;A\n"
        preview = self.preview(text.encode(), filename="c.csv", office=None)
        (said,) = [one for one in preview.problems if "ufficio" in one.reason]
        assert (said.row, said.column) == (2, "")
        assert "di 3 righe" in said.reason
        assert preview.refused == 3
        alone = self.preview(
            text.encode().splitlines()[0] + b"\nConcorsi;A\n", filename="c.csv", office=None
        )
        assert "di questa riga" in alone.problems[0].reason

    def test_allegato_b_with_a_measure_called_new(self):
        preview = self.csv(ALLEGATO_B)
        assert preview.problems == []
        assert [str(one.kind) for one in preview.questions] == ["measure"]
        answers = {"measure": {"Rotazione straordinaria dei patrocini": {"new": True}}}
        preview = self.csv(ALLEGATO_B, answers)
        assert preview.is_ready
        taken = self.start(
            ALLEGATO_B.encode(), filename="b.csv", office=self.office, answers=answers
        )
        apply_import(register_import=taken, digest=preview.digest, by=self.rpct)
        process = Process.objects.get(annex__plan=self.plan)
        assert process.title == "Rilascio di patrocini"
        (judged,) = Assessment.objects.filter(process=process)
        assert judged.level.label == "MEDIO"
        assert judged.motivation == "La scelta è discrezionale"
        assert {r.indicator.code: r.level.label for r in judged.ratings.all()} == {
            "INT_EST": "ALTO",
            "DISCR": "MEDIO",
        }
        made = Measure.objects.get(label="Rotazione straordinaria dei patrocini")
        assert made.planned_measures.get().targets.get().process == process

    def test_a_spelling_said_once_is_remembered(self):
        text = "Processo;Area di rischio\nUno;Appalti e gare\n"
        (asked,) = self.csv(text).questions
        assert (asked.kind, asked.value) == ("risk_area", "Appalti e gare")
        answers = {"risk_area": {"Appalti e gare": {"is": "D"}}}
        preview = self.csv(text, answers)
        taken = self.start(text.encode(), filename="b.csv", office=self.office, answers=answers)
        apply_import(register_import=taken, digest=preview.digest, by=self.rpct)
        assert Alias.objects.get(text="Appalti e gare").risk_area.code == "D"
        again = self.csv("Processo;Area di rischio\nDue;Appalti e gare\n")
        assert again.questions == []

    def test_an_office_of_nobody_is_asked_and_cannot_be_new(self):
        text = "Processo;Ufficio;Area di rischio\nUno;Ufficio di un altro comune;D\n"
        (asked,) = self.csv(text).questions
        assert asked.kind == "office"
        assert not asked.may_be_new
        answers = {"office": {asked.value: {"new": True}}}
        assert self.csv(text, answers).questions

    def test_what_is_said_again_is_said_once(self):
        preview = self.csv("Processo;Area di rischio\nUno;D\nDue;A\nUno;D\n")
        assert (preview.problems, len(preview.changes.added)) == ([], 2)
        assert "«Uno» sta in più posti" in preview.notes[0].reason
        assert preview.notes[0].row == 4

    def test_the_same_process_twice_is_refused(self):
        preview = self.csv("Processo;Area di rischio\nUno;D\nUno;A\n")
        assert "due volte" in preview.problems[0].reason
        assert preview.problems[0].row == 3

    def test_too_long_a_title_says_where(self):
        preview = self.csv(f"Processo;Area di rischio\n{'x' * 1001};D\n")
        (problem,) = preview.problems
        assert (problem.row, problem.column) == (2, "A")
        assert "1.001" in problem.reason
