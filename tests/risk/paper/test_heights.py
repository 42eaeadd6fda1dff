"""Rows under merged cells share the height these need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.paper.heights import balance


def test_the_lack_is_shared():
    assert balance([10, 10, 10], [(0, 3, 60)]) == (20, 20, 20)


def test_a_narrow_cell_is_served_before_a_wide_one():
    assert balance([10, 10, 10], [(0, 3, 45), (0, 2, 40)]) == (20, 20, 10)


def test_enough_room_is_left_alone():
    assert balance([30, 30], [(0, 2, 50)]) == (30, 30)


@given(
    st.lists(st.integers(0, 100), min_size=5, max_size=5),
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2), st.integers(0, 500)), max_size=6),
)
def test_every_cell_has_room(own, spans):
    cells = [(start, min(start + length, 5), height) for start, length, height in spans]
    heights = balance(own, cells)
    assert all(height >= least for height, least in zip(heights, own, strict=True))
    for start, stop, needed in cells:
        assert sum(heights[start:stop]) >= needed or sum(heights[start:stop]) == pytest.approx(
            needed
        )
