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

FONT = "Liberation Sans"
INK, QUIET, ALARM = "#17324d", "#455b71", "#a3182f"
UPRIGHT_CM, LYING_CM = 17.0, 25.7
"""Widths between the margins."""
_UPRIGHT, _LYING = "Standard", "Orizzontale"
_HEADING_SIZES = (18, 15, 13, 11.5, 10.5, 10.5)
_LOOKS = {
    TextStyle.TITLE: f'fo:font-size="24pt" fo:font-weight="bold" fo:color="{INK}"',
    TextStyle.SUBTITLE: f'fo:font-size="14pt" fo:color="{QUIET}"',
    TextStyle.BODY: 'fo:font-size="10.5pt"',
    TextStyle.QUIET: f'fo:font-size="9.5pt" fo:color="{QUIET}"',
    TextStyle.DRAFT: f'fo:font-size="12pt" fo:font-weight="bold" fo:color="{ALARM}"',
    TextStyle.CAPTION: f'fo:font-size="9pt" fo:font-weight="bold" fo:color="{QUIET}"',
    TextStyle.CELL: 'fo:font-size="9pt"',
    TextStyle.CELL_HEAD: 'fo:font-size="9pt" fo:font-weight="bold"',
}
"""How each style looks until somebody sets it otherwise."""


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
                    self._add(Paragraph(printable(block.text), style=_name(block.style)))
                case blocks.FormedParagraph():
                    self._formed(block)
                case ContentsBlock():
                    self._contents(block)
                case TableBlock():
                    self._table(block)
        into = BytesIO()
        self._odt.save(into)
        return into.getvalue()

    def _set_styles(self) -> None:
        for style in _styles():
            self._odt.insert_style(style)
        for style in _FORM_STYLES:
            self._odt.insert_style(style)
        for style in _TABLE_STYLES:
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
                f'style:print-orientation="{turned}"/></style:page-layout>',
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
        self._add(heading)

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
        paragraph.set_attribute("text:style-name", _name(TextStyle.BODY))
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
        name = _LIST_STYLES[block.item]
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
        """Write the table of contents, filled with the headings until it is renewed."""
        toc = TOC(title=printable(block.title), outline_level=block.levels, protected=False)
        body = Element.from_tag("text:index-body")
        Element.append(body, Paragraph(printable(block.title), style=_name(TextStyle.SUBTITLE)))
        for heading in self._book.headings(block.levels):
            style = f"Contents_20_{heading.level}"
            Element.append(body, Paragraph(printable(heading.text), style=style))
        for former in toc.get_elements("text:index-body"):
            toc.delete(former)
        Element.append(toc, body)
        self._add(toc)

    def _table(self, block: TableBlock) -> None:
        self._tables += 1
        if block.caption:
            self._add(Paragraph(printable(block.caption), style=_name(TextStyle.CAPTION)))
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
        self._add(Paragraph("", style=_name(TextStyle.CELL)))

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
        span.set_attribute("text:style-name", _FORMS[one.strong, one.emphasis])
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
        style = _name(TextStyle.CELL_HEAD if cell.is_head else TextStyle.CELL)
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


def _name(style: TextStyle) -> str:
    return style.value.replace(" ", "_20_")


def _page_number() -> Any:
    """Return “Pag. 1 di 9”, which a word processor counts itself."""
    return Element.from_tag(
        '<text:p text:style-name="Footer">Pag. <text:page-number '
        'text:select-page="current">1</text:page-number> di '
        "<text:page-count>1</text:page-count></text:p>"
    )


def _styles() -> list[str]:
    """Return the styles by their names, the headings' among them; none holds a text of a user."""
    headings = [
        _paragraph_style(
            f"Heading_20_{level}",
            f"Heading {level}",
            f'fo:font-size="{size}pt" fo:font-weight="bold" fo:color="{INK}"',
            f'style:default-outline-level="{level}"',
            "always",
        )
        for level, size in enumerate(_HEADING_SIZES, start=1)
    ]
    texts = [
        _paragraph_style(
            _name(style), style.value, look, "", "always" if style == TextStyle.CAPTION else "auto"
        )
        for style, look in _LOOKS.items()
    ]
    # heads of pages, feet and contents take it from here: a reader sees one face, not two
    standard = (
        '<style:style style:name="Standard" style:family="paragraph" style:class="text">'
        f'<style:text-properties style:font-name="{FONT}"/></style:style>'
    )
    return [standard, *headings, *texts]


def _paragraph_style(name: str, shown: str, look: str, more: str, keep: str) -> str:
    below = "0.05cm" if "tabella" in shown else "0.2cm"
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" '
        f'style:family="paragraph" style:parent-style-name="Standard" {more}>'
        f'<style:paragraph-properties fo:margin-bottom="{below}" fo:keep-with-next="{keep}"/>'
        f'<style:text-properties style:font-name="{FONT}" {look}/></style:style>'
    )


_CELL_BORDER = 'fo:border="0.5pt solid #c3cedb" fo:padding="0.12cm"'
_TABLE_STYLES = (
    '<style:style style:name="RigaDelPiano" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="always"/></style:style>',
    '<style:style style:name="RigaDelPianoLunga" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="auto"/></style:style>',
    '<style:style style:name="CellaDelPiano" style:family="table-cell">'
    f"<style:table-cell-properties {_CELL_BORDER}/></style:style>",
    '<style:style style:name="CellaDiTesta" style:family="table-cell">'
    f'<style:table-cell-properties {_CELL_BORDER} fo:background-color="#f0f5fb"/></style:style>',
)
_FORMS = {
    (False, False): "Parole",
    (True, False): "ParoleForti",
    (False, True): "ParoleInRilievo",
    (True, True): "ParoleFortiInRilievo",
}
"""The style of a run by whether it is strong, and whether it is stressed."""
_LIST_STYLES = {ItemKind.BULLET: "ElencoPuntato", ItemKind.NUMBER: "ElencoNumerato"}


def _levels(tag: str, sign: str) -> str:
    return "".join(
        f'<text:{tag} text:level="{level}" {sign}><style:list-level-properties '
        'text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" '
        f'fo:text-indent="-0.6cm" fo:margin-left="{0.6 * level:.1f}cm"/>'
        f"</style:list-level-properties></text:{tag}>"
        for level in range(1, 5)
    )


_FORM_STYLES = (
    *(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties '
        f'fo:font-weight="{"bold" if strong else "normal"}" '
        f'fo:font-style="{"italic" if emphasis else "normal"}"/></style:style>'
        for (strong, emphasis), name in _FORMS.items()
    ),
    '<text:list-style style:name="ElencoPuntato">'
    + _levels("list-level-style-bullet", 'text:bullet-char="•"')
    + "</text:list-style>",
    '<text:list-style style:name="ElencoNumerato">'
    + _levels("list-level-style-number", 'style:num-format="1" style:num-suffix="."')
    + "</text:list-style>",
)
