"""Three registers as three bodies keep them, none of them after a case there is.

A hospital’s workbook, a school authority’s document, a port authority’s spreadsheet: each as
another library writes it, with what a person presses on its way and what it has to become.
"""

import datetime
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import docx
import openpyxl

from tests.messy_workbooks import Grid, as_ods
from tests.risk.imports.cases.outcomes import (
    BehaviourRow,
    IndicatorRow,
    MeasureRow,
    Outcome,
    ProcessRow,
    StepRow,
    behaviours,
)

COLUMNS, VALUES = "Le colonne del file", "I valori da riconoscere"
NEW = "è una voce nuova"
_STRUCK = "~"
"""Before a line of a document that is struck."""


@dataclass(frozen=True)
class WholeRegister:
    """A file, and what becomes of it.

    It is brought from the page of the plan; `is_from_map`: from the map of the school’s annex.
    `pages` are the pages that ask, each with the answers that are not the marked ones. `cells` are
    those that hold something, paragraphs over tables among them.
    """

    filename: str
    write: Callable[[], bytes]
    cells: int
    pages: tuple[tuple[str, dict[str, str]], ...]
    outcome: Outcome
    is_from_map: bool = False


def _written(rows: Iterable[Iterable[object]]) -> int:
    return sum(value not in ("", None) for row in rows for value in row)


# --- A hospital: bands of areas, codes, levels of its own, programmes, a total, a hidden column

_DIRECTOR = "Dirigente Provveditorato"
_SUPPLIER, _ORDERS = "Capitolato cucito su un fornitore", "Frazionamento degli ordini"
_DEVICES, _STOCK, _VISITS = (
    "Acquisto di dispositivi medici",
    "Gestione del magazzino farmaci",
    "Prenotazione delle visite",
)
_PATIENT = "Favorire un paziente in lista"
_SIGNED, _DIGITAL = "Doppia firma sui capitolati", "Informatizzazione dei processi"
_HOSPITAL: list[list[object]] = [
    ["AZIENDA OSPEDALIERA DI VALDORO"],
    ["Registro dei rischi, aggiornamento 2021"],
    ["Struttura: S.C. Provveditorato"],
    [],
    [
        *("Cod. processo", "Processo", "Evento rischioso", "Classe di rischio", "Compilato da"),
        *("Misure di prevenzione", "Tempi", "Responsabile", "Indicatore", "Target"),
    ],
    ["AREA CONTRATTI PUBBLICI"],
    [
        *("AO.01", _DEVICES, _SUPPLIER, "Critico", "L. Neri", f"1) Formazione 2) {_SIGNED}"),
        *(datetime.date(2022, 6, 30), _DIRECTOR),
        *("1) n. corsi svolti 2) capitolati a doppia firma / capitolati", "1) 2 2) 100%"),
    ],
    [
        *(None, None, _ORDERS, "Moderato", "L. Neri", "Whistleblowing"),
        *("in atto", _DIRECTOR, "n. segnalazioni esaminate", 3),
    ],
    [
        *("AO.02", _STOCK, "Sottrazione di farmaci", "Trascurabile", None, _DIGITAL),
        *(datetime.date(2022, 12, 31), _DIRECTOR, "movimenti registrati / movimenti", 1),
    ],
    ["AREA LISTE DI ATTESA"],
    [
        *("AO.03", _VISITS, _PATIENT, "Critico", "A. Bruni", _DIGITAL),
        *("entro il 30/09/2022", _DIRECTOR, "liste pubblicate (sì/no)", "sì"),
    ],
    ["TOTALE", None, "4 eventi rischiosi"],
]
_WIDE = (1, 2, 3, 6, 10)
"""Rows of the hospital merged over the whole table."""


def _hospital() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Mappatura"
    for row in _HOSPITAL:
        sheet.append(row)
    for row in _WIDE:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=10)
    for column in (1, 2):
        sheet.merge_cells(start_row=7, start_column=column, end_row=8, end_column=column)
    sheet["J9"].number_format = "0%"
    sheet.column_dimensions["E"].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _done(label: str, target: str, when: str, indicator: str, kind: str, wanted: str) -> MeasureRow:
    """Return a measure of the hospital: its term is a day where it begins with a number."""
    step = StepRow(label, due=when) if when[:1].isdigit() else StepRow(label, when)
    return MeasureRow(
        label, (target,), "Dirigente", (step,), (IndicatorRow(indicator, kind, wanted),)
    )


