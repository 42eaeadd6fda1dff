"""Pages are written so that the next edition has most of them byte for byte."""

from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from risk.paper.pdf import write_pdf
from tests.risk.paper.reading import elements

PAGE = """<html lang="it"><head><title>Prova</title><style>
@page {{ size: A6; @top-left {{ content: "{head}" }} @bottom-right {{ content: counter(page) }} }}
section {{ break-after: page }}
</style></head><body><h1>Prova</h1>{sections}</body></html>"""
LONG = "Una frase abbastanza lunga da stare su più righe, con una <span>parola</span> dentro. " * 3


def written(head: str, *texts: str) -> pikepdf.Pdf:
    sections = "".join(f"<section><p>{text}</p></section>" for text in texts)
    return pikepdf.open(BytesIO(write_pdf(PAGE.format(head=head, sections=sections))))


def parts(pdf: pikepdf.Pdf) -> list[list[bytes]]:
    return [[part.read_raw_bytes() for part in page.Contents] for page in pdf.pages]


@pytest.fixture(scope="module")
def first() -> pikepdf.Pdf:
    return written("Edizione 1", LONG, LONG + "E poi.", "Corta.")


def test_a_page_is_the_same_bytes_under_another_head(first):
    before, now = parts(first), parts(written("Edizione 2", LONG, LONG + "E ora.", "Corta."))

    same = [one[0] == other[0] for one, other in zip(before, now, strict=True)]
    assert same[:3] == [True, False, True]
    assert not {part for page in before for part in page[1:-1]} & {
        part for page in now for part in page[1:-1]
    }


def test_a_head_that_is_on_every_page_is_written_once(first):
    heads = {page.Contents[1].objgen for page in first.pages}
    feet = {page.Contents[-1].objgen for page in first.pages}

    assert len(heads) == 1
    assert len(feet) == len(first.pages) > 2
    with BytesIO() as file:
        first.save(file)
        words = [page.extract_text() for page in PdfReader(file).pages]
    assert all("Edizione 1" in text for text in words)
    assert [str(n) in text for n, text in enumerate(words, start=1)] == [True] * len(words)


def test_lines_of_a_paragraph_are_its_own_content(first):
    found = list(elements(first.Root.StructTreeRoot))
    paragraphs = [one for one in found if one.S == "/P"]

    assert {str(one.S) for one in found} >= {"/P", "/H1"}
    assert not [one for one in found if one.S == "/Span"]
    assert [len(one.K) > 5 for one in paragraphs] == [True, True, False]
    owners = first.Root.StructTreeRoot.ParentTree.Nums
    for one in paragraphs:
        of_page = owners[2 * int(one.Pg.StructParents) + 1]
        assert all(of_page[int(content)].objgen == one.objgen for content in one.K)
