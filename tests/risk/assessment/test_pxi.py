"""A probability and an impact as plain scores: the page, what it refuses, what the paper prints."""

from decimal import Decimal

import pytest
from django.urls import reverse

from risk.content.build_sheets import sheet_of
from risk.content.build_table import table_row_of
from risk.content.reading import read_annex
from risk.models import Assessment
from risk.services.assessment.assessments import grades_in
from tests.risk.assessment.conftest import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def pxi(page_of, process):
    return page_of(process, method="PXI")


@pytest.fixture
def address(process):
    return f"{reverse('risk:assessment', args=[process.uid])}?metodo=naz:PXI:1"


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def scored(pxi, probability, impact):
    data = typed(pxi)
    return data | {"i1-grade": probability, "i2-grade": impact}


@pytest.mark.parametrize(
    ("probability", "impact", "level"),
    [("1", "5", "BASSO"), ("3.33", "1.75", "MEDIO"), ("3", "5", "MEDIO"), ("3.01", "5", "ALTO")],
)
def test_the_product_falls_into_the_band_that_holds_it(pxi, probability, impact, level):
    grades = {"i1": Decimal(probability), "i2": Decimal(impact)}

    assert pxi.proposal_for(grades).level.label == level


def test_scores_are_typed_and_shown_with_the_decimal_comma(client, editor, pxi, address):
    client.force_login(editor)

    answer = client.post(address, scored(pxi, "3,33", "1.75"), follow=True)

    row = Assessment.objects.get()
    scores = {rating.indicator.code: rating.score for rating in row.ratings.all()}
    assert scores == {"P": Decimal("3.33"), "I": Decimal("1.75")}
    assert "probabilità 3,33 × impatto 1,75 = 5,83" in text_of(answer)
    assert 'value="3,33"' in text_of(answer)
    assert "Da 0 a 5, anche con la virgola" in text_of(answer)


@pytest.mark.parametrize("score", ["5,01", "-1", "cinque", "3/5"])
def test_a_score_that_is_not_on_the_scale_is_refused_beside_the_field(
    client, editor, pxi, address, score
):
    client.force_login(editor)

    answer = client.post(address, scored(pxi, score, "2"))

    assert set(answer.context["form"].errors) == {"i1-grade"}
    kept = [
        rating.indicator.code for row in Assessment.objects.all() for rating in row.ratings.all()
    ]
    assert kept == ["I"]


def test_a_reader_sees_the_calculation(client, editor, auditor, pxi, address):
    client.force_login(editor)
    client.post(address, scored(pxi, "2", "1,4"))
    client.force_login(auditor)

    assert "probabilità 2,00 × impatto 1,40 = 2,80" in text_of(client.get(address))


def test_levels_of_a_scale_without_scores_are_still_chosen(page_of, process):
    matrix = page_of(process, method="MATRICE5")

    assert matrix.sheet.questions[0].bounds is None
    assert set(grades_in(matrix.sheet, typed(matrix, P="A"))) == {"i1"}


def test_the_paper_prints_the_product_beside_its_level(client, editor, pxi, address, process):
    client.force_login(editor)
    client.post(address, scored(pxi, "3,33", "1,75") | {"level": "M", "motivation": "Media."})
    loaded = read_annex(process.annex)
    (printed,) = loaded.processes

    assert table_row_of(printed, loaded).level.label == "MEDIO\u00a05,83"
    (assessed,) = sheet_of(printed, loaded).assessments
    assert [rating.value for rating in assessed.ratings] == ["3,33", "1,75"]
    assert assessed.entries[0].lines == ("probabilità 3,33 × impatto 1,75 = 5,83",)
