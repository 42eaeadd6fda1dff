"""What the stages of an import say of a file: one ledger of notes, refusals and questions.

It knows what persons have answered too, so that a stage asks only what is still open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.normalise import short
from registry.readable import grouped
from registry.spreadsheets.workbook import Finding, WorkbookSheet, address
from risk.services.imports.account import Account, Claim, Fate
from risk.services.imports.file_cells import FileCell

QUOTED = 120
"""Characters of a value of the file that are quoted when something is said of it."""


_UNASKED, _UNASKED_CHARS = 4, 60
"""Answers nobody has asked for that are named, and the characters of each."""
_PLACES_CHARS, _MORE = 1_500, "…"
"""Characters of the places a question names, of all files together; what stands for the rest."""


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
    CANCELLED = "cancelled"
    HIDDEN = "hidden"
    COLOUR = "colour"
    PROGRAMME = "programme"
    LIST = "list"
    DITTO = "ditto"
    LEGEND = "legend"
    ORDER = "order"
    ROW = "row"
    EMPTIED = "emptied"
    PROCESS = "process"
    CONFLICT = "conflict"
    COLUMN = "column"
    PLACE = "place"


KIND_LABELS = {
    QuestionKind.COLUMN: gettext_lazy("Titoli delle colonne"),
    QuestionKind.PLACE: gettext_lazy("Ciò che sta attorno alle tabelle"),
    QuestionKind.OFFICE: gettext_lazy("Uffici"),
    QuestionKind.RISK_AREA: gettext_lazy("Aree di rischio"),
    QuestionKind.FUNCTION: gettext_lazy("Funzioni istituzionali"),
    QuestionKind.MACROPROCESS: gettext_lazy("Macroprocessi"),
    QuestionKind.PROCESS_KIND: gettext_lazy("Tipi di processo"),
    QuestionKind.EXECUTOR: gettext_lazy("Esecutori"),
    QuestionKind.LEVEL: gettext_lazy("Livelli di rischio"),
    QuestionKind.INDICATOR_LEVEL: gettext_lazy("Giudizi degli indicatori"),
    QuestionKind.METHOD: gettext_lazy("Metodo di valutazione"),
    QuestionKind.RESULT: gettext_lazy("Risultati che non sono il prodotto"),
    QuestionKind.MEASURE: gettext_lazy("Misure"),
    QuestionKind.CATEGORY: gettext_lazy("Categorie di eventi rischiosi"),
    QuestionKind.FACTOR: gettext_lazy("Fattori abilitanti"),
    QuestionKind.CANCELLED: gettext_lazy("Barrato, nascosto o non applicabile"),
    QuestionKind.HIDDEN: gettext_lazy("Righe nascoste"),
    QuestionKind.COLOUR: gettext_lazy("Colori al posto del livello"),
    QuestionKind.PROGRAMME: gettext_lazy("Ciò che sta accanto alle misure"),
    QuestionKind.LIST: gettext_lazy("Celle con più parti su una riga"),
    QuestionKind.DITTO: gettext_lazy("Segni al posto di un testo"),
    QuestionKind.LEGEND: gettext_lazy("Lettere di una legenda"),
    QuestionKind.ORDER: gettext_lazy("Righe di cui è dubbio il posto"),
    QuestionKind.ROW: gettext_lazy("Righe con la chiave di un’altra"),
    QuestionKind.EMPTIED: gettext_lazy("Celle svuotate"),
    QuestionKind.PROCESS: gettext_lazy("Processi con lo stesso numero"),
    QuestionKind.CONFLICT: gettext_lazy("Cambiati da entrambe le parti"),
}
"""What people read of a kind."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: `key` goes into the answers, `label` is read."""

    key: str
    label: str


