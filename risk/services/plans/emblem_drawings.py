"""Whether a drawing can be drawn: its size, and all it draws when its references are followed."""

import math
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from risk.services.plans.emblem_references import References

MOST_DRAWN = 20_000
"""Elements of a drawing, each as often as it is drawn."""
DEEPEST = 100
"""How far elements stand in each other: the engine of the paper gives up long before a thousand."""
_LONGEST = 50
"""How much longer than narrow an image may be: more of it is a line on the paper."""
_MOST_DECLARED = 1_000
"""Declarations of its styles that lead somewhere, each as often as it may be met."""


def check_drawing(root: Any) -> None:
    """Look at an SVG that names nothing outside of itself.

    Raises `ValidationError` for one of no size, and for one that leads into itself or draws more
    than a coat of arms does: the paper would go without it, or never be ready.
    """
    _check_size(root)
    references = References(root)
    if sum(1 for _one in root.iter()) > MOST_DRAWN or references.declared > _MOST_DECLARED:
        raise _too_rich()
    _measure(root, references, {}, {})


def check_shape(width: float, height: float) -> None:
    """Raise `ValidationError` for an image so narrow that nobody would see it."""
    if max(width, height) > _LONGEST * min(width, height):
        raise refused(_("L’emblema è una striscia troppo stretta: ritaglialo."))


def refused(sentence: str | Promise) -> ValidationError:
    """Return the refusal of an image, as the form of its page tells it."""
    return ValidationError({"file": sentence})


def _check_size(root: Any) -> None:
    shown = root.get("viewBox")
    if shown is not None:
        sides = _numbers(shown.replace(",", " ").split())
        if len(sides) != 4 or min(sides[2:]) <= 0:
            raise _no_size()
        check_shape(*sides[2:])
        return
    sides = _numbers([root.get(name, "").removesuffix("px") for name in ("width", "height")])
    # sides in another unit, or none, are for the engine to make out
    if len(sides) == 2:
        if min(sides) <= 0:
            raise _no_size()
        check_shape(*sides)


def _numbers(words: list[str]) -> list[float]:
    """Return numbers that are written as such; none where one of them is not."""
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


def _measure(
    element: Any, references: References, known: dict[Any, tuple[int, int]], opened: dict
) -> tuple[int, int]:
    """Return how many elements are drawn by one, and how far they stand in each other."""
    if element in known:
        return known[element]
    if element in opened:
        raise refused(_("L’emblema ha una parte che rimanda a sé stessa."))
    if len(opened) >= DEEPEST:
        raise _too_rich()
    opened[element] = True
    count, height = 1, 0
    for one in (*element, *references.named(element)):
        more, inner = _measure(one, references, known, opened)
        count, height = count + more, max(height, inner)
        if count > MOST_DRAWN:
            raise _too_rich()
    if str(element.tag).endswith("}use"):
        # what it shows is filled with what it is filled with, shape by shape
        count *= sum((known[one][0] for one in references.fills(element)), start=1)
    del opened[element]
    if len(opened) + height >= DEEPEST or count > MOST_DRAWN:
        raise _too_rich()
    known[element] = count, height + 1
    return known[element]


def _no_size() -> ValidationError:
    return refused(_("L’emblema non dice quanto è grande (viewBox): salvalo di nuovo."))


def _too_rich() -> ValidationError:
    return refused(_("L’emblema ha troppi elementi per essere disegnato: semplificalo."))
