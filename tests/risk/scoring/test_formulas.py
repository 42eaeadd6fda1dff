"""The rules of the methods, on examples found in published plans and on any numbers at all."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.scoring.formulas import (
    agrees,
    band_of,
    highest,
    matrix_result,
    mean,
    most_frequent,
    printed,
    product,
)


def numbers(*values) -> list[Decimal]:
    return [Decimal(str(value)) for value in values]


LOW, MEDIUM, HIGH = 1, 2, 3
BANDS = [
    (HIGH, Decimal(15), Decimal(25)),
    (LOW, Decimal(0), Decimal(5)),
    (MEDIUM, Decimal(5), Decimal(15)),
]

grades = st.lists(st.integers(0, 6))
scores = st.lists(st.integers(0, 5).map(Decimal), min_size=1, max_size=10)


def test_one_high_indicator_is_enough():
    assert highest([LOW, HIGH, MEDIUM, LOW, LOW, LOW]) == HIGH


def test_nothing_measured_proposes_nothing():
    assert highest([]) is None
    assert most_frequent([]) is None
    assert mean([]) is None
    assert product([], numbers(1)) is None
    assert product(numbers(1), []) is None


@given(grades.filter(bool))
def test_no_grade_is_above_the_highest_and_it_is_one_of_them(found):
    assert highest(found) in found
    assert all(grade <= highest(found) for grade in found)


def test_the_mode_of_the_variables():
    assert most_frequent([LOW, HIGH, LOW, MEDIUM]) == LOW


def test_a_tie_goes_to_the_graver_grade():
    assert most_frequent([LOW, HIGH, LOW, HIGH, MEDIUM]) == HIGH


@given(grades.filter(bool))
def test_the_mode_is_met_at_least_as_often_as_any_other(found):
    chosen = most_frequent(found)
    assert all(found.count(chosen) >= found.count(grade) for grade in found)


# Published scorings: Pinerolo 2,7 × 1,5; Peschiera 3,33 × 1,75.
@pytest.mark.parametrize(
    ("probability", "impact", "expected", "band"),
    [
        ([2, 5, 1, 3, 1, 4], [1, 1, 2, 2], "4,00", LOW),
        ([4, 5, 1, 5, 1, 4], [1, 1, 2, 3], "5,83", MEDIUM),
        ([5, 5, 5, 5, 5, 5], [5, 5, 5, 5], "25,00", HIGH),
        ([1, 2, 1, 1, 1, 1], [1, 1, 0, 1], "0,88", LOW),
    ],
)
def test_pna_2013(probability, impact, expected, band):
    result = product(numbers(*probability), numbers(*impact))

    assert printed(result) == expected
    assert band_of(result, BANDS) == band


def test_a_product_that_is_exactly_five_is_still_low():
    # the mean of the six, cut at its last digit, times 3 is a little more than 5
    probability, impact = numbers(1, 2, 2, 1, 2, 2), numbers(3, 3, 3, 3)

    assert mean(probability) * mean(impact) > 5
    assert product(probability, impact) == 5
    assert band_of(mean(probability) * mean(impact), BANDS) == LOW


@given(scores, scores)
def test_the_product_is_that_of_exact_arithmetic(probability, impact):
    exact = Fraction(sum(map(int, probability)), len(probability)) * Fraction(
        sum(map(int, impact)), len(impact)
    )
    result = product(probability, impact)

    assert abs(Fraction(result) - exact) < Fraction(1, 10**20)
    assert 0 <= result <= 25
    expected = LOW if exact <= 5 else MEDIUM if exact <= 15 else HIGH
    assert band_of(result, BANDS) == expected
    assert band_of(mean(probability) * mean(impact), BANDS) == expected


@given(scores)
def test_the_mean_lies_between_the_lowest_and_the_highest(found):
    assert min(found) - Decimal("1e-20") <= mean(found) <= max(found) + Decimal("1e-20")


@pytest.mark.parametrize(
    ("score", "expected"),
    [("0", LOW), ("5", LOW), ("5.001", MEDIUM), ("15", MEDIUM), ("15.01", HIGH), ("25", HIGH)],
)
def test_a_band_holds_its_upper_bound(score, expected):
    assert band_of(Decimal(score), BANDS) == expected


def test_a_score_between_two_bands_goes_up():
    bands = [(LOW, Decimal(1), Decimal(5)), (MEDIUM, Decimal(6), Decimal(15))]

    assert band_of(Decimal("5.5"), bands) == MEDIUM


def test_a_score_above_all_bands_has_none():
    assert band_of(Decimal("25.1"), BANDS) is None
    assert band_of(Decimal(1), []) is None


def test_a_last_band_without_end_takes_all():
    bands = [(LOW, None, Decimal(5)), (HIGH, Decimal(5), None)]

    assert band_of(Decimal(1000), bands) == HIGH


@given(st.decimals(0, 25, places=3), st.decimals(0, 25, places=3))
def test_a_higher_score_never_has_a_lower_band(one, other):
    low, high = sorted((one, other))
    assert band_of(low, BANDS) <= band_of(high, BANDS)


def test_the_matrix_gives_its_cell():
    cells = {("A", "B"): "MEDIO", ("B", "A"): "ALTO"}

    assert matrix_result("B", "A", cells) == "ALTO"
    assert matrix_result(None, "A", cells) is None
    assert matrix_result("A", None, cells) is None


def test_a_matrix_with_a_hole_is_no_answer():
    with pytest.raises(KeyError):
        matrix_result("A", "A", {("A", "B"): "MEDIO"})


@pytest.mark.parametrize(
    ("score", "decimals", "expected"),
    [
        ("5.8275", 2, "5,83"),
        ("4.125", 2, "4,13"),
        ("4", 2, "4,00"),
        ("12.5", 0, "13"),
        ("0", 2, "0,00"),
        ("2.8", 1, "2,8"),
    ],
)
def test_scores_are_printed_with_a_comma(score, decimals, expected):
    assert printed(Decimal(score), decimals) == expected


@given(st.decimals(0, 25, places=6), st.integers(0, 4))
def test_a_printed_score_is_near_and_never_in_powers_of_ten(score, decimals):
    text = printed(score, decimals)
    assert set(text) <= set("0123456789,")
    assert abs(Decimal(text.replace(",", ".")) - score) <= Decimal(5).scaleb(-decimals - 1)


@pytest.mark.parametrize(
    ("probability", "impact", "result", "expected"),
    [
        ("3.33", "1.75", "5.83", True),
        ("2", "1.4", "2.80", True),
        ("2.7", "1.5", "4.1", True),
        ("3", "4", "12", True),
        ("3", "1.67", "5", True),
        ("3", "4", "13", False),
        ("3", "3", "9.4", False),
        ("3.5", "3", "4.41", False),
        ("0", "5", "0", True),
        ("0", "5", "1", False),
    ],
)
def test_a_printed_result_agrees_with_rounded_factors_only(probability, impact, result, expected):
    numbers = (Decimal(text) for text in (probability, impact, result))

    assert agrees(*numbers) is expected
