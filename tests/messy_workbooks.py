"""Two published documents as the workbooks people have: titles, page heads, slips, broken words.

A `Grid` is a table with its merges, written in any format by the functions below: each is another
program than the one that reads.
"""

import csv
import io
from dataclasses import dataclass, field

import docx
import openpyxl
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from tests.risk.sample_data.demo.base import lines_of

CATALOGUE_HEADS = [
    "Processi di supporto/processi primari",
    "Funzioni istituzionali",
    "MACRO PROCESSO",
    "PROCESSO",
    "Area di rischio",
    "Ufficio",
]
TABLE_HEADS = [
    "Processi",
    "Obiettivo dei Processi",
    "Attività",
    "Principali fasi",
    # as the transcription has it
    "Descrizione del comportamento o a rischio corruzione",
    "Misure contenute nel PTPCT",
    "Livello di rischio",
]
TITLES = ["ALLEGATO PTPCT\nUFFICIO: SERVIZI INFORMATIVI", "PTPCT 2021/2023"]
CLOSING = "La rilevanza del processo, ai fini del RISK MANAGEMENT, e' subordinata " * 4


@dataclass
class Grid:
    """Rows of values, and merges as (top, left, bottom, right), all from 1."""

    rows: list[list]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    name: str = "Foglio1"

    def place_of(self, text: str) -> int:
        """Return the first row that holds a text."""
        return next(n for n, row in enumerate(self.rows, 1) if text in row)


def catalogue() -> Grid:
    """Return the published catalogue: its three spellings, page heads, two rows cut by a page."""
    data = [line.split("\t") for line in lines_of("catalogue.tsv")]
    grid = Grid([])
    for title in [*TITLES, "IDENTIFICAZIONE MACROPROCESSI E PROCESSI"]:
        grid.rows.append([title])
        grid.merges.append((len(grid.rows), 1, len(grid.rows), 6))
    grid.rows += [[], CATALOGUE_HEADS]
    for number, row in enumerate(data, 1):
        if number in (7, 18):
            grid.rows.append(["PTPCT 2021/2023"])
            grid.rows.append(list(CATALOGUE_HEADS))
        if number == 17:
            grid.rows += _cut(row, {3: " password"})
        elif number == 28:
            grid.rows += _cut(
                row,
                {
                    1: " generali e di gestione",
                    2: " generali e di gestione: Altri",
                    3: " navigazione in internet",
                    4: " informatizzazione processi",
                    5: " ATIVI",
                },
            )
        else:
            grid.rows.append(row)
    grid.rows += [[], [CLOSING], ["Pag. 3 di 3"]]
    grid.merges.append((len(grid.rows) - 1, 1, len(grid.rows) - 1, 6))
    return grid


def _cut(row: list[str], ends: dict[int, str]) -> list[list[str]]:
    """Return a row cut in two by a page: `ends` are where the second half of a cell begins."""
    first, second = list(row), [""] * len(row)
    for column, words in ends.items():
        at = row[column].rindex(words)
        first[column], second[column] = row[column][:at], row[column][at + 1 :]
    return [first, second]


def table() -> Grid:
    """Return the published table: merges of each column, and one phase on the wrong side."""
    activities = _activities()
    grid = Grid([["Mappatura dei processi ICT"], TABLE_HEADS], [(1, 1, 1, 7)])
    start = len(grid.rows) + 1
    for objective, title, level, phases, behaviours in activities:
        top = len(grid.rows) + 1
        for phase in phases:
            grid.rows.append(["", "", "", phase, "", "", ""])
        first = grid.rows[top - 1]
        first[1], first[2], first[6] = objective, title, level
        grid.merges += [(top, column, len(grid.rows), column) for column in (2, 3, 7)]
        for texts, begin, end in behaviours:
            grid.rows[top + begin - 2][4] = "\n".join(texts)
            if end > begin:
                grid.merges.append((top + begin - 1, 5, top + end - 1, 5))
    macroprocess, measures = _whole_table()
    grid.rows[start - 1][0] = macroprocess
    grid.rows[start - 1][5] = "\n".join(f"• {measure}" for measure in measures)
    end = len(grid.rows)
    grid.merges += [(start, 1, end, 1), (start, 6, end, 6)]
    return grid


