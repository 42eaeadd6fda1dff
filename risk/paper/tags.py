"""What makes the PDF accessible beyond the engine's own tags, in two moments.

`finish_tags` runs before the engine writes and still knows which box is which element: running
heads become artifacts, what stands on several pages is one section and one table with one head,
each data cell is linked to its heads. `mark_accessible` runs on the written file and adds what
belongs to the catalogue. Rules: ISO 14289-1 (PDF/UA-1) 7.1, 7.5, 7.8; ISO 19005-2 6.6.2.3 for the
extension schema.
"""

from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pydyf

from risk.paper.continued_tags import join_continued, part_paragraphs
from risk.paper.page_streams import merge_lines, part_pages
from risk.paper.soft_hyphens import say_soft_hyphens
from risk.paper.structure import Tree
from risk.paper.table_tags import link_tables

NUMBER_AT = "NumeroIn"
"""The key of a page of a piece with the place of its number, until it is joined."""
NUMBER_IN = "@bottom-right"
"""The margin box of the number (`page.css`)."""
_POINTS = 0.75
"""Of a pixel of the engine."""
_OF_OUTLINE = ("/Parent", "/First", "/Last", "/Prev", "/Next")
_UA_SCHEMA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def finish_tags(document: Any, pdf: Any, *, table_box: type, line_box: type, prefix: str) -> None:
    """Mend the structure tree of a laid out document; given to the engine as its finisher.

    `table_box` and `line_box` are the engine's classes of tables and lines, which only
    `risk.paper.pdf` may import; `prefix` is what every id of this document begins with.
    """
    tree = Tree(pdf)
    join_continued(document, tree, line_box=line_box)
    part_paragraphs(tree)
    link_tables(document, tree, table_box=table_box, prefix=prefix)
    describe_links(document)
    prefix_destinations(document, pdf, prefix)
    tree.prune()
    merge_lines(tree)
    tree.make_artifacts()
    part_pages(tree)
    say_soft_hyphens(pdf)


def finish_piece(document: Any, pdf: Any, *, table_box: type, line_box: type, prefix: str) -> None:
    """Mend a piece of a document in the same way, and note what its joining asks for.

    That is the index of the ids of its cells, which all begin alike, and where the number of each
    page has its place.
    """
    finish_tags(document, pdf, table_box=table_box, line_box=line_box, prefix=prefix)
    tree = Tree(pdf)
    index_ids(tree, prefix)
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        if place := _place_of_number(page._page_box):
            tree.node(reference)[NUMBER_AT] = pydyf.Array(place)


def index_ids(tree: Tree, prefix: str) -> None:
    """Write the name tree from ids to elements, required where ids are used.

    Cells of repeated heads are in the tree no more; they have the engine's ids, without a prefix.
    """
    nodes: Iterator[Any] = (node for node in tree.pdf.objects if isinstance(node, dict))
    told = ((node["ID"].string, node.reference) for node in nodes if "ID" in node)
    found = [(name, reference) for name, reference in told if name.startswith(prefix)]
    if not found:
        return
    found.sort()
    pairs = [one for name, reference in found for one in (pydyf.String(name), reference)]
    leaf = pydyf.Dictionary({"Names": pydyf.Array(pairs)})
    leaf["Limits"] = pydyf.Array([pairs[0], pairs[-2]])
    tree.pdf.add_object(leaf)
    top = pydyf.Dictionary({"Kids": pydyf.Array([leaf.reference])})
    tree.pdf.add_object(top)
    tree.root["IDTree"] = top.reference


def _place_of_number(page: Any) -> tuple[float, float] | None:
    """Return where the number of a page ends, in points from its lower left corner."""
    for margin in page.children:
        if getattr(margin, "at_keyword", "") == NUMBER_IN:
            for box in margin.descendants():
                if hasattr(box, "baseline") and hasattr(box, "text"):
                    end, line = box.position_x + box.width, box.position_y + box.baseline
                    return end * _POINTS, (page.margin_height() - line) * _POINTS
    return None


def describe_links(document: Any) -> None:
    """Give each link the words it stands on as its description (PDF/UA-1, 7.18.5)."""
    for page in document.pages:
        for box in page._page_box.descendants():
            if getattr(box, "link_annotation", None):
                words = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(words)


