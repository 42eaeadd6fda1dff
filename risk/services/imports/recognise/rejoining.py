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


# "designa- zione": a word cut at what was the end of a line.
_HYPHENATED = re.compile(r"\b([^\W\d_]{2,})-\s+([a-zàèéìòù]{2,})")
_COMPOUNDS = frozenset(
    re.findall(
        r"\w+",
        """
    amministrativo anti auto contabile economico ex extra giuridico infra inter intra logistico
    medio micro multi organizzativo politico post pre pro psico pubblico semi socio storico sub
    super tecnico vice
    """,
    )
)
"""Words that stand before a hyphen and stay there: "tecnico- amministrativo"."""
_WHOLE_WORD = 6
"""Letters of two halves that are rather two words with a stroke between."""


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
    found = _rejoined(distinct, _halves(known, words), words)
    whole = _unhyphenated([*distinct, *found.values()], words)
    joined = {text: whole.get(found.get(text, text), found.get(text, text)) for text in distinct}
    return {text: done for text, done in joined.items() if done != text}


def _rejoined(
    distinct: Collection[str], halves: dict[str, set[str]], words: Counter[str]
) -> dict[str, str]:
    """Return, for each text with a broken word whose whole is known, the text with it joined."""
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
    return {text: _joined(tokens, alone) for text, tokens in suspects.items()}


def _unhyphenated(texts: Iterable[str], words: Counter[str]) -> dict[str, str]:
    """Return, for each text with a word cut by a hyphen and a blank, the text with it joined.

    A first half that stands elsewhere by itself, or is as long as a word of a list, is a word.
    """
    hyphened = (text for text in texts if "- " in text or "-\n" in text)
    suspects = {text: list(_HYPHENATED.finditer(text)) for text in hyphened}
    firsts = Counter(found[1].casefold() for cuts in suspects.values() for found in cuts)

    def joined(found: re.Match[str]) -> str:
        first, second = found[1].casefold(), found[2].casefold()
        is_apart = words[first] > firsts[first] or (
            len(first) >= _WHOLE_WORD <= len(second) and first[-1] in "aeio"
        )
        if is_apart or second in _LITTLE_WORDS or first in _COMPOUNDS:
            return found[0]
        return f"{found[1]}{found[2]}"

    done = {text: _HYPHENATED.sub(joined, text) for text, cuts in suspects.items() if cuts}
    return {text: whole for text, whole in done.items() if whole != text}


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
