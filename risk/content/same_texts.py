"""Which texts of processes are, word by word, those of another office or of the library.

Texts are told by their digests, kept with the content of each process: none is read to be
compared. What an office has of another is that of the last look at both.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.models import Annex, Process
from registry.normalise import fold
from registry.readable import grouped
from risk.models import (
    LibraryAction,
    LibraryBehaviour,
    LibraryPhase,
    LibraryProcess,
    ProcessContent,
)

SHORTEST = 30
"""Letters of a text that says something: below, it is a label as many offices have it."""
_SIZE = 8
_OF_A_PROCESS = ("label", "objective", "description", "input", "output")


MOST_PLACES = 40
"""So many places of texts that stand elsewhere are named, those with the most texts first."""


@dataclass(frozen=True)
class SamePlace:
    """A process, and where `count` texts of it stand too.

    That is a process of another office, or an entry of the library, called `typical`, where
    `other` is None. Both processes come with their annex and its office.
    """

    process: Process
    count: int
    other: Process | None = None
    typical: str = ""


@dataclass(frozen=True)
class SameTexts:
    """Texts that stand elsewhere too, each counted once; `places` says where."""

    elsewhere: int
    library: int
    places: tuple[SamePlace, ...] = field(default=(), compare=False)

    @property
    def sentence(self) -> str:
        """What is said of them, on pages and on paper; "" where there are none."""
        if not (self.elsewhere or self.library):
            return ""
        values = {"elsewhere": grouped(self.elsewhere), "library": grouped(self.library)}
        return (
            _(
                "Testi uguali a quelli di un altro ufficio: %(elsewhere)s; "
                "uguali a quelli della libreria: %(library)s."
            )
            % values
        )


def digests_of_texts(texts: Iterable[str]) -> str:
    """Return the digests of folded texts that are long enough, apart by blanks, each once."""
    found = dict.fromkeys(_digest(text) for text in texts if len(text) >= SHORTEST)
    return " ".join(found)


def same_texts(annex: Annex, *, only: Collection[int] | None = None) -> SameTexts:
    """Return which texts of an annex in use, or of some of its processes, stand elsewhere.

    Six statements, whatever the size; two where nothing of the annex was kept yet.
    """
    own, others, library = _digests(annex, only)
    mine = set().union(*own.values())
    return SameTexts(
        elsewhere=len(mine & others.keys()),
        library=len(mine & library.keys()),
        places=tuple(_places(own, others, library)),
    )


def with_same_texts(annex: Annex) -> set[int]:
    """Return the keys of the processes of an annex with a text that stands elsewhere too.

    Five statements, whatever the size; one where nothing of the annex was kept yet.
    """
    own, others, library = _digests(annex)
    elsewhere = others.keys() | library.keys()
    return {key for key, digests in own.items() if digests & elsewhere}


def _digests(
    annex: Annex, only: Collection[int] | None = None
) -> tuple[dict[int, set[str]], dict[str, list[int]], dict[str, str]]:
    """Return the texts of processes by key, who of other offices says each, and which entry."""
    own: dict[int, set[str]] = {}
    others: dict[str, list[int]] = defaultdict(list)
    for key, process, texts in _kept_texts(annex.plan_id):
        if key != annex.pk:
            for digest in texts.split():
                others[digest].append(process)
        elif only is None or process in only:
            own[process] = set(texts.split())
    return own, others, _of_library(annex.plan.administration_id) if own else {}


def _places(
    own: Mapping[int, set[str]],
    others: Mapping[str, list[int]],
    library: Mapping[str, str],
) -> Iterator[SamePlace]:
    """Yield where texts stand too; one statement where there are any."""
    found: Counter[tuple[int, int | str]] = Counter()
    for process, digests in own.items():
        for digest in digests:
            found.update((process, other) for other in others.get(digest, ()))
            if digest in library:
                found[process, library[digest]] += 1
    first = found.most_common(MOST_PLACES)
    keys = {key for pair, _count in first for key in pair if isinstance(key, int)}
    rows = Process.objects.select_related("annex__office").in_bulk(keys) if keys else {}
    for (process, other), count in first:
        if isinstance(other, str):
            yield SamePlace(rows[process], count, typical=other)
        else:
            yield SamePlace(rows[process], count, other=rows[other])


def _kept_texts(plan_id: int) -> Iterator[tuple[int, int, str]]:
    rows = ProcessContent.objects.filter(
        process__annex__plan=plan_id, process__retired_on=None
    ).exclude(texts="")
    yield from rows.order_by().values_list("process__annex", "process", "texts").iterator()


def _of_library(body: int) -> dict[str, str]:
    """Return the digests of the texts of the typical processes a body is offered.

    With the name of the first that says each.
    """
    offered = LibraryProcess.objects.offered_to(body).order_by()
    names = dict(offered.values_list("pk", "label"))
    within: Mapping[str, Collection[int]] = {"process__in": list(names)}
    rows = (
        offered.values_list("pk", *_OF_A_PROCESS),
        LibraryPhase.objects.filter(**within).values_list("process", "title"),
        LibraryAction.objects.filter(phase__process__in=list(names)).values_list(
            "phase__process", "title"
        ),
        LibraryBehaviour.objects.filter(**within).values_list("process", "text"),
    )
    found: dict[str, str] = {}
    for key, *texts in (row for some in rows for row in some):
        for digest in digests_of_texts(map(fold, texts)).split():
            found.setdefault(digest, names[key])
    return found


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_SIZE).hexdigest()
