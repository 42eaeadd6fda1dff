"""Conditional formats: plain rules that strike are followed, of others it is said they were not."""

import io
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from registry.spreadsheets.reading import read_workbook
from tests.messy_workbooks import Grid, as_ods
from tests.registry.spreadsheets.test_bad_files import with_part

HEADS = ["Processo", "Stato", "Livello"]
ROWS = [["Gare", "in uso", "ALTO"], ["Multe", "Archiviato", None], ["Gare", "archiviato", 2]]
STRUCK, RED = {"font_strikeout": True}, {"bg_color": "#FF0000"}
WHOLE_ROWS = {"A3", "B3", "A4", "B4", "C4"}

# The range and its rule, what it does, the cells struck by it, and whether it is said unread.
RULES = {
    "a row by a word": (
        "A2:C4",
        {"type": "formula", "criteria": '=$B2="archiviato"'},
        STRUCK,
        WHOLE_ROWS,
        False,
    ),
    "a row by a cell that stays": (
        "A2:C4",
        {"type": "formula", "criteria": '=$B$3="Archiviato"'},
        STRUCK,
        {"A2", "B2", "C2", *WHOLE_ROWS},
        False,
    ),
    "all but a word": (
        "B2:B4",
        {"type": "cell", "criteria": "!=", "value": '"in uso"'},
        STRUCK,
        {"B3", "B4"},
        False,
    ),
    "a number": ("C2:C4", {"type": "cell", "criteria": "==", "value": 2}, STRUCK, {"C4"}, False),
    "a part of a text": (
        "A2:C4",
        {"type": "text", "criteria": "containing", "value": "CHIVIA"},
        STRUCK,
        {"B3", "B4"},
        False,
    ),
    "the beginning of a text": (
        "A2:C4",
        {"type": "text", "criteria": "begins with", "value": "mu"},
        STRUCK,
        {"A3"},
        False,
    ),
    "what stands twice": ("A2:A4", {"type": "duplicate"}, STRUCK, {"A2", "A4"}, False),
    "a formula of several cells": (
        "A2:C4",
        {"type": "formula", "criteria": '=AND($B2="x",$C2>1)'},
        STRUCK,
        set(),
        True,
    ),
    "a colour by a formula": (
        "C2:C4",
        {"type": "formula", "criteria": '=AND($B2="in uso",ROW()>1)'},
        RED,
        set(),
        True,
    ),
    "a colour by a word": (
        "C2:C4",
        {"type": "formula", "criteria": '=$B2="in uso"'},
        RED,
        set(),
        False,
    ),
    "a colour by the cell itself": (
        "C2:C4",
        {"type": "cell", "criteria": "==", "value": '"ALTO"'},
        RED,
        set(),
        False,
    ),
    "bars": ("C2:C4", {"type": "data_bar"}, None, set(), False),
}


CALC = {
    "a row by a word": 'formula-is([.$B2]="archiviato")',
    "a row by a cell that stays": 'formula-is([.$B$3]="Archiviato")',
    "all but a word": '!="in uso"',
    "a number": "=2",
    "a part of a text": 'contains-text("CHIVIA")',
    "the beginning of a text": 'begins-with("mu")',
    "what stands twice": "duplicate",
    "a formula of several cells": 'formula-is(AND([.$B2]="x";[.$C2]>1))',
    "a colour by a formula": 'formula-is(AND([.$B2]="in uso";ROW()>1))',
    "a colour by a word": 'formula-is([.$B2]="in uso")',
    "a colour by the cell itself": '="ALTO"',
}
"""The same rules as LibreOffice writes them."""
EXTENDED = {
    "a row by a word": '$B2="archiviato"',
    "all but a word": '"in uso"',
    "a number": "2",
    "a formula of several cells": 'AND($B2="x",Altro!$C2>1)',
    "a colour by a formula": "Altro!$A$1=1",
}
"""Rules as they stand in an extension for later programs."""
X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
FILL = '<fill><patternFill><bgColor rgb="FFFF0000"/></patternFill></fill>'
MAPPED = {
    "a row by a word": 'is-true-formula([.$B2]="archiviato")',
    "all but a word": 'cell-content()!="in uso"',
    "a number": "cell-content()=2",
    "a formula of several cells": 'is-true-formula(AND([.$B2]="x";[.$C2]>1))',
    "a colour by a formula": 'is-true-formula(AND([.$B2]="in uso";ROW()>1))',
}
"""The same as conditions of a style."""
STYLES = """
<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0">
<style:style style:name="S_5f_1" style:display-name="S_1" style:family="table-cell">
<style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="S_5f_2" style:display-name="S_2" style:family="table-cell">
<style:table-cell-properties fo:background-color="#ff0000"/></style:style>
</office:automatic-styles>"""


