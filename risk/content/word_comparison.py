"""Which words of a text were taken out and which were put in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 600
"""Longer texts are shown before and after: comparing them word by word would take too long."""
LEAST_ALIKE = 0.4
"""Texts less alike than this (0 to 1) are other texts, and read better whole."""

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a compared text; `kind` is "same", "out" or "in"."""

    kind: str
    text: str


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return both texts as one, in pieces; what is "same" or "in" gives `after`, in order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return list(_whole(before, after))
    # a word is the same word also at the end of the text
    matcher = SequenceMatcher(
        None, [word.rstrip() for word in old], [word.rstrip() for word in new], autojunk=False
    )
    if matcher.ratio() < LEAST_ALIKE:
        return list(_whole(before, after))
    pieces: list[Piece] = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
        else:
            # the word before has the blank of the new text, which has none at its end
            gap = _blank_after(old[start - 1]) if start and new_start == len(new) else ""
            pieces += _whole(gap + "".join(old[start:end]), "".join(new[new_start:new_end]))
    return pieces


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("out", before)
    if after:
        yield Piece("in", after)


def _blank_after(word: str) -> str:
    return word[len(word.rstrip()) :]