# How many phases each activity has in the document, and which of them each behaviour covers.
# The last phase of the fourth activity is printed on the first row of the fifth.
_SHAPES = [
    (4, [(2, 1, 3), (1, 4, 4)]),
    (4, [(1, 1, 4)]),
    (4, [(2, 1, 3), (1, 4, 4)]),
    (2, [(3, 1, 2)]),
    (5, [(3, 1, 5)]),
]
_BEHAVIOURS = [
    "Distruzione, deterioramento, cancellazione, alterazione o soppressione di informazioni, dati "
    "o programmi informatici aziendali.",
    "Errata pianificazione dei rilasci.",
    "Mancata disattivazione del servizio con conseguente spreco di risorse pubbliche.",
    "Possibilità di privilegiare le richieste di alcuni utenti anche assecondando richieste non "
    "legittime",
    "Alterazione dell'analisi dei fabbisogni formativi per negligenza, imperizia o imprudenza",
    "Alterazione dell'analisi dei fabbisogni formativi",
    "Avvantaggiare alcuni soggetti nella partecipazione a corsi di formazione",
    *("Omesso controllo", "Omessa comunicazione", "Alterazione dei dati occultandone gli esiti")
    * 2,
]
_PHASES = [
    "Passaggio in produzione",
    "Collaudo e validazione con il cliente",
    "Gestione del servizio e dell'infrastruttura informatica",
    "Disattivazione del servizio",
    "Analisi e instradamento della segnalazione",
    "Gestione delle attività per la risoluzione del problema",
    "Gestione delle comunicazioni all'utenza",
    "Registrazione, reporting e analisi delle attività",
    "Rilevazione e analisi dei fabbisogni formativi",
    "Progettazione e realizzazione della formazione",
    "Erogazione della Formazione",
    "Monitoraggio e valutazione",
    "Rilevazione e Classificazione",
    "Gestione e Chiusura degli Incidenti",
    "Reporting e Analisi",
    "Rilevazione e Categorizzazione",
    "Gestione e Chiusura degli Attacchi",
    "Comunicazione",
    "Analisi degli Attacchi",
]
_TITLES = [
    "Erogazione del Servizio",
    "Assistenza",
    "Formazione",
    "Incident Management",
    "Gestione degli attacchi informatici",
]


def _activities():
    objectives = [
        cell
        for line in lines_of("table.tsv")
        for cell in line.split("\t")
        if cell.startswith(("Assicurare", "Garantire", "Descrivere"))
    ]
    phases, behaviours = iter(_PHASES), iter(_BEHAVIOURS)
    found = []
    for title, objective, (count, covers) in zip(_TITLES, objectives, _SHAPES, strict=True):
        own = [next(phases) for _phase in range(count)]
        texts = [([next(behaviours) for _b in range(n)], begin, end) for n, begin, end in covers]
        found.append((objective, title, "BASSO", own, texts))
    return found


def _whole_table():
    measures = ["Codice Etico", "Whistleblowing", "Rotazione del personale"]
    return (
        "Processi di Gestione dei Servizi Tecnici",
        [*measures, "Informatizzazione dei processi", "Formazione"],
    )


def as_xlsx(*grids: Grid) -> bytes:
    """Return a workbook written by openpyxl; nothing is taken for a formula."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for row, values in enumerate(grid.rows, 1):
            for column, value in enumerate(values, 1):
                if value not in ("", None):
                    cell = sheet.cell(row, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_other_xlsx(*grids: Grid) -> bytes:
    """Return a workbook written by xlsxwriter."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        for top, left, bottom, right in grid.merges:
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
        for row, values in enumerate(grid.rows):
            for column, value in enumerate(values):
                if isinstance(value, str) and value:
                    sheet.write_string(row, column, value)
                elif value not in ("", None):
                    sheet.write(row, column, value)
    book.close()
    return stream.getvalue()


def as_ods(*grids: Grid) -> bytes:
    """Return an ODS file written by odfpy, merged cells with those they cover."""
    book = OpenDocumentSpreadsheet()
    for grid in grids:
        sheet = Table(name=grid.name)
        spans = {(top, left): (bottom, right) for top, left, bottom, right in grid.merges}
        covered = _covered(grid)
        for row, values in enumerate(grid.rows, 1):
            line = TableRow()
            width = max([len(values), *(c for r, c in covered if r == row), 1])
            for column in range(1, width + 1):
                value = values[column - 1] if column <= len(values) else ""
                line.addElement(_ods_cell(value, row, column, spans, covered))
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _covered(grid: Grid) -> set[tuple[int, int]]:
    return {
        (row, column)
        for top, left, bottom, right in grid.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _ods_cell(value, row, column, spans, covered):
    if (row, column) in covered:
        return CoveredTableCell()
    attributes = {}
    if (row, column) in spans:
        bottom, right = spans[row, column]
        attributes = {
            "numberrowsspanned": bottom - row + 1,
            "numbercolumnsspanned": right - column + 1,
        }
    if isinstance(value, int | float) and not isinstance(value, bool):
        return TableCell(valuetype="float", value=value, **attributes)
    cell = TableCell(valuetype="string", **attributes) if value else TableCell(**attributes)
    for line in str(value or "").split("\n"):
        if line:
            cell.addElement(P(text=line))
    return cell


def as_docx(*grids: Grid) -> bytes:
    """Return a document with one table for each grid, merged with vMerge and gridSpan."""
    document = docx.Document()
    for grid in grids:
        width = max(map(len, grid.rows))
        drawn = document.add_table(rows=len(grid.rows), cols=width)
        for row, values in enumerate(grid.rows):
            for column, value in enumerate(values):
                if value not in ("", None):
                    drawn.cell(row, column).text = str(value)
        for top, left, bottom, right in grid.merges:
            drawn.cell(top - 1, left - 1).merge(drawn.cell(bottom - 1, right - 1))
        document.add_paragraph("Fine della tabella")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_csv(grid: Grid, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV file; merges are lost, as they are when a spreadsheet saves one."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(grid.rows)
    return stream.getvalue().encode(encoding)
