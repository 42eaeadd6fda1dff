"""What a file of an annex is drawn from: plain texts with the uids and versions of their rows.

Empty texts stay empty here and in the file, where a dash would be a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

PROSE = {
    "objective": "objective",
    "process_description": "description",
    "input": "input",
    "output": "output",
    "times": "times",
    "constraints": "constraints",
    "resources": "resources",
    "interrelations": "interrelations",
    "criticalities": "criticalities",
}
"""Texts of a process: their names in a file (`risk.workbooks.fields`) and in the register."""


@dataclass(frozen=True, slots=True)
class FileBehaviour:
    """A risk behaviour; `position` orders those of its process."""

    uid: UUID
    version: int
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class FileStep:
    """A phase, or an action of one; `behaviours` are those that cover exactly this step."""

    uid: UUID
    version: int
    number: str
    title: str
    executor: str = ""
    behaviours: tuple[FileBehaviour, ...] = ()
    actions: tuple["FileStep", ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level of a process; without a uid it is only derived from its behaviours.

    `is_draft` says that the motivation is still the one of another judgement it was copied from.
    """

    level: str
    motivation: str = ""
    uid: UUID | None = None
    version: int = 0
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class FileProcess:
    """A process with all that hangs on it; `uncovered` are behaviours that cover no step yet."""

    uid: UUID
    version: int
    number: int
    title: str
    code: str = ""
    kind: str = ""
    function: str = ""
    macroprocess: str = ""
    risk_area: str = ""
    responsible: str = ""
    prose: Mapping[str, str] = field(default_factory=dict)
    phases: tuple[FileStep, ...] = ()
    uncovered: tuple[FileBehaviour, ...] = ()
    measures: tuple[str, ...] = ()
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class FileAnnex:
    """The annex of one office; without processes it is a form to be filled in."""

    office: str
    processes: Sequence[FileProcess]
    is_draft: bool = True
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Lists:
    """What the drop-downs offer."""

    process_kinds: Sequence[str] = ()
    macroprocesses: Sequence[str] = ()
    risk_areas: Sequence[str] = ()
    executors: Sequence[str] = ()
    levels: Sequence[str] = ()
    offices: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FileContent:
    """All of a file: one annex, or every annex of a plan."""

    plan: str
    body: str
    ipa_code: str
    annexes: Sequence[FileAnnex]
    lists: Lists
    is_form: bool = False
    """Whether it is an empty file to fill in; such a one has no ids."""

    @property
    def has_codes(self) -> bool:
        """Whether any process has a code of its own: then all sheets have a place for it."""
        return any(process.code for annex in self.annexes for process in annex.processes)
