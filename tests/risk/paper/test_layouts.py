"""The layouts of the paper: every one answers every question, and draws what it says."""

import re
from dataclasses import fields, replace

import pytest
from django.template.loader import get_template

from risk.content.values import FigureTable
from risk.enums import Layout
from risk.paper.html import render_html
from risk.paper.layouts import PARTS, PRINTED_LAYOUTS, PrintedLayout, shown_parts
from tests.risk.paper import samples

SECTIONS = {
    Layout.CATALOGUE: ["catalogo"],
    Layout.RISK_TABLE: ["tabella"],
    Layout.SHEETS: ["schede"],
    Layout.COMPLETE: ["catalogo", "tabella", "quadro", "schede"],
}
"""The sections of a full annex by layout, by the id of their title."""


@pytest.fixture
def document():
    figures = FigureTable(title="Processi", head="Area", columns=("n.",), lines=())
    return replace(samples.worked(1), figures=(figures,))


def sections_of(page: str) -> list[str]:
    return re.findall(r'<section class="paper-part [\w-]+" aria-labelledby="parte-(\w+)"', page)


@pytest.mark.parametrize("layout", Layout)
def test_a_layout_draws_its_parts_under_its_title(document, layout):
    page = render_html(document, layout=layout)

    assert sections_of(page) == SECTIONS[layout]
    title = re.search(r"<title>(.*)</title>", page)[1]
    assert title.endswith(f"{document.office} – {PRINTED_LAYOUTS[layout].title}")
    assert ('class="paper-cover"' in page) == PRINTED_LAYOUTS[layout].is_whole
    assert PRINTED_LAYOUTS[layout].ready_up_to > 0


def test_every_layout_is_drawn_and_no_two_bear_one_title():
    assert set(PRINTED_LAYOUTS) == set(Layout)
    assert len({str(layout.title) for layout in PRINTED_LAYOUTS.values()}) == len(Layout)


def test_every_part_is_of_a_layout_and_has_its_template():
    used = {part for layout in PRINTED_LAYOUTS.values() for part in layout.parts}
    assert used == set(PARTS)
    assert all(get_template(part.template) for part in PARTS)


def test_a_part_without_what_it_is_drawn_from_is_left_out(document):
    whole = PRINTED_LAYOUTS[Layout.COMPLETE]

    assert [part.is_shown for part in shown_parts(document, whole)] == [True] * 4
    without = replace(document, figures=())
    assert [part.is_shown for part in shown_parts(without, whole)] == [True, True, False, True]


@pytest.mark.parametrize("question", [field.name for field in fields(PrintedLayout)])
def test_a_layout_that_leaves_a_question_open_cannot_be_made(question):
    whole = PRINTED_LAYOUTS[Layout.COMPLETE]
    answers = {field.name: getattr(whole, field.name) for field in fields(PrintedLayout)}
    assert PrintedLayout(**answers) == whole
    del answers[question]

    with pytest.raises(TypeError, match=question):
        PrintedLayout(**answers)
