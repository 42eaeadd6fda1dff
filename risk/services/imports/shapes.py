"""What an import would do, said before it does it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from registry.services.history import FieldChange
from registry.spreadsheets.workbook import address
from risk.workbooks.shapes import FileCell, Recognised

QUOTED = 120
"""Characters of a value of the file that are quoted when something is said of it."""


class QuestionKind(StrEnum):
    """What a person is asked: values first, then rows, then conflicts."""

    OFFICE = "office"
    RISK_AREA = "risk_area"
    FUNCTION = "function"
    MACROPROCESS = "macroprocess"
    PROCESS_KIND = "process_kind"
    EXECUTOR = "executor_role"
    LEVEL = "level"
    INDICATOR_LEVEL = "indicator_level"
    METHOD = "method"
    RESULT = "result"
    MEASURE = "measure"
    CATEGORY = "category"
    FACTOR = "factor"
    LIST = "list"
    ORDER = "order"
    PROCESS = "process"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: `key` goes into the answers, `label` is read."""

    key: str
    label: str


@dataclass(slots=True)
class Question:
    """A value that stands for nothing known, or a row nobody but a person can place.

    Answered by {kind: {value: {"is": key} | {"new": true} | {"skip": true}}}. `count` says how
    often it stands in the file, `place` where first. `reason` is the sentence to read.
    """

    kind: QuestionKind
    value: str
    reason: str
    suggestions: tuple[Choice, ...] = ()
    count: int = 1
    place: str = ""
    may_be_new: bool = False
    may_skip: bool = False
    proposed: str = ""
    """The key of the most likely answer, or "new": marked for the person, who may say otherwise."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something of the file cannot be taken. `column` is a letter, "" for a whole row."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


def problem_at(cell: FileCell, reason: str) -> Problem:
    """Return what is to be said of one cell, its text shortened."""
    return Problem(cell.sheet, cell.row, address(0, cell.column), cell.text[:QUOTED], reason)


@dataclass(slots=True)
class RowChange:
    """One row of the register the import adds or changes. `office` is the name of its annex."""

    kind: str
    label: str
    office: str
    process: str = ""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both the file and somebody in the register changed since the file was written.

    `key` goes into the answers: {"conflict": {key: {"is": "file"} | {"is": "register"}}}.
    """

    key: str
    label: str
    row: str
    base: str
    file: str
    register: str


@dataclass(slots=True)
class Preview:
    """All an import would do. `digest` names it: taking it later does this or nothing.

    `rows` counts rows of the file, `unchanged` rows of the register that are as the file says.
    `only_in_register` are processes of the annexes the file speaks of that it does not name, and
    rows of other processes whose line has been taken out of a file of ours.
    """

    layout: str = ""
    header_row: int = 0
    rows: int = 0
    recognised: Recognised | None = None
    added: list[RowChange] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    only_in_register: list[RowChange] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    """What a person should know and nothing stops for: joined words, skipped heads."""
    without_office: int = 0
    """Rows whose office nobody has said: one problem says it of all."""
    digest: str = ""
    writes: Any = None

    @property
    def refused(self) -> int:
        """Rows of the file that cannot be taken."""
        places = {(problem.sheet, problem.row) for problem in self.problems}
        # those without an office share one problem
        return len(places) + max(0, self.without_office - 1)

    @property
    def is_ready(self) -> bool:
        """Whether the import may be taken as it is."""
        return not (self.problems or self.questions)

    @property
    def writes_nothing(self) -> bool:
        return not (self.added or self.changed)
