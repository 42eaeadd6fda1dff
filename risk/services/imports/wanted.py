"""A process as a file has it, with what hangs on it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from registry.models import Office
from risk.workbooks.shapes import FileCell, FileRow


@dataclass(slots=True, eq=False)
class WantedPhase:
    """A phase, or an action under one; `executor` is a role and an office, None where unsaid."""

    title: str
    uid: UUID | None = None
    version: int = 0
    executor: tuple[Any, Any] | None = None
    actions: list["WantedPhase"] = field(default_factory=list)


@dataclass(slots=True)
class WantedBehaviour:
    """A behaviour, and which of the phases and actions of its process it covers."""

    text: str
    uid: UUID | None = None
    version: int = 0
    phases: list[WantedPhase] = field(default_factory=list)
    actions: list[WantedPhase] = field(default_factory=list)
    categories: list[Any] = field(default_factory=list)
    factors: list[Any] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    """The lists of which a person left an entry out: what is left says not all of them."""
    assessment: "WantedAssessment | None" = None


@dataclass(slots=True)
class WantedAssessment:
    """A judgement: texts as written; they are resolved once the method is known."""

    level: FileCell | None = None
    motivation: str = ""
    indicators: dict[str, FileCell] = field(default_factory=dict)
    probability: FileCell | None = None
    impact: FileCell | None = None
    result: FileCell | None = None
    beside: FileCell | None = None
    """The probability of a behaviour, where this is of its process and has none of its own."""
    place: FileCell | None = None
    uid: UUID | None = None
    version: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """What it says, to tell two apart."""
        cells = (self.level, self.probability, self.impact, self.result, *self.indicators.values())
        return (self.motivation, *(cell.text if cell else "" for cell in cells))

    @property
    def is_scored(self) -> bool:
        """Whether a method with a probability and an impact is meant."""
        cells = (self.probability, self.impact, self.beside)
        return any(cells) or (self.result is not None and self.level is None)


@dataclass(slots=True)
class WantedProcess:
    """One process of the file. `values` holds only what the file says, by field.

    The office is None while nobody has said it: such a process is compared with nothing.
    """

    row: FileRow
    office: Office | None
    title: str
    number: int | None = None
    uid: UUID | None = None
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    phases: list[WantedPhase] = field(default_factory=list)
    behaviours: dict[str, WantedBehaviour] = field(default_factory=dict)
    measures: list[Any] = field(default_factory=list)
    assessment: WantedAssessment | None = None
    has_ids: bool = False
