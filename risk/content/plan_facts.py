"""What the parts of a plan are made of: few facts of each process, read from what is printed of it.

The documents of the annexes are all they are read from, so that of an issued annex they are what
was issued.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registry.enums import RiskPresence
from risk.content.plan_values import ExemptOffice, PlanChapter, PlanContribution, PlanObjective
from risk.content.values import (
    AnnexDocument,
    Entry,
    FigureTable,
    LevelLabel,
    NumberedProcess,
    ProcessSheet,
    SheetAssessment,
    SheetMeasure,
)
from risk.enums import MeasureScope, Tone

HIGH = (Tone.HIGH.value, Tone.CRITICAL.value)
"""The tones of the levels a citizen is told of."""
_GRAVITY = (Tone.CRITICAL, Tone.HIGH, Tone.MEDIUM, Tone.LOW, Tone.NEUTRAL)
# As `risk.content.build_measures` writes a step: "1. What: when, entro il 31/12/2026 (who)".
_DUE = re.compile(r"[:,] entro il (\d{2})/(\d{2})/(\d{4})(?: \((.+)\))?$")
_NUMBER = re.compile(r"^\d+\. ")


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step of a measure: `said` is what it is and when, `due_on` its last day, if it has one.

    Of one without a day the last brackets `perhaps` say who answers for it, and perhaps something
    else: they are in `said` still.
    """

    said: str
    due_on: datetime.date | None
    responsible: str
    perhaps: str = ""

    def answered_by(self, known: Callable[[str], bool]) -> "StepFacts":
        """Return the step with who answers for it, where the last brackets name one `known`."""
        if not (self.perhaps and known(self.perhaps)):
            return self
        said = self.said.removesuffix(f" ({self.perhaps})")
        return StepFacts(said, self.due_on, self.perhaps)


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A programmed measure; `missing` names what of its programme is not there yet."""

    uid: str
    title: str
    is_specific: bool
    responsible: str
    steps: tuple[StepFacts, ...] = ()
    missing: tuple[str, ...] = ()
    objective: str = ""
    """The title of the objective it serves, if it serves one."""
    is_of_office: bool = False
    """Whether it is said for all of an office, not process by process."""

    @property
    def due_on(self) -> datetime.date | None:
        """The day the last of its steps ends, None where no step has one."""
        return max((one.due_on for one in self.steps if one.due_on), default=None)


@dataclass(frozen=True, slots=True)
class ProcessFacts(NumberedProcess):
    """A process: its level with the reason for it, what may go wrong, what is done."""

    uid: str
    number: str
    title: str
    area: str
    level: LevelLabel | None
    reason: tuple[str, ...]
    is_without_risk: bool
    behaviours: tuple[str, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()
    methods: tuple[str, ...] = ()
    code: str = ""

    @property
    def is_high(self) -> bool:
        return self.level is not None and self.level.tone in HIGH

    @property
    def missing(self) -> tuple[str, ...]:
        """What the process still wants, each in words."""
        return tuple(_missing(self))


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    """An annex with its processes, in their order."""

    uid: str
    office: str
    head: str
    processes: tuple[ProcessFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan: its annexes, and what is said of it as a whole."""

    annexes: tuple[AnnexFacts, ...] = ()
    measures: tuple[SheetMeasure, ...] = ()
    exempt: tuple[ExemptOffice, ...] = ()
    figures: tuple[FigureTable, ...] = ()
    objectives: tuple[PlanObjective, ...] = ()
    chapters: tuple[PlanChapter, ...] = ()
    contributions: tuple[PlanContribution, ...] = ()
    wide: tuple[MeasureFacts, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wide", tuple(map(_measure, self.measures)))

    @property
    def processes(self) -> Iterator[tuple[AnnexFacts, ProcessFacts]]:
        """Each process with its annex, in their order."""
        return ((annex, process) for annex in self.annexes for process in annex.processes)

    @property
    def ranked(self) -> list[tuple[AnnexFacts, ProcessFacts]]:
        """The same, the gravest first: those without a level before those without a risk."""
        return sorted(self.processes, key=lambda pair: gravity(pair[1]))


def without_codes(facts: PlanFacts) -> PlanFacts:
    """Return the facts of a plan whose processes are called by their numbers alone."""
    annexes = (
        replace(annex, processes=tuple(replace(one, code="") for one in annex.processes))
        for annex in facts.annexes
    )
    return replace(facts, annexes=tuple(annexes))


def gravity(process: ProcessFacts) -> int:
    """Return what processes are ranked by, the gravest first."""
    if process.level is not None:
        return _GRAVITY.index(Tone(process.level.tone))
    return len(_GRAVITY) + process.is_without_risk


def annex_facts(document: AnnexDocument) -> AnnexFacts:
    """Return the facts of an annex from what is printed of it."""
    known: dict[SheetMeasure, MeasureFacts] = {}
    return AnnexFacts(
        uid=document.uid,
        office=document.office,
        head=str(document.head),
        processes=tuple(_process(sheet, known) for sheet in document.sheets),
    )


def _process(sheet: ProcessSheet, known: dict[SheetMeasure, MeasureFacts]) -> ProcessFacts:
    for measure in sheet.measures:
        if measure not in known:
            known[measure] = _measure(measure)
    judged = [*sheet.assessments, *(one for row in sheet.behaviours for one in row.assessments)]
    return ProcessFacts(
        uid=sheet.uid,
        number=sheet.number,
        code=sheet.code,
        title=sheet.title,
        area=" ".join(_lines(sheet.entries, _("Area di rischio"))),
        level=sheet.level,
        reason=_reason(sheet),
        is_without_risk=sheet.presence == RiskPresence.ABSENT.label.capitalize(),
        behaviours=tuple(row.text for row in sheet.behaviours),
        measures=tuple(known[measure] for measure in sheet.measures),
        methods=tuple(dict.fromkeys(one.method for one in judged)),
    )


def _reason(sheet: ProcessSheet) -> tuple[str, ...]:
    """Return the reason for the level of a process, of a derived one that of its behaviour."""
    if sheet.level is None:
        return ()
    of_behaviours = (one for row in sheet.behaviours for one in row.assessments)
    judged: Iterable[SheetAssessment] = of_behaviours if sheet.level.derived else sheet.assessments
    for one in judged:
        if one.level is not None and one.level.label == sheet.level.label:
            return tuple(
                line
                for entry in one.entries
                # one that was copied says so in its label
                if entry.label.startswith(_("Motivazione"))
                for line in entry.lines
            )
    return ()


def _measure(row: SheetMeasure) -> MeasureFacts:
    responsible = " ".join(_lines(row.entries, _("Soggetto responsabile")))
    wanting = ", ".join(_lines(row.entries, _("Non ancora indicati")))
    asked = (_("fasi e tempi di attuazione"), _("soggetto responsabile"), _("valore target"))
    return MeasureFacts(
        uid=row.uid,
        title=row.title,
        is_specific=row.kind == _("misura specifica"),
        responsible=responsible,
        steps=tuple(
            _step(line, responsible)
            for line in _lines(row.entries, _("Fasi e tempi di attuazione"))
        ),
        missing=tuple(one for one in asked if one in wanting),
        objective=" ".join(_lines(row.entries, _("Obiettivo del piano"))),
        is_of_office=_lines(row.entries, _("Ambito")) == (str(MeasureScope.ANNEX.label),),
    )


def _step(line: str, responsible: str) -> StepFacts:
    said = _NUMBER.sub("", line)
    found = _DUE.search(said)
    if found is None:
        return StepFacts(said, None, responsible, _last_brackets(said))
    day, month, year = (int(found[place]) for place in (1, 2, 3))
    try:
        due_on = datetime.date(year, month, day)
    except ValueError:
        # typed as a text that is no day
        return StepFacts(said, None, responsible, _last_brackets(said))
    return StepFacts(said[: found.start()], due_on, found[4] or responsible)


def _last_brackets(said: str) -> str:
    """Return what stands in the brackets a step ends with, "" where it ends with none."""
    if not said.endswith(")"):
        return ""
    depth = 0
    for place in range(len(said) - 1, 0, -1):
        depth += (said[place] == ")") - (said[place] == "(")
        if depth == 0:
            return said[place + 1 : -1] if said[place - 1] == " " else ""
    return ""


def _lines(entries: Iterable[Entry], label: str) -> tuple[str, ...]:
    return next((entry.lines for entry in entries if entry.label == label), ())


def _missing(process: ProcessFacts) -> Iterator[str]:
    if process.is_without_risk:
        return
    if process.level is None:
        yield _("il livello di rischio")
    elif not process.reason:
        yield _("la motivazione del livello")
    if not process.measures:
        yield _("le misure")
    for measure in process.measures:
        if measure.is_specific and measure.missing:
            names = {"measure": measure.title, "missing": ", ".join(measure.missing)}
            yield _("della misura «%(measure)s»: %(missing)s") % names
