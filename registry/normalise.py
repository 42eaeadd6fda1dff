"""Text normalised: folded for search, matching and order, the same on every engine, cut, or read.

No engine folds by itself what the other does (docs/decisions/0001).
"""

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from uuid import UUID

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_CODES = {**_INVISIBLE, **_APOSTROPHES, **_DASHES}
_SIGNS = {chr(code): sign or "" for code, sign in _CODES.items()}
# looking for a few signs takes a fraction of looking each sign of a text up
_SIGN = re.compile(f"[{''.join(map(re.escape, _SIGNS))}]")
_ACCENT = re.compile("[\u0300-\u034e]")
_RARE = re.compile("[^\x00-\u02ff\u0300-\u034e\u2010-\u205e\u20ac]")
"""Signs, in texts that are decomposed, of which some combine with others besides accents."""


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
    text = text.replace("’", "'").replace("`", "'")
    if not text.isascii():
        text = unicodedata.normalize("NFKD", _SIGN.sub(lambda sign: _SIGNS[sign[0]], text))
        text = text.translate(_BARE) if _RARE.search(text) else _ACCENT.sub("", text)
    return " ".join(text.casefold().split())


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