def in_xlsx(name) -> bytes:
    where, rule, style, _struck, _is_said = RULES[name]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Elenco d'uso")
    for number, row in enumerate([HEADS, *ROWS]):
        sheet.write_row(number, 0, row)
    given = {"format": book.add_format(style)} if style else {}
    sheet.conditional_format(where, {**rule, **given})
    book.close()
    return stream.getvalue()


def in_ods(name) -> bytes:
    where, _rule, style, _struck, _is_said = RULES[name]
    space = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    cells = ":".join(f"'Elenco d''uso'.{cell}" for cell in where.split(":"))
    value = escape(CALC[name], {'"': "&quot;"})
    rules = (
        f'<calcext:conditional-formats xmlns:calcext="{space}"><calcext:conditional-format '
        f'calcext:target-range-address="{cells}"><calcext:condition calcext:value="{value}" '
        f'calcext:apply-style-name="S_{1 if style is STRUCK else 2}"/></calcext:conditional-format>'
        "</calcext:conditional-formats></table:table>"
    )
    rows = [[cell or "" for cell in row] for row in (HEADS, *ROWS)]
    return with_part(
        as_ods(Grid(rows, name="Elenco d'uso")),
        "content.xml",
        lambda data: data.replace(b"</table:table>", rules.encode(), 1).replace(
            b"<office:body>", f"{STYLES}<office:body>".encode(), 1
        ),
    )


def in_extension(name) -> bytes:
    """Write a rule as Excel does those that refer to another sheet: style and range inside."""
    where, _rule, style, _struck, _is_said = RULES[name]
    mark = "<font><strike/></font>" if style is STRUCK else FILL
    operator = {"all but a word": "notEqual", "a number": "equal"}.get(name)
    kind = f'type="cellIs" operator="{operator}"' if operator else 'type="expression"'
    formula = EXTENDED[name].replace("<", "&lt;").replace(">", "&gt;")
    rules = (
        f"<extLst><ext {X14}><x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule "
        f'{kind} priority="1"><xm:f>{formula}</xm:f><x14:dxf>{mark}</x14:dxf></x14:cfRule>'
        f"<xm:sqref>{where}</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "</ext></extLst></worksheet>"
    )
    return with_part(
        in_xlsx("bars"),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</worksheet>", rules.encode(), 1),
    )


def in_styles(name) -> bytes:
    """Write a rule as ODF alone knows it: a style with conditions for another one."""
    where, _rule, style, _struck, _is_said = RULES[name]
    first = where.split(":")[0]
    condition = escape(MAPPED[name], {'"': "&quot;"})
    mapped = (
        '<style:style style:name="M" style:family="table-cell"><style:map '
        f'style:condition="{condition}" style:apply-style-name="S_5f_{1 if style is STRUCK else 2}"'
        f" style:base-cell-address=\"'Elenco d''uso'.{first}\"/></style:style></office:"
    )
    styles = STYLES.replace("</office:", mapped)
    rows = [[cell or "" for cell in row] for row in (HEADS, *ROWS)]
    inside = range("ABC".index(where[0]), "ABC".index(where[3]) + 1)

    def change(data: bytes) -> bytes:
        head, *lines = data.split(b"<table:table-row")
        for number, line in enumerate(lines):
            first, *cells = line.split(b"<table:table-cell")
            for place in inside if number else ():
                cells[place] = b' table:style-name="M"' + cells[place]
            lines[number] = b"<table:table-cell".join([first, *cells])
        data = b"<table:table-row".join([head, *lines])
        return data.replace(b"<office:body>", f"{styles}<office:body>".encode(), 1)

    return with_part(as_ods(Grid(rows, name="Elenco d'uso")), "content.xml", change)


@pytest.mark.parametrize(
    ("write", "name"),
    [
        *((in_xlsx, name) for name in RULES),
        *((in_ods, name) for name in CALC),
        *((in_extension, name) for name in EXTENDED),
        *((in_styles, name) for name in MAPPED),
    ],
)
def test_what_a_rule_strikes_is_struck(write, name):
    where, *_rule, struck, is_said = RULES[name]

    found = read_workbook(write(name))

    looks = found.sheets[0].looks
    assert {f"{'ABC'[c - 1]}{r}" for (r, c), look in looks.items() if look.is_struck} == struck
    said = [one.reason for one in found.findings if one.kind == "conditional-format"]
    assert [where in one for one in said] == ([True] if is_said else [])