def prefix_destinations(document: Any, pdf: Any, prefix: str) -> None:
    """Give the names that links lead to their prefix; the order of the names stays the same."""
    names = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", ())
    for place in range(0, len(names), 2):
        names[place] = pydyf.String(prefix + names[place].string)
    for page in document.pages:
        for box in page._page_box.descendants():
            link = getattr(box, "link_annotation", None)
            if link and "Dest" in link and not link["Dest"].string.startswith(prefix):
                link["Dest"] = pydyf.String(prefix + link["Dest"].string)


def mark_accessible(data: bytes) -> bytes:
    """Return the PDF with the PDF/UA mark and an index of cell ids; nothing from the clock.

    Its pages are called by their numbers, as those of what is joined.
    """
    with pikepdf.open(BytesIO(data)) as pdf:
        mark_of_access(pdf)
        pdf.Root.PageLabels = page_labels()
        _index_ids(pdf)
        return signable(pdf)


def page_labels() -> pikepdf.Object:
    """Return what calls the pages of a document by their numbers, from 1."""
    return pikepdf.Dictionary(Nums=pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.D)]))


def mark_of_access(pdf: pikepdf.Pdf) -> None:
    """Write the PDF/UA mark into the metadata of a document."""
    metadata = pdf.Root.Metadata
    xmp = metadata.read_bytes().replace(b"</rdf:RDF>", _UA_SCHEMA + b"</rdf:RDF>", 1)
    # Uncompressed, so that a tool which does not know PDF can still find it.
    pdf.Root.Metadata = pikepdf.Stream(pdf, xmp, Type=pikepdf.Name.Metadata)
    pdf.Root.Metadata.Subtype = pikepdf.Name.XML


def signable(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of a PDF that the tools people have can sign; the same each time.

    Whoever signs writes the catalogue again. LibreOffice 7.4 does so under the wrong number when it
    stood in an object stream, and no reader opens the file; in the linearised form (ISO 32000-1,
    annex F) it never does, while the other objects stay packed. Nor do the bookmarks: qpdf counts
    them wrongly there, and its check then warns of the tables that this form has.
    """
    packed, out, mode = BytesIO(), BytesIO(), pikepdf.ObjectStreamMode
    pdf.save(packed, deterministic_id=True, object_stream_mode=mode.generate)
    with pikepdf.open(packed) as whole:
        if "/Outlines" in whole.Root:
            # an object made now stands in no stream, and `preserve` leaves it so
            whole.Root.Outlines = _made_anew(whole, whole.Root.Outlines)
        whole.save(out, linearize=True, deterministic_id=True, object_stream_mode=mode.preserve)
    return out.getvalue()


def _made_anew(pdf: pikepdf.Pdf, node: pikepdf.Object) -> pikepdf.Object:
    """Return a copy of a node of the outline, with all below it (ISO 32000-1, 12.3.3)."""
    kept = {key: value for key, value in node.items() if key not in _OF_OUTLINE}
    new = pdf.make_indirect(pikepdf.Dictionary(kept))
    kids, kid = [], node.get("/First")
    while kid is not None:
        kids.append(_made_anew(pdf, kid))
        kids[-1].Parent = new
        kid = kid.get("/Next")
    for before, after in pairwise(kids):
        before.Next, after.Prev = after, before
    if kids:
        new.First, new.Last = kids[0], kids[-1]
    return new


def _index_ids(pdf: pikepdf.Pdf) -> None:
    """Write the name tree from cell ids to structure elements, required where ids are used."""
    root = pdf.Root.StructTreeRoot
    elements: dict[bytes, pikepdf.Object] = {}
    waiting = [root]
    while waiting:
        kids = waiting.pop().get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else ():
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") is not None:
                waiting.append(kid)
                if "/ID" in kid:
                    elements[bytes(kid.ID)] = kid
    names = pikepdf.Array()
    for name in sorted(elements):
        names.append(pikepdf.String(name))
        names.append(elements[name])
    if names:
        limits = pikepdf.Array([names[0], names[-2]])
        leaf = pikepdf.Dictionary(Names=names, Limits=limits)
        root.IDTree = pdf.make_indirect(pikepdf.Dictionary(Kids=[pdf.make_indirect(leaf)]))
