"""How far a sheet reaches is the same however its cells are written."""

import pytest

from registry.spreadsheets.xlsx_extent import SheetExtent

PLAIN = (
    b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="3"/></row>'
    b'<row r="4"><c r="C4" s="1" t="s"><v>2</v></c><c r="D4"><v>7</v></c><c r="H9" s="2"/></row>'
)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>"),
        PLAIN.replace(b'"', b"'"),
        PLAIN.replace(b"r=", b"r = "),
        PLAIN.replace(b' t="s"', b"\n t = 's'"),
        PLAIN.replace(b'<c r="C4" s="1" t="s">', b'<c t="s" s="1" r="C4">'),
        PLAIN + b'<t>t=&quot;s&quot; "s"</t>',
    ],
)
def test_a_sheet_is_as_large_as_its_farthest_written_cells(data):
    extent = SheetExtent("Foglio", data)
    assert extent.cells == 4 * 4
    assert extent.chars([5, 100, 30]) == 35
