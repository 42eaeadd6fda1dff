"""The contract between a file we write and the same file coming back: which row is which.

The visible sheet has a hidden last column, headed `HEAD`, with the key of each row ("r12"): it
travels with its row when somebody sorts or inserts rows. The very hidden sheet `SHEET` says what
each key stands for. Its first rows hold a name and a value each (`Origin`), then an empty row, then
`COLUMNS` and one row for each thing a key stands for.

What a cell held when the file was written is not repeated there: the history knows it by `version`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

SHEET = "_righe"
LISTS = "_elenchi"
"""The hidden sheet beside it that holds what the drop-downs offer."""
HEAD = "id riga"
OWN_BULLET = "•"
"""What the files we write have before each entry of a cell that lists several."""
FORMAT = 1
COLUMNS = ("riga", "tipo", "ordine", "identificativo", "versione")
KINDS = ("process", "phase", "action", "behaviour", "assessment", "measure")
ANSWERS = "answers"
"""The layout of what an office answers in a round of monitoring (`risk.workbooks.answers`)."""
OF_ANSWERS = ("item", "indicator", "step")
"""What the rows of that layout stand for; the version of an indicator counts its measurements.

That of a step is 0 where nothing is said of it."""
_KEY = re.compile(r"r(\d{1,9})")
_TOO_LARGE = 2**31
"""No version is: another number would not fit its column."""
_ORIGIN = {"format": "formato", "plan": "piano", "ipa_code": "ipa", "layout": "modello"}
_OF_ROUND = {"round": "monitoraggio", "office": "ufficio"}


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file was written from: the plan's title, the body's IPA code, the layout.

    Answers to a round also say of which, by its uid, and of which office, by its code.
    """

    plan: str
    ipa_code: str
    layout: str
    format: int = FORMAT
    round: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class RowId:
    """One thing a row stands for; `order` counts the entries of a cell that lists several, from 1.

    `kind` is one of `KINDS`; a measure is a `PlannedMeasure`, an assessment that of the row's
    process, or of its first behaviour where the table assesses behaviours.
    """

    key: str
    kind: str
    order: int
    uid: UUID
    version: int


@dataclass(frozen=True, slots=True)
class RowIds:
    """What the hidden sheet says."""

    origin: Origin
    by_key: Mapping[str, tuple[RowId, ...]]


def key_number(text: str) -> int:
    """Return the number of a key of ours ("r12"), 0 for any other text."""
    found = _KEY.fullmatch(text)
    return int(found[1]) if found else 0


def lines(origin: Origin, ids: Iterable[RowId]) -> Iterable[tuple[Any, ...]]:
    """Yield the rows of the hidden sheet, as texts and whole numbers."""
    for name, label in _ORIGIN.items():
        yield (label, getattr(origin, name))
    for name, label in _OF_ROUND.items():
        if said := getattr(origin, name):
            yield (label, said)
    yield ()
    yield COLUMNS
    for row in ids:
        yield (row.key, row.kind, row.order, str(row.uid), row.version)


def parse(rows: Sequence[Sequence[Any]]) -> RowIds | None:
    """Return what a hidden sheet says; None when it is not ours or somebody has spoilt it."""
    try:
        start = next(n for n, row in enumerate(rows) if tuple(row[: len(COLUMNS)]) == COLUMNS) + 1
        values = {row[0]: row[1] for row in rows[: start - 1] if len(row) > 1}
        of_round = {name: str(values.get(label) or "") for name, label in _OF_ROUND.items()}
        said = {name: values[label] for name, label in _ORIGIN.items()}
        origin = Origin(**said, **of_round)  # type: ignore[arg-type]
        kinds = OF_ANSWERS if origin.layout == ANSWERS else KINDS
        if int(origin.format) != FORMAT:
            return None
        by_key: dict[str, list[RowId]] = {}
        for key, kind, order, uid, version in (row[: len(COLUMNS)] for row in rows[start:]):
            row = RowId(str(key), str(kind), int(order), UUID(str(uid)), int(version))
            if row.kind not in kinds or not 0 <= row.version < _TOO_LARGE:
                return None
            by_key.setdefault(row.key, []).append(row)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, StopIteration):
        return None
    return RowIds(origin, {key: tuple(row_ids) for key, row_ids in by_key.items()})
