"""A draw anybody can repeat: a frozen list, a seed from outside, and SHA-256.

The algorithm is written for people in `docs/sorteggio.md`; another one gets another version, and
draws that were made keep theirs. Nothing here is random.
"""

import datetime
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

VERSION = "1"
"""Version of the algorithm below, kept with each draw."""

RECIPE = """\
sha256sum popolazione.txt
python3 -c '
import hashlib, sys
seed, percent, strata = sys.argv[1], int(sys.argv[2]), {}
for line in open("popolazione.txt", encoding="utf-8"):
    uid, stratum = line.rstrip("\\n").split("\\t")
    key = hashlib.sha256((seed + ":" + uid).encode()).hexdigest()
    strata.setdefault(stratum, []).append((key, uid))
drawn = []
for rows in strata.values():
    drawn += sorted(rows)[: -(-len(rows) * percent // 100)]
print(*sorted(uid for key, uid in drawn), sep="\\n")
' "$SEME" "$PERCENTO"
"""
"""What gives the same list by standard tools alone, beside the file of the population."""

_SHARES = Path(__file__).with_name("least_shares.toml")


@dataclass(frozen=True, order=True)
class Drawable:
    """One measure that may be drawn, by its uid, and the stratum it is drawn in."""

    uid: str
    stratum: str


@dataclass(frozen=True)
class LeastShare:
    """How much a body of so many people looks at in a year, from when, and who says so."""

    staff_from: int
    staff_to: int
    rounds_a_year: int
    percent: int
    since: datetime.date
    source: str
    sure: bool
    """Whether the line was read in its source; else it was written from memory."""


class PopulationError(ValueError):
    """A text is no population: the number of its first wrong line, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(str(line))
        self.line = line


def population_text(rows: Iterable[Drawable]) -> str:
    """Return a population as its file: a line each, uid, tab, stratum, in the order of the uids."""
    return "".join(f"{row.uid}\t{row.stratum}\n" for row in sorted(rows))


def read_population(text: str) -> list[Drawable]:
    """Return the rows of the file of a population. Raises `PopulationError`."""
    found = []
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        uid, tab, stratum = line.partition("\t")
        if not tab or not uid or "\t" in stratum:
            raise PopulationError(number)
        found.append(Drawable(uid, stratum))
    return found


def digest_of_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as `sha256sum` says it of its file."""
    return hashlib.sha256(text.encode()).hexdigest()


def draw(rows: Iterable[Drawable], *, seed: str, percent: int) -> list[str]:
    """Return the uids that are drawn, in order: of each stratum the part that is asked, rounded up.

    In a stratum those come first whose SHA-256 of “seed:uid” is smallest. `percent` is 1–100.
    """
    strata: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        key = digest_of_text(f"{seed}:{row.uid}")
        strata.setdefault(row.stratum, []).append((key, row.uid))
    drawn = []
    for of_stratum in strata.values():
        many = -(-len(of_stratum) * percent // 100)
        drawn += [uid for _key, uid in sorted(of_stratum)[:many]]
    return sorted(drawn)


@cache
def least_shares() -> tuple[LeastShare, ...]:
    """Return the least shares, by staff."""
    told: list[dict[str, Any]] = tomllib.loads(_SHARES.read_text(encoding="utf-8"))["share"]
    return tuple(LeastShare(**one) for one in told)


def least_share_for(staff: int | None, on: datetime.date) -> LeastShare | None:
    """Return what a body of so many people looks at at least on a day; None where nothing is."""
    if staff is None:
        return None
    fitting = [s for s in least_shares() if s.staff_from <= staff <= s.staff_to and s.since <= on]
    return max(fitting, key=lambda share: share.since, default=None)
