"""What changed between two editions of a plan: plain values, without database or page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped, named
from registry.services.history import FieldChange
from risk.content.comparison import ContentChange
from risk.enums import EditionChange


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One of the two that are compared: its name, and as what it is read ("come adottato")."""

    name: str
    standing: str


@dataclass(frozen=True, slots=True)
class ProcessDifference:
    """What happened to one process; number, code and title are the later ones where it has them.

    `moved_from` is the office it was in, where that is another. Levels are words, "" where there
    is none; `reason` is why it went to the archive, where somebody said so.
    """

    uid: str
    kinds: tuple[EditionChange, ...]
    number: str
    code: str
    title: str
    area: str = ""
    title_before: str = ""
    moved_from: str = ""
    level_before: str = ""
    level_after: str = ""
    reason: str = ""
    changes: tuple[ContentChange, ...] = ()

    @property
    def printed(self) -> str:
        """Its number and title."""
        return named(self.number, self.code, self.title)

    @property
    def is_new(self) -> bool:
        return EditionChange.NEW in self.kinds

    @property
    def is_dropped(self) -> bool:
        return EditionChange.DROPPED in self.kinds


@dataclass(frozen=True, slots=True)
class MeasureCounts:
    """How many programmed measures are new, dropped, carried on."""

    new: int = 0
    dropped: int = 0
    carried: int = 0

    @property
    def sentence(self) -> str:
        """The counts in words."""
        told = (
            ngettext("%(n)s nuova", "%(n)s nuove", self.new) % {"n": grouped(self.new)},
            ngettext("%(n)s non ripresa", "%(n)s non riprese", self.dropped)
            % {"n": grouped(self.dropped)},
            ngettext("%(n)s proseguita", "%(n)s proseguite", self.carried)
            % {"n": grouped(self.carried)},
        )
        return _("Misure programmate: %(told)s.") % {"told": ", ".join(told)}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many processes there are in the later edition, and what happened to how many."""

    processes: int = 0
    unchanged: int = 0
    kinds: Counter[EditionChange] = field(default_factory=Counter)

    def counts(self, kinds: Iterable[EditionChange]) -> tuple[tuple[EditionChange, int], ...]:
        """Return how often each of some kinds happened."""
        return tuple((kind, self.kinds[kind]) for kind in kinds)

    @property
    def happened(self) -> tuple[EditionChange, ...]:
        """The kinds there are any of, in the order they are counted in."""
        return tuple(kind for kind in EditionChange if self.kinds[kind])

    @property
    def is_still(self) -> bool:
        """Whether nothing happened."""
        return not any(self.kinds.values())


@dataclass(frozen=True, slots=True)
class OfficeDifference:
    """What changed in the annex of one office: its name and head, its own measures, its processes.

    `name_before` is "" where the annex is new; of one that is gone `is_gone`, and its name stands
    in `name`. `became` are the sentences of what became of the office, where that was said.
    """

    uid: str
    name: str
    name_before: str
    is_gone: bool
    own: tuple[ContentChange, ...]
    processes: tuple[ProcessDifference, ...]
    tally: Tally
    became: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        return not self.name_before and not self.is_gone

    @property
    def is_still(self) -> bool:
        """Whether nothing changed in it."""
        return not (self.own or self.processes or self.is_new or self.is_gone)


@dataclass(frozen=True, slots=True)
class ComparisonFrame:
    """What is compared, and what changed in what belongs to no office.

    `by_ancestor` tells how processes were found again: by what they were copied from, or, where
    the two have no common ancestor, by title and number.
    """

    before: ComparedSide
    after: ComparedSide
    by_ancestor: bool
    own: tuple[ContentChange, ...]
    measures: MeasureCounts


def field_changes(before: dict[str, str], after: dict[str, str]) -> tuple[FieldChange, ...]:
    """Return the fields that differ between two rows, by label, in the order of the later one."""
    return tuple(
        FieldChange(label, before.get(label, ""), after.get(label, ""))
        for label in dict.fromkeys((*after, *before))
        if before.get(label, "") != after.get(label, "")
    )
