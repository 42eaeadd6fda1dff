"""Files whose cells show more than their values, each written by another program than the reader.

A `Marked` cell says what it shows; every writer marks what its format can carry.
"""

import io
from dataclasses import dataclass

import docx
import openpyxl
from docx.oxml import OxmlElement
from odf.dc import Creator
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableCellProperties, TextProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P, Span
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill


@dataclass(frozen=True)
class Marked:
    """A text of which `struck`, `hidden` are the beginning; a colour and a comment beside it."""

    text: str
    struck: str = ""
    hidden: str = ""
    fill: str = ""
    comment: str = ""


def marked_xlsx(rows: list[list[Marked]]) -> bytes:
    """Return the cells as openpyxl writes them."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, cells in enumerate(rows, 1):
        for column, one in enumerate(cells, 1):
            cell = sheet.cell(row, column, one.text or None)
            if one.struck and one.struck == one.text:
                cell.font = Font(strike=True)
            elif one.struck:
                rest = one.text.removeprefix(one.struck)
                cell.value = CellRichText(TextBlock(InlineFont(strike=True), one.struck), rest)
            if one.fill:
                cell.fill = PatternFill("solid", fgColor=one.fill)
            if one.comment:
                cell.comment = Comment(one.comment, "Anna Verdi")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def marked_ods(rows: list[list[Marked]]) -> bytes:
    """Return the cells as odfpy writes them."""
    document = OpenDocumentSpreadsheet()
    words, cells = Style(name="W", family="text"), Style(name="C", family="table-cell")
    hidden = Style(name="H", family="text")
    words.addElement(TextProperties(textlinethroughstyle="solid"))
    cells.addElement(TextProperties(textlinethroughstyle="solid"))
    hidden.addElement(TextProperties(display="none"))
    styles = [words, cells, hidden]
    table = Table(name="Foglio1")
    table.addElement(TableColumn(numbercolumnsrepeated=len(rows[0])))
    for line in rows:
        row = TableRow()
        for one in line:
            style = "C" if one.struck and one.struck == one.text else ""
            if one.fill:
                style = f"F{one.fill}"
                filled = Style(name=style, family="table-cell")
                filled.addElement(TableCellProperties(backgroundcolor=f"#{one.fill}"))
                styles.append(filled)
            cell = TableCell(valuetype="string", **({"stylename": style} if style else {}))
            if one.comment:
                note = Annotation()
                note.addElement(Creator(text="Anna Verdi"))
                note.addElement(P(text=one.comment))
                cell.addElement(note)
            cell.addElement(_paragraph(one))
            row.addElement(cell)
        table.addElement(row)
    for style in styles:
        document.automaticstyles.addElement(style)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def _paragraph(one: Marked) -> P:
    paragraph = P()
    part = one.struck if one.struck != one.text else ""
    for text, style in ((part, "W"), (one.hidden, "H")):
        if text:
            paragraph.addElement(Span(stylename=style, text=text))
    paragraph.addText(one.text.removeprefix(part or one.hidden))
    return paragraph


def marked_docx(rows: list[list[Marked]]) -> bytes:
    """Return the cells as python-docx writes them."""
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in enumerate(rows):
        for column, one in enumerate(cells):
            paragraph = table.cell(row, column).paragraphs[0]
            if one.struck:
                paragraph.add_run(one.struck).font.strike = True
            if one.hidden:
                paragraph.add_run(one.hidden).font.hidden = True
            run = paragraph.add_run(one.text.removeprefix(one.struck or one.hidden))
            if one.comment:
                document.add_comment(run, text=one.comment, author="Anna Verdi")
            if one.fill:
                shade = OxmlElement("w:shd")
                table.cell(row, column)._tc.get_or_add_tcPr().append(shade)
                for name, value in (("val", "clear"), ("color", "auto"), ("fill", one.fill)):
                    shade.set(docx.oxml.ns.qn(f"w:{name}"), value)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
