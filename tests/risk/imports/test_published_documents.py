"""The two published documents, as messy workbooks, become what the demo data is."""

import pytest

from registry.models import Annex, Office, Plan, Process, TrailRecord, User
from risk.enums import Verb
from risk.models import MeasureTarget, PlannedMeasure, RegisterImport, RiskBehaviour
from risk.services.annexes.moves import move_annex
from risk.services.imports import (
    ImportRefusedError,
    apply_import,
    preview_import,
    start_import,
    undo_import,
)
from risk.services.plans.making import create_plan
from tests.messy_workbooks import as_csv, as_docx, as_ods, as_other_xlsx, as_xlsx, catalogue, table
from tests.risk.sample_data.demo.base import DemoTestCase


class DemoImportCase(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.demo_plan = Plan.objects.get(title="PTPCT 2021/2023")
        cls.rpct = User.objects.get(username="rpct")
        methods = [row.method for row in cls.demo_plan.methods.select_related("method")]
        cls.plan = create_plan(
            administration=cls.demo_plan.administration,
            title="PTPCT 2022/2024",
            first_year=2022,
            last_year=2024,
            methods=methods,
            default_method=methods[0],
            by=cls.rpct,
        )

    def preview(self, content, *, filename="registro.xlsx", office=None, answers=None, by=None):
        return preview_import(
            plan=self.plan,
            office=office,
            content=content,
            filename=filename,
            answers=answers,
            by=by or self.rpct,
        )

    def start(self, content, *, filename="registro.xlsx", office=None, answers=None):
        found = start_import(
            plan=self.plan,
            office=office,
            filename=filename,
            content=content,
            layout="auto",
            by=self.rpct,
        )
        found.answers = answers or {}
        found.save()
        return found

    def processes_as_read(self, plan, code):
        """What the register says of the processes of an office in a plan."""
        rows = Process.objects.filter(annex__plan=plan, annex__office__code=code)
        rows = rows.select_related("macroprocess__function", "risk_area").order_by("position")
        return [
            (
                row.number,
                row.title,
                row.kind,
                str(row.macroprocess or ""),
                str(row.risk_area or ""),
                row.objective,
            )
            for row in rows
        ]

    def risks_told(self, plan, code):
        """Phases, behaviours with what they cover, levels and measures of an office in a plan."""
        told = []
        rows = Process.objects.filter(annex__plan=plan, annex__office__code=code)
        for row in rows.order_by("position"):
            behaviours = RiskBehaviour.objects.filter(process=row).order_by("position")
            measures = MeasureTarget.objects.filter(process=row)
            told.append(
                (
                    row.title,
                    row.risk_presence,
                    [phase.title for phase in row.phases.order_by("position")],
                    [
                        (one.text, sorted(c.phase.title for c in one.coverages.all()))
                        for one in behaviours
                    ],
                    [str(one.level) for one in row.assessments.all()],
                    sorted(measures.values_list("planned_measure__measure__label", flat=True)),
                )
            )
        return told


def order_above(preview):
    """Answers that put every doubtful phase with the process above, as the demo data has it."""
    return {"order": {one.value: {"is": "above"} for one in preview.questions}}


class CatalogueTests(DemoImportCase):
    def test_every_format_becomes_the_demo_data(self):
        formats = {
            "registro.xlsx": as_xlsx(catalogue()),
            "altro.xlsx": as_other_xlsx(catalogue()),
            "registro.ods": as_ods(catalogue()),
            "registro.docx": as_docx(catalogue()),
            "registro.csv": as_csv(catalogue()),
        }
        digests = {}
        for filename, content in formats.items():
            preview = self.preview(content, filename=filename)
            with self.subTest(filename):
                assert preview.problems == []
                assert [one.value for one in preview.questions] == []
                assert preview.layout == "catalogo"
                assert len(preview.changes.added) == 28
                digests[filename] = preview.digest
        taken = self.start(formats["registro.xlsx"])
        apply_import(register_import=taken, digest=digests["registro.xlsx"], by=self.rpct)
        assert self.processes_as_read(self.plan, "SI") == self.processes_as_read(
            self.demo_plan, "SI"
        )

    def test_the_same_file_again_changes_nothing(self):
        content = as_xlsx(catalogue())
        taken = self.start(content)
        apply_import(register_import=taken, digest=self.preview(content).digest, by=self.rpct)
        again = self.preview(content)
        assert again.writes_nothing
        assert again.changes.unchanged == 28

    def test_one_record_on_the_trail_and_undone_as_one(self):
        content = as_xlsx(catalogue())
        taken = self.start(content)
        apply_import(register_import=taken, digest=self.preview(content).digest, by=self.rpct)
        records = TrailRecord.objects.filter(kind="import", subject=f"import {taken.uid}")
        assert records.get().detail["added"] == 28
        undo_import(register_import=taken, by=self.rpct)
        assert self.processes_as_read(self.plan, "SI") == []
        taken.refresh_from_db()
        assert taken.state == "undone"

    def test_taken_once_only(self):
        content = as_xlsx(catalogue())
        digest = self.preview(content).digest
        taken = self.start(content)
        apply_import(register_import=taken, digest=digest, by=self.rpct)
        with pytest.raises(ImportRefusedError):
            apply_import(register_import=taken, digest=digest, by=self.rpct)
        assert len(self.processes_as_read(self.plan, "SI")) == 28

    def test_another_outcome_than_was_shown_is_refused(self):
        content = as_xlsx(catalogue())
        taken = self.start(content)
        with pytest.raises(ImportRefusedError):
            apply_import(register_import=taken, digest="0" * 64, by=self.rpct)
        assert Process.objects.filter(annex__plan=self.plan).count() == 0
        assert RegisterImport.objects.get().state == "uploaded"

    def test_a_closed_annex_is_refused_with_its_rows(self):
        annex = Annex.objects.get(plan=self.demo_plan, office__code="GARE")
        head = User.objects.get(username="referente-gare")
        move_annex(annex=annex, verb=Verb.SUBMIT, by=head)
        preview = preview_import(
            plan=self.demo_plan,
            office=annex.office,
            content=b"Processo;Area di rischio\nUno nuovo;D) Contratti pubblici (generale)\n",
            filename="gare.csv",
            by=self.rpct,
        )
        assert "non è aperto" in preview.problems[0].reason

    def test_who_may_not_edit_the_office_is_refused(self):
        other = User.objects.get(username="referente-gare")
        preview = self.preview(as_xlsx(catalogue()), by=other)
        assert preview.problems
        auditor = User.objects.get(username="oiv")
        assert self.preview(as_xlsx(catalogue()), by=auditor).problems


class TableTests(DemoImportCase):
    def test_the_merged_table_becomes_the_demo_data(self):
        office = Office.objects.get(code="ICT")
        content = as_xlsx(table())
        first = self.preview(content, office=office)
        assert first.problems == []
        assert first.questions
        assert {str(one.kind) for one in first.questions} == {"order"}
        answers = order_above(first)
        preview = self.preview(content, office=office, answers=answers)
        assert preview.questions == []
        taken = self.start(content, office=office, answers=answers)
        apply_import(register_import=taken, digest=preview.digest, by=self.rpct)
        assert self.risks_told(self.plan, "ICT") == self.risks_told(self.demo_plan, "ICT")
        assert [row[5] for row in self.processes_as_read(self.plan, "ICT")] == [
            row[5] for row in self.processes_as_read(self.demo_plan, "ICT")
        ]
        planned = PlannedMeasure.objects.filter(plan=self.plan, annex__office=office)
        assert [row.targets.count() for row in planned] == [5] * 5
        again = self.preview(content, office=office, answers=answers)
        assert again.writes_nothing
