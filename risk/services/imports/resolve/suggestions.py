"""The answer a person will most likely give to a question: marked beforehand, never given for them.

Offices and areas are told by the words that only one of them has ("Uff. Gare", "Ragioneria"); of
longer lists nearly all words must be the same. Levels by the words that stand for the two ends and
the middle of a scale. Where two entries are as near as each other nothing is proposed.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QUOTED, Choice, QuestionKind

Kind = QuestionKind
NEW = "new"
"""The proposal that a value is a new row; all others are keys of choices."""
_BY_ONE_WORD = frozenset({Kind.OFFICE, Kind.RISK_AREA})
_VAGUE = frozenset({"altr", "attivit", "gestion", "process", "general"})
"""Stems that are in the names of several entries: alone they tell none ("Altre attività")."""
_WITH_MORE = frozenset({Kind.EXECUTOR})
"""Kinds of which a text says all of an entry and something besides ("Dirigente Gare")."""
_BEGUN = frozenset({Kind.MEASURE})
"""Kinds of which a text says the beginning of an entry ("Ordine cronologico")."""
_NEARLY_ALL = 0.75
_SHORTEST = 4
"""Letters from which the beginning of a word stands for it ("Organizz.")."""
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"(?<!\w)(?:\w\.){2,}")
"""Letters with a stop after each: "I.C.T." is ICT."""
_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """
    a ad al alla alle ai agli con da dal dei del della delle dello degli di e ed es etc ex gli i il
    in l la le lo nel nella o per su tra un una generale specifica specificata
    area direzione ripartizione servizi servizio serv settore sett struttura ufficio uff
    unita
    """,
    )
)
"""Words that tell no entry from another one, those of any office among them."""
_AREAS_OF_2013 = (
    (re.compile(r"affidamento di lavor\w|servizi e forniture"), "contratti pubblici"),
    (re.compile(r"ampliativi.*\b(?:privi|senza)\b.*effett"), "senza effetto economico"),
    (re.compile(r"ampliativi.*\bcon\b.*effett"), "con effetto economico"),
    (re.compile(r"progressione del personale"), "gestione del personale"),
)
"""How PNA 2013 (annex 2) calls the areas everybody has, and words of the same ones today."""
_LOWEST = frozenset(
    ("trascurabile", "minimo", "nullo", "irrilevante", "molto basso", "bassissimo", "b-", "b--")
)
_MIDDLE = frozenset(("moderato", "media", "intermedio"))
_HIGHEST = frozenset(
    (
        *("critico", "rilevante", "elevato", "elevatissimo", "altissimo", "molto alto"),
        *("molto elevato", "massimo", "estremo", "a+", "a++"),
    )
)


def suggested(kind: Kind, text: str, entries: Sequence[Choice]) -> Choice | None:
    """Return the entry a text most likely stands for; None where none stands out.

    `entries` are all there are, levels from the lowest one.
    """
    if found := _said_by_half(text, entries):
        return found
    if kind in (Kind.LEVEL, Kind.INDICATOR_LEVEL):
        return _level(fold(text), entries)
    if kind == Kind.RISK_AREA and (area := _area_of_2013(fold(text), entries)):
        return area
    said = _words(text)
    if not said:
        return None
    by_one_word = kind in _BY_ONE_WORD
    if by_one_word:
        said = tuple(word for word in said if word not in _VAGUE)
    shares: Counter[int] = Counter()
    for place, entry in enumerate(entries):
        own = _words(entry.label)
        both = _common(said, own)
        is_near = 2 * both >= len(said) if by_one_word else both >= _NEARLY_ALL * _longer(said, own)
        if kind in _WITH_MORE:
            is_near = is_near or (both == len(own) and 2 * both >= len(said))
        elif kind in _BEGUN:
            is_begun = own[: len(said)] == said and 2 * len(said) >= len(own)
            is_near = is_near or (is_begun and len(said) > 1)
        if both and is_near:
            shares[place] = both
    best = shares.most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return entries[best[0][0]]


def _area_of_2013(folded: str, entries: Sequence[Choice]) -> Choice | None:
    """Return the area that has today the words one had in PNA 2013, if just one has them."""
    for then, now in _AREAS_OF_2013:
        if then.search(folded):
            found = [entry for entry in entries if now in fold(entry.label)]
            return found[0] if len(found) == 1 else None
    return None


def are_unlike(one: str, other: str) -> bool:
    """Return whether two titles have next to no word in common: of two processes, not of one."""
    first, second = _words(one), _words(other)
    return 3 * _common(first, second) < _longer(first, second)


def _said_by_half(text: str, entries: Sequence[Choice]) -> Choice | None:
    """Return the entry that one half of a text in two languages names ("HOCH / ALTO")."""
    halves = {fold(half) for half in text.split("/")}
    if len(halves) < 2:
        return None
    found = [entry for entry in entries if fold(entry.label) in halves]
    return found[0] if len(found) == 1 else None


def _level(folded: str, entries: Sequence[Choice]) -> Choice | None:
    said = folded.removeprefix("rischio ").removeprefix("livello ").strip(" .")
    if not entries:
        return None
    if said in _LOWEST:
        return entries[0]
    if said in _HIGHEST:
        return entries[-1]
    # only a scale of three has one middle
    if said in _MIDDLE and len(entries) == 3:
        return entries[1]
    # "12 - ALTO", "1. Medio": the only entry among its words
    named = [one for one in entries if re.search(rf"\b{re.escape(fold(one.label))}\b", said)]
    words = [word for word in _WORD.findall(said) if not word.isdigit()]
    return named[0] if len(named) == 1 and len(words) == 1 else None


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    text = _LETTERS.sub(lambda found: f"{found[0].replace('.', '')} ", fold(text))
    found = (word for word in _WORD.findall(text) if word not in _FILLERS and len(word) > 1)
    return tuple(dict.fromkeys(map(_stem, found)))


def _stem(word: str) -> str:
    """Return a word without the last vowel, which tells one from many ("controllo" and "-i")."""
    return word[:-1] if len(word) > _SHORTEST and word[-1] in "aeio" else word


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(any(_same(word, theirs) for theirs in other) for word in one)


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SHORTEST and long.startswith(short))


def _longer(one: Sequence[str], other: Sequence[str]) -> int:
    return max(len(one), len(other), 1)


def why_asked(text: str, cell: FileCell, explained: tuple[str, str] | None) -> str:
    """Return why a text is asked about; `explained` are its words in a legend, and its sheet."""
    if explained:
        told = {"sheet": explained[1], "text": text[:QUOTED], "words": explained[0][:QUOTED]}
        reason = _(
            "Nella legenda del foglio «%(sheet)s» «%(text)s» è «%(words)s»: che cosa indica?"
        )
        return reason % told
    if cell.sheet.startswith(f"{cell.raw} › "):
        reason = _(
            "Il file «%(file)s» non dice di quale ufficio è, e il suo nome non basta a capirlo: di "
            "quale ufficio sono i suoi processi?"
        )
        return reason % {"file": cell.raw}
    return _("«%(text)s» non è in elenco: che cosa indica?") % {"text": text[:QUOTED]}