@dataclass(slots=True)
class Question:
    """A value that stands for nothing known, or a row nobody but a person can place.

    Answered by {kind: {value: {"is": key} | {"new": true} | {"skip": true}}}. `count` says how
    often it stands in the file, `place` where first. `reason` is the sentence to read; `places` are
    the words of it that say where: those of another table or file are added.
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
    places: str = ""

    def add(self, other: "Question") -> None:
        """Count the same question asked elsewhere, and say where."""
        self.count += other.count
        if not self.places or other.places in self.places or self.places.endswith(_MORE):
            return
        is_short = len(self.places) + len(other.places) <= _PLACES_CHARS
        places = f"{self.places}; {other.places if is_short else _MORE}"
        self.reason = self.reason.replace(self.places, places, 1)
        self.places = places


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One sentence about a place of the file. `column` is a letter, "" for a whole row."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str


class Ledger:
    """The notes, refusals and questions of one file, in the order the stages came to them.

    `account` says what became of each of its cells.

    A note stops nothing: joined words, skipped heads. A refusal stops the file. A question waits
    for a person; asked again it is only counted.
    """

    def __init__(
        self, answers: Mapping[str, Any] | None = None, account: Account | None = None
    ) -> None:
        self.account = account or Account()
        self.notes: list[LedgerLine] = []
        self.refusals: list[LedgerLine] = []
        self.questions: dict[tuple[QuestionKind, str], Question] = {}
        self._answers = answers or {}
        self._looked_for: set[tuple[str, str]] = set()
        self._told: set[tuple[str, int, int, str]] = set()

    def add(self, finding: Finding) -> None:
        """Add what reading or recognising has found: a refusal where it stops, else a note."""
        column = address(0, finding.column)
        line = LedgerLine(finding.sheet, finding.row, column, finding.value, finding.reason)
        (self.refusals if finding.stops else self.notes).append(line)

    def note(self, cell: FileCell, reason: str) -> None:
        """Note something of a cell; a merged cell, read for each of its rows, is told once."""
        if self._is_first(cell, reason):
            self.notes.append(line_at(cell, reason))

    def refuse(self, cell: FileCell, reason: str) -> None:
        """Refuse a cell, once."""
        if self._is_first(cell, reason):
            self.refusals.append(line_at(cell, reason))

    def answers(self, kind: QuestionKind) -> Mapping[str, Any]:
        """Return all that persons have answered to the questions of a kind, by its value."""
        return self._answers.get(kind, {})

    def answer(self, kind: QuestionKind, value: str) -> dict[str, Any]:
        """Return what a person has answered to a question, {} as long as nobody has."""
        self._looked_for.add((kind, value))
        return self.answers(kind).get(value, {})

    def note_unasked(self) -> None:
        """Note what has been answered that no stage has come to ask: it has no effect."""
        for kind, values in self._answers.items():
            unasked = [value for value in values if (kind, value) not in self._looked_for]
            if not unasked:
                continue
            if kind in KIND_LABELS:
                what = str(KIND_LABELS[QuestionKind(kind)])
                reason = _("Il file non lo chiede: la risposta non ha effetto (%(kind)s).")
            else:
                what = kind
                reason = _("Nessuna domanda si chiama così: la risposta non ha effetto (%(kind)s).")
            texts = ", ".join(f"«{short(value, _UNASKED_CHARS)}»" for value in unasked[:_UNASKED])
            more = len(unasked) - _UNASKED
            if more > 0:
                texts += _(" e altre %(n)s") % {"n": grouped(more)}
            self.notes.append(LedgerLine("", 0, "", texts, reason % {"kind": what}))

    def leave_out(
        self, cell: FileCell, what: str, reason: str = "", *, by_person: bool = False
    ) -> None:
        """Say that a cell which was taken for a field is left out after all."""
        claim = Claim(Fate.LEFT_OUT, what, reason, by_person)
        self.account.set(cell.sheet, cell.row, cell.column, claim)

    def ask(self, question: Question, cell: FileCell | None = None) -> None:
        """Ask a person about a cell; a question asked already is counted once more."""
        if cell is not None:
            self._is_asked(cell)
        key = (question.kind, question.value)
        if key in self.questions:
            self.questions[key].add(question)
        else:
            self.questions[key] = question

    def ask_again(self, kind: QuestionKind, value: str, cell: FileCell) -> None:
        """Count a value met once more, where it is asked about."""
        if (kind, value) in self.questions:
            self._is_asked(cell)
            self.questions[kind, value].count += 1

    def chosen(
        self,
        kind: QuestionKind,
        value: str,
        cell: FileCell,
        choices: tuple[Choice, ...],
        reason: str,
        likely: Choice | None = None,
    ) -> str | None:
        """Return the key of the choice a person made about a text; ask with `reason` before."""
        answer = self.answer(kind, value).get("is")
        if answer in {choice.key for choice in choices}:
            return answer
        proposed = likely.key if likely else ""
        question = Question(kind, value, reason, choices, place=place_of(cell), proposed=proposed)
        self.ask(question, cell)
        return None

    def _is_asked(self, cell: FileCell) -> None:
        claim = Claim(Fate.ASKED, _("valori da riconoscere"))
        self.account.set(cell.sheet, cell.row, cell.column, claim)

    def _is_first(self, cell: FileCell, reason: str) -> bool:
        key = (cell.sheet, cell.row, cell.column, reason)
        is_first = key not in self._told
        self._told.add(key)
        return is_first


def line_at(cell: FileCell, reason: str) -> LedgerLine:
    """Return what is to be said of one cell, its text shortened."""
    return LedgerLine(cell.sheet, cell.row, address(0, cell.column), cell.text[:QUOTED], reason)


def by_sheet(told: Sequence[tuple[WorkbookSheet, str]], between: str = ", ") -> str:
    """Return places under the names of their sheets, where one name alone would not do."""
    texts: dict[str, list[str]] = {}
    for sheet, text in told:
        texts.setdefault(sheet.name, []).append(text)
    if len(texts) == 1 and not told[0][0].file:
        return between.join(text for _sheet, text in told)
    return "; ".join(f"{name}: {', '.join(own)}" for name, own in texts.items())


def place_of(cell: FileCell) -> str:
    """Return where a cell stands as a question says it."""
    return f"{cell.sheet}, {cell.place}" if cell.place else cell.sheet
