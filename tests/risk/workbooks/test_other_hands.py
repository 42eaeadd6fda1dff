"""A table of ours after other hands: merges undone, filled down or left behind, rows sorted.

The ids of the rows know better: nothing changes, or what was edited, or a person is asked.
"""

import io
from typing import Any, ClassVar

import openpyxl
import pytest

from registry.models import Process
from risk.enums import Layout
from risk.models import Assessment, RiskBehaviour
from risk.services.imports.ledger import QuestionKind
from risk.services.imports.parse.cells import own_entries
from risk.workbooks import rowids
from tests.risk.workbooks.test_writing_back import WorkbookCase

FIRST, KEYS = 5, 10
"""The first row under the heads of a table, and its hidden column of keys."""


def separated(sheet, *, is_filled=False):
    """Undo all merges of the rows; with `is_filled` write in each cell what was seen there."""
    for merge in [one for one in sheet.merged_cells.ranges if one.min_row >= FIRST]:
        value = sheet.cell(merge.min_row, merge.min_col).value
        sheet.unmerge_cells(str(merge))
        for row in range(merge.min_row + 1, merge.max_row + 1 if is_filled else 0):
            sheet.cell(row, merge.min_col).value = value


def filled_down(sheet):
    separated(sheet, is_filled=True)


def one_process_filled_down(sheet):
    """Fill down the first process that has several rows, and leave the others merged."""
    merge = next(one for one in sheet.merged_cells.ranges if one.min_col == 4)
    top, bottom = merge.min_row, merge.max_row
    own = [o for o in sheet.merged_cells.ranges if top <= o.min_row and o.max_row <= bottom]
    for one in own:
        value = sheet.cell(one.min_row, one.min_col).value
        sheet.unmerge_cells(str(one))
        for row in range(one.min_row, one.max_row + 1):
            sheet.cell(row, one.min_col).value = value


def _written(sheet, first, last):
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST)]
    rows = [cells for cells in rows if any(cells)]
    return [cells[first - 1 : last] for cells in rows]


def _put(sheet, first, rows):
    for number, cells in enumerate(rows, FIRST):
        for column, value in enumerate(cells, first):
            sheet.cell(number, column).value = value


def separated_and_turned_round(sheet):
    separated(sheet)
    _put(sheet, 1, _written(sheet, 1, KEYS)[::-1])


def filled_and_sorted_by_phase(sheet):
    filled_down(sheet)
    _put(sheet, 1, sorted(_written(sheet, 1, KEYS), key=lambda cells: cells[4] or ""))


def rows_put_between(sheet):
    """Two blank rows as openpyxl puts them: what is merged stays where it was."""
    sheet.insert_rows(FIRST + 2, 2)


def a_row_taken_out(sheet):
    sheet.delete_rows(FIRST + 1)


def hidden_sheets_shown(sheet):
    """All sheets to be seen, as Gnumeric saves them (findings/gnumeric_hidden_sheets.sh)."""
    for one in sheet.parent:
        one.sheet_state = "visible"


def sorted_without_the_keys(sheet):
    filled_down(sheet)
    _put(sheet, 1, sorted(_written(sheet, 1, KEYS - 1), key=lambda cells: cells[4] or ""))


def separated_and_turned_without_the_keys(sheet):
    separated(sheet)
    _put(sheet, 1, _written(sheet, 1, KEYS - 1)[::-1])


HANDS = (
    (separated, "celle unite di questo foglio sono state separate"),
    (filled_down, "celle unite di questo foglio sono state separate"),
    (one_process_filled_down, ""),
    (separated_and_turned_round, "celle unite di questo foglio sono state separate"),
    (filled_and_sorted_by_phase, "Righe lontane dal loro processo"),
    (rows_put_between, "celle unite non stanno più al loro posto"),
    (a_row_taken_out, ""),
)


class HandedRoundCase(WorkbookCase):
    """Files of a plan that stays as it is, each drawn once."""

    _drawn: ClassVar[dict[Any, bytes]] = {}

    def file(self, code, layout):
        key = (type(self), code, layout)
        if key not in self._drawn:
            self._drawn[key] = super().file(code, layout)
        return self._drawn[key]


