"""Text normalised: folded for search, matching and order, the same on every engine, cut, or read.

No engine folds by itself what the other does (docs/decisions/0001).
"""

import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from uuid import UUID

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SIGNS = {**_INVISIBLE, **_APOSTROPHES, **_DASHES}


class _Bare(dict[int, int | None]):
    """What `str.translate` makes of each sign met so far: accents that combine vanish."""

    def __missing__(self, code: int) -> int | None:
        base = self[code] = None if unicodedata.combining(chr(code)) else code
        return base


_BARE = _Bare()


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """Return `text` without case, accents, invisible characters and repeated blanks.

    Two texts that a clerk reads as the same word give the same result. "QUALITÀ" and "qualita'"
    differ: an apostrophe is kept, because in old files it is as often an elision as an accent.
    """
    # an import asks for the same text when it reads, matches and writes it
    if text.isascii():
        # most texts of a register: nothing to take off
        return " ".join(text.replace("`", "'").casefold().split())
    text = text.translate(_SIGNS)
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join(decomposed.translate(_BARE).casefold().split())


def short(text: str, length: int = 80) -> str:
    """Return the beginning of a text, as a sentence quotes it."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def uids_in(texts: Iterable[str]) -> list[UUID]:
    """Return the texts that are identifiers, as such; the others are left out."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
