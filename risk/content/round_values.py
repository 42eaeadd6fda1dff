"""What the report of a round of monitoring says, restored from its canonical data alone.

The public data are those of the body without evidence, remarks and whatever an office wrote in its
own words: outcomes, causes, measured values and corrections are left. Of an answer that no head has
confirmed they say nothing.
"""

import datetime
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from registry.packing import DamagedContentError
from risk.content.canonical import UnknownFormatError, canonical_json
from risk.enums import (
    CheckOutcome,
    DeclaredOutcome,
    DelayCause,
    DerivedOutcome,
    RoundCoverage,
    RoundKind,
)
from risk.scoring.outcomes import OutcomeGroup, group_of

FORMAT = 2
"""Version of the form of the data; 1 had no areas, typologies, earlier rounds and corrections."""

_PRIVATE = ("done", "reason", "evidence", "files", "finding", "not_due_reason")
"""What the public data of a measure leave empty."""
_OF_DRAW = ("witnesses", "minutes")
"""What they leave out of a draw: words of people."""
_UNANSWERED = (DerivedOutcome.NO_ANSWER, DerivedOutcome.NOT_DUE)
"""Outcomes of measures whose answer, where there is one, no head has confirmed."""
_SAID = ("declared", "cause", "proposed_on")
"""What an answer says besides its words: of one that was not confirmed nothing is public."""


class _Known:
    """A value restored from data: what they lack is left as it is, what they have more is left."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the value of some data; lists become tuples."""
        names = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        known = {name: _frozen(value) for name, value in data.items() if name in names}
        return cls(**known)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclass(frozen=True)
