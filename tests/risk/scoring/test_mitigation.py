"""Levels initial, expected, actual: what measures take away, and what is too old for it."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.scoring.mitigation import level_arithmetics

RULE = level_arithmetics()["MATRICE5"]
DAY = datetime.date(2020, 12, 31)


@pytest.mark.parametrize(
    ("ordinal", "general", "specific", "left"),
    [(5, 0, 0, 5), (5, 1, 0, 5), (5, 2, 0, 4), (5, 0, 1, 4), (4, 1, 1, 3), (2, 0, 9, 1)],
)
def test_half_a_step_counts_once_there_are_two(ordinal, general, specific, left):
    assert RULE.lowered(ordinal, general=general, specific=specific, lowest=1) == left


@given(st.integers(1, 7), st.integers(0, 20), st.integers(0, 20))
def test_no_measure_raises_a_level_or_leaves_the_scale(ordinal, general, specific):
    left = RULE.lowered(ordinal, general=general, specific=specific, lowest=1)
    assert 1 <= left <= ordinal
    assert RULE.lowered(ordinal, general=general, specific=specific + 1, lowest=1) <= left


@pytest.mark.parametrize(
    ("judged_on", "is_void"),
    [
        (None, True),
        (datetime.date(2017, 12, 30), True),
        (datetime.date(2017, 12, 31), False),
        (datetime.date(2016, 2, 29), True),
        (DAY, False),
    ],
)
def test_a_level_lasts_three_years(judged_on, is_void):
    assert RULE.is_void(judged_on, DAY) is is_void


def test_each_method_has_its_source():
    assert all(one.source and one.years > 0 for one in level_arithmetics().values())
