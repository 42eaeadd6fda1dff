"""The figures on paper count what the sheets and the table print."""

import pytest

from registry.enums import RiskPresence
from risk.content.build import build_document
from risk.content.figures import annex_figures
from risk.content.reading import read_annex
from risk.models import EventCategory, Measure, PlannedMeasure
from risk.paper.html import render_html
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_method,
    make_process,
    use_method,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    annex, method = make_annex(), make_method()
    use_method(annex, method)
    area = make_area(annex.plan.administration)
    for level in ("Alto", "Alto", "Basso"):
        process = make_process(annex, risk_area=area, risk_presence=RiskPresence.PRESENT)
        assess(process, method, level, "Motivo.")
    behaviour = make_behaviour(process)
    behaviour.categories.add(EventCategory.objects.create(code="1", label="Conflitto"))
    make_behaviour(process, "Altro")
    make_process(annex, risk_presence=RiskPresence.ABSENT)
    make_process(annex)
    measure = Measure.objects.create(code="M", label="Formazione", character="general")
    PlannedMeasure.objects.create(plan=annex.plan, annex=annex, measure=measure, scope="annex")
    return annex


def lines(table) -> dict[str, list[int]]:
    return {line.label: [cell.count for cell in line.cells] for line in table.lines}


def test_the_tables_count_the_annex(annex):
    levels, categories, measures = build_document(read_annex(annex)).figures
    assert levels.columns == ("Alto", "Basso", "non valutati", "rischio assente")
    assert lines(levels) == {
        "F) Entrate (generale)": [2, 1, 0, 0],
        "senza area di rischio": [0, 0, 1, 1],
    }
    assert lines(categories) == {"Conflitto": [1], "senza categoria": [1]}
    assert lines(measures) == {"misure generali": [1]}


def test_paper_and_page_count_alike(annex):
    paper = build_document(read_annex(annex)).figures[0]
    page = annex_figures(annex).levels
    shown = {
        (line.label, column): cell.count
        for line in page.lines
        for column, cell in zip(page.columns, line.cells, strict=False)
        if cell.count
    }
    printed = {
        (line.label, column): cell.count
        for line in paper.lines
        for column, cell in zip(paper.columns, line.cells, strict=True)
        if cell.count
    }
    assert printed == shown


def test_only_the_whole_annex_carries_them(annex):
    document = build_document(read_annex(annex))
    assert "Quadro dei rischi" in render_html(document, layout="completo")
    assert "Quadro dei rischi" not in render_html(document, layout="schede")


def test_an_annex_without_processes_has_none():
    assert build_document(read_annex(make_annex())).figures == ()
