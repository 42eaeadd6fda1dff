"""Words broken by a narrow column ("INFORM ATIVI"): joined where the whole word is known.

Known is what stands elsewhere in the file, or in the vocabulary given. Two halves that both have a
life of their own in the file stay apart: "in formazione" is no "informazione".
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

SHORTEST = 5
"""Letters of the shortest word worth joining."""

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_LITTLE_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    a ad ai al alla alle allo agli anche c che chi ci col come con cui d da dai dal dalla
    dalle dei del dell della delle dello degli di e è ed fra gli ha ho i il in io l la le lo
    ma me mi ne nei nel nella nelle no noi non o od oltre ora ove per più pro re sa se si sino
    so su sui sul sulla sulle te ti tra tu un una uno va vi vie
    """,
    )
)


def rejoined_texts(texts: Iterable[str], vocabulary: Collection[str] = ()) -> dict[str, str]:
    """Return, for each text with a broken word, the text with the word joined."""
    distinct = set(texts)
    counts: Counter[str] = Counter()
    for text in distinct:
        counts.update(text.casefold().split())
    words: Counter[str] = Counter()
    for token, count in counts.items():
        words[_EDGES.sub("", token)] += count
    known = set(words)
    for text in vocabulary:
        known.update(_EDGES.sub("", token) for token in text.casefold().split())
    halves = _halves(known, words)
    if not halves:
        return {}
    broken = re.compile(
        r"\b(" + "|".join(sorted(halves, key=len, reverse=True)) + r")(?:\s|-\n)", re.IGNORECASE
    )
    suspects = {text: re.split(r"(\s+)", text) for text in distinct if broken.search(text)}
    pairs = Counter(
        pair for tokens in suspects.values() for _place, pair in _pairs(tokens) if _is(pair, halves)
    )
    # A cell cut by a page ends with a first half: there the half has no life of its own either.
    ends = Counter(_EDGES.sub("", text.casefold().split()[-1]) for text in distinct if text.strip())
    alone = {pair for pair, n in pairs.items() if _is_alone(pair, n, words, ends)}
    rejoined = {text: _joined(tokens, alone) for text, tokens in suspects.items()}
    return {text: joined for text, joined in rejoined.items() if joined != text}


def _halves(known: set[str], words: Counter[str]) -> dict[str, set[str]]:
    """Return the second halves that may follow each first half."""
    halves: dict[str, set[str]] = {}
    for whole in known:
        if len(whole) < SHORTEST or not whole.isalpha():
            continue
        for cut in range(1, len(whole)):
            first, second = whole[:cut], whole[cut:]
            if first in words and second in words and not {first, second} & _LITTLE_WORDS:
                halves.setdefault(first, set()).add(second)
    return halves


def _pairs(tokens: list[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Return the neighbours of a text split at its blanks, with the place of the first."""
    for place in range(0, len(tokens) - 2, 2):
        if tokens[place][-1:].isalpha() or tokens[place][-1:] == "-":
            first, second = (_EDGES.sub("", tokens[i].casefold()) for i in (place, place + 2))
            yield place, (first, second)


def _is(pair: tuple[str, str], halves: dict[str, set[str]]) -> bool:
    return pair[1] in halves.get(pair[0], ())


def _is_alone(
    pair: tuple[str, str], together: int, words: Counter[str], ends: Counter[str]
) -> bool:
    """Return whether one of the halves stands nowhere in the file but beside the other."""
    first, second = pair
    return words[second] == together or words[first] - ends[first] == together


def _joined(tokens: list[str], alone: set[tuple[str, str]]) -> str:
    done = list(tokens)
    for place, pair in reversed(list(_pairs(tokens))):
        if pair in alone:
            whole = tokens[place].rstrip("-") + done[place + 2]
            done[place : place + 3] = [whole]
    return "".join(done)
