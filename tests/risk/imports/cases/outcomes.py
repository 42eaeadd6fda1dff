"""What a file has to become, as data: rows of the register, questions, notes, or a refusal.

Rows are told in the words a clerk reads: an area by its letter, a factor by its code, a level by
its label (with the code of its method before it where that is not the plan’s default one).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

OTHER_PROGRAMS = "other-programs/"
NEW, SKIP = "new", "skip"
"""Answers that are no key of a choice."""
CANCELLED, HIDDEN, COLOUR, COLUMN = "cancelled", "hidden", "colour", "column"
ROW, TABLE, DITTO, BLANK, LEGEND = "row", "table", "ditto", "blank", "legend"
NUMBERS, PROGRAMME, LANGUAGE, TRANSPOSED = "numbers", "programme", "language", "transposed"
"""Kinds of questions about a file itself; those about values are in `QuestionKind`."""
IN, OUT = "in", "out"
ANY = "*"
"""For the value of a question: whatever it is called; for its likely answer: whatever is marked."""


@dataclass(frozen=True, slots=True)
class BehaviourRow:
    """A behaviour at risk with its own levels, factors (codes) and the phases it covers."""

    text: str
    level: str = ""
    residual: str = ""
    factors: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process and what hangs on it; `texts` are its prose fields that hold something."""

    number: int
    title: str
    behaviours: tuple[BehaviourRow, ...] = ()
    area: str = ""
    office: str = "PROVA"
    level: str = ""
    residual: str = ""
    motivation: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)
    phases: tuple[str, ...] = ()
    macroprocess: str = ""
    function: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    code: str = ""


@dataclass(frozen=True, slots=True, order=True)
class StepRow:
    """A phase of implementation; `due` as 31/12/2021."""

    description: str
    timing: str = ""
    due: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, order=True)
class IndicatorRow:
    """How far a measure has come: kind, target and the day of the target as read by people."""

    label: str
    kind: str
    target: str = ""
    target_on: str = ""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One programming of a measure. Targets are "Process" or "Process › behaviour"."""

    label: str
    targets: tuple[str, ...]
    person: str = ""
    steps: tuple[StepRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    typologies: tuple[str, ...] | None = None
    """Codes of the typologies of a measure that is new; None where they are not looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: one kind with all its values, and by value the answer marked beforehand.

    "" is none marked. `says` are words that stand in one of its sentences, places included.
    `answers` are the ones given where the marked one is not meant, or none is.
    """

    kind: str
    values: Mapping[str, str]
    answers: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What is said and stops nothing: a place ("D3", "F", "4") of a sheet, and words said of it."""

    place: str
    words: tuple[str, ...] = ()
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing enters: the place, and words of the reason."""

    place: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One right outcome of a file. `counts` are added, changed and unchanged, where they matter."""

    processes: tuple[ProcessRow, ...] = ()
    measures: tuple[MeasureRow, ...] = ()
    asks: tuple[Asked, ...] = ()
    notes: tuple[Note, ...] = ()
    refusal: Refusal | None = None
    counts: tuple[int, int, int] | None = None
    not_asked: tuple[str, ...] = ()
    """Words no question may hold."""


@dataclass(frozen=True, slots=True)
class Case:
    """A file, where it is tried, and what it may become: the better outcome first."""

    file: str
    outcomes: tuple[Outcome, ...]
    office: str = "PROVA"

    @property
    def name(self) -> str:
        return self.file.removeprefix(OTHER_PROGRAMS)


def behaviours(*texts: str) -> tuple[BehaviourRow, ...]:
    """Return behaviours of which nothing but the text is said."""
    return tuple(map(BehaviourRow, texts))


def numbered(*rows: tuple[str, str, str]) -> tuple[ProcessRow, ...]:
    """Return processes numbered from 1, of title, behaviour and level each."""
    return tuple(
        ProcessRow(number, title, behaviours(risk) if risk else (), level=level)
        for number, (title, risk, level) in enumerate(rows, 1)
    )


def measures(*rows: tuple[str, str]) -> tuple[MeasureRow, ...]:
    """Return measures without a programme, each of label and one target."""
    return tuple(MeasureRow(label, (target,)) for label, target in rows)
