"""Processes by probability and impact: on the page, on paper, and the lists their numbers open."""

import shutil
from decimal import Decimal

import pytest
from django.urls import reverse

from risk.content.build_figures import figures_of
from risk.content.figures import annex_figures
from risk.content.reading import read_annex
from risk.models import Assessment, Method
from risk.services.plans.making import use_method
from risk.services.reporting.listings import figures_table
from risk.services.sample_data.reference import REFERENCE, load_reference
from tests.load_once import load_once
from tests.people import client_of, people_of
from tests.register import assess, make_annex, make_behaviour, make_process
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def methods(db, tmp_path):
    names = ("20_method_pna2019", "21_method_pna2013", "22_method_matrix5", "25_method_pxi")
    for name in names:
        shutil.copy(REFERENCE / f"{name}.json", tmp_path)
    load_once("methods of matrices", lambda: load_reference(folder=tmp_path))
    return {row.code: row for row in Method.objects.all()}


@pytest.fixture
def annex():
    return make_annex()


def use(annex, method):
    use_method(plan=annex.plan, method=method, is_default=True, by=None)
    return method


def scored(subject, method, level, *scores) -> Assessment:
    """Judge by one score for each indicator of a method."""
    row = assess(subject, method, level)
    for indicator, score in zip(method.indicators.order_by("position"), scores, strict=True):
        row.ratings.create(indicator=indicator, score=Decimal(score))
    return row


def counted(table) -> dict[tuple[str, str], int]:
    return {
        (line.label, column): cell.count
        for line in table.lines
        for column, cell in zip(table.columns, line.cells, strict=True)
        if cell.count
    }


@pytest.fixture
def judged(annex, methods):
    """Three processes by P×I: one on its own, one by its gravest behaviour, one not at all."""
    pxi = use(annex, methods["PXI"])
    own = make_process(annex, "Gare")
    scored(own, pxi, "MEDIO", "3.33", "1.75")
    scored(make_behaviour(own), pxi, "ALTO", "5", "5")
    derived = make_process(annex, "Mense")
    scored(make_behaviour(derived, "Favori"), pxi, "BASSO", "1", "1")
    scored(make_behaviour(derived, "Ritardi"), pxi, "ALTO", "4", "4.5")
    make_process(annex, "Sagre")
    return own, derived


PLACES = {("Molto probabile", "Minore"): 1, ("Molto probabile", "Superiore"): 1}


def test_a_process_stands_where_its_level_comes_from(annex, judged):
    matrix = annex_figures(annex).matrix

    assert counted(matrix) == PLACES
    assert matrix.lines[0].label == "Altamente probabile"
    tones = {
        (line.label, c): cell.tone
        for line in matrix.lines
        for c, cell in zip(matrix.columns, line.cells, strict=True)
    }
    assert tones["Altamente probabile", "Superiore"] == "high"
    assert tones["Probabile", "Soglia"] == "medium"
    assert tones["Nessuna probabilità", "Superiore"] == "low"


def test_the_paper_prints_the_same(annex, judged):
    tables = {table.title: table for table in figures_of(read_annex(annex))}

    assert counted(tables["Processi per probabilità e impatto"]) == PLACES


def test_every_number_opens_its_rows(annex, judged):
    client = client_of(people_of(annex)["rpct"])
    plan = annex.plan
    here = [plan.administration.ipa_code, plan.slug]
    page = client.get(reverse("risk:plan_figures", args=here)).content.decode()
    assert "probabilita=4&amp;impatto=2" in page or "probabilita=4&impatto=2" in page

    rows = reverse("risk:plan_processes", args=here)
    for filters, titles in (
        ({"probabilita": "4", "impatto": "2"}, ["Gare"]),
        ({"impatto": "5"}, ["Mense"]),
        ({"probabilita": "4"}, ["Gare", "Mense"]),
        ({"probabilita": "1"}, []),
        ({"probabilita": "boh"}, ["Gare", "Mense", "Sagre"]),
    ):
        listed = client.get(rows, filters).context["page"]
        assert [row.title for row in listed] == titles


def test_means_of_answers_stand_on_the_scale_of_pna_2013(annex, methods):
    method = use(annex, methods["PNA2013"])
    row = assess(make_process(annex), method, "MEDIO")
    for indicator in method.indicators.all():
        row.ratings.create(indicator=indicator, answer=indicator.answers.get(position=2))

    # 2, 5, 3, 3, 5, 2 and 2, 5, 1, 2
    assert counted(annex_figures(annex).matrix) == {("Molto probabile", "Soglia"): 1}


def test_a_matrix_of_words_colours_by_its_cells(annex, methods):
    method = use(annex, methods["MATRICE5"])
    level = method.levels.get(scale="overall", label="ALTO")
    row = make_process(annex).assessments.create(method=method, level=level)
    for code, level in (("P", "A"), ("I", "M")):
        indicator = method.indicators.get(code=code)
        grade = method.levels.get(scale=indicator.scale, code=level)
        row.ratings.create(indicator=indicator, level=grade)

    matrix = annex_figures(annex).matrix

    assert counted(matrix) == {("ALTO", "MEDIO"): 1}
    assert matrix.lines[0].cells[-1].tone == "critical"


def test_a_qualitative_method_has_none_and_costs_nothing(annex, methods):
    use(annex, methods["PNA2019"])
    make_process(annex)

    assert annex_figures(annex).matrix is None
    assert "probabilità e impatto" not in str(figures_of(read_annex(annex)))


def test_more_processes_cost_no_more(annex, judged, methods):
    annex_figures(annex)
    for number in range(5):
        scored(make_process(annex, f"Altro {number}"), methods["PXI"], "BASSO", "1", "2")

    with at_most(16):
        annex_figures(annex)


def test_the_file_of_the_figures_has_them_too(annex, judged):
    table = figures_table("Prova", annex_figures(annex))

    assert ["Processi per probabilità e impatto", "Molto probabile", "Minore", 1] in table.rows
