"""A file of ours that comes back: untouched it changes nothing, edited exactly what was edited."""

import io
import itertools

import openpyxl

from registry.models import Annex, Phase, Plan, Process, RiskArea, User
from risk.enums import Layout
from risk.models import Assessment, RiskBehaviour
from risk.services.imports import apply_import, preview_import, start_import
from risk.services.workbooks.files import annex_workbook, annexes_of, plan_workbook
from risk.workbooks.books import LAYOUTS
from tests.calc import converted
from tests.risk.sample_data.demo.base import DemoTestCase


class WorkbookCase(DemoTestCase):
    """Files of the demo plan, edited as a person would and read back."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.plan = Plan.objects.get(title="PTPCT 2021/2023")
        cls.rpct = User.objects.get(username="rpct")

    def file(self, code, layout):
        annex = Annex.objects.with_names().get(plan=self.plan, office__code=code)
        return annex_workbook(annex=annex, layout=layout)

    def back(self, content, **options):
        return preview_import(
            plan=self.plan, content=content, filename="foglio.xlsx", by=self.rpct, **options
        )

    def edited(self, content, *edits):
        """Return a file with texts replaced: pairs of what the cell holds and what it shall."""
        book = openpyxl.load_workbook(io.BytesIO(content))
        left = dict(edits)
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if cell.value in left:
                    cell.value = left.pop(cell.value)
        assert not left
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def assert_nothing(self, preview):
        assert preview.problems == []
        assert preview.questions == []
        assert preview.changes.added == []
        assert preview.changes.changed == []
        assert not any(preview.changes.created.values())
        assert not any(preview.changes.updated.values())

    def changes_of(self, preview):
        """Return what a preview changes: kind, label of the field, before and after."""
        assert preview.problems == []
        assert preview.questions == []
        assert preview.changes.added == []
        return [
            (row.kind, one.label, one.before, one.after)
            for row in preview.changes.changed
            for one in row.changes
        ]


class UntouchedTests(WorkbookCase):
    def test_every_office_in_every_layout_changes_nothing(self):
        for code, layout in itertools.product(("SI", "ICT", "GARE"), LAYOUTS):
            with self.subTest(office=code, layout=layout):
                preview = self.back(self.file(code, layout))
                self.assert_nothing(preview)
                assert preview.layout == layout
                assert preview.changes.unchanged
                assert preview.changes.only_in_register == []
                assert preview.notes == []

    def test_a_whole_plan_changes_nothing(self):
        annexes = annexes_of(plan=self.plan, user=self.rpct)
        for layout in LAYOUTS:
            content = plan_workbook(plan=self.plan, layout=layout, annexes=annexes)
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(content))

    def test_saved_again_by_another_program_it_changes_nothing(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(self.edited(self.file("GARE", layout))))

    def test_taken_in_it_writes_nothing(self):
        content = self.file("GARE", Layout.RISK_TABLE)
        started = start_import(
            plan=self.plan,
            office=None,
            filename="f.xlsx",
            content=content,
            layout="auto",
            by=self.rpct,
        )
        versions = list(Process.objects.values_list("pk", "version"))
        history = Process.history.count() + RiskBehaviour.history.count() + Phase.history.count()
        preview = self.back(content)
        apply_import(register_import=started, digest=preview.digest, by=self.rpct)
        assert list(Process.objects.values_list("pk", "version")) == versions
        after = Process.history.count() + RiskBehaviour.history.count() + Phase.history.count()
        assert after == history


class HardTextsTests(WorkbookCase):
    """Texts that a reading of foreign files would mend, split, skip or take for something else."""

    def setUp(self):
        self.first, self.second, *_more = self.processes_of("GARE")

    def test_texts_come_back_as_they_are(self):
        process = self.first
        texts = {
            "objective": "=1+1",
            "description": "• uno;\n• due;\n  tre",
            "input": "-",
            "output": "+39 06 000",
            "times": "@oggi\te domani",
            "responsible": "<r>uno</r>",
            "constraints": "_x0041_ <b>&amp;</b>",
            "resources": "in forma zione e informazione",
            "interrelations": "AREA D) Contratti: tutto",
            "criticalities": "  due  blanks\u00a0e\u200bniente ",
        }
        for name, text in texts.items():
            setattr(process, name, text)
        process.title = "n. 1 Processo numero 7: del n. 1"
        process.save()
        behaviours = RiskBehaviour.objects.filter(process=process).order_by("position")
        said = ["1. Primo; • secondo;", "=SOMMA(A1)", "- trattino;", "a) lettera\nb) altra"]
        for row, text in zip(behaviours, said, strict=False):
            row.text = text
            row.save()
        phase = Phase.objects.filter(process=process).order_by("position").first()
        phase.title = "Fase"
        phase.save()
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(self.file("GARE", layout)))

    def test_twins_stay_two(self):
        one, other = RiskBehaviour.objects.filter(process=self.first).order_by("position")[:2]
        other.text = one.text
        other.save()
        phases = list(Phase.objects.filter(process=self.first).order_by("position"))
        for phase in phases:
            phase.title = "Istruttoria"
            phase.save()
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(self.file("GARE", layout)))

    def test_lists_that_dropped_a_row_still_know_it(self):
        area, macroprocess = self.first.risk_area, self.first.macroprocess
        for row in (area, macroprocess):
            type(row).objects.filter(pk=row.pk).update(
                retired_on="2020-01-01", retired_reason="Non serve più."
            )
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(self.file("GARE", layout)))


class EditedTests(WorkbookCase):
    def setUp(self):
        self.process = self.processes_of("GARE").first()
        self.judged = Assessment.objects.get(
            process=self.process, moment="inherent", method__plan_methods__is_default=True
        )

    def test_texts_of_the_catalogue(self):
        content = self.file("GARE", Layout.CATALOGUE)
        title = self.process.title
        preview = self.back(self.edited(content, (title, "Un titolo nuovo")))
        assert self.changes_of(preview) == [("process", "processo", title, "Un titolo nuovo")]

    def test_each_cell_of_table_and_sheets(self):
        phase = Phase.objects.filter(process=self.process).order_by("position")[1]
        for layout in (Layout.RISK_TABLE, Layout.SHEETS):
            content = self.file("GARE", layout)
            for kind, before in (
                ("process", self.process.title),
                ("process", self.process.objective),
                ("phase", phase.title),
                ("assessment", self.judged.motivation),
            ):
                with self.subTest(kind=kind, layout=layout):
                    changes = self.changes_of(self.back(self.edited(content, (before, "Altro"))))
                    assert [(one[0], *one[2:]) for one in changes] == [(kind, before, "Altro")]

    def test_description_executor_and_area_of_the_sheets(self):
        content = self.file("GARE", Layout.SHEETS)
        phase = Phase.objects.filter(process=self.process).order_by("position").first()
        other = next(row for row in self.processes_of("GARE") if row.risk_area != phase.pk)
        area = str(RiskArea.objects.exclude(pk=self.process.risk_area_id).first())
        assert other
        for before, after, label in (
            (self.process.times, "Trenta giorni", "tempi"),
            (str(self.process.risk_area), area, "area"),
            (phase.printed_executor, "RUP", "esecutore"),
        ):
            with self.subTest(after=after):
                changes = self.changes_of(self.back(self.edited(content, (before, after))))
                assert changes
                assert all(label in one[1] or one[1] == "ufficio esecutore" for one in changes)

    def test_an_emptied_cell_empties_the_field(self):
        for layout in (Layout.RISK_TABLE, Layout.SHEETS):
            with self.subTest(layout=layout):
                content = self.edited(self.file("GARE", layout), (self.process.objective, None))
                changes = self.changes_of(self.back(content))
                assert [one[2:] for one in changes] == [(self.process.objective, "")]

    def test_a_behaviour_rewritten_in_all_its_cells(self):
        row = RiskBehaviour.objects.filter(process=self.process).order_by("position").first()
        content = self.rewritten(lambda text: text.replace(row.text, "Riscritto"))
        assert [one[2:] for one in self.changes_of(self.back(content))] == [(row.text, "Riscritto")]

    def test_a_behaviour_rewritten_in_one_cell_of_two_is_refused(self):
        cells = [cell for cell in self.cells() if cell]
        row = next(
            row
            for row in RiskBehaviour.objects.filter(process=self.process).order_by("position")
            if sum(row.text in cell for cell in cells) > 1
        )
        left = [row.text]

        def once(text):
            return text.replace(left.pop(), "Riscritto") if left and left[0] in text else text

        preview = self.back(self.rewritten(once))
        assert ["più celle" in problem.reason for problem in preview.problems] == [True]

    def test_a_behaviour_added_among_others_is_new(self):
        text = next(cell for cell in self.cells() if cell and cell.count("•") > 1)
        one, *others = text.split("\n")
        content = self.rewritten(
            lambda cell: "\n".join([one, "• Un rischio nuovo", *others]) if cell == text else cell
        )
        preview = self.back(content)
        assert preview.problems == preview.questions == preview.changes.changed == []
        kinds = [(row.kind, row.label[:16]) for row in preview.changes.added]
        assert kinds[0] == ("riskbehaviour", "Un rischio nuovo")
        assert {kind for kind, _label in kinds[1:]} == {"coverage"}

    def cells(self):
        """Return the texts of the column of behaviours."""
        book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", Layout.RISK_TABLE)))
        return [cell.value for cell in book.worksheets[0]["F"][4:]]

    def rewritten(self, change):
        """Return the table with each text of that column changed."""
        book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", Layout.RISK_TABLE)))
        for cell in book.worksheets[0]["F"][4:]:
            if cell.value:
                cell.value = change(cell.value)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


class BothSidesTests(WorkbookCase):
    def setUp(self):
        self.process = self.processes_of("GARE").first()
        self.before = self.process.title
        self.content = self.file("GARE", Layout.RISK_TABLE)

    def rename(self):
        self.process.title = "Cambiato nel registro"
        self.process.save()

    def test_changed_on_both_sides_is_asked(self):
        content = self.edited(self.content, (self.before, "Cambiato nel file"))
        self.rename()
        preview = self.back(content)
        (conflict,) = preview.changes.conflicts
        assert (conflict.base, conflict.file) == (self.before, "Cambiato nel file")
        assert conflict.register == "Cambiato nel registro"
        assert not preview.is_ready
        assert not preview.changes.changed

    def test_changed_in_the_register_only_stays(self):
        self.rename()
        preview = self.back(self.content)
        assert preview.is_ready
        assert preview.writes_nothing


class CalcTests(WorkbookCase):
    def test_what_calc_saves_changes_nothing(self):
        """Calc writes its own file, XLSX or ODS, with the hidden sheets in it."""
        files = {f"{layout}.xlsx": self.file("GARE", layout) for layout in LAYOUTS}
        for to in ("xlsx", "ods"):
            for name, content in converted(files, to).items():
                with self.subTest(name=name, to=to):
                    self.assert_nothing(self.back(content))


class CodeTests(WorkbookCase):
    """The code a process has of its own goes out where any process has one, and comes back."""

    def setUp(self):
        self.process, *_more = self.processes_of("GARE")
        self.process.code = "AP.01.01"
        self.process.save()

    def test_it_comes_back_in_every_layout_and_changes_nothing(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                content = self.file("GARE", layout)
                values = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values
                assert any("AP.01.01" in row for row in values)
                preview = self.back(content)
                self.assert_nothing(preview)
                assert preview.notes == []

    def test_a_whole_plan_has_a_place_for_it_in_all_its_sheets(self):
        annexes = annexes_of(plan=self.plan, user=self.rpct)
        for layout in LAYOUTS:
            content = plan_workbook(plan=self.plan, layout=layout, annexes=annexes)
            with self.subTest(layout=layout):
                self.assert_nothing(self.back(content))

    def test_an_edit_of_it_is_that_edit_and_emptying_it_empties_it(self):
        for layout, after in itertools.product(LAYOUTS, ("A1", None)):
            with self.subTest(layout=layout, after=after):
                content = self.edited(self.file("GARE", layout), ("AP.01.01", after))
                told = [("process", "codice", "AP.01.01", after or "")]
                assert self.changes_of(self.back(content)) == told

    def test_in_another_program_and_format_too(self):
        files = {f"{layout}.xlsx": self.file("GARE", layout) for layout in LAYOUTS}
        for name, content in converted(files, "ods").items():
            with self.subTest(name=name):
                self.assert_nothing(self.back(content))
