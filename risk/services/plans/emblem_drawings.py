"""Whether a drawing can be drawn: its size, and all it draws when its references are followed."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

MOST_DRAWN = 20_000
"""Elements of a drawing, each as often as it is drawn."""
DEEPEST = 100
"""How far elements stand in each other: the engine of the paper gives up long before a thousand."""
_LONGEST = 50
"""How much longer than narrow an image may be: more of it is a line on the paper."""
_REFERENCE = re.compile(r"""^\s*#([^\s]+)\s*$|url\(\s*['"]?#([^'")]+)['"]?\s*\)""")


def check_drawing(root: Any) -> None:
    """Look at an SVG that names nothing outside of itself.

    Raises `ValidationError` for one of no size, and for one that leads into itself or draws more
    than a coat of arms does: the paper would go without it, or never be ready.
    """
    _check_size(root)
    by_name = {one.get("id"): one for one in root.iter() if one.get("id")}
    count, _height = _measure(root, by_name, {}, {})
    if count > MOST_DRAWN:
        raise _too_rich()


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
    element: Any, by_name: Mapping[str, Any], known: dict[Any, tuple[int, int]], opened: dict
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
    for one in (*element, *_named(element, by_name)):
        more, inner = _measure(one, by_name, known, opened)
        count, height = count + more, max(height, inner)
    del opened[element]
    if len(opened) + height >= DEEPEST:
        raise _too_rich()
    known[element] = count, height + 1
    return known[element]


def _named(element: Any, by_name: Mapping[str, Any]) -> Iterator[Any]:
    for value in element.attrib.values():
        for found in _REFERENCE.finditer(value):
            name = found[1] or found[2]
            if name in by_name:
                yield by_name[name]


def _no_size() -> ValidationError:
    return refused(_("L’emblema non dice quanto è grande (viewBox): salvalo di nuovo."))


def _too_rich() -> ValidationError:
    return refused(_("L’emblema ha troppi elementi per essere disegnato: semplificalo."))
