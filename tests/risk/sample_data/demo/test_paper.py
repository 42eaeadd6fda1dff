"""The demo on paper: as short as it can be, full, with all its words, and as it was approved."""

import datetime
import subprocess
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from registry.models import Annex
from risk.content.values import AnnexDocument, Entry
from risk.enums import Layout
from risk.paper.html import render_pdf
from risk.services.annexes.documents import document_of
from risk.services.plans.bound import bound_plan
from risk.services.printing.pieces import pdf_of_draft
from risk.services.sample_data.demo.loading import demo_annexes
from tests.risk.paper.reading import text_of
from tests.risk.sample_data.demo import approved
from tests.risk.sample_data.demo.approved import changed_pages
from tests.risk.sample_data.demo.base import DemoTestCase

MOST_PAGES = {"gare e contratti": 26, "servizi informativi": 14}
SCALE = 40
"""Dots to the inch of the pages that are looked at."""
MARGINS = (0.07, 0.935)
"""Between which parts of the height of a page it has more than its running head and foot."""


class PaperOfTheDemoTest(DemoTestCase):
    """The plan with all its annexes, two of which are looked at, and each layout of the third."""

    @pytest.fixture(autouse=True)
    def _day_and_store(self, settings, tmp_path):
        """Let a draft be of a day that stays, and an annex be drawn once for all that read it."""
        settings.TODAY = datetime.date(2020, 12, 11)
        jobs = settings.STORAGES["jobs"] | {"OPTIONS": {"location": tmp_path}}
        settings.STORAGES = settings.STORAGES | {"jobs": jobs}

    def test_it_is_short_full_whole_and_as_it_was_approved(self):
        *_others, annex = demo_annexes()
        document = document_of(annex)
        papers = {"piano": bound_plan(plan=annex.plan)}
        for layout in (Layout.CATALOGUE, Layout.RISK_TABLE, Layout.SHEETS):
            papers[layout.value] = render_pdf(document, layout=layout)
        self.assert_short_full_and_with_all_words()
        changed = {name: changed_pages(name, pictures(pdf)) for name, pdf in papers.items()}
        found = {name: pages for name, pages in changed.items() if pages}
        assert found == {}, "look at out/paper, then approve them: see approved.py"

    def assert_short_full_and_with_all_words(self):
        for office, most in MOST_PAGES.items():
            with self.subTest(office):
                annex = Annex.objects.with_names().get(office__folded=office)
                document = document_of(annex)
                # the plan has had it drawn
                pdf = pdf_of_draft(document, layout=Layout.COMPLETE)
                reader = PdfReader(BytesIO(pdf))
                pages = [page.extract_text() for page in reader.pages]
                assert len(pages) <= most
                assert list(nearly_empty(pdf, begun(reader))) == []
                assert list(unprinted(document, text_of("".join(pages)))) == []


def begun(reader: PdfReader) -> set[int]:
    """Return the pages on which a part or a sheet begins, by its place among the bookmarks."""

    def goals(outline) -> Iterator[int]:
        for one in outline:
            if isinstance(one, list):
                yield from goals(one)
            else:
                yield reader.get_destination_page_number(one)

    return {*goals(reader.outline)}


def nearly_empty(pdf: bytes, starts: set[int]) -> Iterator[tuple[int, float]]:
    """Yield the pages less than a quarter full that others of their part follow."""
    filled = [fill(picture) for picture in pictures(pdf)]
    last = len(filled) - 1
    parts = {place for place, (one, other) in enumerate(pairwise(filled)) if one[1] != other[1]}
    for place, (part, _size) in enumerate(filled):
        if part < 0.25 and place != last and place not in parts and place not in starts:
            yield place + 1, round(part, 2)


def fill(picture: Image.Image) -> tuple[float, tuple[int, int]]:
    """Return down to which part of its height a page says something, and its size."""
    top, bottom = (round(part * picture.height) for part in MARGINS)
    inside = picture.crop((0, top, picture.width, bottom))
    box = ImageChops.invert(inside).point(lambda dot: 255 if dot > 16 else 0).getbbox()
    return (box[3] / inside.height if box else 0.0), picture.size


def pictures(pdf: bytes) -> list[Image.Image]:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "x.pdf").write_bytes(pdf)
        command = ["pdftoppm", "-r", str(SCALE), "-gray", str(folder / "x.pdf"), str(folder / "p")]
        subprocess.run(command, check=True)
        return [Image.open(one).copy() for one in sorted(folder.glob("p*"))]


def unprinted(document: AnnexDocument, printed: str) -> Iterator[str]:
    """Yield what the sheets say and the paper does not, neither in one nor parted by a page end."""
    for text in said(document):
        word = text_of(text)
        places = range(len(word) + 1)
        if not any(word[:place] in printed and word[place:] in printed for place in places):
            yield text


def said(document: AnnexDocument) -> Iterator[str]:
    for sheet in document.sheets:
        yield from (sheet.title, sheet.presence, *sheet.presence_reason.splitlines())
        yield from lines(sheet.entries)
        for step in (one for phase in sheet.phases for one in (phase, *phase.actions)):
            yield from (step.title, step.executor)
        for behaviour in sheet.behaviours:
            yield behaviour.text
            yield from lines(behaviour.entries)
        owners = (sheet, *sheet.behaviours)
        for assessment in (one for owner in owners for one in owner.assessments):
            yield from lines(assessment.entries)
            for rating in assessment.ratings:
                yield from (rating.indicator, rating.value, *rating.evidence.splitlines())
        for measure in sheet.measures:
            yield measure.title
            yield from lines(measure.entries)


def lines(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        # a label within a line begins small, as among what is missing
        yield entry.word[1:]
        yield from entry.lines


def test_a_line_in_another_place_is_another_page_and_a_damaged_dot_is_not(monkeypatch, tmp_path):
    monkeypatch.setattr(approved, "CHANGED", tmp_path)
    monkeypatch.delenv("APPROVE", raising=False)
    small, _setter = approved.approved(approved.HERE / "schede.png")
    pages = [one.resize((one.width * 4, one.height * 4)) for one in small]
    assert approved.changed_pages("schede", pages) == []
    pages[0].paste(0, (9, 9, 13, 13))
    assert approved.changed_pages("schede", pages) == []
    pages[1] = ImageChops.offset(pages[1], 0, 7)
    *fewer, _last = pages
    assert approved.changed_pages("schede", fewer) == [2, len(pages)]
    names = [f"schede-{number:03}.png" for number in (2, len(pages))]
    assert sorted(one.name for one in tmp_path.iterdir()) == names
