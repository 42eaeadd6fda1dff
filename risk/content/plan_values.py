"""What a plan says on paper: frozen, resolved text, as for the annexes (`values`)."""

import base64
from dataclasses import dataclass
from typing import Any

from risk.content.part_values import PartContent
from risk.content.values import FigureTable, SheetMeasure


@dataclass(frozen=True, slots=True)
class PlanAct:
    """The act of adoption as printed; dates as 31/01/2027, empty where there is none."""

    organ: str
    kind: str
    number: str
    date: str
    effective_on: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An issued annex the plan is made of, and the digests that bind it."""

    uid: str
    office: str
    head: str
    number: str
    issued_on: str
    protocol: str
    file_name: str
    data_digest: str
    pdf_digest: str


@dataclass(frozen=True, slots=True)
class ExemptOffice:
    """An office the edition goes without, and why."""

    office: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    """What shows whether an objective is reached; `targets` are a year and a value each."""

    label: str
    formula: str
    source: str
    baseline: str
    targets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanObjective:
    """An objective of the plan; `title` is what the sheets of the measures that serve it say."""

    uid: str
    title: str
    description: tuple[str, ...] = ()
    performance: str = ""
    indicators: tuple[PlanIndicator, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanChapter:
    """A chapter of the plan in its own words; `blocks` are as in `risk.formatted.tree`."""

    uid: str
    title: str
    blocks: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanContribution:
    """A contribution to the consultation without who sent it, and what has become of it.

    `changed` are the rows that changed: a kind (`risk.enums.ContributionSubject`), a uid, a name.
    """

    uid: str
    number: str
    sender: str
    way: str
    received_on: str
    subject: str
    text: tuple[str, ...] = ()
    outcome: str = ""
    reason: tuple[str, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """An adopted plan; `issued_at`, `digest`, `anchor` and `verify_at` are those of the issue."""

    administration: str
    ipa_code: str
    title: str
    kind: str
    years: str
    act: PlanAct
    annexes: tuple[PlanEntry, ...] = ()
    exempt: tuple[ExemptOffice, ...] = ()
    figures: tuple[FigureTable, ...] = ()
    measures: tuple[SheetMeasure, ...] = ()
    objectives: tuple[PlanObjective, ...] = ()
    chapters: tuple[PlanChapter, ...] = ()
    contributions: tuple[PlanContribution, ...] = ()
    issued_at: str = ""
    digest: str = ""
    anchor: str = ""
    verify_at: str = ""


@dataclass(frozen=True, slots=True)
class BoundSection:
    """A section of a part of a plan in one document: where its link leads, and on which page."""

    name: str
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class BoundLine:
    """A line of the contents of a plan in one document: a part, its page, its sections."""

    name: str
    title: str
    detail: str
    page: int
    sections: tuple[BoundSection, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanEmblem:
    """The emblem of a body: an image, and what is read in its place."""

    kind: str
    content: bytes
    alternative: str

    @property
    def address(self) -> str:
        """The image as an address that fetches nothing."""
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class BoundPlan:
    """What stands before the annexes where a plan is one document, in any state.

    `act` is there once it is adopted; until then it is a draft of the day `drafted_on`. `version`
    tells its content: the same content has the same. `parts` stand before the annexes, in their
    order; what is drawn with more than they say is beside them. It may be chosen without annexes.
    `mark` stands across each page, where there is one; without an `rpct` nobody is named.
    """

    administration: str
    title: str
    kind: str
    years: str
    rpct: str
    version: str = ""
    drafted_on: str = ""
    act: PlanAct | None = None
    exempt: tuple[ExemptOffice, ...] = ()
    figures: tuple[FigureTable, ...] = ()
    measures: tuple[SheetMeasure, ...] = ()
    objectives: tuple[PlanObjective, ...] = ()
    chapters: tuple[PlanChapter, ...] = ()
    contributions: tuple[PlanContribution, ...] = ()
    parts: tuple[PartContent, ...] = ()
    has_annexes: bool = True
    emblem: PlanEmblem | None = None
    lines: tuple[BoundLine, ...] = ()
    mark: str = ""
