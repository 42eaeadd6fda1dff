"""Blocks as an ODT: the only module that knows odfdo. The look is all in named styles."""

from io import BytesIO
from typing import Any

from odfdo import TOC, Document, Element, Header, Paragraph
from odfdo.master_page import StyleMasterPage

from risk.content.rich_text import TextRun
from risk.content.typography import printable
from risk.paper import blocks
from risk.paper.blocks import (
    BlockCell,
    Book,
    ContentsBlock,
    Heading,
    ItemKind,
    TableBlock,
    TextStyle,
)
from risk.paper.long_rows import LONG_ROW
from risk.paper.odt_styles import (
    FORM_STYLES,
    FORMS,
    LIST_STYLES,
    RUNNING_STYLE,
    TABLE_STYLES,
    paragraph_styles,
    style_name,
)

UPRIGHT_CM, LYING_CM = 17.0, 25.7
"""Widths between the margins."""
_UPRIGHT, _LYING = "Standard", "Orizzontale"


def write_odt(book: Book) -> bytes:
    """Return a document as an ODT: real headings, tables whose heads are repeated, in Italian."""
    return _OdtWriter(book).content()


class _OdtWriter:
    """An ODT that is being written; what a page is like is in the style of its heading."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._odt: Any = Document("text")
        self._body = self._odt.body
        self._tables = 0
        self._automatic: set[str] = set()
        self._width = UPRIGHT_CM
        self._headings = 0
        self._lists: list[Any] = []
        """The lists that are being written, each in an item of the one before."""

    def content(self) -> bytes:
        self._body.clear()
        self._odt.language = "it-IT"
        self._odt.meta.title = printable(self._book.title)
        self._odt.meta.creator = self._odt.meta.initial_creator = printable(self._book.author)
        self._set_styles()
        self._set_pages()
        for block in self._book.blocks:
            if not isinstance(block, blocks.FormedParagraph) or not block.depth:
                self._lists.clear()
            match block:
                case Heading():
                    self._heading(block)
                case blocks.Paragraph():
                    self._add(Paragraph(printable(block.text), style=style_name(block.style)))
                case blocks.FormedParagraph():
                    self._formed(block)
                case ContentsBlock():
                    self._contents(block)
                case TableBlock():
                    self._table(block)
                case blocks.ImageBlock():
                    self._picture(block)
        into = BytesIO()
        self._odt.save(into)
        return into.getvalue()

    def _set_styles(self) -> None:
        for style in paragraph_styles():
            self._odt.insert_style(style)
        for style in FORM_STYLES:
            self._odt.insert_style(style)
        for style in TABLE_STYLES:
            # word processors know no named styles of tables
            self._odt.insert_style(style, automatic=True)
        # headings are not numbered: their texts have the numbers they need
        for level in self._odt.styles.root.get_elements("//text:outline-level-style"):
            level.set_attribute("style:num-format", "")
            level.set_attribute("style:num-suffix", "")
            level.del_attribute("loext:num-list-format")

    def _add(self, element: Any) -> None:
        Element.append(self._body, element)

    def _set_pages(self) -> None:
        for name, layout, size in (
            (_UPRIGHT, "Verticale", (21, 29.7)),
            (_LYING, "Coricata", (29.7, 21)),
        ):
            turned = "portrait" if name == _UPRIGHT else "landscape"
            self._odt.insert_style(
                f'<style:page-layout style:name="{layout}"><style:page-layout-properties '
                f'fo:page-width="{size[0]}cm" fo:page-height="{size[1]}cm" fo:margin="2cm" '
                f'style:print-orientation="{turned}"/>{RUNNING_STYLE}</style:page-layout>',
                automatic=True,
            )
            page = StyleMasterPage(name, page_layout=layout)
            page.set_page_header(Paragraph(printable(self._book.running), style="Header"))
            page.set_page_footer(_page_number())
            self._odt.insert_style(page)

    def _heading(self, block: Heading) -> None:
        level = min(block.level, 6)
        style = f"Heading_20_{level}"
        if block.landscape is not None:
            self._width = LYING_CM if block.landscape else UPRIGHT_CM
            style = self._of_page(level, _LYING if block.landscape else _UPRIGHT)
        heading = Header(level, printable(block.text))
        heading.set_attribute("text:style-name", style)
        self._headings += 1
        for place in ("start", "end"):
            mark = Element.from_tag(f"text:bookmark-{place}")
            mark.set_attribute("text:name", self._name(self._headings))
            heading.insert(mark, position=0) if place == "start" else heading.append(mark)
        self._add(heading)

    def _name(self, number: int) -> str:
        """Return the name of a heading that its line of the contents leads to."""
        return f"titolo-{self._book.mark(number)}"

    def _of_page(self, level: int, page: str) -> str:
        """Return the style of a heading that begins a page of a kind."""
        name = f"Titolo{level}{page}"
        self._automatically(
            name,
            f'<style:style style:name="{name}" style:family="paragraph" '
            f'style:parent-style-name="Heading_20_{level}" style:master-page-name="{page}"/>',
        )
        return name

    def _automatically(self, name: str, style: str) -> None:
        if name not in self._automatic:
            self._automatic.add(name)
            self._odt.insert_style(style, automatic=True)

    def _formed(self, block: blocks.FormedParagraph) -> None:
        paragraph = Element.from_tag("text:p")
        paragraph.set_attribute("text:style-name", style_name(TextStyle.BODY))
        _runs(paragraph, block.runs)
        if not block.depth:
            self._add(paragraph)
        elif block.item == ItemKind.MORE:
            del self._lists[block.depth :]
            Element.append(_last_item(self._lists[-1]), paragraph)
        else:
            Element.append(self._item(block), paragraph)

    def _item(self, block: blocks.FormedParagraph) -> Any:
        """Return a new item of the list a paragraph stands in, which may begin with it."""
        name = LIST_STYLES[block.item]
        del self._lists[block.depth :]
        is_begun = len(self._lists) == block.depth and block.begins is None
        if not is_begun or self._lists[-1].get_attribute("text:style-name") != name:
            del self._lists[block.depth - 1 :]
            rows = Element.from_tag("text:list")
            rows.set_attribute("text:style-name", name)
            if self._lists:
                Element.append(_last_item(self._lists[-1]), rows)
            else:
                self._add(rows)
            self._lists.append(rows)
        item = Element.from_tag("text:list-item")
        if block.begins is not None:
            item.set_attribute("text:start-value", str(block.begins))
        Element.append(self._lists[-1], item)
        return item

    def _contents(self, block: ContentsBlock) -> None:
        """Write the table of contents, filled with the headings until it is renewed.

        Nobody knows their pages but the word processor: it asks them of itself, each time. They
        stand beside the link, not in it: saved as DOCX by LibreOffice 7.4, the last line would
        break the fields of the whole document, and its feet would lose their numbers.
        """
        toc = TOC(title=printable(block.title), outline_level=block.levels, protected=False)
        body = Element.from_tag("text:index-body")
        title = self._on_new_page() if block.begins_page else style_name(TextStyle.SUBTITLE)
        Element.append(body, Paragraph(printable(block.title), style=title))
        for number, heading in enumerate(self._book.headings(6), start=1):
            if heading.level <= block.levels:
                row = Element.from_tag("text:p")
                row.set_attribute("text:style-name", f"Contents_20_{heading.level}")
                line = Element.from_tag("text:a")
                line.set_attribute("xlink:type", "simple")
                line.set_attribute("xlink:href", f"#{self._name(number)}")
                # as word processors call it themselves: no blue, no line
                line.set_attribute("text:style-name", "Index_20_Link")
                line.set_attribute("text:visited-style-name", "Index_20_Link")
                line.text = printable(heading.text)
                page = Element.from_tag("text:bookmark-ref")
                page.set_attribute("text:reference-format", "page")
                page.set_attribute("text:ref-name", self._name(number))
                for piece in (line, Element.from_tag("text:tab"), page):
                    Element.append(row, piece)
                Element.append(body, row)
        for former in toc.get_elements("text:index-body"):
            toc.delete(former)
        Element.append(toc, body)
        self._add(toc)

    def _on_new_page(self) -> str:
        """Return the style of the title of the contents that begin a page."""
        parent = style_name(TextStyle.SUBTITLE)
        self._automatically(
            "TitoloIndice",
            '<style:style style:name="TitoloIndice" style:family="paragraph" '
            f'style:parent-style-name="{parent}"><style:paragraph-properties '
            'fo:break-before="page"/></style:style>',
        )
        return "TitoloIndice"

    def _picture(self, block: blocks.ImageBlock) -> None:
        image = self._odt.add_file(BytesIO(block.content))
        self._odt.manifest.set_media_type(image, block.kind)
        frame = Element.from_tag("draw:frame")
        for name, value in (
            ("draw:name", "Emblema"),
            ("text:anchor-type", "as-char"),
            ("svg:width", f"{block.width:.2f}cm"),
            ("svg:height", f"{block.height:.2f}cm"),
        ):
            frame.set_attribute(name, value)
        drawn = Element.from_tag("draw:image")
        for name, value in (
            ("xlink:href", image),
            ("xlink:type", "simple"),
            ("xlink:show", "embed"),
            ("xlink:actuate", "onLoad"),
        ):
            drawn.set_attribute(name, value)
        said = Element.from_tag("svg:desc")
        said.text = printable(block.alternative)
        Element.append(frame, drawn)
        Element.append(frame, said)
        paragraph = Paragraph("", style=style_name(TextStyle.COVER_EMBLEM))
        Element.append(paragraph, frame)
        self._add(paragraph)

    def _table(self, block: TableBlock) -> None:
        self._tables += 1
        if block.caption:
            self._add(Paragraph(printable(block.caption), style=style_name(TextStyle.CAPTION)))
        table = _new("table:table", name=f"Tabella{self._tables}", style_name=self._table_style())
        for part in block.widths:
            name = self._column_style(self._width * part / sum(block.widths))
            Element.append(table, _new("table:table-column", style_name=name))
        if block.heads:
            heads = _new("table:table-header-rows")
            row = tuple(BlockCell((head,), is_head=True) for head in block.heads)
            Element.append(heads, _row(row, cell_style="CellaDiTesta"))
            Element.append(table, heads)
        for row in block.rows:
            Element.append(table, _row(row))
        self._add(table)
        self._add(Paragraph("", style=style_name(TextStyle.CELL)))

    def _table_style(self) -> str:
        name = f"TabellaDelPiano{self._width:.0f}"
        self._automatically(
            name,
            f'<style:style style:name="{name}" style:family="table"><style:table-properties '
            f'style:width="{self._width}cm" table:align="left" '
            'table:border-model="collapsing"/></style:style>',
        )
        return name

    def _column_style(self, width: float) -> str:
        name = f"Colonna{width * 100:.0f}"
        self._automatically(
            name,
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>',
        )
        return name


def _last_item(rows: Any) -> Any:
    return rows.get_elements("text:list-item")[-1]


def _runs(paragraph: Any, runs: tuple[TextRun, ...]) -> None:
    """Write runs into a paragraph, each in its form."""
    for one in runs:
        span = Element.from_tag("text:span")
        span.set_attribute("text:style-name", FORMS[one.strong, one.emphasis])
        span.text = one.text
        if one.link:
            link = Element.from_tag("text:a")
            link.set_attribute("xlink:type", "simple")
            link.set_attribute("xlink:href", one.link)
            Element.append(link, span)
            span = link
        Element.append(paragraph, span)


def _row(cells: tuple[BlockCell | None, ...], cell_style: str = "CellaDelPiano") -> Any:
    is_long = any(sum(map(len, cell.lines)) > LONG_ROW for cell in cells if cell)
    row = _new("table:table-row", style_name="RigaDelPiano" + ("Lunga" if is_long else ""))
    for cell in cells:
        if cell is None:
            Element.append(row, _new("table:covered-table-cell"))
            continue
        written = _new("table:table-cell", style_name=cell_style)
        if cell.rowspan > 1:
            written.set_attribute("table:number-rows-spanned", str(cell.rowspan))
        style = style_name(TextStyle.CELL_HEAD if cell.is_head else TextStyle.CELL)
        if cell.runs:
            paragraph = Element.from_tag("text:p")
            paragraph.set_attribute("text:style-name", style)
            _runs(paragraph, cell.runs)
            Element.append(written, paragraph)
        for line in () if cell.runs else cell.lines:
            Element.append(written, Paragraph(printable(line), style=style))
        Element.append(row, written)
    return row


def _new(tag: str, **attributes: str) -> Any:
    element = Element.from_tag(tag)
    for name, value in attributes.items():
        element.set_attribute(f"table:{name.replace('_', '-')}", value)
    return element


def _page_number() -> Any:
    """Return “Pag. 1 di 9”, which a word processor counts itself."""
    return Element.from_tag(
        '<text:p text:style-name="Footer">Pag. <text:page-number '
        'text:select-page="current">1</text:page-number> di '
        "<text:page-count>1</text:page-count></text:p>"
    )
