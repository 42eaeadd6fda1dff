"""Cells merged column by column (docs/decisions/0027)."""

from hypothesis import given
from hypothesis import strategies as st

from risk.paper.merging import Run, repeated, runs, seams

KEYS = st.lists(st.sampled_from("abc"), max_size=30)


def test_equal_neighbours_share_a_cell():
    assert runs("aabba") == (Run(0, 2), Run(2, 4), Run(4, 5))


def test_nothing_has_no_cells():
    assert runs("") == ()


def test_a_cut_ends_a_run_and_the_next_is_resumed():
    assert runs("aaab", cuts={2}) == (Run(0, 2), Run(2, 3, resumed=True), Run(3, 4))


def test_a_cut_between_different_keys_resumes_nothing():
    assert runs("ab", cuts={1}) == (Run(0, 1), Run(1, 2))


@given(KEYS, st.sets(st.integers(min_value=0, max_value=30)))
def test_runs_cover_every_row_once_and_are_as_long_as_they_can_be(keys, cuts):
    found = runs(keys, cuts=cuts)
    assert [row for run in found for row in range(run.start, run.stop)] == list(range(len(keys)))
    for run in found:
        assert len(set(keys[run.start : run.stop])) == 1
        assert not cuts.intersection(range(run.start + 1, run.stop))
    for before, after in zip(found, found[1:], strict=False):
        same = keys[before.start] == keys[after.start]
        assert after.resumed == same
        assert not same or after.start in cuts


def test_an_item_of_an_earlier_run_is_repeated():
    assert repeated([["a", "b"], [], ["b", "c"], ["a"]]) == (
        (False, False),
        (),
        (True, False),
        (True,),
    )


@given(KEYS, KEYS)
def test_no_cell_crosses_a_seam(left, right):
    length = min(len(left), len(right))
    columns = [runs(left[:length]), runs(right[:length])]
    found = seams(columns, length=length)
    assert (0 in found) == (length > 0)
    for row in range(length):
        crossed = any(run.start < row < run.stop for column in columns for run in column)
        assert (row in found) != crossed
