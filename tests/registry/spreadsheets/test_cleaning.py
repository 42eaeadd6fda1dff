"""What a cell is cleaned of is found by each sign, however quickly most texts are passed over."""

import pytest

from registry.spreadsheets.cleaning import clean_text
from registry.spreadsheets.looks import boxes_in

UNSEEN = ["\x00", "\x1f", "\x7f", "\u00ad", "\u200b", "\u200f", "\u2060", "\ufeff", "\uffff"]
BLANKS = ["\u00a0", "\u1680", "\u2009", "\u202f", "\u3000"]
BREAKS = ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b"]


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_unseen_signs_go_and_are_told(sign):
    assert clean_text(f"uf{sign}ficio") == ("ufficio", True)


@pytest.mark.parametrize("sign", BLANKS, ids=ascii)
def test_odd_blanks_become_blanks(sign):
    assert clean_text(f"un{sign}ufficio") == ("un ufficio", False)


@pytest.mark.parametrize("sign", BREAKS, ids=ascii)
def test_odd_breaks_become_breaks(sign):
    assert clean_text(f"un{sign}ufficio") == ("un\nufficio", False)


@pytest.mark.parametrize("text", ["un ufficio", "un’area", "riga\nsotto", "a\tb", "_x00", ""])
def test_what_holds_none_stays_as_it_is(text):
    assert clean_text(text) == (text, False)


def test_what_a_workbook_writes_for_a_control_is_one():
    assert clean_text("uf_x0001_ficio") == ("ufficio", True)


@pytest.mark.parametrize(
    ("text", "ticks"),
    [("[x] sì [ ] no", [True, False]), ("☐ sì ☒ no", [False, True]), ("sì, no", []), ("[1]", [])],
)
def test_boxes_are_found_typed_and_drawn(text, ticks):
    assert [box.ticked for box in boxes_in(text)] == ticks
