"""What a file says, its texts replaced by the rows of the lists they stand for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.models import Office
from risk.models import Indicator, Level, Method
from risk.services.imports.parse.parsed import (
    FileRow,
    ParsedAssessment,
    ParsedBehaviour,
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
    """A judgement by a method; `grades` are a level or a score by indicator."""

    parsed: ParsedAssessment
    method: Method
    level: Level | None
    grades: dict[Indicator, Level | Decimal]


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedBehaviour:
    """A behaviour with its categories and factors.

    `left_out` are the lists of which a person left an entry out: what is left says not all of them.
    """

    parsed: ParsedBehaviour
    lists: dict[str, list[Any]]
    left_out: frozenset[str]
    assessment: ResolvedAssessment | None


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedProcess:
    """One process of an office. `values` holds only what the file says, by field."""

    parsed: ParsedProcess
    office: Office
    values: dict[str, Any]
    phases: tuple[ResolvedStep, ...]
    behaviours: tuple[ResolvedBehaviour, ...]
    measures: tuple[Any, ...]
    assessment: ResolvedAssessment | None


@dataclass(frozen=True, slots=True)
class ResolvedFile:
    """All a file says of processes whose office is known."""

    rows: tuple[FileRow, ...]
    processes: tuple[ResolvedProcess, ...]
    ids: RowIds | None
    has_actions: bool
    without_office: int
    """Rows whose office nobody has said: one refusal says it of all."""
