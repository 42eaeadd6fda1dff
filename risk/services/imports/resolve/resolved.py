"""What a file says, its texts replaced by the rows of the lists they stand for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.models import Office
from risk.models import Answer, Indicator, Level, Method
from risk.services.imports.parse.parsed import (
    FileRow,
    ParsedAssessment,
    ParsedBehaviour,
    ParsedMeasure,
    ParsedProcess,
    ParsedStep,
)
from risk.workbooks.rowids import RowIds


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedStep:
    """A phase or an action; `executor` is a role and an office, None where unsaid."""

    parsed: ParsedStep
    executor: tuple[Any, Any] | None
    actions: tuple["ResolvedStep", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedAssessment:
    """A judgement by a method; `grades` are a level, an answer or a score by indicator."""

    parsed: ParsedAssessment
    method: Method
    level: Level | None
    grades: dict[Indicator, Level | Answer | Decimal]


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedBehaviour:
    """A behaviour with its categories and factors.

    `left_out` are the lists of which a person left an entry out: what is left says not all of them.
    """

    parsed: ParsedBehaviour
    lists: dict[str, list[Any]]
    left_out: frozenset[str]
    assessment: ResolvedAssessment | None
    residual: ResolvedAssessment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedMeasure:
    """A measure of the list, or a `NewRow`, with who answers for it and for each of its steps.

    A person is a role and an office, either may be None; so are those of `steps`, in their order.
    """

    parsed: ParsedMeasure
    measure: Any
    responsible: tuple[Any, Any] = (None, None)
    steps: tuple[tuple[Any, Any], ...] = ()
    state: str = ""
    monitoring: str = ""
    """How it is monitored, and how often: a text and a `MonitoringFrequency`."""
    frequency: str = ""

    @property
    def says_programme(self) -> bool:
        """Whether the file says more of it than its name."""
        own = self.parsed
        return bool(any(self.responsible) or own.responsible or own.steps or own.indicators)


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedProcess:
    """One process of an office. `values` holds only what the file says, by field."""

    parsed: ParsedProcess
    office: Office
    values: dict[str, Any]
    phases: tuple[ResolvedStep, ...]
    behaviours: tuple[ResolvedBehaviour, ...]
    measures: tuple[ResolvedMeasure, ...]
    assessment: ResolvedAssessment | None
    residual: ResolvedAssessment | None = None


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """All a file says of processes whose office is known."""

    rows: tuple[FileRow, ...]
    processes: tuple[ResolvedProcess, ...]
    ids: RowIds | None
    fields: frozenset[str]
    without_office: int
    """Rows whose office nobody has said: one refusal says it of all."""
