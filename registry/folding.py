"""Folding of text for search, matching and order: the same on every engine (ruling 22)."""

import re
import unicodedata

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Return `text` without case, accents, invisible characters and repeated blanks.

    Two texts that a clerk reads as the same word give the same result. "QUALITÀ" and "qualita'"
    differ: an apostrophe is kept, because in old files it is as often an elision as an accent.
    """
    text = text.translate(_INVISIBLE).translate(_APOSTROPHES).translate(_DASHES)
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare.casefold()).strip()
