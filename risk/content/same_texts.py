"""How many texts of processes are, word by word, those of another office or of the library.

Texts are told by their digests, kept with the content of each process: none is read to be
compared. What an office has of another is that of the last look at both.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.models import Annex
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


@dataclass(frozen=True)
class SameTexts:
    """Texts that stand elsewhere too, each counted once."""

    elsewhere: int
    library: int

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
    """Return how many texts of an annex in use, or of some of its processes, stand elsewhere.

    Five statements, whatever the size; two where nothing of the annex was kept yet.
    """
    own: set[str] = set()
    others: set[str] = set()
    for key, process, texts in _kept_texts(annex.plan_id):
        if key != annex.pk:
            others.update(texts.split())
        elif only is None or process in only:
            own.update(texts.split())
    library = _of_library(annex.plan.administration_id) if own else set()
    return SameTexts(elsewhere=len(own & others), library=len(own & library))


def _kept_texts(plan_id: int) -> Iterator[tuple[int, int, str]]:
    rows = ProcessContent.objects.filter(
        process__annex__plan=plan_id, process__retired_on=None
    ).exclude(texts="")
    yield from rows.order_by().values_list("process__annex", "process", "texts").iterator()


def _of_library(body: int) -> set[str]:
    """Return the digests of the texts of the typical processes a body is offered."""
    offered = LibraryProcess.objects.offered_to(body).order_by()
    keys = list(offered.values_list("pk", flat=True))
    within: Mapping[str, list[int]] = {"process__in": keys}
    rows = (
        offered.values_list(*_OF_A_PROCESS),
        LibraryPhase.objects.filter(**within).values_list("title"),
        LibraryAction.objects.filter(phase__process__in=keys).values_list("title"),
        LibraryBehaviour.objects.filter(**within).values_list("text"),
    )
    texts = (fold(text) for some in rows for row in some for text in row)
    return set(digests_of_texts(texts).split())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_SIZE).hexdigest()
