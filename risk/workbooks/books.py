"""A file of an annex, or of a whole plan, in one of the three layouts."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from risk.enums import Layout
from risk.workbooks.content import FileAnnex, FileContent
from risk.workbooks.drawing import BookDrawing, Keys, SheetDrawing, named_sheets
from risk.workbooks.drawing_blocks import sheets_sheet
from risk.workbooks.drawing_tables import catalogue_sheet, table_sheet
from risk.workbooks.rowids import Origin


@dataclass(frozen=True, slots=True)
class BookLayout:
    """A layout as a workbook: `draw` gives the sheet of an annex; `needs_rows` asks for what

    processes hold (phases, behaviours, measures, judgements), not only for the processes.
    """

    draw: Callable[[FileContent, FileAnnex, Keys], SheetDrawing]
    needs_rows: bool


LAYOUTS: dict[Layout, BookLayout] = {
    Layout.CATALOGUE: BookLayout(catalogue_sheet, needs_rows=False),
    Layout.RISK_TABLE: BookLayout(table_sheet, needs_rows=True),
    Layout.SHEETS: BookLayout(sheets_sheet, needs_rows=True),
}
"""The layouts a workbook can have."""


def draw_book(content: FileContent, layout: Layout) -> BookDrawing:
    """Return the drawing of a file: one sheet for each annex.

    Raises `risk.workbooks.drawing.TooLongError` when a cell would hold more than it can.
    """
    keys = Keys()
    draw = LAYOUTS[layout].draw
    is_one = len(content.annexes) == 1
    drawn = [
        (str(layout.label).capitalize() if is_one else annex.office, draw(content, annex, keys))
        for annex in content.annexes
    ]
    lists = content.lists
    return BookDrawing(
        title=_("%(layout)s, %(plan)s, %(body)s")
        % {
            "layout": str(layout.label).capitalize(),
            "plan": content.plan,
            "body": content.body,
        },
        origin=None if content.is_form else Origin(content.plan, content.ipa_code, layout.value),
        sheets=list(named_sheets(drawn)),
        lists={
            "tipi": lists.process_kinds,
            "macroprocessi": lists.macroprocesses,
            "aree": lists.risk_areas,
            "esecutori": lists.executors,
            "livelli": lists.levels,
            "uffici": lists.offices,
        },
        ids=keys.ids,
    )
