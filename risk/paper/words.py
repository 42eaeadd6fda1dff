"""Long words: told where they may be broken, before any engine has to find out.

An engine looks for the end of a line inside one word by trying, each try as long as the word: a
long one, or lines of text welded by blanks that do not break, took it minutes. Only words no
language has are touched, so that all others keep the hyphens of their language.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import escape, unescape

OPPORTUNITY = "\u200b"
"""Zero width space: a line may end there, and nothing is drawn (Unicode Annex 14, class ZW)."""
LONGEST_WORD = 72
"""Characters of a word that is left alone: a digest of 64 is one."""
PIECE = 8
"""Characters between two opportunities; shorter than any word an engine hyphenates."""

_TAGS = re.compile(r"(<style\b.*?</style>|<title\b.*?</title>|<[^>]*>)", re.DOTALL)
# An engine breaks lines at these blanks; those that do not break are part of a word.
_WORDS = re.compile(rf"[^ \t\n\r\f{OPPORTUNITY}]{{{LONGEST_WORD + 1},}}")
_SOFT_HYPHEN = "\u00ad"
_JOINERS = "\u200c\u200d\u2060\ufeff"


def break_long_words(html: str) -> str:
    """Return a document with opportunities inside the long words of its texts, nowhere else.

    Letters and the marks on them are composed (as files of some systems do not): apart, each mark
    would be looked for in another font.
    """
    html = unicodedata.normalize("NFC", html)
    parts = _TAGS.split(html)
    # the texts stand between the tags
    parts[::2] = map(_broken, parts[::2])
    return "".join(parts)


def _broken(text: str) -> str:
    if not _WORDS.search(text):
        return text
    plain = unescape(text)
    return escape(_WORDS.sub(lambda word: OPPORTUNITY.join(_pieces(word[0])), plain))


def _pieces(word: str) -> Iterator[str]:
    """Yield a word in pieces that begin with a sign of their own, never with a mark on one."""
    # its own hyphens would each be tried for the end of each line
    word = word.replace(_SOFT_HYPHEN, "")
    begin = 0
    for place in range(PIECE, len(word)):
        if place - begin >= PIECE and not _is_joined(word[place - 1], word[place]):
            yield word[begin:place]
            begin = place
    yield word[begin:]


def _is_joined(before: str, char: str) -> bool:
    return before in _JOINERS or char in _JOINERS or unicodedata.category(char)[0] == "M"
