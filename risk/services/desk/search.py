"""Search from anywhere: processes, phases, behaviours, measures and offices a person may read.

A text is looked for without case and accents, and each of its words must be found. All kinds are
asked in one statement, whatever the size of the register; what a right hides is not among the rows
that are asked. The newest plan comes first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Annex, Phase, Process, User
from registry.normalise import fold
from registry.readable import numbered
from risk.models import PlannedMeasure, RiskBehaviour

SHOWN = 8
"""Rows of each kind a person reads at once."""
MOST = 100
"""Rows of one kind when that kind alone is asked for."""
LEAST = 2
"""Letters to look for: what one letter finds nobody reads."""
LONGEST, MOST_WORDS = 200, 12


@dataclass(frozen=True)
class SoughtKind:
    """A kind of what is looked for: its word in the address, its name on the page, its rows.

    `text` is where its words stand, `folded` the same without accents, `place` the uid of what
    `page` shows, `annex` the way to its annex, `plan` to its plan. By its `code` it is found too.
    """

    word: str
    name: str
    rows: Callable[[User], QuerySet]
    text: str
    folded: str
    place: str = "uid"
    annex: str = "annex__"
    plan: str = "annex__plan"
    number: str = ""
    code: str = ""
    page: str = "risk:process_sheet"

    def found(self, user: User, words: Sequence[str], most: int) -> QuerySet:
        """Return at most `most` rows that have all the words, as values of the same columns."""
        has_all = Q()
        for word in words:
            has_word = Q(**{f"{self.folded}__contains": word})
            if self.code:
                has_word |= Q(**{f"{self.code}__icontains": word})
            has_all &= has_word
        first = self.rows(user).filter(has_all)
        first = first.order_by(f"-{self.plan}__first_year", self.folded, "pk").values("pk")[:most]
        printed, office = F(f"{self.annex}office_name"), F(f"{self.annex}office__name")
        rows = first.model._base_manager.filter(pk__in=first).order_by()
        return rows.values_list(
            Value(self.word),
            F(self.text),
            F(self.place),
            F(self.number) if self.number else Value(0),
            F(self.code) if self.code else Value(""),
            Coalesce(NullIf(printed, Value("")), office, Value("")),
            F(f"{self.plan}__title"),
            F(f"{self.plan}__first_year"),
        )


_OF_PROCESS = {
    "place": "process__uid",
    "annex": "process__annex__",
    "plan": "process__annex__plan",
    "number": "process__number",
}
KINDS = (
    SoughtKind(
        *("processi", _("Processi")),
        lambda user: Process.objects.readable_by(user).in_use(),
        *("title", "folded"),
        number="number",
        code="code",
    ),
    SoughtKind(
        *("fasi", _("Fasi")),
        lambda user: Phase.objects.visible_to(user).filter(process__retired_on=None),
        *("title", "folded"),
        **_OF_PROCESS,
    ),
    SoughtKind(
        *("comportamenti", _("Comportamenti a rischio")),
        lambda user: RiskBehaviour.objects.visible_to(user).filter(process__retired_on=None),
        *("text", "folded"),
        **_OF_PROCESS,
    ),
    SoughtKind(
        *("misure", pgettext_lazy("search", "Misure programmate")),
        PlannedMeasure.objects.visible_to,
        *("measure__label", "measure__folded"),
        plan="plan",
        page="risk:programme",
    ),
    SoughtKind(
        *("uffici", _("Uffici")),
        Annex.objects.visible_to,
        *("office__name", "office__folded"),
        annex="",
        plan="plan",
        page="risk:mapping",
    ),
)


@dataclass(frozen=True)
class FoundRow:
    """One row found, and the page that shows it; `number` is that of its process, or 0.

    Of a process also the `code` it has of its own.
    """

    kind: str
    text: str
    uid: UUID
    number: int
    code: str
    office: str
    plan: str
    year: int
    path: str

    @property
    def numbered(self) -> str:
        """Number and code, as they are printed."""
        return numbered(self.number, self.code)


@dataclass(frozen=True)
class FoundRows:
    """The rows of one kind, newest plan first; `has_more` when there are others."""

    kind: SoughtKind
    rows: Sequence[FoundRow]
    has_more: bool


def words_of(text: str) -> list[str]:
    """Return the words to look for in what a person typed, folded; none below `LEAST` letters."""
    words = fold(text.replace("\x00", " ")[:LONGEST]).split()[:MOST_WORDS]
    return words if sum(map(len, words)) >= LEAST else []


def search(*, user: User, text: str, kind: str = "") -> list[FoundRows]:
    """Return what a person may read that has all the words of a text, kind by kind.

    `kind` is the word of one of `KINDS`, to look for more rows of that one alone. Asks the database
    once, and not at all where there is nothing to look for.
    """
    words = words_of(text)
    if not words:
        return []
    asked = [one for one in KINDS if kind in ("", one.word)]
    shown = MOST if kind else SHOWN
    first, *others = (one.found(user, words, shown + 1) for one in asked)
    found = sorted(first.union(*others, all=True), key=_newest_first)
    groups = []
    for one in asked:
        own = [
            FoundRow(*row, path=reverse(one.page, args=[row[2]]))
            for row in found
            if row[0] == one.word
        ]
        if own:
            groups.append(FoundRows(one, own[:shown], len(own) > shown))
    return groups


def _newest_first(row: tuple) -> tuple[int, str]:
    _kind, text, *_others, year = row
    return -year, fold(text)
