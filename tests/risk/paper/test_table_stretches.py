"""A long *tabella* in stretches is that of one drawing, and an edit draws its stretch alone."""

from dataclasses import replace
from functools import cache

import pytest

from risk.content.values import PhaseRow, ProcessRow
from risk.enums import Layout
from risk.paper import table_stretches
from risk.paper.annex_pdf import Drawn, join_annex
from risk.paper.fragment_drawing import draw_fragment
from risk.paper.fragments import Fragment, following, fragments_of
from risk.paper.layouts import RISK_TABLE
from risk.paper.name_trees import bare
from risk.paper.pdf import DrawnPiece
from risk.paper.table_stretches import bodies_between, is_in_stretches, rows_of, stretches
from tests.conformance import faults
from tests.risk.paper import samples
from tests.risk.paper.conftest import Printed
from tests.risk.paper.pieces import long_annex
from tests.risk.paper.published import published_table
from tests.risk.paper.reading import misplaced, tables, text_of
from tests.risk.paper.test_annex_pieces import differ, pictures


@cache
def long_table() -> tuple[ProcessRow, ...]:
    """Return many processes, some of which say more than a page."""
    found = []
    while not is_in_stretches(found):
        for one in published_table().table:
            number = len(found)
            phases = tuple(_again(phase, number) for phase in one.phases)
            objective = samples.LONG_TEXT[:2400] if number % 3 == 0 else one.objective
            uid = f"{one.uid}-{number}"
            found.append(replace(one, uid=uid, phases=phases, objective=objective))
    return tuple(found)


@cache
def mixed_table() -> tuple[ProcessRow, ...]:
    """Return the same, of which no more than three processes share their measures."""
    return tuple(
        replace(one, measures=tuple((uid, f"{text} {n // 3}") for uid, text in one.measures))
        for n, one in enumerate(long_table())
    )


def _again(phase: PhaseRow, number: int) -> PhaseRow:
    behaviours = (replace(one, uid=f"{one.uid}-{number}") for one in phase.behaviours)
    return replace(phase, uid=f"{phase.uid}-{number}", behaviours=tuple(behaviours))


def measured(processes: tuple[ProcessRow, ...]) -> Fragment:
    (found,) = (
        one
        for one in fragments_of(replace(long_annex(), table=processes), Layout.COMPLETE)
        if one.part == RISK_TABLE
    )
    assert found.is_measured
    return found


def stretches_of(first: Fragment) -> tuple[list[Fragment], dict[str, DrawnPiece]]:
    """Return the stretches of a table, and what was found in its groups before."""
    found: dict[str, DrawnPiece] = {}
    waiting = [first]
    while waiting[0].is_measured:
        (one,) = waiting
        found[one.digest] = draw_fragment(one)
        waiting = [*following(one, found)]
    return waiting, found


@pytest.fixture(scope="module")
def in_stretches() -> list[Fragment]:
    return stretches_of(measured(long_table()))[0]


def joined(fragments: list[Fragment]) -> Printed:
    return Printed(join_annex([Drawn(one, draw_fragment(one)) for one in fragments]))


def test_a_stretch_knows_the_sheets_of_its_own_processes():
    document = replace(long_annex(), table=long_table())
    sheets = tuple(replace(document.sheets[0], uid=one.uid) for one in document.table)
    (first,) = (
        one
        for one in fragments_of(replace(document, sheets=sheets), Layout.COMPLETE)
        if one.part == RISK_TABLE
    )
    parts, _found = stretches_of(first)
    for one in parts:
        assert one.in_table == tuple(process.uid for process in one.document.table)
    led = Printed(draw_fragment(parts[0]).content)
    names = {
        bare(str(link.Dest)) for page in led.opened().pages for link in page.get("/Annots", ())
    }
    assert {name.partition("--")[2] for name in names} == {
        f"processo-{uid}" for uid in parts[0].in_table
    }


