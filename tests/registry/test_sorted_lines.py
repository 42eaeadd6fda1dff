"""Lines that need no memory come back sorted, and the trail says the same of them as of rows."""

from hashlib import sha256

import pytest

from registry.sorted_lines import SortedLines
from registry.trail.records import ordered_digest, rows_digest

FEW = ["b", "à", "a", "\u2028", "z\\n", "", "a", "𝄞", "\uffff", "a\r"]
MANY = [f"riga {number:05d} {'àèì' * 20}" for number in range(9_000)]
"""More than a megabyte, which is too much for memory."""


@pytest.fixture
def kept():
    lines = SortedLines()
    yield lines
    lines.close()


@pytest.mark.parametrize("lines", [[], FEW, MANY], ids=["none", "few", "many"])
@pytest.mark.parametrize("runs", [1, 3])
def test_come_back_sorted_in_whatever_order_they_came(kept, lines, runs):
    shuffled = sorted(lines, key=lambda line: sha256(line.encode()).digest())
    for start in range(runs):
        kept.add(shuffled[start::runs])

    assert len(kept) == len(lines)
    assert list(kept) == sorted(lines)
    assert ordered_digest(kept) == rows_digest(lines)


def test_how_many_there_were_is_known_when_they_are_let_go(kept):
    kept.add(list(FEW))
    kept.close()

    assert len(kept) == len(FEW)
