"""Columns are as wide as their texts ask, and together as wide as the page."""

import pytest

from risk.content.column_widths import STEP, widths_of

SENTENCE = "Il valore atteso è raggiunto al 60 %, dovuto da quarantacinque giorni."
DAY = "31/03/2027"


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        ([[[SENTENCE], [SENTENCE], ["risorse"], [DAY]]], (40, 40, 10, 10)),
        ([[[SENTENCE], [SENTENCE], ["risorse", SENTENCE], [DAY]]], (30, 30, 30, 10)),
        ([[[SENTENCE], [], [], []]], (55, 15, 15, 15)),
        ([], (25, 25, 25, 25)),
        ([[["sì"], [SENTENCE * 30], ["no"], [DAY]]], (15, 55, 15, 15)),
    ],
)
def test_short_columns_leave_their_room_to_long_ones(rows, widths):
    found = widths_of(("Misura", "Esito", "Causa", "Nuova data"), rows)

    assert found == widths
    assert sum(found) == 100
    assert all(width % STEP == 0 for width in found)


def test_many_columns_are_a_hundred_too():
    found = widths_of(["Misura"] * 9, [[[SENTENCE]] * 9, [[DAY]] * 9])

    assert sum(found) == 100
    assert min(found) > 0
