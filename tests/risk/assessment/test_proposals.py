"""What each kind of method proposes, the body's own included."""

from decimal import Decimal

import pytest

from risk.enums import Dimension, MethodKind, Scale
from risk.models import Answer, Indicator, Level, MatrixCell, Method, PlanMethod
from risk.services.assessment.assessments import grades_in
from tests.risk.assessment.conftest import typed

pytestmark = pytest.mark.django_db


def proposed(page, **grades):
    return page.proposal_for(grades_in(page.sheet, typed(page, **grades)))


def test_pna_2019_proposes_the_highest_and_never_an_average(page_of, process):
    proposal = proposed(page_of(process), INT_EST="B", DISCR="A", OPAC="B", COLLAB="B")

    assert proposal.level.label == "ALTO"
    assert "Grado di discrezionalità" in proposal.reason
    assert (proposal.graded, proposal.asked) == (4, 6)


def test_without_grades_there_is_no_proposal(page_of, process):
    assert proposed(page_of(process)).level is None


def test_the_highest_behaviour_counts_for_the_process(page_of, process, methods):
    behaviour = process.behaviours.first()
    behaviour.assessments.create(
        method=methods["PNA2019"], level=methods["PNA2019"].levels.get(scale="overall", code="A")
    )
    proposal = proposed(page_of(process), INT_EST="M")

    assert proposal.level.code == "A"
    assert "comportamenti" in proposal.reason
    assert proposed(page_of(process, subject=behaviour), INT_EST="M").level.code == "M"


def test_pna_2013_multiplies_the_means_and_prints_a_decimal_comma(page_of, process):
    grades = dict.fromkeys(("P1", "P2", "P3", "P4", "P5"), "2") | {"P6": "3"}
    grades |= dict.fromkeys(("I1", "I2"), "1") | {"I3": "3", "I4": "2"}
    page = page_of(process, method="PNA2013")
    scores = [grade.score for grade in grades_in(page.sheet, typed(page, **grades)).values()]
    probability = sum(scores[:6]) / 6
    impact = sum(scores[6:]) / 4

    proposal = proposed(page, **grades)

    risk = f"{(probability * impact).quantize(Decimal('0.01'))}".replace(".", ",")
    assert proposal.reason.endswith(f"= {risk}")
    assert proposal.level.min_score < probability * impact <= proposal.level.max_score


def test_a_matrix_gives_the_level_of_its_cell(page_of, process):
    page = page_of(process, method="MATRICE5")

    assert proposed(page, P="A", I="A").level.label == "ALTISSIMO"
    assert proposed(page, P="A", I="B").level.label == "MEDIO"
    assert proposed(page, P="A").level is None


@pytest.fixture
def own_method(annex):
    """A body's own qualitative method: four levels, three indicators, made of data only."""
    method = Method.objects.create(
        administration=annex.plan.administration,
        code="NOSTRO",
        name="Il nostro metodo",
        kind=MethodKind.QUALITATIVE,
    )
    PlanMethod.objects.create(plan=annex.plan, method=method)
    for scale in (Scale.INDICATOR, Scale.OVERALL):
        for ordinal, label in enumerate(("Nullo", "Tenue", "Serio", "Estremo"), start=1):
            Level.objects.create(
                method=method, scale=scale, ordinal=ordinal, code=label[0], label=label
            )
    for position, label in enumerate(("Denaro", "Urgenza", "Solitudine"), start=1):
        Indicator.objects.create(method=method, position=position, code=label, label=label)
    return method


def test_a_body_s_own_method_needs_no_code(page_of, process, own_method):
    page = page_of(process, method="ente:NOSTRO:1")

    assert proposed(page, Denaro="T", Urgenza="E", Solitudine="N").level.label == "Estremo"


def test_indicators_on_fewer_levels_than_the_judgement(page_of, process, own_method):
    own_method.levels.filter(scale=Scale.OVERALL).delete()
    for ordinal, code in enumerate(("1", "2", "3", "4", "5"), start=1):
        Level.objects.create(method=own_method, ordinal=ordinal, code=code, label=f"Grado {code}")

    page = page_of(process, method="ente:NOSTRO:1")

    assert proposed(page, Denaro="S").level.label == "Grado 3"


def test_a_body_s_own_matrix_and_a_plain_number(page_of, process, annex):
    method = Method.objects.create(
        administration=annex.plan.administration, code="M", name="Matrice", kind=MethodKind.MATRIX
    )
    PlanMethod.objects.create(plan=annex.plan, method=method)
    low, high = (
        Level.objects.create(method=method, ordinal=i, code=code, label=code)
        for i, code in enumerate(("Verde", "Rosso"), start=1)
    )
    sides = {}
    for scale in (Scale.PROBABILITY, Scale.IMPACT):
        sides[scale] = Level.objects.create(
            method=method, scale=scale, ordinal=1, code="X", label="X"
        )
        Indicator.objects.create(
            method=method,
            position=len(sides),
            code=scale,
            label=scale.label,
            dimension=Dimension(scale.value),
            scale=scale,
        )
    page = page_of(process, method="ente:M:1")
    missing = proposed(page, probability="X", impact="X")
    assert missing.level is None
    assert "non ha la cella" in missing.reason

    MatrixCell.objects.create(
        method=method,
        probability=sides[Scale.PROBABILITY],
        impact=sides[Scale.IMPACT],
        result=high,
    )
    page = page_of(process, method="ente:M:1")
    assert proposed(page, probability="X", impact="X").level == high


def test_scored_answers_of_a_qualitative_method_fall_into_bands(page_of, process, own_method):
    own_method.levels.filter(scale=Scale.OVERALL, code="S").update(min_score=2, max_score=4)
    indicator = own_method.indicators.get(code="Denaro")
    Answer.objects.create(indicator=indicator, position=1, label="Molto", score=Decimal(3))

    page = page_of(process, method="ente:NOSTRO:1")

    assert proposed(page, Denaro="1").level.label == "Serio"
