"""Blocks as a DOCX: the only module that knows python-docx. The look is all in named styles."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from risk.content.rich_text import TextRun
from risk.content.typography import printable
from risk.paper.blocks import (
    BlockCell,
    Book,
    ContentsBlock,
    FormedParagraph,
    Heading,
    ImageBlock,
    ItemKind,
    Paragraph,
    TableBlock,
    TextStyle,
)
from risk.paper.docx_markup import (
    CODE_FOR_WORD,
    DRAWING,
    FOR_WORD,
    SVG,
    TABLE_STYLE_XML,
)
from risk.paper.long_rows import LONG_ROW

FONT = "Arial"
INK = RGBColor(0x17, 0x32, 0x4D)
QUIET = RGBColor(0x45, 0x5B, 0x71)
ALARM = RGBColor(0xA3, 0x18, 0x2F)
LINK = RGBColor(0x0A, 0x5B, 0xB5)
_LIST_STYLES = {
    ItemKind.BULLET: "List Bullet",
    ItemKind.NUMBER: "List Number",
    ItemKind.MORE: "List Continue",
}
"""The styles of lists, as word processors have them; those further in have a number."""
_PAGE, _MARGIN = (Cm(21.0), Cm(29.7)), Cm(2.0)
_HEADING_SIZES = (18, 15, 13, 11.5, 10.5, 10.5)
_LOOKS = {
    TextStyle.TITLE: {"size": 24, "bold": True, "color": INK},
    TextStyle.COVER_BODY: {"size": 14, "bold": True, "color": INK},
    TextStyle.COVER_EMBLEM: {"size": 10.5},
    TextStyle.COVER_KIND: {"size": 11, "bold": True, "color": LINK},
    TextStyle.COVER_FIRST: {"size": 10.5},
    TextStyle.COVER_FACT: {"size": 10.5},
    TextStyle.SUBTITLE: {"size": 14, "color": QUIET},
    TextStyle.BODY: {"size": 10.5},
    TextStyle.QUIET: {"size": 9.5, "color": QUIET},
    TextStyle.DRAFT: {"size": 12, "bold": True, "color": ALARM},
    TextStyle.CAPTION: {"size": 9, "bold": True, "color": QUIET},
    TextStyle.CELL: {"size": 9},
    TextStyle.CELL_HEAD: {"size": 9, "bold": True},
}
"""How each style looks until somebody sets it otherwise."""


_CONTENTS_DEEPEST = 3
_TOC = 'TOC \\o "1-%d" \\h \\z \\u'
_ABOVE = {TextStyle.COVER_EMBLEM: 28, TextStyle.COVER_KIND: 130, TextStyle.COVER_FIRST: 110}
"""Points above a line of the cover that begins a group."""
_FILE_ENDS = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}


def write_docx(book: Book) -> bytes:
    """Return a document as a DOCX: real headings, tables whose heads are repeated, in Italian."""
    return _DocxWriter(book).content()


class _DocxWriter:
    """A DOCX that is being written; one section for each run of upright or lying pages."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._docx: Any = Document()
        self._body = self._docx.element.body
        self._is_lying = False
        self._ids: dict[TextStyle, str] = {}
        self._counts: dict[int, int] = {}
        self._headings = 0

    def content(self) -> bytes:
        self._set_properties()
        self._set_styles()
        self._set_page(self._docx.sections[0])
        self._set_running(self._docx.sections[0])
        for block in self._book.blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph():
                    self._docx.add_paragraph(printable(block.text), style=block.style.value)
                case FormedParagraph():
                    self._formed(block)
                case ContentsBlock():
                    self._contents(block)
                case TableBlock():
                    self._table(block)
                case ImageBlock():
                    self._picture(block)
        into = BytesIO()
        self._docx.save(into)
        return into.getvalue()

    def _set_properties(self) -> None:
        core = self._docx.core_properties
        core.title, core.author = printable(self._book.title), printable(self._book.author)
        core.language, core.comments, core.last_modified_by = "it-IT", "", ""
        # the moment of the library's own template
        for name in ("dcterms:created", "dcterms:modified"):
            for element in core._element.findall(qn(name)):
                core._element.remove(element)

    def _set_styles(self) -> None:
        styles = self._docx.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:rPr"))
        defaults.find(qn("w:lang")).attrib.update(
            {qn("w:val"): "it-IT", qn("w:eastAsia"): "it-IT", qn("w:bidi"): "ar-SA"}
        )
        _dress(styles["Normal"], size=10.5)
        for name in _LIST_STYLES.values():
            for deeper in ("", " 2", " 3"):
                _dress(styles[name + deeper], size=10.5)
        for level, size in enumerate(_HEADING_SIZES, start=1):
            _dress(styles[f"Heading {level}"], size=size, bold=True, color=INK)
        for name, look in _LOOKS.items():
            style = styles.add_style(name.value, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style, style.quick_style = styles["Normal"], True
            style.paragraph_format.space_before = Pt(_ABOVE.get(name, 0))
            style.paragraph_format.space_after = Pt(2 if "tabella" in name.value else 6)
            style.paragraph_format.keep_with_next = name == TextStyle.CAPTION
            _dress(style, **look)
            self._ids[name] = style.style_id
        styles.element.append(parse_xml(TABLE_STYLE_XML))
        for level in range(1, _CONTENTS_DEEPEST + 1):
            row = styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH)
            row.base_style = styles["Normal"]
            _dress(row, size=9.5, bold=level == 1)
            row.paragraph_format.space_after = Pt(0.5)
            row.paragraph_format.left_indent = Cm(0.6 * (level - 1))
            right = _PAGE[0] - 2 * _MARGIN
            row.paragraph_format.tab_stops.add_tab_stop(
                right, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )

    def _set_page(self, section: Any) -> None:
        width, height = reversed(_PAGE) if self._is_lying else _PAGE
        section.orientation = WD_ORIENT.LANDSCAPE if self._is_lying else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = width, height
        section.left_margin = section.right_margin = _MARGIN
        section.top_margin = section.bottom_margin = _MARGIN

    def _set_running(self, section: Any) -> None:
        section.header.paragraphs[0].text = printable(self._book.running)
        foot = section.footer.paragraphs[0]
        foot.add_run("Pag. ")
        _field(foot._p, "PAGE", "1")
        foot.add_run(" di ")
        _field(foot._p, "NUMPAGES", "1")

    def _heading(self, block: Heading) -> None:
        turns = block.landscape is not None and block.landscape != self._is_lying
        if turns:
            self._is_lying = bool(block.landscape)
            self._set_page(self._docx.add_section(WD_SECTION.NEW_PAGE))
        heading = self._docx.add_heading(printable(block.text), level=min(block.level, 6))
        self._mark(heading._p)
        if block.landscape is not None and not turns:
            heading.paragraph_format.page_break_before = True

    def _formed(self, block: FormedParagraph) -> None:
        deeper = f" {block.depth}" if block.depth > 1 else ""
        style = _LIST_STYLES.get(block.item, "") + deeper if block.item else TextStyle.BODY.value
        paragraph = self._docx.add_paragraph(style=style)
        if block.begins is not None:
            self._counts[block.depth] = self._counting_from(block.begins, style)
        if block.item == ItemKind.NUMBER:
            numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbered.get_or_add_ilvl().val = 0
            numbered.get_or_add_numId().val = self._counts[block.depth]
        self._runs(paragraph._p, block.runs)

    def _counting_from(self, number: int, style: str) -> int:
        """Return the name of a counting of its own, or a list would go on with the one before."""
        numbering = self._docx.part.numbering_part.element
        known = self._docx.styles[style].element.pPr.numPr.numId.val
        own = numbering.add_num(numbering.num_having_numId(known).abstractNumId.val)
        own.add_lvlOverride(ilvl=0).add_startOverride(number)
        return own.numId

    def _runs(self, paragraph: Any, runs: tuple[TextRun, ...]) -> None:
        for one in runs:
            parent = paragraph
            if one.link:
                key = self._docx.part.relate_to(one.link, RT.HYPERLINK, is_external=True)
                parent = _sub(paragraph, "w:hyperlink")
                parent.set(qn("r:id"), key)
            run = _sub(parent, "w:r")
            look = _sub(run, "w:rPr")
            for tag, is_so in (("w:b", one.strong), ("w:i", one.emphasis)):
                if is_so:
                    _sub(look, tag)
            if one.link:
                _sub(look, "w:color", val="0A5BB5")
                _sub(look, "w:u", val="single")
            word = _sub(run, "w:t")
            word.text = one.text
            word.set(qn("xml:space"), "preserve")

    def _mark(self, heading: Any) -> None:
        """Give a heading the name that its line of the contents leads to."""
        self._headings += 1
        begin = _element("w:bookmarkStart", id=str(self._headings), name=self._name(self._headings))
        heading.insert(heading.index(heading.pPr) + 1, begin)
        _sub(heading, "w:bookmarkEnd", id=str(self._headings))

    def _name(self, number: int) -> str:
        return f"_Toc{self._book.mark(number)}"

    def _contents(self, block: ContentsBlock) -> None:
        """Write the table of contents as a field, filled with the headings and their pages.

        Nobody knows these but the word processor: it asks them of itself. Word renews the field
        when the document is opened. LibreOffice does not, and takes a page within one for a
        plain text: so that it fills it in, the marks of the field are for Word alone.
        """
        title = self._docx.add_paragraph(printable(block.title), style=TextStyle.SUBTITLE.value)
        title.paragraph_format.page_break_before = block.begins_page or None
        rows = []
        for number, heading in enumerate(self._book.headings(6), start=1):
            if heading.level <= block.levels:
                rows.append(self._docx.add_paragraph(style=f"toc {heading.level}"))
                if len(rows) == 1:
                    _begin_field(rows[0]._p, _TOC % block.levels, mark=_word_mark)
                line = _sub(rows[-1]._p, "w:hyperlink", anchor=self._name(number), history="1")
                _text(line, printable(heading.text))
                _sub(_sub(line, "w:r"), "w:tab")
                _begin_field(line, f"PAGEREF {self._name(number)} \\h")
                _text(line, "")
                _field_mark(line, "end")
        if rows:
            _word_mark(rows[-1]._p, "end")
            settings = self._docx.settings.element
            # what stands behind it has its order
            (first,) = settings.xpath("(./w:footnotePr | ./w:endnotePr | ./w:compat)[1]")
            first.addprevious(_element("w:updateFields", val="true"))

    def _picture(self, block: ImageBlock) -> None:
        """Write an image; a drawing is named twice, for those who know drawings and for others."""
        name = PackURI(f"/word/media/emblema.{_FILE_ENDS[block.kind]}")
        part = Part(name, block.kind, block.content, self._docx.part.package)
        key = self._docx.part.relate_to(part, RT.IMAGE)
        sides = {"w": str(Cm(block.width)), "h": str(Cm(block.height))}
        known = SVG % {"key": key} if block.kind == "image/svg+xml" else ""
        drawing = parse_xml(DRAWING % {**sides, "key": key, "known": known})
        for about in drawing.iter(qn("wp:docPr"), qn("pic:cNvPr")):
            about.set("descr", printable(block.alternative))
        paragraph = self._docx.add_paragraph(style=TextStyle.COVER_EMBLEM.value)
        _sub(paragraph._p, "w:r").append(drawing)

    def _table(self, block: TableBlock) -> None:
        if block.caption:
            self._docx.add_paragraph(printable(block.caption), style=TextStyle.CAPTION.value)
        whole = (_PAGE[1] if self._is_lying else _PAGE[0]) - 2 * _MARGIN
        widths = [int(whole * part / sum(block.widths)) // 635 for part in block.widths]
        table = OxmlElement("w:tbl")
        table.append(_table_properties(block))
        grid = _sub(table, "w:tblGrid")
        for width in widths:
            _sub(grid, "w:gridCol", w=str(width))
        if block.heads:
            heads = tuple(BlockCell((head,), is_head=True) for head in block.heads)
            self._row(table, heads, widths, is_repeated=True)
        for row in block.rows:
            self._row(table, row, widths)
        self._body.insert(len(self._body) - 1, table)
        self._docx.add_paragraph(style=TextStyle.CELL.value)

    def _row(
        self, table: Any, cells: tuple[Any, ...], widths: list[int], *, is_repeated: bool = False
    ) -> None:
        row = _sub(table, "w:tr")
        properties = _sub(row, "w:trPr")
        texts = [cell for cell in cells if isinstance(cell, BlockCell)]
        if all(sum(map(len, cell.lines)) <= LONG_ROW for cell in texts):
            _sub(properties, "w:cantSplit")
        if is_repeated:
            _sub(properties, "w:tblHeader")
        for cell, width in zip(cells, widths, strict=True):
            written = _sub(row, "w:tc")
            about = _sub(written, "w:tcPr")
            _sub(about, "w:tcW", w=str(width), type="dxa")
            if not isinstance(cell, BlockCell):
                _sub(about, "w:vMerge")
            elif cell.rowspan > 1:
                _sub(about, "w:vMerge", val="restart")
            style = (
                TextStyle.CELL_HEAD
                if isinstance(cell, BlockCell) and cell.is_head
                else TextStyle.CELL
            )
            if isinstance(cell, BlockCell) and cell.runs:
                self._runs(self._line(written, "", style), cell.runs)
                continue
            for line in cell.lines if isinstance(cell, BlockCell) else ("",):
                self._line(written, line, style)

    def _line(self, cell: Any, text: str, style: TextStyle) -> Any:
        paragraph = _sub(cell, "w:p")
        _sub(_sub(paragraph, "w:pPr"), "w:pStyle", val=self._ids[style])
        if text:
            word = _sub(_sub(paragraph, "w:r"), "w:t")
            word.text = printable(text).replace("\n", " ")
        return paragraph


def _dress(style: Any, *, size: float, bold: bool = False, color: RGBColor | None = None) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    if color is not None:
        style.font.color.rgb = color
    fonts = style.element.rPr.rFonts
    # a font of the theme goes before one that is named
    for name in [one for one in fonts.attrib if one.endswith("Theme")]:
        del fonts.attrib[name]


def _table_properties(block: TableBlock) -> Any:
    properties = OxmlElement("w:tblPr")
    _sub(properties, "w:tblStyle", val="TabellaDelPiano")
    _sub(properties, "w:tblW", w="5000", type="pct")
    _sub(properties, "w:tblLayout", type="fixed")
    # older programs read the number, in which the first row is 0020
    first, look = ("1", "0420") if block.heads else ("0", "0400")
    _sub(properties, "w:tblLook", val=look, firstRow=first, firstColumn="0", noVBand="1")
    if block.caption:
        _sub(properties, "w:tblCaption", val=printable(block.caption))
    return properties


def _element(tag: str, **attributes: str) -> Any:
    return OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()})


def _sub(parent: Any, tag: str, **attributes: str) -> Any:
    element = _element(tag, **attributes)
    parent.append(element)
    return element


def _text(parent: Any, text: str) -> None:
    word = _sub(_sub(parent, "w:r"), "w:t")
    word.text = text
    word.set(qn("xml:space"), "preserve")


def _field(paragraph: Any, code: str, shown: str) -> None:
    _begin_field(paragraph, code)
    _text(paragraph, shown)
    _field_mark(paragraph, "end")


def _field_mark(parent: Any, kind: str) -> None:
    _sub(_sub(parent, "w:r"), "w:fldChar", fldCharType=kind)


def _word_mark(parent: Any, kind: str) -> None:
    """Write the mark of a field as a choice for programs that know Word 2013, with no other."""
    _sub(parent, "w:r").append(parse_xml(FOR_WORD % kind))


def _begin_field(parent: Any, code: str, mark: Callable[[Any, str], None] = _field_mark) -> None:
    mark(parent, "begin")
    if mark is _field_mark:
        _sub(_sub(parent, "w:r"), "w:instrText").text = f" {code} "
    else:
        _sub(parent, "w:r").append(parse_xml(CODE_FOR_WORD % code))
    mark(parent, "separate")