class ReportMeasure(_Known):
    """One measure of a round. Texts are as they were written; choices are their values."""

    uid: str
    measure: str
    office: str
    outcome: str
    outcome_reason: str
    planned: str = ""
    declared: str = ""
    done: str = ""
    cause: str = ""
    reason: str = ""
    proposed_on: str = ""
    not_due_reason: str = ""
    areas: tuple[str, ...] = ()
    typologies: tuple[str, ...] = ()
    measurements: tuple[Mapping[str, Any], ...] = ()
    evidence: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Digests of the files that prove it."""
    check: str = ""
    round: str = ""
    """Which round says it, where there are several."""
    finding: str = ""
    """What the RPCT found; and in `check` how it was judged."""
    steps: tuple[Mapping[str, Any], ...] = ()
    """Its steps and how far each is; none where nothing was said of any."""
    late_days: int | None = None
    """By how many days its steps are late, of one in progress."""
    progress: tuple[Mapping[str, Any], ...] = ()
    """How its indicators went until then; none where nothing was measured, or was kept."""

    @property
    def group(self) -> OutcomeGroup:
        """In which of the four groups it is drawn."""
        return group_of(self.outcome, self.declared, self.late_days)

    @property
    def outcome_label(self) -> str:
        return str(DerivedOutcome(self.outcome).label)

    @property
    def declared_label(self) -> str:
        """What the office declared, in words; "" where it did not."""
        return str(DeclaredOutcome(self.declared).label) if self.declared else ""

    @property
    def cause_label(self) -> str:
        return str(DelayCause(self.cause).label) if self.cause else ""

    @property
    def check_label(self) -> str:
        return str(CheckOutcome(self.check).label) if self.check else ""


@dataclass(frozen=True)
class UnaskedMeasure(_Known):
    """A measure of the plan that a round did not ask about."""

    measure: str
    office: str


@dataclass(frozen=True)
class EarlierRound(_Known):
    """A round before this one, of this plan or of those it comes from: how many of each group."""

    plan: str
    label: str
    situation_on: str
    groups: Mapping[str, int]


@dataclass(frozen=True)
class EarlierYear(_Known):
    """A year before, of this plan or of those it comes from: how many measures of each group."""

    plan: str
    year: str
    groups: Mapping[str, int]


@dataclass(frozen=True)
class ReportCorrection(_Known):
    """What was found to be otherwise; `corrects` is the digest of the data it corrects."""

    on: str
    said: str
    reason: str
    measure: str = ""
    office: str = ""
    item: str = ""
    outcome: str = ""
    was: str = ""

    @property
    def outcome_label(self) -> str:
        return str(DerivedOutcome(self.outcome).label) if self.outcome else ""

    @property
    def was_label(self) -> str:
        """The outcome that was issued, in words."""
        return str(DerivedOutcome(self.was).label) if self.was else ""


@dataclass(frozen=True)
class RoundReport:
    """A round as its report tells it."""

    plan: str
    label: str
    kind: str
    situation_on: str
    coverage: str
    criteria: str
    measures: tuple[ReportMeasure, ...]
    body: str = ""
    answers_by: str = ""
    checks_by: str = ""
    level: str = ""
    planned: int = 0
    """How many measures the plan has; 0 where it was not kept."""
    unasked: tuple[UnaskedMeasure, ...] = ()
    earlier: tuple[EarlierRound, ...] = ()
    years: tuple[EarlierYear, ...] = ()
    """The years before, of the paper of a year."""
    corrections: tuple[ReportCorrection, ...] = ()
    corrects: str = ""
    """The digest of the data of the first issue, where this one corrects it."""
    is_public: bool = False
    is_of_office: bool = False
    """Whether it is that of one office, of which it has the measures alone."""
    data: Mapping[str, Any] | None = None
    """All of it as it was read: what other rooms print of it."""

    @property
    def kind_label(self) -> str:
        return str(RoundKind(self.kind).label)

    @property
    def coverage_label(self) -> str:
        """Which measures were asked, in words, with the level where there is one."""
        label = RoundCoverage(self.coverage).label
        return f"{label} ({self.level})" if self.level else str(label)

    def only(self, uids: Collection[str]) -> "RoundReport":
        """Return the report of some of its measures, as that of one office."""
        measures = tuple(one for one in self.measures if one.uid in uids)
        offices = {one.office for one in measures}
        return replace(
            self,
            measures=measures,
            is_of_office=True,
            data=None,
            unasked=tuple(one for one in self.unasked if one.office in offices),
            earlier=(),
            corrections=tuple(one for one in self.corrections if not one.item or one.item in uids),
        )


def written(content: Mapping[str, Any]) -> str:
    """Return the canonical JSON of a round: the same content gives the same text."""
    return canonical_json({"format": FORMAT, "round": content})


def public_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what everybody reads of a round."""
    measures = []
    for one in content["measures"]:
        kept = {name: value for name, value in one.items() if name not in _PRIVATE}
        kept["measurements"] = [_without(row, "source") for row in one["measurements"]]
        if "steps" in one:
            kept["steps"] = [_without(row, "note") for row in one["steps"]]
        if one["outcome"] in _UNANSWERED:
            kept = _unanswered(kept)
        measures.append(kept)
    public = {**content, "measures": measures, "is_public": True}
    # what was asked of an office is told to the body alone
    public.pop("follow_ups", None)
    if drawn := content.get("sample"):
        said = {name: value for name, value in drawn.items() if name not in _OF_DRAW}
        public["sample"] = said
    return public


def _unanswered(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is public of a measure nobody has answered for: that it has no answer."""
    told = {name: value for name, value in kept.items() if name not in ("steps", "progress")}
    return {**told, **dict.fromkeys(_SAID, ""), "measurements": []}


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def restore_round(data: str) -> RoundReport:
    """Return what canonical data say.

    Raises `UnknownFormatError` for those of a later version, `DamagedContentError` for what is no
    such data.
    """
    try:
        told = json.loads(data)
        version, content = told["format"], told["round"]
    except (ValueError, KeyError, TypeError) as fault:
        raise DamagedContentError(str(fault)) from fault
    if version not in (1, FORMAT):
        raise UnknownFormatError(version)
    return report_of(content)


def report_of(content: Mapping[str, Any]) -> RoundReport:
    """Return the report of the content of a round."""
    names = {field.name for field in fields(RoundReport)}
    plain = {name: value for name, value in content.items() if name in names}
    lists: dict[str, type[_Known]] = {
        "measures": ReportMeasure,
        "unasked": UnaskedMeasure,
        "earlier": EarlierRound,
        "years": EarlierYear,
        "corrections": ReportCorrection,
    }
    for name, kind in lists.items():
        plain[name] = tuple(kind.of(one) for one in content.get(name, ()))
    return RoundReport(**plain, data=content)


def day(text: str) -> str:
    """Return a day of the data (2027-01-31) as it is printed; "" of none."""
    return f"{datetime.date.fromisoformat(text):%d/%m/%Y}" if text else ""
