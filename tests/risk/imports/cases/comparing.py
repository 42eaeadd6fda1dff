"""What is wrong between what a file should become and what a door has made of it, in lines."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry.normalise import fold
from tests.risk.imports.cases.doors import Told
from tests.risk.imports.cases.outcomes import ANY, Asked, MeasureRow, Note, Outcome, ProcessRow
from tests.risk.imports.cases.register import together

_CELL = re.compile(r"([A-Z]{1,2})?(\d+)?")


def differences(
    outcome: Outcome, told: Told, processes: list[ProcessRow], planned: list[MeasureRow]
) -> list[str]:
    """Return in lines what differs between an outcome and what a door has said and written."""
    lines = list(_questions(outcome, told))
    if told.stuck:
        return [*lines, f"stuck: {told.stuck}"]
    if outcome.refusal:
        return [*lines, *_refused(outcome, told, processes)]
    lines += [f"refused: {_said(one)}" for one in told.problems]
    lines += [f"not noted: {note}" for note in outcome.notes if not _is_said(note, told.notes)]
    if not told.is_taken:
        return [*lines, "it did not go in"]
    if outcome.counts is not None and outcome.counts != told.counts:
        lines.append(f"counts: {outcome.counts} wanted, {told.counts} found")
    of = {row.title: row for row in outcome.processes}
    lines += _rows("process", outcome.processes, processes)
    lines += _rows("measure", together(outcome.measures, of), _alike(outcome, planned))
    return lines


def disagreements(one: Told, other: Told) -> list[str]:
    """Return in lines what the command and the pages say otherwise."""
    lines = []
    for what in ("is_taken", "counts"):
        if getattr(one, what) != getattr(other, what):
            lines.append(f"{what}: command {getattr(one, what)}, page {getattr(other, what)}")
    for what in ("notes", "problems"):
        said = [{_told(row["reason"]) for row in getattr(door, what)} for door in (one, other)]
        if said[0] != said[1]:
            lines.append(f"{what}: command {said[0]}, page {said[1]}")
    asked = [
        {(kind, value): row.get("proposed") for kind, rows in door.questions.items()
         for value, row in rows.items()}
        for door in (one, other)
    ]  # fmt: skip
    if asked[0] != asked[1]:
        lines.append(f"questions: command {asked[0]}, page {asked[1]}")
    return lines


def _told(reason: str) -> str:
    """Return a sentence without who has left a column out: on the page a person says so."""
    return fold(reason).split("): ")[0].rstrip(".)")


def _questions(outcome: Outcome, told: Told) -> Iterator[str]:
    wanted = {one.kind: one for one in outcome.asks}
    for kind, rows in told.questions.items():
        if kind not in wanted:
            yield f"asked, and should not be: {kind} {list(rows)}"
        for value, row in rows.items():
            heard = fold(f"{value} {row.get('reason', '')}")
            yield from (
                f"the question «{value}» speaks of «{word}»"
                for word in outcome.not_asked
                if fold(word) in heard
            )
    for kind, asked in wanted.items():
        if kind not in told.questions:
            yield f"not asked: {kind} {list(asked.values)}"
        else:
            yield from _one_kind(asked, told.questions[kind])


def _one_kind(asked: Asked, rows: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if ANY in asked.values:
        pairs = [(asked.values[ANY], row) for row in rows.values()]
        if len(rows) != len(asked.values):
            yield f"{asked.kind}: {len(asked.values)} wanted, asked {list(rows)}"
    else:
        if set(rows) != set(asked.values):
            yield f"{asked.kind}: {sorted(asked.values)} wanted, asked {sorted(rows)}"
        pairs = [(asked.values[value], row) for value, row in rows.items() if value in asked.values]
    for likely, row in pairs:
        if likely not in (ANY, row.get("proposed", "")):
            yield f"{asked.kind} «{row['value']}»: «{row.get('proposed')}» marked, not «{likely}»"
    heard = fold(" ".join(f"{v} {r.get('reason', '')} {r.get('place', '')}"
                          for v, r in rows.items()))  # fmt: skip
    for word in asked.says:
        if fold(word) not in heard:
            yield f"{asked.kind}: nothing is said of «{word}»"


def _refused(outcome: Outcome, told: Told, processes: list[ProcessRow]) -> Iterator[str]:
    if told.is_taken or processes:
        yield "it went in, and should not"
    refusal = outcome.refusal
    note = Note(refusal.place, refusal.words) if refusal else Note("")
    if not _is_said(note, told.problems):
        yield f"not refused: {refusal}; said {[_said(one) for one in told.problems]}"


def _alike(outcome: Outcome, planned: list[MeasureRow]) -> list[MeasureRow]:
    """Return measures as written, the typologies left out where the outcome does not tell them."""
    if any(row.typologies is not None for row in outcome.measures):
        return planned
    return [
        MeasureRow(row.label, row.targets, row.person, row.steps, row.indicators) for row in planned
    ]


def _rows(what: str, wanted: Iterable[Any], found: Iterable[Any]) -> Iterator[str]:
    missing = [row for row in wanted if row not in found]
    extra = [row for row in found if row not in wanted]
    yield from (f"{what} wanted: {row}" for row in missing)
    yield from (f"{what} found:  {row}" for row in extra)


def _said(one: Mapping[str, Any]) -> str:
    return " ".join(
        str(one.get(name, "")) for name in ("sheet", "row", "column", "value", "reason")
    )


def _is_said(note: Note, told: Iterable[Mapping[str, Any]]) -> bool:
    return any(
        _speaks_of(note.place, one)
        and (not note.sheet or note.sheet in (one.get("sheet", ""), one.get("value", "")))
        and all(fold(word) in fold(_said(one)) for word in note.words)
        for one in told
    )


def _speaks_of(place: str, one: Mapping[str, Any]) -> bool:
    """Return whether something said is of a place: it stands there, or names it in its words."""
    column, row = _CELL.fullmatch(place).groups() if _CELL.fullmatch(place) else ("", "")
    at = (one.get("column", ""), str(one.get("row", "") or ""))
    if (not column or at[0] == column) and (not row or at[1] == row):
        return True
    text = f" {one.get('value', '')} {one.get('reason', '')} "
    if re.search(rf"\b{re.escape(place)}\b", text):
        return True
    return any(
        (not column or low_c == high_c == column or (low_c <= column <= high_c))
        and (not row or int(low) <= int(row) <= int(high))
        for low_c, low, high_c, high in re.findall(
            r"\b([A-Z]{0,2})(\d+)\s*[-–:]\s*([A-Z]{0,2})(\d+)\b", text
        )
    )
