"""A register of an invented body as a workbook: processes, phases and risks in merged cells.

The layout is the merged table with the office before it: merged cells of their own for office,
process, behaviours and measures, so that those of one column do not end where those of another do.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import xlsxwriter

from risk.services.sample_data.synthetic.words import BEHAVIOURS, PHASES, process_title

HEADS = (
    "Ufficio",
    "Processi",
    "Obiettivo dei Processi",
    "Attività",
    "Principali fasi",
    "Descrizione del comportamento a rischio corruzione",
    "Misure contenute nel PTPCT",
    "Livello di rischio",
)
CATALOGUE_HEADS = (
    "Ufficio",
    "Macroprocesso",
    "Processo",
    "Descrizione del processo",
    "Input",
    "Output",
)
OFFICE, MACROPROCESS, OBJECTIVE, TITLE, PHASE, BEHAVIOUR, MEASURES, LEVEL = range(len(HEADS))
TITLE_ROW, HEAD_ROW = 0, 1
MACROPROCESSES_AN_OFFICE = 4


@dataclass
class Register:
    """Cells of one column each, by row, and merges as (top, bottom, column), rows from 0."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    height: int = 0

    def put(self, top: int, bottom: int, column: int, text: str) -> None:
        """Write a text over some rows of a column."""
        self.cells[top, column] = text
        if bottom > top:
            self.merges.append((top, bottom, column))


def register(
    rows: int,
    *,
    offices: Sequence[str],
    macroprocesses: Sequence[str],
    measures: Sequence[str],
    levels: Sequence[str],
) -> Register:
    """Return a register of `rows` phases, spread over the offices; the same every time."""
    # no secret depends on it
    random = Random("registro")  # noqa: S311
    found = Register()
    at, n = HEAD_ROW + 1, 0
    for place, office in enumerate(offices):
        end = HEAD_ROW + 1 + rows * (place + 1) // len(offices)
        found.put(at, end - 1, OFFICE, office)
        found.put(at, end - 1, MEASURES, "\n".join(f"• {text}" for text in measures))
        for top, bottom in _parts(at, end, MACROPROCESSES_AN_OFFICE):
            found.put(top, bottom - 1, MACROPROCESS, random.choice(macroprocesses))
            while top < bottom:
                below = min(top + random.randint(3, 7), bottom)
                _process(found, top, below, n, random, levels)
                top, n = below, n + 1
        at = end
    found.height = at
    return found


def _parts(start: int, end: int, count: int) -> Iterator[tuple[int, int]]:
    for part in range(count):
        yield (
            start + (end - start) * part // count,
            start + (end - start) * (part + 1) // count,
        )


def _process(
    found: Register, top: int, below: int, n: int, random: Random, levels: Sequence[str]
) -> None:
    title = process_title(n)
    objective = f"{title}: assicurare imparzialità, tempi certi e scelte tracciabili."
    for column, text in ((OBJECTIVE, objective), (TITLE, title), (LEVEL, random.choice(levels))):
        found.put(top, below - 1, column, text)
    for row in range(top, below):
        found.put(row, row, PHASE, PHASES[(row - top) % len(PHASES)])
    place, row = 0, top
    while row < below:
        end = min(row + random.randint(1, 3), below)
        texts = []
        for _turn in range(random.randint(1, 2)):
            texts.append(f"{BEHAVIOURS[(n + place) % len(BEHAVIOURS)]} ({place + 1}).")
            place += 1
        found.put(row, end - 1, BEHAVIOUR, "\n".join(texts))
        row = end


def workbook(content: Register) -> bytes:
    """Return the register as an XLSX file, ready to be printed: every cell has its border."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Registro")
        framed = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.write_string(TITLE_ROW, 0, "PTPCT – Registro dei rischi")
        sheet.write_row(HEAD_ROW, 0, HEADS, framed)
        for top, bottom, column in content.merges:
            sheet.merge_range(top, column, bottom, column, "", framed)
        for (row, column), text in content.cells.items():
            sheet.write_string(row, column, text, framed)
    return stream.getvalue()


def catalogue(rows: int, *, offices: Sequence[str], macroprocesses: Sequence[str]) -> bytes:
    """Return a list of `rows` processes, one a row, spread over the offices; without merges."""
    random = Random("catalogo")  # noqa: S311 - no secret depends on it
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Catalogo")
        sheet.write_row(0, 0, CATALOGUE_HEADS)
        for row in range(rows):
            title = process_title(row)
            texts = (
                offices[row * len(offices) // rows],
                random.choice(macroprocesses),
                f"{title} {row + 1}",
                f"{title}: tempi certi e scelte tracciabili.",
                "Istanza",
                "Provvedimento",
            )
            for column, text in enumerate(texts):
                sheet.write_string(row + 1, column, text)
    return stream.getvalue()
