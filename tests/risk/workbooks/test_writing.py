"""The workbooks as another program opens them: cells, merges, lists, protection, paper."""

import io
from functools import partial

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from registry.models import Annex, Office, Plan, Process, TrailRecord, User
from registry.services.jobs import kind_of, run_job
from registry.services.turns import LONG, SHORT, lane_of
from risk.enums import Layout
from risk.models import Assessment, RiskBehaviour
from risk.models.assessments import text_digest
from risk.services.imports import preview_import
from risk.services.workbooks import files
from risk.services.workbooks.files import annex_workbook, empty_workbook
from risk.tasks import ask_plan_workbook, ask_workbook
from risk.workbooks import rowids
from risk.workbooks.books import LAYOUTS
from risk.workbooks.drawing import CELL_CHARS, TooLongError, named_sheets
from tests.people import client_of
from tests.risk.sample_data.demo.base import DemoTestCase


class WorkbookCase(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.plan = Plan.objects.get(title="PTPCT 2021/2023")
        cls.annex = Annex.objects.with_names().get(plan=cls.plan, office__code="GARE")

    def content(self, layout=Layout.RISK_TABLE):
        return annex_workbook(annex=self.annex, layout=layout)

    def book(self, layout=Layout.RISK_TABLE):
        return openpyxl.load_workbook(io.BytesIO(self.content(layout)))


class PrintedTests(WorkbookCase):
    def test_every_layout_is_set_up_for_paper(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                sheet = self.book(layout).worksheets[0]
                assert sheet.page_setup.orientation == "landscape"
                assert sheet.page_setup.paperSize == 9
                # one page wide, which is what a file says by not saying it
                assert sheet.sheet_properties.pageSetUpPr.fitToPage
                assert sheet.page_setup.fitToHeight == 0
                assert sheet.print_title_rows
                assert sheet.freeze_panes
                assert "BOZZA" in sheet.oddHeader.right.text
                assert "GARE E CONTRATTI" in sheet.oddHeader.left.text
                assert sheet["A1"].value == "PTPCT 2021/2023 – Comune di Valdoro"

    def test_no_process_of_the_table_that_fits_a_page_goes_over_it(self):
        sheet = self.book().worksheets[0]
        numbers = {row: sheet.cell(row, 3).value for row in range(5, sheet.max_row + 1)}
        broken = [mark.id for mark in sheet.row_breaks.brk]
        # a page ends after the row a break names
        assert broken
        assert all(numbers[row + 1] for row in broken)

    def test_a_row_that_cannot_be_high_enough_is_told_of_on_the_sheet(self):
        assert "Attenzione" not in self.book().worksheets[0]["A3"].value
        RiskBehaviour.objects.filter(process__annex=self.annex).update(text="parola " * 500)
        sheet = self.book().worksheets[0]
        highest = [n for n, row in sheet.row_dimensions.items() if (row.height or 0) > 408]
        assert highest
        assert f"delle righe {highest[0]}" in sheet["A3"].value

    def test_a_copied_motivation_nobody_has_read_is_told_of_and_looks_it(self):
        judged = Assessment.objects.filter(process__annex=self.annex, moment="inherent")
        row = judged.exclude(motivation="").order_by("process__number").first()
        judged.filter(pk=row.pk).update(copied_digest=text_digest(row.motivation))
        for layout, place in ((Layout.RISK_TABLE, "I"), (Layout.SHEETS, "B")):
            sheet = self.book(layout).worksheets[0]
            assert f"da rileggere: processi n. {row.process.number}." in sheet["A3"].value
            drafts = [cell.value for cell in sheet[place] if cell.value and cell.font.italic]
            assert row.motivation in drafts

    def test_an_issued_annex_is_no_draft(self):
        self.annex.state = "issued"
        assert self.book().worksheets[0].oddHeader.right.text is None

    def test_the_file_says_what_it_is(self):
        book = self.book()
        assert "PTPCT 2021/2023" in book.properties.title
        assert book.custom_doc_props["Lingua"].value == "it-IT"

    def test_only_the_catalogue_filters(self):
        filtered = {layout: self.book(layout).worksheets[0].auto_filter.ref for layout in LAYOUTS}
        assert filtered[Layout.CATALOGUE] == "A4:F10"
        assert filtered[Layout.RISK_TABLE] is None
        merged = self.book(Layout.CATALOGUE).worksheets[0].merged_cells.ranges
        assert all(one.max_row < 4 for one in merged)

    def test_the_table_merges_each_column_by_itself(self):
        sheet = self.book().worksheets[0]
        by_column = {}
        for one in sheet.merged_cells.ranges:
            if one.min_row > 4:
                by_column.setdefault(one.min_col, []).append((one.min_row, one.max_row))
        processes = sorted(by_column[4])
        assert processes == sorted(by_column[2]) == sorted(by_column[8])
        assert processes[0] == (5, 9)
        # the macroprocess goes on over processes, the phases stand alone
        assert max(last - first for first, last in by_column[1]) > 5
        assert 5 not in by_column
        assert sheet.row_dimensions[5].height > 12


class CellTests(WorkbookCase):
    def test_texts_are_texts_whatever_they_begin_with(self):
        process = self.processes_of("GARE").first()
        said = ["=1+1", "==1+1", "+39", "-5", "@SUM(A1)", "\tcolonna", "=Foglio1!A1", "12"]
        for text in said:
            Process.objects.filter(pk=process.pk).update(objective=text)
            content = self.content()
            with self.subTest(text=text):
                cell = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["B5"]
                assert (cell.data_type, cell.value) == ("s", text)
                assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))
                read = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
                assert read.to_python()[4][1] == text

    def test_only_the_number_is_a_number(self):
        for layout, column in ((Layout.CATALOGUE, 4), (Layout.RISK_TABLE, 3)):
            sheet = self.book(layout).worksheets[0]
            numbers = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "n"]
            assert {cell.column for cell in numbers if cell.value is not None} == {column}

    def test_a_text_no_cell_can_hold_is_refused(self):
        behaviours = RiskBehaviour.objects.filter(process__annex=self.annex)
        behaviours.update(text="a" * 20_000)
        with pytest.raises(TooLongError, match="32.767"):
            self.content()
        assert CELL_CHARS == 32_767