class OtherHandsTests(HandedRoundCase):
    def handled(self, hand, code="GARE", *edits):
        """Return the table of an office after `hand`, which is given its sheet."""
        content = self.file(code, Layout.RISK_TABLE)
        book = openpyxl.load_workbook(io.BytesIO(self.edited(content, *edits)))
        hand(book.worksheets[0])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def test_nothing_changes(self):
        for code in ("GARE", "ICT"):
            for hand, note in (*HANDS, (hidden_sheets_shown, "")):
                with self.subTest(hand=hand.__name__, office=code):
                    preview = self.back(self.handled(hand, code))
                    self.assert_nothing(preview)
                    if note and code == "GARE":
                        assert any(note in one.reason for one in preview.notes), preview.notes

    def test_an_edit_is_that_edit(self):
        process = self.processes_of("GARE").first()
        for hand, _note in HANDS:
            for before in (process.objective, process.phases.order_by("position")[2].title):
                with self.subTest(hand=hand.__name__, before=before[:20]):
                    content = self.handled(hand, "GARE", (before, "Altro"))
                    found = self.back(content)
                    if found.problems:
                        # filled down before: the same in some of the cells alone
                        assert "tutte le sue righe" in found.problems[0].reason
                        continue
                    (change,) = self.changes_of(found)
                    assert change[2:] == (before, "Altro")

    def test_rows_without_their_keys_are_asked_about(self):
        for hand in (sorted_without_the_keys, separated_and_turned_without_the_keys):
            with self.subTest(hand=hand.__name__):
                content = self.handled(hand)
                preview = self.back(content)
                if preview.problems:
                    assert "chiave" in " ".join(one.reason for one in preview.problems)
                    assert not preview.changes.changed
                    continue
                (question,) = preview.questions
                assert (question.kind, question.proposed) == (QuestionKind.ROW, "text")
                assert not preview.changes.changed
                said = {QuestionKind.ROW: {question.value: {"is": "text"}}}
                self.assert_nothing(self.back(content, answers=said))

    def test_without_the_hidden_sheet_rows_that_were_turned_round_are_refused(self):
        def change(sheet):
            hand(sheet)
            del sheet.parent[rowids.SHEET]

        for hand in (separated, separated_and_turned_round):
            preview = self.back(self.handled(change))
            if hand is separated:
                self.assert_nothing(preview)
            else:
                assert "in un altro ordine" in preview.problems[0].reason

    def test_a_judgement_said_in_some_rows_alone_is_refused(self):
        def change(sheet):
            filled_down(sheet)
            level = next(cell for cell in sheet["H"][FIRST - 1 :] if cell.value)
            level.value = "ALTO" if level.value != "ALTO" else "BASSO"

        preview = self.back(self.handled(change))
        assert "un giudizio solo" in preview.problems[0].reason
        assert not preview.changes.added

    def test_a_line_without_our_bullet_is_an_entry(self):
        def change(sheet):
            cell = next(cell for cell in sheet["F"][FIRST - 1 :] if cell.value)
            cell.value += "\nun rischio scritto a mano"

        added = self.back(self.handled(change)).changes.added
        texts = [one.label for one in added if one.kind == "riskbehaviour"]
        assert texts == ["un rischio scritto a mano"]

    def test_behaviours_that_change_places_stay_what_they_are(self):
        one, other = RiskBehaviour.objects.filter(process__annex__office__code="GARE")[:2]
        texts = {one.text: other.text, other.text: one.text}
        assert one.process_id == other.process_id

        def change(sheet):
            for cell in sheet["F"][FIRST - 1 :]:
                for before, after in texts.items():
                    if cell.value and before in cell.value:
                        cell.value = cell.value.replace(before, after)
                        break

        assert not self.back(self.handled(change)).changes.changed


class EmptiedTests(HandedRoundCase):
    def emptied(self, layout, *values):
        return self.edited(self.file("GARE", layout), *((value, None) for value in values))

    def test_an_emptied_cell_of_a_list_is_asked(self):
        process = self.processes_of("GARE").first()
        judged = Assessment.objects.get(
            process=process, moment="inherent", method__plan_methods__is_default=True
        )
        for layout, before in (
            (Layout.RISK_TABLE, judged.level.label),
            (Layout.RISK_TABLE, process.macroprocess.printed),
            (Layout.SHEETS, judged.level.label),
            (Layout.SHEETS, str(process.risk_area)),
            (Layout.CATALOGUE, str(process.risk_area)),
        ):
            with self.subTest(before=before, layout=layout):
                content = self.emptied(layout, before)
                preview = self.back(content)
                (question,) = preview.questions
                assert (question.kind, question.proposed) == (QuestionKind.EMPTIED, "keep")
                assert before in question.reason
                assert not preview.changes.changed
                kept = {QuestionKind.EMPTIED: {question.value: {"is": "keep"}}}
                self.assert_nothing(self.back(content, answers=kept))
                cleared = {QuestionKind.EMPTIED: {question.value: {"is": "clear"}}}
                changes = self.changes_of(self.back(content, answers=cleared))
                assert {one[3] for one in changes} == {""}
                assert len(changes) == question.count

    def test_a_cell_merged_over_several_processes_clears_them_all(self):
        process = self.processes_of("ICT").first()
        before = process.macroprocess.printed
        content = self.edited(self.file("ICT", Layout.RISK_TABLE), (before, None))
        (question,) = self.back(content).questions
        several = Process.objects.filter(
            annex=process.annex, macroprocess=process.macroprocess
        ).count()
        assert question.count == several > 1

    def test_what_a_list_of_several_has_lost_is_noted(self):
        text = RiskBehaviour.objects.filter(process__annex__office__code="GARE").first().text
        book = openpyxl.load_workbook(io.BytesIO(self.file("GARE", Layout.RISK_TABLE)))
        risks, measures = (book.worksheets[0][column] for column in "FG")
        cell = next(one for one in measures if one.row >= FIRST and one.value)
        entries = cell.value.split("\n")
        lost = [one.strip("• ") for one in entries]
        for place, value, note in (
            (next(one for one in risks if one.value and text in one.value), None, "restano."),
            (cell, None, "», «".join(sorted(lost))),
            (cell, "\n".join(entries[1:]), f"nel registro restano: «{lost[0]}» di «"),
        ):
            before, place.value = place.value, value
            out = io.BytesIO()
            book.save(out)
            place.value = before
            with self.subTest(note=note):
                preview = self.back(out.getvalue())
                self.assert_nothing(preview)
                assert any(note in one.reason for one in preview.notes), preview.notes


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("• Uno\n• Due", ("Uno", "Due")),
        ("• Uno\nDue", ("Uno", "Due")),
        ("• Uno\ndue, scritto a mano\n- Tre", ("Uno", "due, scritto a mano", "Tre")),
        ("• - trattino;\n\n•", ("- trattino;",)),
        ("Uno\nDue", ("Uno", "Due")),
    ],
)
def test_each_line_of_a_cell_of_ours_is_an_entry(text, entries):
    assert own_entries(text) == entries
