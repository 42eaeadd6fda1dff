"""How the cells of a pasted block are arranged: from which column on, and what each column is."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.normalise import fold
from risk.services.mapping.paste.blocks import (
    Arrangement,
    PastedColumn,
    PastePreview,
    PasteRefused,
    numbered_rows,
    split_rows,
)

MOST_COLUMNS = 40
"""Columns that are offered to choose for: no list here has half as many."""


@dataclass(frozen=True)
class OfferedColumn:
    """One column of the block: what stands in its first row, and the field it is taken for."""

    place: int
    sample: str
    key: str
    """"" where it is left out."""


def offered_columns(
    text: str,
    *,
    columns: Sequence[PastedColumn],
    order: Sequence[str],
    arrangement: Arrangement,
    preview: PastePreview | None,
) -> tuple[list[OfferedColumn], bool]:
    """Return the columns of a block, each with the field it is taken for or seems to be.

    And whether the first row is that of the titles, or seems so. Nothing for a text that cannot be
    read at all.
    """
    try:
        rows = numbered_rows(text)
    except PasteRefused:
        return [], False
    width = min(max(len(cells) for _row, cells in rows), MOST_COLUMNS)
    first = rows[0][1]
    keys, has_titles = _keys(first, columns, order, arrangement, preview)
    offered = [
        OfferedColumn(place, _sample(first, place), keys.get(place, "")) for place in range(width)
    ]
    return offered, has_titles


def _keys(
    first: Sequence[str],
    columns: Sequence[PastedColumn],
    order: Sequence[str],
    arrangement: Arrangement,
    preview: PastePreview | None,
) -> tuple[dict[int, str], bool]:
    if preview is not None:
        used = zip(preview.places, preview.columns, strict=True)
        return {place: column.key for place, column in used}, preview.has_header
    if arrangement.chosen is not None:
        return dict(enumerate(arrangement.chosen)), arrangement.has_titles
    names = {
        name: column.key for column in columns for name in (*column.heads, fold(str(column.label)))
    }
    named = [names.get(fold(cell).rstrip(".:"), "") for cell in first]
    return dict(enumerate(named if any(named) else order)), any(named)


def _sample(cells: Sequence[str], place: int) -> str:
    return " ".join(cells[place].split())[:40] if place < len(cells) else ""


def mended(text: str, cells: Mapping[tuple[int, int], str]) -> str:
    """Return a pasted text with some cells written anew, by row (from 1) and place (from 0).

    A row there is not is left out. Raises `PasteRefused` as reading the text does.
    """
    if not cells:
        return text
    rows = list(split_rows(text))
    for (row, place), value in cells.items():
        if not (1 <= row <= len(rows) and 0 <= place < MOST_COLUMNS):
            continue
        line = rows[row - 1]
        line.extend([""] * (place + 1 - len(line)))
        line[place] = value
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()
