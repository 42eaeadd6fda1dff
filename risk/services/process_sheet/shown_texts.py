"""What stood in the rows of a sheet when it was shown, in short, as the page says it.

So a page that is sent whole tells which of its rows were typed in, and the others cost nothing.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from risk.enums import RowKind

_STEP = ("title", "description", "executor_role", "executor_office")
TEXTS = {RowKind.PHASE: _STEP, RowKind.ACTION: _STEP, RowKind.BEHAVIOUR: ("text",)}
"""The fields of a row that are typed in, by kind."""
_LETTERS = {RowKind.PHASE: "f", RowKind.ACTION: "a", RowKind.BEHAVIOUR: "c"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_KEY, _BYTES = 8, 6


def digest_of(texts: Iterable[str]) -> str:
    """Return a few letters that tell texts from any others, however their lines break."""
    text = "\x1f".join(texts).replace("\r\n", "\n")
    return urlsafe_b64encode(blake2b(text.encode(), digest_size=_BYTES).digest()).decode()


def as_shown(kind: RowKind, key: str, texts: Sequence[str]) -> str:
    """Return a row in short: its kind, its key, and a digest of its texts."""
    return f"{_LETTERS[kind]}{key}{digest_of(texts)}"


def kinds_of(shown: Iterable[str]) -> dict[str, tuple[RowKind, str]]:
    """Return of each row that was shown, by its key, what it is and how it is said in short."""
    told = (one for one in shown if one[:1] in _KINDS)
    return {one[1 : 1 + _KEY]: (_KINDS[one[0]], one) for one in told}
