"""What a Word document says outside its tables, and above none: heads of pages, notes, charts.

It belongs to no row and is not read, but nobody is to believe that it was.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from registry.spreadsheets.docx_texts import DocxTexts
from registry.spreadsheets.docx_xml import attribute, tag
from registry.spreadsheets.office_drawings import drawn_texts
from registry.spreadsheets.packages import Relation
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.workbook import AsideText, Where

_PARTS = {
    "header": Where.PAGE_HEAD,
    "footer": Where.PAGE_HEAD,
    "footnotes": Where.NOTE,
    "endnotes": Where.NOTE,
}
_NOTES = ("footnote", "endnote")


def texts_of_parts(
    parts: Parts, relations: Iterable[Relation], texts: DocxTexts
) -> Iterator[AsideText]:
    """Yield the texts of heads and feet of pages, of notes, charts and diagrams, each once."""
    relations, met = list(relations), set[AsideText]()
    for relation in relations:
        where = _PARTS.get(relation.kind)
        if where is None or relation.target not in parts.names:
            continue
        for element in _written(parts.tree(relation.target)):
            for text in texts.inside(element):
                aside = AsideText(where, text)
                if aside not in met:
                    met.add(aside)
                    yield aside
    yield from drawn_texts(parts, relations)


def texts_of_boxes(paragraph: Element, texts: DocxTexts) -> Iterator[AsideText]:
    """Yield the texts of the boxes that hang on a paragraph outside the tables."""
    for text in texts.inside(paragraph):
        yield AsideText(Where.BOX, text)


def _written(root: Element) -> Iterator[Element]:
    """Return what people have written in a part, without the lines Word draws before notes."""
    notes = [inside for inside in root if tag(inside) in _NOTES]
    if not notes:
        yield root
    for note in notes:
        if attribute(note, "type") in ("", "normal"):
            yield note
