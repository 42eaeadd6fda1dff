"""How high texts are in their cells, and where the pages of a printed table begin."""

import io

import openpyxl
import pytest
from pypdf import PdfReader

from registry.models import Annex
from risk.enums import Layout
from risk.services.workbooks.files import annex_workbook
from risk.workbooks.drawing import DrawnColumn, Look, SheetDrawing, break_pages, spread_heights
from risk.workbooks.heights import LINE_HEIGHT, height_of
from tests.calc import converted
from tests.risk.sample_data.demo.base import DemoTestCase


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 16, 1),
        ("Affidamento", 16, 1),
        ("uno\ndue\n\nquattro", 16, 4),
        # letters as narrow as these are more than the digits a width counts
        ("illimitatissimi il li il li il li", 22, 1),
        ("MMMMMMMMMMMMMMMMMMMMMM", 22, 2),
        # three words, none of which fits beside another
        ("amministrazione amministrazione amministrazione", 16, 3),
        ("a" * 100, 22, 5),
        ("à" * 100, 22, 5),
        # as LibreOffice prints them in Calibri
        ("Gestione S.I. e rete: Creazione caselle di posta elettronica", 22, 3),
        ("• Ammissioni, esclusioni o verifiche condotte con metro diverso", 36, 2),
    ],
)
def test_a_text_takes_the_lines_its_words_break_into(text, width, lines):
    assert height_of(text, width) == lines * LINE_HEIGHT


def test_bold_letters_are_wider():
    text = "Servizi istituzionali a"
    assert height_of(text, 16) == LINE_HEIGHT
    assert height_of(text, 16, is_bold=True) == 2 * LINE_HEIGHT


@pytest.mark.parametrize(
    ("lines", "top", "page"),
    [
        # eleven processes of three lines fill a page
        (1, 11, 12),
        (5, 10, 12),
        (5, 11, 11),
    ],
)
def test_no_page_ends_in_the_text_of_a_cell_that_processes_share(lines, top, page):
    sheet = SheetDrawing("Prova", [DrawnColumn(16), DrawnColumn(100)])
    sheet.heads = sheet.add(["Macroprocesso", "Processo"], [Look.HEAD] * 2)
    for row in range(1, 16):
        shared = "\n".join(["testo"] * lines) if row == top else None
        sheet.add([shared, "uno\ndue\ntre"], [Look.TEXT] * 2)
    sheet.merge(top, 0, 15, 0)
    spread_heights(sheet, 0)
    break_pages(sheet, range(1, 16))
    assert sheet.pages == [page]


class PrintedTests(DemoTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        annexes = Annex.objects.with_names().filter(plan__title="PTPCT 2021/2023")
        cls.files = {
            f"{annex.office.code}.xlsx": annex_workbook(annex=annex, layout=Layout.RISK_TABLE)
            for annex in annexes
        }

    def test_each_table_prints_on_the_pages_it_was_parted_into(self):
        printed = converted(self.files, "pdf")
        for name, content in self.files.items():
            sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            pages = len(PdfReader(io.BytesIO(printed[name.replace("xlsx", "pdf")])).pages)
            with self.subTest(name=name):
                # a page too full would have been parted once more, through a process
                assert pages == len(sheet.row_breaks.brk) + 1 == 2
