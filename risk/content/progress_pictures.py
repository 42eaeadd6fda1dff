"""How an indicator of a measure went, as a small picture: start, measured values, what is expected.

Every number of a picture stands in its sentence too, and in its lines where there is room.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.utils.translation import gettext as _

from registry.readable import readable
from risk.enums import ProgressKind
from risk.scoring.outcomes import share_done

WIDTH, HEIGHT = 160, 40
"""Units of a picture."""
_EDGE = 5


@dataclass(frozen=True, slots=True)
class ProgressPoint:
    """A value in the unit of its indicator (a percent of 0–100, an on/off 0 or 1), and its day."""

    value: Decimal
    on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """An indicator: where it began, what was measured, oldest first, and what is expected."""

    label: str
    kind: str
    unit: str
    start: ProgressPoint | None
    expected: ProgressPoint | None
    measured: tuple[ProgressPoint, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what canonical data say, as `written` wrote them."""
        start, expected = (_point(data[name]) for name in ("start", "expected"))
        measured = (_point(one) for one in data["measured"])
        return cls(
            label=data["indicator"],
            kind=data["kind"],
            unit=data["unit"],
            start=start,
            expected=expected,
            measured=tuple(one for one in measured if one is not None),
        )

    @property
    def written(self) -> dict[str, Any]:
        """It as canonical data; a point is its value and its day, "" where there is none."""
        return {
            "indicator": self.label,
            "kind": self.kind,
            "unit": self.unit,
            "start": _written(self.start),
            "expected": _written(self.expected),
            "measured": [_written(one) for one in self.measured],
        }

    def said(self, value: Decimal) -> str:
        """Return a value as it is read: sì, 75 %, 12 atti."""
        if self.kind == ProgressKind.ON_OFF:
            return readable(bool(value))
        unit = "%" if self.kind == ProgressKind.PERCENTAGE else self.unit
        return f"{readable(value)} {unit}".strip()


@dataclass(frozen=True, slots=True)
class ProgressDot:
    """A value in a picture; the one it began with is hollow."""

    x: int
    y: int
    is_start: bool = False


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """A picture, of `WIDTH` × `HEIGHT`, with what it shows in words and line by line."""

    sentence: str
    trend: str
    lines: tuple[tuple[str, str, str], ...]
    """What, on which day, which value."""
    last: str
    """What was measured last, and when, in words."""
    way: str
    """The values as the points of a polyline."""
    dots: tuple[ProgressDot, ...]
    expected_at: int | None = None
    """How high the expected value lies, if there is one."""
    expected_by: int | None = None
    """Where its day lies, if there is one."""


def picture_of(progress: Progress) -> ProgressPicture | None:
    """Return the picture of an indicator; None while nothing of it was measured."""
    if not progress.measured:
        return None
    across, up = _across(progress), _up(progress)
    dots = [ProgressDot(across(one.on), up(one.value)) for one in progress.measured]
    if progress.start is not None:
        at = across(_start_day(progress)) if _start_day(progress) else _EDGE
        dots.insert(0, ProgressDot(at, up(progress.start.value), is_start=True))
    expected = progress.expected
    lines, trend = tuple(_lines(progress)), trend_of(progress)
    return ProgressPicture(
        sentence=_sentence(progress.label, lines, trend),
        trend=trend,
        lines=lines,
        last=_last(progress),
        way=" ".join(f"{one.x},{one.y}" for one in dots),
        dots=tuple(dots),
        expected_at=up(expected.value) if expected else None,
        expected_by=across(expected.on) if expected and expected.on else None,
    )


def _last(progress: Progress) -> str:
    point = progress.measured[-1]
    told = _("misurato %(value)s") % {"value": progress.said(point.value)}
    return f"{told} ({point.on:%d/%m/%Y})" if point.on else told


def trend_of(progress: Progress) -> str:
    """Return whether what is expected is reached, or comes nearer, in words; "" where unknown."""
    if progress.expected is None or not progress.measured:
        return ""
    target, last = progress.expected.value, progress.measured[-1].value
    if share_done(progress.start and progress.start.value, target, last) == 1:
        return _("valore atteso raggiunto")
    before = progress.measured[-2] if len(progress.measured) > 1 else progress.start
    if before is None:
        return ""
    nearer = abs(target - before.value) - abs(target - last)
    if nearer > 0:
        return _("si avvicina al valore atteso")
    return _("si allontana dal valore atteso") if nearer < 0 else _("fermo")


def _lines(progress: Progress) -> Iterable[tuple[str, str, str]]:
    said = [(_("misurato"), one) for one in progress.measured]
    if progress.start is not None:
        said.insert(0, (_("partenza"), progress.start))
    if progress.expected is not None:
        said.append((_("atteso"), progress.expected))
    for what, point in said:
        yield what, f"{point.on:%d/%m/%Y}" if point.on else "", progress.said(point.value)


def _sentence(label: str, lines: Iterable[tuple[str, str, str]], trend: str) -> str:
    told = [f"{what} {value}" + (f" ({day})" if day else "") for what, day, value in lines]
    return f"{label}: " + "; ".join([*told, *filter(None, (trend,))])


def _across(progress: Progress) -> Callable[[datetime.date | None], int]:
    """Return how far right a day lies; where the days begin, if the start has none, is left of it.

    Without any span all that is measured lies at the right edge.
    """
    began = _start_day(progress)
    known = (began, progress.expected and progress.expected.on)
    days = [day for day in (*known, *(one.on for one in progress.measured)) if day is not None]
    first, last = min(days, default=None), max(days, default=None)
    left = _EDGE if progress.start is None or began else WIDTH // 4
    right = WIDTH - _EDGE

    def across(day: datetime.date | None) -> int:
        if day is None or first is None or last is None or first == last:
            return right
        return left + round((right - left) * (day - first).days / (last - first).days)

    return across


def _start_day(progress: Progress) -> datetime.date | None:
    """Return the day it began with; none where it is after what was measured first."""
    begun, first = progress.start and progress.start.on, progress.measured[0].on
    return begun if begun and first and begun <= first else None


def _up(progress: Progress) -> Callable[[Decimal], int]:
    """Return how far down a value lies, from the greatest of the picture to its least."""
    points = [*progress.measured, *filter(None, (progress.start, progress.expected))]
    values = [one.value for one in points]
    low, high = min(values), max(values)

    def up(value: Decimal) -> int:
        share = (value - low) / (high - low) if high > low else Decimal("0.5")
        return HEIGHT - _EDGE - round((HEIGHT - 2 * _EDGE) * share)

    return up


def _point(data: Iterable[str] | None) -> ProgressPoint | None:
    if not data:
        return None
    value, on = data
    return ProgressPoint(Decimal(value), datetime.date.fromisoformat(on) if on else None)


def _written(point: ProgressPoint | None) -> list[str] | None:
    return None if point is None else [str(point.value), str(point.on or "")]


class PicturedLine(str):
    """A line of a cell, beside which its picture stands where it is drawn."""

    __slots__ = ("picture",)

    picture: ProgressPicture

    @classmethod
    def of(cls, text: str, picture: ProgressPicture) -> Self:
        """Return a line with its picture."""
        line = cls(text)
        line.picture = picture
        return line

    def __repr__(self) -> str:
        # what is drawn is kept by what it says
        return f"{super().__repr__()} {self.picture!r}"
