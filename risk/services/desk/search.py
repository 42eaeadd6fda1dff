"""Search from anywhere: processes, phases, behaviours, measures and offices a person may read.

A text is looked for without case and accents, and each of its words must be found. All kinds are
asked in one statement, whatever the size of the register; what a right hides is not among the rows
that are asked. The newest plan comes first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models import Annex, Phase, Process, User
from registry.normalise import fold
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

    `text` is where its words stand, `folded` the same without accents, `place` leads to the sheet,
    the page or the annex that shows it, `annex` to its annex.
    """

    word: str
    name: str
    rows: Callable[[User], QuerySet]
    text: str
    folded: str
    place: str = "uid"
    annex: str = "annex"
    number: str = ""
    page: str = "risk:process_sheet"

    def found(self, user: User, words: Sequence[str], most: int) -> QuerySet:
        """Return at most `most` rows that have all the words, as values of the same columns."""
        has_all = Q()
        for word in words:
            has_all &= Q(**{f"{self.folded}__contains": word})
        plan = "plan" if self.word == "misure" else f"{self.annex}__plan".lstrip("_")
        first = self.rows(user).filter(has_all)
        first = first.order_by(f"-{plan}__first_year", self.folded, "pk").values("pk")[:most]
        office = f"{self.annex}__office__name".lstrip("_")
        printed = f"{self.annex}__office_name".lstrip("_")
        return (
            self.rows(user)
            .model._base_manager.filter(pk__in=first)
            .order_by()
            .values_list(
                Value(self.word),
                F(self.text),
                F(self.place),
                F(self.number) if self.number else Value(0),
                Coalesce(NullIf(F(printed), Value("")), F(office), Value("")),
                F(f"{plan}__title"),
                F(f"{plan}__first_year"),
            )
        )


def _in_use(user: User) -> QuerySet:
    return Process.objects.readable_by(user).in_use()


KINDS = (
    SoughtKind(
        *("processi", _("Processi"), _in_use, "title", "folded"),
        number="number",
    ),
    SoughtKind(
        *("fasi", _("Fasi")),
        lambda user: Phase.objects.visible_to(user).filter(process__retired_on=None),
        *("title", "folded", "process__uid", "process__annex", "process__number"),
    ),
    SoughtKind(
        *("comportamenti", _("Comportamenti a rischio")),
        lambda user: RiskBehaviour.objects.visible_to(user).filter(process__retired_on=None),
        *("text", "folded", "process__uid", "process__annex", "process__number"),
    ),
    SoughtKind(
        *("misure", pgettext_lazy("search", "Misure programmate")),
        lambda user: PlannedMeasure.objects.visible_to(user),
        *("measure__label", "measure__folded"),
        page="risk:programme",
    ),
    SoughtKind(
        *("uffici", _("Uffici")),
        lambda user: Annex.objects.visible_to(user),
        *("office__name", "office__folded"),
        annex="",
        page="risk:mapping",
    ),
)


@dataclass(frozen=True)
class FoundRow:
    """One row found, and the page that shows it; `number` is that of its process, or 0."""

    kind: str
    text: str
    uid: UUID
    number: int
    office: str
    plan: str
    year: int
    path: str


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
    rows = [_row(*values) for values in first.union(*others, all=True)]
    rows.sort(key=lambda row: fold(row.text))
    rows.sort(key=attrgetter("year"), reverse=True)
    groups = []
    for one in asked:
        own = [row for row in rows if row.kind == one.word]
        if own:
            groups.append(FoundRows(one, own[:shown], len(own) > shown))
    return groups


_PAGES = {kind.word: kind.page for kind in KINDS}


def _row(kind: str, text: str, uid: UUID, *rest) -> FoundRow:
    return FoundRow(kind, text, uid, *rest, path=reverse(_PAGES[kind], args=[uid]))
