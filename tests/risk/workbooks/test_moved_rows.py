"""A file of ours whose rows were sorted, added, copied or taken out before it comes back."""

import io

import openpyxl
from openpyxl.cell.cell import MergedCell

from risk.enums import Layout
from risk.workbooks import rowids
from risk.workbooks.books import LAYOUTS
from tests.risk.workbooks.test_writing_back import WorkbookCase


class MovedTests(WorkbookCase):
    """Rows that were sorted, or new ones among them."""

    def moved(self, code, change):
        """Return a catalogue whose rows of data `change` has put in another order."""
        book = openpyxl.load_workbook(io.BytesIO(self.file(code, Layout.CATALOGUE)))
        sheet = book.worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        for number, cells in enumerate(change(rows), 5):
            for column, value in enumerate(cells, 1):
                sheet.cell(number, column).value = value
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def test_sorted_rows_still_find_theirs(self):
        def change(rows):
            rows = sorted(rows, key=lambda cells: cells[4], reverse=True)
            rows[3][4] = "Titolo cambiato dopo l’ordinamento"
            return rows

        (change,) = self.changes_of(self.back(self.moved("SI", change)))
        assert change[3] == "Titolo cambiato dopo l’ordinamento"

    def test_a_row_put_between_two_is_a_new_process(self):
        def change(rows):
            new = [None, None, None, None, "Un processo nuovo", rows[0][5], None]
            return [*rows[:2], new, *rows[2:]]

        preview = self.back(self.moved("SI", change))
        assert preview.problems == preview.questions == preview.changes.changed == []
        (row,) = preview.changes.added
        assert (row.kind, row.office) == ("process", "SERVIZI INFORMATIVI")

    def test_a_row_copied_is_not_the_same_twice(self):
        def change(rows):
            copy = list(rows[0])
            copy[4] = "Copiato e cambiato"
            return [*rows, copy]

        preview = self.back(self.moved("SI", change))
        assert not preview.changes.changed

    def test_a_row_left_out_deletes_nothing(self):
        preview = self.back(self.moved("SI", lambda rows: [*rows[1:], [None] * 7]))
        assert preview.writes_nothing
        assert len(preview.changes.only_in_register) == 1

    def test_a_row_moved_under_the_merged_cells_of_another_is_refused(self):
        """Whoever looks at the table sees it with that process; its key says otherwise."""
        book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", Layout.RISK_TABLE)))
        sheet = book.worksheets[0]
        for merge in [one for one in sheet.merged_cells.ranges if one.min_row > 4]:
            sheet.unmerge_cells(str(merge))
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        rows = [cells for cells in rows if any(cells)]
        # the first process keeps its first row; the last of its phases comes under the last one
        moved = [rows[0], *rows[2:], rows[1]]
        for number, cells in enumerate(moved, 5):
            for column, value in enumerate(cells, 1):
                sheet.cell(number, column).value = value
        last = 4 + len(rows)
        title = max(cell.row for cell in sheet["D"] if cell.value)
        sheet.merge_cells(f"D{title}:D{last}")
        out = io.BytesIO()
        book.save(out)

        (told,) = self.back(out.getvalue()).problems

        assert (told.row, told.value) == (last, sheet.cell(title, 4).value)
        assert f"La riga {last} è del processo della riga 5, «{rows[0][3]}»" in told.reason

    def test_without_the_hidden_sheet_it_is_said_how_rows_are_known(self):
        for layout in LAYOUTS:
            with self.subTest(layout=layout):
                book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", layout)))
                del book[rowids.SHEET]
                out = io.BytesIO()
                book.save(out)

                preview = self.back(out.getvalue())

                (note,) = [one for one in preview.notes if "identificativi" in one.reason]
                assert "riconoscono dal testo" in note.reason
                assert preview.problems == preview.changes.added == preview.changes.changed == []

    def without_last_line(self, *, again=False):
        """Return the table of GARE without its last phase, or with it written again by hand."""
        book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", Layout.RISK_TABLE)))
        sheet = book.worksheets[0]
        keys = next(c.column for row in sheet.iter_rows() for c in row if c.value == rowids.HEAD)
        last = max(c.row for row in sheet.iter_rows(min_col=keys) for c in row if c.value)
        phase = sheet.cell(last, 5).value
        for cell in sheet[last]:
            if not isinstance(cell, MergedCell):
                cell.value = None
        sheet.cell(last, 5).value = phase if again else None
        out = io.BytesIO()
        book.save(out)
        return phase, out.getvalue()

    def test_a_phase_left_out_is_told_and_stays(self):
        phase, content = self.without_last_line()
        preview = self.back(content)
        assert preview.writes_nothing
        told = [(row.kind, row.label) for row in preview.changes.only_in_register]
        assert [kind for kind, _label in told] == ["phase"]
        assert f"fase «{phase}» di «n. 6" in told[0][1]

    def test_a_phase_written_again_by_hand_is_not_gone(self):
        _phase, content = self.without_last_line(again=True)
        preview = self.back(content)
        assert preview.writes_nothing
        assert preview.changes.only_in_register == []