class KeptTests(WorkbookCase):
    def test_keys_are_locked_and_the_rest_is_not(self):
        sheet = self.book().worksheets[0]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        # what openpyxl calls these is what is forbidden
        assert not sheet.protection.insertRows
        assert not sheet.protection.sort
        locked = {cell.coordinate for cell in sheet[5] if cell.protection.locked}
        assert locked == {"C5", "J5"}
        assert sheet.column_dimensions["J"].hidden

    def test_lists_are_offered_from_the_catalogues(self):
        book = self.book(Layout.CATALOGUE)
        offered = {one.formula1: one for one in book.worksheets[0].data_validations.dataValidation}
        assert set(offered) == {"elenco_tipi", "elenco_macroprocessi", "elenco_aree"}
        assert offered["elenco_tipi"].errorStyle in (None, "stop")
        assert offered["elenco_aree"].errorStyle == "warning"
        assert "C5:C" in str(offered["elenco_macroprocessi"].sqref)
        assert book[rowids.LISTS].sheet_state == "hidden"
        place = book.defined_names["elenco_aree"].attr_text
        cells = next(iter(book.defined_names["elenco_aree"].destinations))
        assert "_elenchi" in place
        texts = [cell.value for (cell,) in book[cells[0]][cells[1]]]
        assert "D) Contratti pubblici (generale)" in texts
        # longer than what a list written into the rule itself may be
        assert sum(map(len, texts)) > 255

    def test_the_ids_are_very_hidden_and_say_what_each_row_is(self):
        book = self.book()
        sheet = book[rowids.SHEET]
        assert sheet.sheet_state == "veryHidden"
        ids = rowids.parse([list(row) for row in sheet.iter_rows(values_only=True)])
        assert ids.origin == rowids.Origin("PTPCT 2021/2023", "c_x999", "tabella")
        process = self.processes_of("GARE").first()
        judged = Assessment.objects.get(
            process=process, moment="inherent", method__plan_methods__is_default=True
        )
        own = {one.kind: one for one in reversed(ids.by_key["r1"])}
        assert (own["process"].uid, own["process"].version) == (process.uid, process.version)
        assert own["assessment"].uid == judged.uid
        assert book.worksheets[0]["J5"].value == "r1"


class EmptyTests(WorkbookCase):
    def test_an_empty_file_has_lists_and_no_rows(self):
        for layout in LAYOUTS:
            content = empty_workbook(plan=self.plan, layout=layout)
            book = openpyxl.load_workbook(io.BytesIO(content))
            with self.subTest(layout=layout):
                assert rowids.SHEET not in book.sheetnames
                offered = book.worksheets[0].data_validations.dataValidation
                assert "elenco_uffici" in {one.formula1 for one in offered}

    def test_filled_in_it_is_understood(self):
        content = empty_workbook(plan=self.plan, layout=Layout.CATALOGUE)
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        sheet["B2"] = "GARE E CONTRATTI"
        area = str(self.processes_of("GARE").first().risk_area)
        for column, text in zip("AEF", ("Processo primario", "Un processo", area), strict=True):
            sheet[f"{column}5"] = text
        out = io.BytesIO()
        book.save(out)
        preview = preview_import(plan=self.plan, content=out.getvalue(), filename="vuoto.xlsx")
        assert preview.problems == preview.questions == []
        assert [row.kind for row in preview.changes.added] == ["process"]

    def test_not_filled_in_it_adds_nothing(self):
        for layout in LAYOUTS:
            content = empty_workbook(plan=self.plan, layout=layout)
            preview = preview_import(plan=self.plan, content=content, filename="vuoto.xlsx")
            with self.subTest(layout=layout):
                assert preview.changes.added == preview.changes.changed == []


