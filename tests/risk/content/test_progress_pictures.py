"""The picture of an indicator: every value in it, within its frame, and said in words."""

import copy
import datetime
from decimal import Decimal

import pytest

from risk.content.progress_pictures import (
    HEIGHT,
    WIDTH,
    PicturedLine,
    Progress,
    ProgressPoint,
    picture_of,
    trend_of,
)

JANUARY, JUNE, END = (datetime.date(2021, month, 1) for month in (1, 6, 12))


def progress(*values, start="0", expected="50", kind="percentage", start_on=JANUARY) -> Progress:
    days = (JUNE, END)
    return Progress(
        label="Pratiche",
        kind=kind,
        unit="%",
        start=ProgressPoint(Decimal(start), start_on) if start else None,
        expected=ProgressPoint(Decimal(expected), END) if expected else None,
        measured=tuple(ProgressPoint(Decimal(one), days[at % 2]) for at, one in enumerate(values)),
    )


CASES = (
    (("60",), {}, "valore atteso raggiunto"),
    (("20", "30"), {}, "si avvicina al valore atteso"),
    (("30", "20"), {}, "si allontana dal valore atteso"),
    (("30", "30"), {}, "fermo"),
    (("30",), {"start": "40", "expected": "10"}, "si avvicina al valore atteso"),
    (("5",), {"start": "40", "expected": "10"}, "valore atteso raggiunto"),
    (("30",), {"start": ""}, ""),
    (("30",), {"expected": ""}, ""),
    (("1",), {"kind": "on_off", "expected": "1"}, "valore atteso raggiunto"),
    (("1200", "700"), {"kind": "quantity", "start_on": None}, "valore atteso raggiunto"),
    (("0",), {"kind": "quantity", "start": "0", "expected": "0"}, "valore atteso raggiunto"),
)


@pytest.mark.parametrize(("values", "given", "trend"), CASES)
def test_a_picture_says_and_shows_all_it_knows(values, given, trend):
    known = progress(*values, **given)
    assert Progress.of(known.written) == known
    assert trend_of(known) == trend
    picture = picture_of(known)
    assert len(picture.dots) == len(values) + (known.start is not None)
    ups = [*(one.y for one in picture.dots), picture.expected_at or 0]
    assert all(0 <= one.x <= WIDTH for one in picture.dots)
    assert all(0 <= one <= HEIGHT for one in ups)
    for what, day, value in picture.lines:
        assert what in picture.sentence
        assert day in picture.sentence
        assert value in picture.sentence
    assert trend in picture.sentence


def test_more_lies_higher_and_later_lies_further_right():
    start, first, second = picture_of(progress("10", "40")).dots
    assert start.x < first.x < second.x
    assert start.y > first.y > second.y


def test_nothing_measured_is_no_picture():
    assert picture_of(progress()) is None


def test_a_line_with_its_picture_is_kept_by_what_it_shows_and_goes_to_other_processes():
    one, other = (PicturedLine.of("testo", picture_of(progress(value))) for value in ("1", "2"))
    assert one == other == "testo"
    assert repr(one) != repr(other)
    assert copy.deepcopy(one).picture == one.picture