HOSPITAL = WholeRegister(
    filename="registro-rischi-ospedale.xlsx",
    write=_hospital,
    cells=_written(_HOSPITAL),
    pages=((COLUMNS, {}), (VALUES, {}), (VALUES, {_SIGNED: NEW})),
    outcome=Outcome(
        processes=(
            ProcessRow(
                1,
                _DEVICES,
                (BehaviourRow(_SUPPLIER, "Alto"), BehaviourRow(_ORDERS, "Medio")),
                "D",
                "PROV",
                code="AO.01",
            ),
            ProcessRow(
                2, _STOCK, behaviours("Sottrazione di farmaci"), "D", "PROV", "Basso", code="AO.02"
            ),
            ProcessRow(3, _VISITS, behaviours(_PATIENT), "L", "PROV", "Alto", code="AO.03"),
        ),
        measures=(
            _done("Formazione", f"{_DEVICES} › {_SUPPLIER}", "30/06/2022", "n. corsi svolti",
                  "quantitativo", "2"),
            _done(_SIGNED, f"{_DEVICES} › {_SUPPLIER}", "30/06/2022",
                  "capitolati a doppia firma / capitolati", "percentuale", "100"),
            _done("Whistleblowing", f"{_DEVICES} › {_ORDERS}", "in atto",
                  "n. segnalazioni esaminate", "quantitativo", "3"),
            _done(_DIGITAL, _STOCK, "31/12/2022", "movimenti registrati / movimenti",
                  "percentuale", "100"),
            _done(_DIGITAL, _VISITS, "30/09/2022", "liste pubblicate (sì/no)", "sì/no", "1"),
        ),
    ),
)  # fmt: skip

# --- A school authority: a macroprocess over each table, a struck risk, «idem», boxes for factors

_HEADS = (
    *("N.", "Processo", "Rischi individuati", "Fattori abilitanti", "Giudizio"),
    "Misure specifiche",
)
_CLEAR, _ALONE = "Mancanza di trasparenza", "Scarsa responsabilizzazione interna"
_POSTS, _MOVES, _SCHOOLS = (
    "Definizione degli organici",
    "Mobilità del personale docente",
    "Verifica delle scuole paritarie",
)
_CRITERIA = "Pubblicazione dei criteri"
_SCHOOL: tuple[tuple[tuple[str, ...], list[list[str]]], ...] = (
    (
        ("Mappatura dei processi a rischio", "Macroprocesso 1 – Organici e mobilità"),
        [
            [
                *("1", _POSTS, f"Posti non dovuti\n{_STRUCK}Perdita di fascicoli cartacei"),
                *(f"☒ {_CLEAR}\n☐ {_ALONE}", "ALTO", _CRITERIA),
            ],
            [
                *("2", _MOVES, "Valutazione compiacente dei titoli"),
                *(f"☐ {_CLEAR}\n☒ {_ALONE}", "MEDIO", "Formazione"),
            ],
            ["", "", "Controlli omessi", f"☒ {_CLEAR}\n☒ {_ALONE}", "ALTO", "idem"],
        ],
    ),
    (
        ("Macroprocesso 2 – Vigilanza sulle scuole",),
        [
            [
                *("3", _SCHOOLS, "Visita ispettiva annunciata"),
                *(f"☐ {_CLEAR}\n☒ {_ALONE}", "BASSO", "Rotazione ordinaria del personale"),
            ]
        ],
    ),
)


def _school() -> bytes:
    document = docx.Document()
    for paragraphs, rows in _SCHOOL:
        for text in paragraphs:
            document.add_paragraph(text)
        table = document.add_table(1 + len(rows), len(_HEADS))
        for row, texts in enumerate((_HEADS, *rows)):
            for column, text in enumerate(texts):
                _fill(table.cell(row, column), text)
        for row, texts in enumerate(rows, 1):
            for column in (0, 1):
                if not texts[column]:
                    table.cell(row - 1, column).merge(table.cell(row, column))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _fill(cell, text: str) -> None:
    """Write a text, a paragraph for each of its lines."""
    for number, line in enumerate(filter(None, text.split("\n"))):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        run = paragraph.add_run(line.removeprefix(_STRUCK))
        run.font.strike = line.startswith(_STRUCK) or None


