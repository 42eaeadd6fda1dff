"""What a rule of completeness is, and what a list of what is missing is made of."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.functional import Promise

from registry.models import Process
from risk.content.kept import Gap, KeptAnnex, KeptProcess
from risk.content.reading import AnnexContent
from risk.enums import Verb
from risk.services.completeness import texts


class Severity(StrEnum):
    """Whether a gap stops the annex, or only makes somebody look twice."""

    BLOCKS = "blocks"
    WARNS = "warns"


class Page(StrEnum):
    """The page that says a gap beside the place where it is mended, besides the list of all.

    It also says what a rule looks at: the rows that a process sheet reads, or the whole annex.
    """

    DESCRIPTION = "description"
    """The first part of the process sheet, which is saved by itself."""
    SHEET = "sheet"
    """The rows of the process sheet."""
    LIST = "list"
    """The list of all, alone."""


SHEET_PAGES = frozenset({Page.DESCRIPTION, Page.SHEET})


@dataclass(frozen=True)
class Rule:
    """One rule: `sentence` is Italian with %(name)s places, `source` the act that asks for it.

    `find` is given some processes where a process sheet says the gap, else their content, and looks
    at each by itself: what it finds is kept. `weigh`, where there is one, is given the annex and
    all that was found in its processes, and says what of it is missing now.
    """

    code: str
    severity: Severity
    page: Page
    find: Callable[..., Iterable[Gap]]
    sentence: str | Promise
    source: str
    weigh: Callable[[KeptAnnex, Sequence[Gap]], Iterable[Gap]] | None = None
    weigh_all: Callable[[Sequence[KeptAnnex], Sequence[Gap]], Iterable[tuple[int, Gap]]] | None = (
        None
    )
    """Instead of `weigh` where something is read from the database: of many annexes at once."""
    may_tell: Callable[[Gap], bool] | None = None
    """Of what is found, what `weigh_all` has to be given; all where it is not said."""
    looks_for_words: bool = False
    """Whether `find` is given what is looked for in the texts as well."""

    @property
    def reads(self) -> bool:
        """Whether it reads something else than the processes, and so is asked at each look."""
        return self.weigh_all is not None

    def found(self, content: AnnexContent, words: texts.SoughtWords) -> Iterable[Gap]:
        """Return what the rule finds in processes as they were read."""
        if self.looks_for_words:
            return self.find(content, words)
        return self.find(content.processes if self.page in SHEET_PAGES else content)

    def gaps(self, annex: KeptAnnex) -> Iterator[Gap]:
        """Yield the gaps of one annex."""
        return (gap for _key, gap in self.gaps_of([annex]))

    def to_weigh(self, annex: KeptAnnex) -> list[Gap]:
        """Return what a rule that reads is to be given at each look, as `read_now` takes it."""
        found = annex.findings.get(self.code, [])
        return found if self.may_tell is None else list(filter(self.may_tell, found))

    def read_now(self, annex: KeptAnnex, found: Sequence[Gap]) -> Iterator[Gap]:
        """Yield the gaps of one annex of a rule that reads, with what was found to be weighed."""
        return (gap for _key, gap in self.weigh_all([annex], found)) if self.weigh_all else iter(())

    def gaps_of(self, annexes: Sequence[KeptAnnex]) -> Iterator[tuple[int, Gap]]:
        """Yield the gaps of annexes, from what is kept of their processes, with the annex’s key.

        One query where the rule reads something else, of however many annexes.
        """
        if self.weigh_all is not None:
            found = [gap for annex in annexes for gap in annex.findings.get(self.code, ())]
            yield from self.weigh_all(annexes, found)
            return
        for annex in annexes:
            gaps = annex.findings.get(self.code, [])
            for gap in gaps if self.weigh is None else self.weigh(annex, gaps):
                yield annex.annex.pk, gap


@dataclass(frozen=True)
class MissingPoint:
    """One sentence of the list; `anchor` is where it is mended on the sheet of `process`.

    Of hundreds a page shows some: sentence and process are made for who asks.

    `verb` is the one step it stops, empty for every step that asks for a complete annex; `remark`
    is the uid of the remark it tells of, if it does.
    """

    rule: Rule
    gap: Gap

    @property
    def place(self) -> Process | KeptProcess | None:
        """The process it is found in, as the rule was given it: what it takes to know which."""
        return self.gap.process

    @cached_property
    def process(self) -> Process | None:
        place = self.place
        return place.process if isinstance(place, KeptProcess) else place

    @cached_property
    def sentence(self) -> str:
        # filled after gettext: a translation must be found before the values are in it
        return str(self.rule.sentence) % self.gap.values

    @property
    def anchor(self) -> str:
        return self.gap.anchor

    @property
    def verb(self) -> str:
        return self.gap.verb

    @property
    def remark(self) -> uuid.UUID | None:
        return self.gap.remark

    @property
    def full_sentence(self) -> str:
        """The sentence with its process: how it stands alone."""
        return f"{self.place.printed}: {self.sentence}" if self.place else self.sentence

    @property
    def blocks(self) -> bool:
        """Whether it stops the submission."""
        return self.stops(Verb.SUBMIT)

    def stops(self, verb: Verb) -> bool:
        """Return whether it stops one step."""
        return self.rule.severity is Severity.BLOCKS and self.verb in ("", verb)
