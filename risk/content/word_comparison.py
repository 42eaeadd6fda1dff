"""Which words of a text were taken out and which were put in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_WORDS = 600
"""More words between like ends are shown before and after: to compare them would take too long."""
LEAST_ALIKE = 0.4
"""Texts less alike than this (0 to 1) are other texts, and read better whole."""

AROUND = 12
"""So many words are shown beside a change where the rest is left out."""

_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a compared text; `kind` is "same", "out" or "in"."""

    kind: str
    text: str


def pieces_of(before: str, after: str, *, between_ends: bool = False) -> list[Piece]:
    """Return both texts as one, in pieces; what is "same" or "in" gives `after`, in order.

    Of long texts, and `between_ends` of all, only what lies between their like ends is compared.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    is_cut = between_ends or max(len(old), len(new)) > MOST_WORDS
    head, tail = _ends_alike(old, new) if is_cut else (0, 0)
    end = len(new) - tail
    inner = old[head : len(old) - tail]
    if head and head == len(new) and inner:
        # the last word of the new text has no blank, that of the old one before others has
        inner = [_blank_after(old[head - 1]) + inner[0], *inner[1:]]
    pieces = _compared(inner, new[head:end], is_end=not tail)
    first, last = "".join(new[:head]), "".join(new[end:])
    return [piece for piece in (Piece("same", first), *pieces, Piece("same", last)) if piece.text]


def near_changes(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with what stayed the same cut to the words beside what did not."""
    near = []
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        words = _WORDS.findall(piece.text)
        before, after = (AROUND if place else 0), (AROUND if place < last else 0)
        if piece.kind == "same" and len(words) > before + after + 1:
            kept = "".join(words[:before]), "".join(words[len(words) - after :])
            piece = Piece("same", f"{kept[0]}… {kept[1]}" if after else f"{kept[0]}…")
        near.append(piece)
    return near


def _ends_alike(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return how many words two texts begin with alike, and with how many others they end."""
    head = _alike(old, new)
    return head, _alike(old[head:][::-1], new[head:][::-1])


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    least = min(len(old), len(new))
    return next((n for n, (was, now) in pairs if was.rstrip() != now.rstrip()), least)


def _compared(old: Sequence[str], new: Sequence[str], *, is_end: bool) -> list[Piece]:
    """Return the pieces of words; whole, what is too long to compare or says something else."""
    whole = list(_whole("".join(old), "".join(new)))
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return whole
    # a word is the same word also at the end of the text
    matcher = SequenceMatcher(
        None, [word.rstrip() for word in old], [word.rstrip() for word in new], autojunk=False
    )
    if matcher.ratio() < LEAST_ALIKE:
        return whole
    pieces: list[Piece] = []
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_start:new_end])))
        else:
            # the word before has the blank of the new text, which has none at its end
            is_last = is_end and new_start == len(new)
            gap = _blank_after(old[start - 1]) if start and is_last else ""
            pieces += _whole(gap + "".join(old[start:end]), "".join(new[new_start:new_end]))
    return pieces


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("out", before)
    if after:
        yield Piece("in", after)


def _blank_after(word: str) -> str:
    return word[len(word.rstrip()) :]
