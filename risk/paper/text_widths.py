"""How wide the columns of a table of a text document are, by what stands in them."""

from collections.abc import Sequence

UPRIGHT, LYING = 92, 140
"""How many characters of a table stand beside each other on an upright and on a lying page."""
_NARROWEST, _WIDEST = 4, 40
"""Limits of the width of a column, in characters of its texts."""


def column_widths(columns: Sequence[Sequence[str]], whole: int) -> tuple[int, ...]:
    """Return how wide columns are of a table of `whole` characters, as parts of it.

    Each has room for its longest word, a date among them, which would break at its strokes; what
    is left goes to those whose longest text wants more.
    """
    least = [max(_NARROWEST, *(_longest_word(text) for text in texts)) + 2 for texts in columns]
    wanted = [min(_WIDEST, max(map(len, texts))) for texts in columns]
    missing = [max(0, most - few) for most, few in zip(wanted, least, strict=True)]
    left = max(0, whole - sum(least))
    share = min(1.0, left / (sum(missing) or 1))
    return tuple(few + round(more * share) for few, more in zip(least, missing, strict=True))


def _longest_word(text: str) -> int:
    """Return the room of the longest word, up to a third of what the widest column holds."""
    return min(_WIDEST // 2, max(map(_room, text.split()), default=0))


def _room(word: str) -> int:
    """Return how many characters a word is as wide as: a capital is as wide as one and a half."""
    return len(word) + (sum(map(str.isupper, word)) + 1) // 2
