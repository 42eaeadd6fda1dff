"""The published documents, opened and saved by LibreOffice Calc, go in as they did before."""

from registry.models import Office
from tests.calc import converted
from tests.messy_workbooks import as_ods, as_xlsx, catalogue, table
from tests.risk.imports.test_published_documents import DemoImportCase, order_above


class CalcTests(DemoImportCase):
    def told_of(self, content, filename, office):
        """What the preview of a file says, with the doubtful phases put with the process above."""
        first = self.preview(content, filename=filename, office=office)
        answers = order_above(first)
        last = self.preview(content, filename=filename, office=office, answers=answers)
        assert last.changes.added, "the file must be understood"
        return last.layout, last.problems, first.questions, last.questions, last.changes.added

    def test_what_calc_saves_is_what_it_opened(self):
        grids = {"catalogue": catalogue(), "table": table()}
        offices = {"catalogue": None, "table": Office.objects.get(code="ICT")}
        ours = {f"{name}.xlsx": as_xlsx(grid) for name, grid in grids.items()}
        odf = {f"{name}.ods": as_ods(grid) for name, grid in grids.items()}
        saved = converted(ours, "ods") | converted(odf, "xlsx")
        for name, office in offices.items():
            wanted = self.told_of(ours[f"{name}.xlsx"], f"{name}.xlsx", office)
            for filename in (f"{name}.ods", f"{name}.xlsx"):
                with self.subTest(filename):
                    assert self.told_of(saved[filename], filename, office) == wanted