SCHOOL = WholeRegister(
    filename="allegato-ufficio-scolastico.docx",
    write=_school,
    cells=sum(len(paragraphs) + _written((_HEADS, *rows)) for paragraphs, rows in _SCHOOL),
    pages=(
        (
            VALUES,
            {"Organici e mobilità": NEW, "Vigilanza sulle scuole": NEW, _CRITERIA: NEW},
        ),
    ),
    is_from_map=True,
    outcome=Outcome(
        processes=(
            ProcessRow(
                1,
                _POSTS,
                (BehaviourRow("Posti non dovuti", factors=("FA1",)),),
                office="SCU",
                level="Alto",
                macroprocess="Organici e mobilità",
            ),
            ProcessRow(
                2,
                _MOVES,
                (
                    BehaviourRow("Valutazione compiacente dei titoli", "Medio", factors=("FA2",)),
                    BehaviourRow("Controlli omessi", "Alto", factors=("FA1", "FA2")),
                ),
                office="SCU",
                macroprocess="Organici e mobilità",
            ),
            ProcessRow(
                3,
                _SCHOOLS,
                (BehaviourRow("Visita ispettiva annunciata", factors=("FA2",)),),
                office="SCU",
                level="Basso",
                macroprocess="Vigilanza sulle scuole",
            ),
        ),
        measures=(
            MeasureRow(_CRITERIA, (_POSTS,)),
            MeasureRow("Formazione", (_MOVES,)),
            MeasureRow("Rotazione ordinaria del personale", (_SCHOOLS,)),
        ),
    ),
)

# --- A port authority: a sheet an office, several risks, the residual level; one sheet on its side

_TITLE = "Autorità portuale di Valdoro"
_PAIRS = "Sopralluoghi in coppia"
_CONCESSIONS, _WATCH, _PASSES = (
    "Rilascio di concessioni demaniali",
    "Vigilanza sulle aree in concessione",
    "Autorizzazione agli accessi in porto",
)
_URGENT, _TESTED = "Affidamento di lavori urgenti", "Collaudo delle opere"
_AREA = "Affidamento di lavori, servizi e forniture"
_PORT_HEADS = [
    *("N.", "PROCESSO", "RISCHIO 1", "RISCHIO 2", "RISCHIO 3", "LIVELLO DI\nRISCHIO"),
    *("MISURE", "RISCHIO\nRESIDUO"),
]
_PORT = (
    Grid(
        [
            [_TITLE],
            _PORT_HEADS,
            [
                *(1, _CONCESSIONS, "Proroga non dovuta", "Canone sottostimato", "", "ALTO"),
                *("Rotazione ordinaria del personale", "MEDIO"),
            ],
            [2, _WATCH, "Contestazione omessa", "", "", "MEDIO", _PAIRS, "BASSO"],
        ],
        name="Demanio marittimo",
    ),
    Grid(
        [
            [_TITLE],
            _PORT_HEADS,
            [
                *(1, _PASSES, "Permessi di comodo", "Revoca omessa", "Cessione di permessi"),
                *("ALTO", _DIGITAL, "BASSO"),
            ],
        ],
        name="Sicurezza e ordinanze",
    ),
    Grid(
        [
            [_TITLE],
            ["Processo", _URGENT, _TESTED],
            ["Area di rischio", _AREA, _AREA],
            ["Rischio 1", "Urgenza dichiarata senza motivo", "Collaudo compiacente"],
            ["Rischio 2", "Varianti di comodo"],
            ["Livello di rischio", "ALTO", "MEDIO"],
            ["Misure", "Formazione", _PAIRS],
            ["Rischio residuo", "MEDIO", "BASSO"],
            ["Esito del monitoraggio 2020", "positivo", "da completare"],
        ],
        name="Opere e manutenzioni",
    ),
)

PORT = WholeRegister(
    filename="registro-porto.ods",
    write=lambda: as_ods(*_PORT),
    cells=sum(_written(grid.rows) for grid in _PORT),
    pages=((COLUMNS, {}), (VALUES, {_PAIRS: NEW})),
    outcome=Outcome(
        processes=(
            ProcessRow(
                1,
                _CONCESSIONS,
                behaviours("Proroga non dovuta", "Canone sottostimato"),
                office="DEM",
                level="Alto",
                residual="Medio",
            ),
            ProcessRow(
                2,
                _WATCH,
                behaviours("Contestazione omessa"),
                office="DEM",
                level="Medio",
                residual="Basso",
            ),
            ProcessRow(
                1,
                _PASSES,
                behaviours("Permessi di comodo", "Revoca omessa", "Cessione di permessi"),
                office="SIC",
                level="Alto",
                residual="Basso",
            ),
            ProcessRow(
                1,
                _URGENT,
                behaviours("Urgenza dichiarata senza motivo", "Varianti di comodo"),
                "D",
                "OPE",
                "Alto",
                "Medio",
            ),
            ProcessRow(
                2, _TESTED, behaviours("Collaudo compiacente"), "D", "OPE", "Medio", "Basso"
            ),
        ),
        measures=(
            MeasureRow("Rotazione ordinaria del personale", (_CONCESSIONS,)),
            MeasureRow(_PAIRS, (_TESTED, _WATCH)),
            MeasureRow(_DIGITAL, (_PASSES,)),
            MeasureRow("Formazione", (_URGENT,)),
        ),
    ),
)

WHOLE_REGISTERS = (HOSPITAL, SCHOOL, PORT)
