"""Which row holds the heads of a table, and which of our fields each head means."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from registry.spreadsheets.workbook import WorkbookSheet, shown
from risk.services.imports.recognise.neighbours import ColumnHead, settled
from risk.workbooks.fields import FIELDS, MEASURES, NOT_OURS, bare, target_of
from risk.workbooks.said_beside import SUB_PROCESS

ROWS_SEARCHED = 30
BEGINNING = 3
"""Letters by which a text that cannot be a head is passed over."""
LIKE = 0.86
"""Share of equal letters from which a head counts as a known one with a slip."""
CONTAINS = 0.8
SURE = 0.95
"""A head that is known to the letter, blanks aside, is no guess."""
_LONGEST_HEAD = 200
# "A. Livello di interesse…", "1) Processo"
_ENUMERATED = re.compile(r"(?:[a-z]|\d{1,2}) (?=\w{3})")
_TITLES = frozenset({"process_title"})
_DESCRIBES_PROCESS = re.compile(r"descrizione (?:del )?process[oi]")
# "Discrezionalità (1,2,3,4,5)": the scale of an index.
_SCALE = re.compile(r"\s*\([\d\s,;.\-–/]+\)\s*$")
_SCALE_IN_WORDS = re.compile(
    r"(?:(?:molto |medio )?(?:null|minim|bass|medi|moderat|alt|altissim|elevat|critic)[oa] ?){2,}"
)
# "Rischio 1", "Rischio 2": a field that takes several has a column for each.
_NUMBERED = re.compile(r"(.+?) (?:n )?\d{1,2}")
# "N. rischio" and "Codice rischio" number what they name: they are not that thing with a slip.
_NUMBER_OF = re.compile(r"(?:n|nr|num|numero|cod|codice|id) ")
# "Tema (Macro processi)" says in brackets what it is, "Complessità (da 1 a 5)" its scale.
_BRACKETED = re.compile(r"([^()]+)\(([^()]+)\)\W*", re.DOTALL)
# "Evento a rischio" is "Eventi di rischio", "Misura di contrasto" one of "Misure di contrasto".
_LITTLE = re.compile(
    r"\b(?:a|al|alla|ai|alle|da|di|del|dei|degli|della|delle|dello|dell|d|e|ed|in|il|la|le|i|gli|l|"
    r"lo|nel|nella|per|sul|sulla|un|una)\b"
)
_LAST_VOWELS = re.compile(r"(?<=\w{3})(?:ie|io|[aeio])\b")
_FEWEST_WORDS = 2
"""Words a head has to have besides the little ones to be known by its stems."""
_NO_INFLECTION = frozenset({"misura del rischio", "misura rischio"})
"""Singulars that mean something else: "Misure del rischio" are measures, this may be a level."""
# "Misure di mitigazione": whatever else they are called, unless it is of something about them.
_BEGINS_MEASURES = re.compile(r"misur[ae] \w")
_ABOUT_MEASURES = re.compile(
    r"\b(?:stato|attuat[ae] (?:si|no)|numero|n|data|codice|si no|respons\w+|temp\w+|termin\w+|"
    r"indicator\w*|tipolog\w+|efficac\w+|rischio|scadenz\w+|monitoraggio|note)\b"
)
_SAYS_MEASURES = re.compile(r"(?:\w+ )?misur[ae]\b")
_WHOLES = frozenset({"function", "macroprocess", "process_title", SUB_PROCESS})
# Under "PROGRAMMAZIONE" times and persons are those of the measures, not of the process.
_OF_MEASURES = re.compile(r"\b(?:programmazione|misur[ae]|trattamento|attuazione|monitoraggio)\b")
_OF_PROCESS = frozenset({"times", "responsible", "objective", "output", "process_description"})
_OF_A_MEASURE = {"times": "measure_term", "responsible": "measure_responsible"}


@dataclass(frozen=True, slots=True)
class Header:
    """The heads found on one row, or on two."""

    rows: tuple[int, ...]
    heads: tuple[ColumnHead, ...]

    @property
    def score(self) -> float:
        return sum(head.confidence for head in self.heads if head.field)

    @property
    def fields(self) -> set[str]:
        return {head.field for head in self.heads if head.field}

    @property
    def known(self) -> int:
        """How many heads mean something."""
        return sum(bool(head.field) for head in self.heads)


class Names:
    """The heads known to a layout; looking the same text up again costs nothing."""

    def __init__(self, heads: dict[str, str], remembered: dict[str, str]) -> None:
        self._heads = heads
        self._glued = {head.replace(" ", ""): name for head, name in heads.items()}
        self._remembered = {bare(head): name for head, name in remembered.items()}
        self._stems = _by_stems(heads)
        self._found: dict[str, tuple[str, float]] = {}

    def beginnings(self, name: str) -> frozenset[str]:
        """Return the first letters of the heads of a field, to look for them at a glance."""
        known = {**self._heads, **self._remembered}
        return frozenset(head[:BEGINNING] for head, field in known.items() if field == name)

    def match(self, text: str) -> tuple[str, float]:
        """Return our field and how sure it is (1.0: known by name), "" and 0.0 for none."""
        if text not in self._found:
            self._found[text] = self._match_any(text)
        return self._found[text]

    def _match_any(self, text: str) -> tuple[str, float]:
        """Return what a head means, its scale in brackets aside, in either of two languages."""
        plain = _SCALE.sub("", text)
        if bare(plain) in NOT_OURS and bare(plain) not in self._remembered:
            return "", 0.0
        found = self._match(bare(plain))
        if found[1] < 1 and " / " in plain:
            halves = [self._match(bare(half)) for half in reversed(plain.split(" / "))]
            found = next((half for half in halves if half[1] == 1), found)
        said = self._parted(text) if found[1] < SURE else ""
        return (said, 1.0) if said else found

    def _parted(self, text: str) -> str:
        """Return our field for a head said twice: in two languages, or again in brackets."""
        if "/" not in text and "(" not in text:
            return ""
        halves = [self._heads.get(bare(half), "") for half in text.split("/")]
        if len(halves) > 1 and halves[0] and len(set(halves)) == 1:
            return halves[0]
        if not (match := _BRACKETED.fullmatch(text)):
            return ""
        before, within = (self._heads.get(bare(part), "") for part in match.groups())
        if before and within and before != within:
            return ""
        return before or (within if within in _WHOLES else "")

    def is_known(self, text: str) -> bool:
        """Return whether a text is a known head to the letter, blanks aside."""
        if len(text) > _LONGEST_HEAD:
            return False
        plain = _SCALE.sub("", text)
        ways = [plain, *plain.split(" / ")] if " / " in plain else [plain]
        return any(map(self._is_exact, map(bare, ways))) or bool(self._parted(text))

    def _is_exact(self, head: str) -> bool:
        glued = head.replace(" ", "")
        numbered = _NUMBERED.fullmatch(head)
        if numbered and self._takes_several(numbered[1]):
            return True
        if head in self._heads or head in self._remembered or glued in self._glued:
            return True
        return bool(self._inflected(head))

    def _inflected(self, head: str) -> str:
        """Return our field for a known head in another number, or with other little words."""
        if head in _NO_INFLECTION or head in NOT_OURS or _NUMBER_OF.match(head):
            return ""
        return self._stems.get(stems_of(head), "")

    def means(self, text: str, name: str) -> bool:
        """Return whether a head is surely one of a field."""
        return self.match(text) in ((name, 1.0), (name, SURE))

    def exact(self, text: str) -> str:
        """Return our field for a text that is a known head to the letter, else ""."""
        head = bare(text)
        return self._remembered.get(head) or self._heads.get(head, "")

    def _takes_several(self, head: str) -> bool:
        """Return whether a head is of a field that lists several, so that it may have columns."""
        name = self._heads.get(head, "")
        return name in FIELDS and FIELDS[name].several

    def _match(self, head: str) -> tuple[str, float]:
        if not head or len(head) > _LONGEST_HEAD:
            return "", 0.0
        if head in self._remembered:
            return self._remembered[head], 1.0
        is_number = bool(_NUMBER_OF.match(head))
        if (numbered := _NUMBERED.fullmatch(head)) and self._takes_several(numbered[1]):
            return self._heads[numbered[1]], 1.0
        for way in (head, head if is_number else _ENUMERATED.sub("", head, count=1)):
            if way in self._heads:
                return self._heads[way], 1.0
            if way.replace(" ", "") in self._glued:
                return self._glued[way.replace(" ", "")], 0.95
        if is_number:
            return "", 0.0
        if name := self._inflected(head):
            return name, SURE
        if target := target_of(head):
            return target, 1.0
        # Much longer or shorter texts cannot be like enough: not comparing them saves most time.
        alike = [known for known in self._heads if 0.75 < len(known) / len(head) < 1.34]
        near = difflib.get_close_matches(head, alike, n=1, cutoff=LIKE)
        if near and len(head) > 4:
            share = difflib.SequenceMatcher(None, head, near[0]).ratio()
            return self._heads[near[0]], min(round(share, 2), SURE) - 0.01
        inside = [
            known
            for known in self._heads
            if len(known) > 12 and " " in known and f" {known} " in f" {head} "
        ]
        if inside:
            return self._heads[max(inside, key=len)], CONTAINS
        is_of_measures = _BEGINS_MEASURES.match(head) and not _ABOUT_MEASURES.search(head)
        return ("measures", CONTAINS) if is_of_measures else ("", 0.0)


@lru_cache(maxsize=4_096)
def stems_of(head: str) -> str:
    """Return the words of a bare head without their endings and the little words between them."""
    words = _LAST_VOWELS.sub("", _LITTLE.sub(" ", head)).split()
    return " ".join(words) if len(words) >= _FEWEST_WORDS else ""


def _by_stems(heads: dict[str, str]) -> dict[str, str]:
    """Return our field by the stems of the known heads; stems of two fields tell neither."""
    found: dict[str, str] = {}
    for head, name in heads.items():
        if stems := stems_of(head):
            found[stems] = name if found.get(stems, name) == name else ""
    return found


def headers(
    sheet: WorkbookSheet, names: Names, *, first: int = 1, last: int = 0
) -> Iterator[Header]:
    """Return what each row, and each pair of rows, would be as heads; those that mean nothing not.

    A pair counts where the heads are broken over two rows, or stand under a common title.
    """
    end = min(last or len(sheet.rows), len(sheet.rows), first + ROWS_SEARCHED - 1)
    width = sheet.width
    following = _header(sheet, names, (first,), width)
    for row in range(first, end + 1):
        one = following
        if row == len(sheet.rows):
            if one.score:
                yield one
            return
        following = _header(sheet, names, (row + 1,), width)
        two = _header(sheet, names, (row, row + 1), width)
        if one.score and _is_over_two_rows(sheet, row) and two.score >= following.score:
            yield two
            continue
        if one.score:
            yield one
        if two.score > max(one.score, following.score) + 0.5:
            yield two


def header_on(sheet: WorkbookSheet, names: Names, rows: tuple[int, ...]) -> Header:
    """Return the heads on rows that are known to hold them."""
    return _header(sheet, names, rows, sheet.width)


def header_at(sheet: WorkbookSheet, names: Names, row: int) -> Header:
    """Return the heads on a row a person has named, with the row below where both mean more."""
    one = _header(sheet, names, (row,), sheet.width, is_said=True)
    if row == len(sheet.rows):
        return one
    two = _header(sheet, names, (row, row + 1), sheet.width)
    return two if two.score > one.score + 0.5 else one


def _header(
    sheet: WorkbookSheet, names: Names, rows: tuple[int, ...], width: int, *, is_said: bool = False
) -> Header:
    heads: list[ColumnHead] = []
    taken: dict[str, int] = {}
    options_of = {c: _texts(sheet, rows, c) for c in range(1, width + 1)}
    # A row with next to no head known to the letter is data: it is not searched for slips.
    written = [options for options in options_of.values() if options]
    known = sum(any(map(names.is_known, options)) for options in written)
    if not is_said and known < min(2, max(1, len(written) / 2)):
        return Header(rows, ())
    for column, options in options_of.items():
        if not options:
            continue
        scored = [(*_meant(names.match(text), options), text) for text in options]
        name, confidence, text = max(scored, key=lambda option: option[1])
        if name in taken and not _may_both_be(name, heads[taken[name]].text, text):
            # Two columns of one meaning: the surer one has it, the other is for the person.
            other = taken[name]
            if heads[other].confidence >= confidence:
                name, confidence = "", 0.0
            else:
                heads[other] = ColumnHead(heads[other].column, heads[other].text, "", 0.0)
        if name:
            taken[name] = len(heads)
        heads.append(ColumnHead(column, " ".join(text.split()), name, confidence if name else 0.0))
    return Header(rows, settled(heads))


def _may_both_be(name: str, one: str, other: str) -> bool:
    """Return whether two columns may be of one field: "Rischio 1" and "Rischio 2", or measures.

    "Misure in essere" and "Misure da attuare" are both what is done.
    """
    if name in MEASURES and all(_SAYS_MEASURES.match(bare(text)) for text in (one, other)):
        return bare(one) != bare(other)
    stems = [_NUMBERED.fullmatch(bare(text)) for text in (one, other)]
    return all(stems) and len({stem[1] for stem in stems if stem}) == 1


def _meant(match: tuple[str, float], options: list[str]) -> tuple[str, float]:
    """Return a match; where the title above is about measures, what it is of a measure, if any."""
    under_title = len(options) > 1
    if under_title and match[0] in _OF_PROCESS and _OF_MEASURES.search(bare(options[0])):
        name = _OF_A_MEASURE.get(match[0], "")
        return name, match[1] if name else 0.0
    return match


def _texts(sheet: WorkbookSheet, rows: tuple[int, ...], column: int) -> list[str]:
    """Return the ways to read the head of a column: below, above, and both together."""
    if len(rows) == 1:
        text = _text(sheet, rows[0], column)
        return [text] if text else []
    above, below = (_text(sheet, row, column) for row in rows)
    if not below or above == below:
        return [above] if above else []
    title = above or _covering(sheet, rows[0], column)
    if title and _SCALE_IN_WORDS.fullmatch(bare(below)):
        # "Giudizio" over "nullo/basso/medio/alto" is the judgement, whatever words it has
        return [title]
    # Both together first: "Area di" over "rischio" is no column of risks.
    return [f"{title} {below}", below] if title else [below]


def _text(sheet: WorkbookSheet, row: int, column: int) -> str:
    value = sheet.value(row, column)
    return shown(value) if isinstance(value, str | int) else ""


def _is_over_two_rows(sheet: WorkbookSheet, row: int) -> bool:
    """Return whether heads of a row are merged with the row below, where other heads stand."""
    is_tall = any(merge.top == row and merge.bottom == row + 1 for merge in sheet.merges)
    return is_tall and any(value is not None for value in sheet.rows[row])


def _covering(sheet: WorkbookSheet, row: int, column: int) -> str:
    """Return the text of the merged cell over a place, "" when there is none."""
    for merge in sheet.merges:
        if merge.top <= row <= merge.bottom and merge.left <= column <= merge.right:
            return _text(sheet, merge.top, merge.left)
    return ""
