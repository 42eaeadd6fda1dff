"""What taking workbooks in would do: computed when they come, and again under the locks."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.core.exceptions import ValidationError

from registry.readable import readable
from risk.models import Evidence, Measurement, RoundAnswer, RoundItem, StepState
from risk.services.answer_books.contents import ANSWERED, shown_answer, shown_state
from risk.services.monitoring.steps import TOLD
from risk.workbooks.answers import FILLED, STEPPED

SHOWN = 100
"""Rows of each list of a preview that are shown; all are taken, or told by how many more."""
_SHOWN_CHARS = 200
_KINDS = 4
"""What is counted of each office: answers, measurements, proofs, steps."""


@dataclass(frozen=True, slots=True)
class ToldFile:
    """What a file is found to be; `office` and counts are of one that is taken."""

    name: str
    sentence: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """A row that is not taken: in which file, where, of what, why."""

    file: str
    place: str
    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """An answer as it will be, and as it is; `names` are the fields that change."""

    answer: RoundAnswer
    before: RoundAnswer
    names: tuple[str, ...]

    def fields(self) -> list[tuple[str, str, str]]:
        """Return label, before and after of what changes."""
        before, after = shown_answer(self.before), shown_answer(self.answer)
        return [(str(FILLED[name].heading), before[name], after[name]) for name in self.names]


@dataclass(frozen=True, slots=True)
class ChangedStep:
    """What is said of a step as it will be, and as it is."""

    state: StepState
    before: StepState

    @property
    def values(self) -> list[Any]:
        """What is said of it, field by field."""
        return [getattr(self.state, name) for name in TOLD]

    def fields(self) -> list[tuple[str, str, str]]:
        """Return label, before and after of what changes."""
        before, after = shown_state(self.before), shown_state(self.state)
        return [
            (str(STEPPED[name].heading), before[name], after[name])
            for name in TOLD
            if before[name] != after[name]
        ]


class WrongRow(Exception):
    """A row is not taken as it stands; `errors` are sentences by field, "" for the whole row."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def of(cls, wrong: ValidationError) -> Self:
        """Return what a model or a service has refused, by field."""
        if not hasattr(wrong, "error_dict"):
            return cls({"": wrong.messages[0]})
        return cls({name: messages[0] for name, messages in wrong.message_dict.items()})


def values_read(cells: Mapping[str, Any], readers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what cells say, each by its reader; raises `WrongRow` for all that say nothing."""
    values, errors = {}, {}
    for name, cell in cells.items():
        try:
            values[name] = readers[name](cell)
        except ValidationError as wrong:
            errors[name] = wrong.messages[0]
    if errors:
        raise WrongRow(errors)
    return values


@dataclass(slots=True)
class BooksProposal:
    """All that files would write, and all of them that is not taken."""

    files: list[ToldFile] = field(default_factory=list)
    answers: list[ChangedAnswer] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    steps: list[ChangedStep] = field(default_factory=list)
    wrong: list[ToldRow] = field(default_factory=list)
    conflicts: list[ToldRow] = field(default_factory=list)
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not (self.answers or self.measurements or self.evidence or self.steps)

    @property
    def digest(self) -> str:
        """The SHA-256 of what would be written, over which versions of what rows."""
        lines: list[Any] = [
            [str(one.answer.item.uid), one.answer.version, _plain(one.answer, ANSWERED)]
            for one in self.answers
        ]
        parts = ("value", "numerator", "denominator", "measured_on", "source", "correction_reason")
        lines += [
            [str(one.item.uid), str(one.indicator.uid), one.replaces_id, _plain(one, parts)]
            for one in self.measurements
        ]
        proofs = ("reference", "proves", "has_personal_data")
        lines += [[str(one.item.uid), _plain(one, proofs)] for one in self.evidence]
        lines += [
            [str(one.state.item.uid), str(one.state.step.uid), one.state.version]
            + _plain(one.state, TOLD)
            for one in self.steps
        ]
        return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()


def _plain(row: Any, names: Iterable[str]) -> list[str]:
    return [str(getattr(row, name)) for name in names]


def report_of(proposal: BooksProposal) -> dict[str, Any]:
    """Return what the page of the files shows, as JSON: whole counts, the first rows of each list.

    `offices` are the names of the offices whose files are taken, with what each would change.
    """
    offices = {one.office: [0] * _KINDS for one in proposal.files if one.office}
    rows: list[tuple[int, RoundItem]] = [(0, one.answer.item) for one in proposal.answers]
    rows += [(1, one.item) for one in proposal.measurements]
    rows += [(2, one.item) for one in proposal.evidence]
    rows += [(3, one.state.item) for one in proposal.steps]
    counts = Counter((item.office.name, place) for place, item in rows)
    for (office, place), n in counts.items():
        offices.setdefault(office, [0] * _KINDS)[place] = n
    changed = list(dict.fromkeys(item for _place, item in rows))
    return {
        "digest": "" if proposal.is_empty else proposal.digest,
        "files": [
            {"name": one.name, "sentence": one.sentence, "office": one.office}
            for one in sorted(proposal.files, key=lambda one: (not one.sentence, one.name))
        ],
        "offices": [{"office": name, "counts": n} for name, n in sorted(offices.items())],
        "keys": sorted({item.office_id for _place, item in rows}),
        "answers": len(proposal.answers),
        "measurements": len(proposal.measurements),
        "evidence": len(proposal.evidence),
        "steps": len(proposal.steps),
        "unchanged": proposal.unchanged,
        "changes": _changes(proposal, changed[:SHOWN]),
        "more_changes": len(changed[SHOWN:]),
        "n_wrong": len(proposal.wrong),
        "n_conflicts": len(proposal.conflicts),
        "wrong": _told(proposal.wrong),
        "more_wrong": len(proposal.wrong[SHOWN:]),
        "conflicts": _told(proposal.conflicts),
        "more_conflicts": len(proposal.conflicts[SHOWN:]),
    }


def _told(rows: list[ToldRow]) -> list[dict[str, str]]:
    return [
        {"file": one.file, "place": one.place, "what": one.what, "sentence": one.sentence}
        for one in rows[:SHOWN]
    ]


def _changes(proposal: BooksProposal, shown: Iterable[RoundItem]) -> list[dict[str, Any]]:
    """Return measures that change, each with what is written of it."""
    lines: dict[int, list[dict[str, str]]] = {item.pk: [] for item in shown}
    for one in proposal.answers:
        if one.answer.item_id in lines:
            lines[one.answer.item_id] += [_line(*field) for field in one.fields()]
    for row in proposal.measurements:
        after = f"{row.numerator} / {row.denominator}" if row.value is None else readable(row.value)
        if row.item_id in lines:
            lines[row.item_id].append(_line(row.indicator.label, "", after))
    for proof in proposal.evidence:
        label = str(Evidence._meta.verbose_name).capitalize()
        if proof.item_id in lines:
            lines[proof.item_id].append(_line(label, "", proof.reference))
    for step in proposal.steps:
        if step.state.item_id in lines:
            what = _short(step.state.step.description)
            lines[step.state.item_id] += [
                _line(f"{what}, {label}", before, after) for label, before, after in step.fields()
            ]
    return [{**_head(item), "lines": lines[item.pk]} for item in shown]


def _line(label: str, before: str, after: str) -> dict[str, str]:
    return {"label": label, "before": _short(before), "after": _short(after)}


def _head(item: RoundItem) -> dict[str, Any]:
    return {
        "uid": str(item.uid),
        "office": item.office.name,
        "measure": item.planned_measure.measure.label,
    }


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}…"