class PageTests(WorkbookCase):
    def setUp(self):
        self.client = client_of(User.objects.get(username="referente-gare"))
        self.address = f"/piani/c_x999/{self.plan.slug}/catalogo.xlsx"

    def test_the_page_of_the_annex_leads_to_the_file(self):
        address = f"/allegati/{self.annex.uid}/tabella.xlsx"
        self.assertContains(self.client.get(f"/allegati/{self.annex.uid}/tabella/"), address)
        answer = self.client.get(address)
        assert answer.headers["Content-Disposition"] == (
            'attachment; filename="gare-e-contratti-tabella.xlsx"'
        )
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[0]
        record = TrailRecord.objects.filter(kind="export").latest("pk")
        assert record.subject == f"annex {self.annex.uid}"
        assert record.detail == {"format": "xlsx", "layout": "tabella"}

    def test_a_whole_plan_has_the_sheets_one_may_read(self):
        answer = self.client.get(self.address)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.sheetnames == ["Catalogo dei processi", rowids.LISTS, rowids.SHEET]
        answer = client_of(User.objects.get(username="rpct")).get(self.address)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert len([name for name in book.sheetnames if not name.startswith("_")]) == 3

    def test_a_text_too_long_is_said_on_a_page(self):
        RiskBehaviour.objects.filter(process__annex=self.annex).update(text="a" * 20_000)
        answer = self.client.get(f"/allegati/{self.annex.uid}/tabella.xlsx")
        self.assertContains(answer, "32.767", status_code=409)
        assert TrailRecord.objects.latest("pk").outcome == "refused"

    def test_the_complete_paper_is_no_workbook(self):
        assert self.client.get(f"/allegati/{self.annex.uid}/completo.xlsx").status_code == 404


class JobTests(WorkbookCase):
    """What is large is written outside the page, and what is asked for is what one may read."""

    def test_the_file_of_an_annex_and_of_a_plan(self):
        head = User.objects.get(username="responsabile-gare")
        annex = ask_workbook(annex=self.annex, layout=Layout.SHEETS, by=head)
        plan = ask_plan_workbook(plan=self.plan, layout=Layout.SHEETS, by=head)
        for job, name in ((annex, "gare-e-contratti-schede.xlsx"), (plan, None)):
            run_job(uid=job.uid)
            job.refresh_from_db()
            assert (job.state, job.failure) == ("done", "")
            assert name in (None, job.result["file_name"])
            answer = client_of(head).get(f"/operazioni/{job.uid}/file/")
            book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
            assert book.sheetnames[0] == "Schede dei processi"

    def test_one_that_takes_more_than_seconds_delays_nobody_s_short_work(self):
        head = User.objects.get(username="responsabile-gare")
        short = ask_workbook(annex=self.annex, layout=Layout.SHEETS, by=head)
        with pytest.MonkeyPatch.context() as fewer:
            fewer.setattr(files, "READY_UP_TO", 0)
            long = ask_workbook(annex=self.annex, layout=Layout.CATALOGUE, by=head)
        assert [lane_of(short), lane_of(long)] == [SHORT, LONG]

    def test_the_file_of_a_plan_is_of_whoever_asked(self):
        job = ask_plan_workbook(
            plan=self.plan, layout=Layout.CATALOGUE, by=User.objects.get(username="rpct")
        )
        run_job(uid=job.uid)
        job.refresh_from_db()
        assert kind_of(job).may_read(job.by, job)
        assert not kind_of(job).may_read(User.objects.get(username="oiv"), job)

    def test_whoever_has_left_an_office_has_its_file_no_more(self):
        rpct, head = (User.objects.get(username=name) for name in ("rpct", "responsabile-gare"))
        ask = partial(ask_plan_workbook, plan=self.plan, layout=Layout.CATALOGUE)
        job = ask(by=head)
        assert ask(by=rpct).subject != job.subject
        run_job(uid=job.uid)
        job.refresh_from_db()
        assert b"".join(client_of(head).get(f"/operazioni/{job.uid}/file/").streaming_content)
        other = Office.objects.get(code="SI", administration=self.plan.administration)
        head.memberships.update(office=other)
        assert client_of(head).get(f"/operazioni/{job.uid}/file/").status_code == 404


def test_names_of_sheets_are_short_and_different():
    class Drawn:
        name = ""

    wishes = ["Lavori: opere/strade [1]", "Ufficio " * 9, "ufficio " * 9, "'"]
    names = [sheet.name for sheet in named_sheets((wish, Drawn()) for wish in wishes)]
    assert names == [
        "Lavori- opere-strade -1-",
        "Ufficio Ufficio Ufficio Ufficio"[:31],
        "ufficio ufficio ufficio uffic 2",
        "–",
    ]