def test_words_and_pictures_of_each_page_are_those_of_one_drawing(in_stretches, tmp_path):
    assert len(in_stretches) > 2
    at_once = joined([replace(measured(long_table()).source)])
    parted = joined(in_stretches)
    assert list(map(text_of, parted.pages)) == list(map(text_of, at_once.pages))
    pairs = zip(
        pictures(at_once.data, tmp_path / "at-once"),
        pictures(parted.data, tmp_path / "parted"),
        strict=True,
    )
    assert [number for number, pair in enumerate(pairs, start=1) if differ(*pair)] == []
    # by itself it has no heading of the first level
    assert [one for one in faults(parted.data) if "HEADING-NESTING" not in one] == []
    assert misplaced(parted.opened()) == []
    for table in tables(parted.opened()):
        assert all(cell.headers for cell in table if cell.kind == "/TD")
    assert sum(cell.kind == "/TD" for one in tables(parted.opened()) for cell in one) == sum(
        cell.kind == "/TD" for one in tables(at_once.opened()) for cell in one
    )


def test_an_edit_changes_its_stretch_alone(in_stretches):
    *others, last = long_table()
    edited = measured((*others, replace(last, title=f"{last.title}, altro")))
    after, _found = stretches_of(edited)
    changed = [one.digest != other.digest for one, other in zip(in_stretches, after, strict=True)]
    assert changed == [False] * (len(after) - 1) + [True]


@cache
def groups_of(together: int) -> dict[str, DrawnPiece]:
    """Return what is found in the groups of a mixed table of so many processes each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_stretches, "PROCESSES_OF_A_GROUP", together)
        return stretches_of(measured(mixed_table()))[1]


def test_an_edit_that_leaves_heights_measures_its_group_alone(monkeypatch):
    monkeypatch.setattr(table_stretches, "PROCESSES_OF_A_GROUP", 3)
    first, *others = mixed_table()
    edited = replace(first, title=f"{first.title[:-1]}i")
    before, after = groups_of(3).keys(), stretches_of(measured((edited, *others)))[1].keys()
    assert len(after) == len(before) > 2
    assert len(after - before) == 1


@pytest.mark.parametrize("together", [1, 3])
def test_groups_measured_apart_find_what_is_found_of_all_at_once(together):
    """Each begins on its page where the one before has ended."""
    (whole,) = groups_of(len(mixed_table())).values()
    pieces = groups_of(together).values()
    assert len(pieces) > 2
    assert sorted(row for one in pieces for row in one.begun) == whole.begun
    *_others, last = pieces
    assert last.ended == pytest.approx(whole.ended, abs=1)
    heights = {row: height for one in pieces for row, height in one.heights.items()}
    # of a macroprocess on several groups the name is measured in each, and is short
    assert {row: pytest.approx(height, abs=1) for row, height in whole.heights.items()} == heights


def test_what_several_processes_share_is_measured_in_one_group_if_it_may_be():
    alone, *others = long_table()
    shared = [replace(one, measures=(("m", "Una misura"),)) for one in (alone, *others)] * 4
    assert [*map(len, table_stretches.groups(shared[: table_stretches.MOST_OF_A_GROUP]))] == [24]
    apart = [replace(one, measures=()) for one in shared]
    assert {*map(len, table_stretches.groups(apart[:24]))} == {6}
    assert [*map(len, table_stretches.groups((alone,)))] == [1]


def test_a_short_table_is_not_measured_first():
    table = [one for one in fragments_of(long_annex(), Layout.COMPLETE) if one.part == RISK_TABLE]
    assert [one.is_measured for one in table] == [False]
    assert following(table[0], {}) == ()


@pytest.mark.parametrize("shared", [True, False])
def test_stretches_have_all_rows_once_and_know_what_they_go_on_from(monkeypatch, shared):
    monkeypatch.setattr(table_stretches, "SHORT", 1)
    key = "m" if shared else ""
    table = tuple(
        replace(one, macroprocess_key=key or one.uid, uid=f"p{n}")
        for n, one in enumerate(long_table()[:6])
    )
    rows = [row for one in table for row in rows_of(one)]
    begun = rows[2::3]
    found, resumed = [], []
    for processes, start, stop in stretches(table, begun):
        grid = bodies_between(processes, start, stop, breaks=())
        found += [row.uid for body in grid for row in body.rows]
        first = grid[0].rows[0]
        assert not first.begins_page
        (cell,) = (one for one in first.cells if one.column == "processi")
        resumed.append(cell.lines[0].resumed)
    assert found == rows
    assert len(resumed) == len(begun) + 1
    assert not resumed[0]
    if shared:
        assert all(resumed[1:])
