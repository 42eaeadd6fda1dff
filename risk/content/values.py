"""What one annex says on paper: frozen, resolved text without database or engine.

Every layout, on screen and in the PDF, is drawn from these classes and from nothing else, so what
a test builds by hand and what the database holds are printed by the same road
(docs/decisions/0008).
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.readable import numbered
from risk.enums import Tone

DASH = "—"
# A row with a longer text than this may be cut by a page: kept whole it could leave one empty.
LONG_TEXT = 700
# Characters of a value that needs no more width than a level has.
BRIEF = 14


@dataclass(frozen=True, slots=True)
class OfficeHead:
    """The head of the office, printed as title, name, surname; any of them may be empty."""

    title: str = ""
    surname: str = ""
    name: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.name, self.surname) if part) or DASH


@dataclass(frozen=True, slots=True)
class Texts:
    """The text blocks of one layout, their fields already resolved; an empty one is not printed."""

    title: str = ""
    introduction: str = ""
    closing: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LevelLabel:
    """A level of risk as a word; `tone` only colours its chip. `derived` from the behaviours."""

    label: str
    tone: str = Tone.NEUTRAL.value
    derived: bool = False


class NumberedProcess:
    """What has the number of a process and, where it has one, its own code."""

    __slots__ = ()
    number: str
    code: str

    @property
    def numbered(self) -> str:
        """Number and code, as they are printed."""
        return numbered(self.number, self.code)


@dataclass(frozen=True, slots=True)
class CatalogueRow(NumberedProcess):
    """One line of the *catalogo*: a process with the labels of the catalogues it points to."""

    uid: str
    kind: str
    function: str
    macroprocess: str
    number: str
    title: str
    area: str
    office: str
    code: str = ""

    @property
    def is_long(self) -> bool:
        """Whether a page may cut the row."""
        return max(len(self.title), len(self.macroprocess), len(self.area)) > LONG_TEXT


@dataclass(frozen=True, slots=True)
class TableBehaviour:
    """A risk behaviour in the *tabella*; two with the same words stay two, told apart by uid."""

    uid: str
    text: str


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase in the *tabella* with its behaviours, in order."""

    uid: str
    title: str
    behaviours: tuple[TableBehaviour, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process in the *tabella*.

    Neighbours with the same `macroprocess_key`, or the same `measures`, share that cell: both are
    named by the codes of their catalogues, which stay the same in every copy of the data.
    """

    uid: str
    macroprocess_key: str
    macroprocess: str
    objective: str
    title: str
    phases: tuple[PhaseRow, ...] = ()
    measures: tuple[tuple[str, str], ...] = ()
    level: LevelLabel | None = None


SAID = {
    "Responsabilità del processo": "Responsabile del processo",
    "Procedimento amministrativo": "È un procedimento amministrativo",
    "Digitalizzazione": "Stato di digitalizzazione",
}
"""What is read for a label of the data that has another word now: data and digests keep theirs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and what stands beside it, one string a line; no line prints a dash."""

    label: str
    lines: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The label as a person reads it, the same on screen and on paper."""
        return SAID.get(self.label, self.label)


@dataclass(frozen=True, slots=True)
class SheetAction:
    """An action of a phase, with its executor and the behaviours that touch it."""

    uid: str
    number: str
    title: str
    executor: str
    behaviours: str = DASH


@dataclass(frozen=True, slots=True)
class SheetPhase:
    """A phase of the sheet and its actions, in order."""

    uid: str
    number: str
    title: str
    executor: str
    behaviours: str = DASH
    actions: tuple[SheetAction, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRating:
    """One indicator of a method, the value given and the facts it rests on."""

    indicator: str
    value: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SheetAssessment:
    """An assessment of a process or of a behaviour."""

    uid: str
    method: str
    moment: str
    level: LevelLabel | None
    motivation: str = ""
    entries: tuple[Entry, ...] = ()
    ratings: tuple[SheetRating, ...] = ()

    @property
    def is_brief(self) -> bool:
        """Whether each value is a word: a level, a score, not a sentence of the method."""
        return max((len(rating.value) for rating in self.ratings), default=0) <= BRIEF

    @property
    def has_evidence(self) -> bool:
        """Whether any value is said to rest on something; else its column gives its width away."""
        return any(rating.evidence != DASH for rating in self.ratings)


@dataclass(frozen=True, slots=True)
class SheetBehaviour:
    """A behaviour of the sheet, with what it covers and how it was assessed."""

    uid: str
    number: str
    text: str
    entries: tuple[Entry, ...] = ()
    assessments: tuple[SheetAssessment, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetMeasure:
    """A programmed measure that reaches the process."""

    uid: str
    title: str
    kind: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class ProcessSheet(NumberedProcess):
    """One process on its sheet. `presence` is the outcome of the mapping, with its reason."""

    uid: str
    number: str
    title: str
    level: LevelLabel | None = None
    entries: tuple[Entry, ...] = ()
    phases: tuple[SheetPhase, ...] = ()
    presence: str = DASH
    presence_reason: str = ""
    behaviours: tuple[SheetBehaviour, ...] = ()
    assessments: tuple[SheetAssessment, ...] = ()
    measures: tuple[SheetMeasure, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class DrawnSheet(NumberedProcess):
    """The sheet of a process as it stands on the screen, in the place of what it says.

    `size` are the characters of its texts, each with its box.
    """

    uid: str
    number: str
    title: str
    html: str
    size: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A count; `strength` (0 to 4) and `tone` only colour it."""

    count: int
    strength: int = 0
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a table of figures."""

    label: str
    cells: tuple[FigureCell, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of figures, with the head of its first column."""

    title: str
    head: str
    columns: tuple[str, ...] = ()
    lines: tuple[FigureLine, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnexDocument:
    """One annex, in every layout. `texts` holds the blocks of each layout by its name.

    `is_draft` puts BOZZA in the running head (docs/decisions/0030); `number`, `issued_at`,
    `digest`, `anchor` and `verify_at`, the address where its file can be verified, are those of the
    issue and stay empty until there is one. `is_one_person`: approved by whoever had edited it
    last. `reconfirmed` are sentences: how what was copied into it was read again.
    """

    uid: str
    administration: str
    plan: str
    office: str
    head: OfficeHead
    catalogue: tuple[CatalogueRow, ...] = ()
    table: tuple[ProcessRow, ...] = ()
    sheets: tuple[ProcessSheet, ...] = ()
    figures: tuple[FigureTable, ...] = ()
    texts: dict[str, Texts] = field(default_factory=dict)
    is_draft: bool = True
    number: str = ""
    issued_at: str = ""
    digest: str = ""
    anchor: str = ""
    verify_at: str = ""
    is_one_person: bool = False
    reconfirmed: tuple[str, ...] = ()

    @property
    def reread_told(self) -> tuple[str, ...]:
        """The sentences of `reconfirmed` as they are printed.

        Of one process too they are kept in the plural, and digests of closed annexes have them so.
        """
        return tuple(map(_in_number, self.reconfirmed))

    def texts_of(self, layout: str) -> Texts:
        """Return the text blocks of a layout, all empty where the plan has none."""
        return self.texts.get(layout, Texts())


def _in_number(sentence: str) -> str:
    of_one = {
        _("Riconfermati in blocco 1 processi "): _("Riconfermato in blocco 1 processo "),
        _(" su 1 copiati "): _(" su 1 copiato "),
    }
    for many, one in of_one.items():
        sentence = sentence.replace(many, one)
    return sentence
