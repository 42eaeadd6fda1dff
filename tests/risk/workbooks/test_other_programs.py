"""A file of ours that another program has saved: nothing changes, or what was edited there."""

import itertools

import pytest

from risk.enums import Layout
from risk.workbooks.books import LAYOUTS
from tests.programs import PROGRAMS, saved_by
from tests.risk.workbooks.test_writing_back import WorkbookCase

pytestmark = pytest.mark.soak


class OtherProgramsTests(WorkbookCase):
    def test_saved_again_it_changes_nothing(self):
        for program, layout in itertools.product(PROGRAMS, LAYOUTS):
            for code in ("GARE", "ICT"):
                with self.subTest(program=program, layout=layout, office=code):
                    preview = self.back(saved_by(program, self.file(code, layout)))
                    self.assert_nothing(preview)
                    assert preview.layout == layout
                    assert preview.changes.unchanged
                    assert preview.changes.only_in_register == []
                    assert [one.reason for one in preview.notes] == []

    def test_an_edit_is_that_edit(self):
        process = self.processes_of("GARE").first()
        phase = process.phases.order_by("position")[1]
        for program in PROGRAMS:
            for layout, row, name in (
                (Layout.RISK_TABLE, process, "title"),
                (Layout.RISK_TABLE, phase, "title"),
                (Layout.RISK_TABLE, process, "objective"),
                (Layout.CATALOGUE, process, "title"),
                (Layout.SHEETS, process, "objective"),
            ):
                before = getattr(row, name)
                with self.subTest(program=program, layout=layout, before=before[:20]):
                    content = saved_by(program, self.file("GARE", layout), (before, "Altro"))
                    (change,) = self.changes_of(self.back(content))
                    assert change[2:] == (before, "Altro")
