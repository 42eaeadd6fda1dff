"""Registers in layouts of other bodies: heads, contexts, labels, grades."""

import datetime
import io

import openpyxl
import pytest

from registry.spreadsheets.reading import read_workbook
from risk.services.imports.map import map_columns
from risk.services.imports.parse.cells import decimal_of
from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise.registers import Knowledge, recognise
from tests.messy_workbooks import Grid, as_docx, as_other_xlsx, as_xlsx

INDICATORS = [
    "livello di interesse “esterno”",
    "grado di discrezionalità del decisore interno alla PA",
    "manifestazione di eventi corruttivi in passato nel processo/attività esaminata",
    "opacità del processo decisionale",
    "livello di collaborazione del responsabile del processo nella costruzione, aggiornamento e "
    "monitoraggio del piano",
    "grado di attuazione delle misure di trattamento",
]
CODES = ["INT_EST", "DISCR", "EV_PASS", "OPAC", "COLLAB", "ATT_MIS"]


def recognised_of(*grids, knowledge=None, layout="auto", write=as_xlsx):
    return recognise(read_workbook(write(*grids)), layout, knowledge)


def test_allegato_b_has_its_six_indicators_under_a_common_title():
    common = ["N.", "Processo", "Catalogo dei rischi principali", "Indicatori di stima"]
    grid = Grid(
        [
            ["Allegato B – Analisi dei rischi"],
            [*common, *[""] * 5, "Valutazione complessiva", "Motivazione"],
            ["", "", "", *INDICATORS, "", ""],
            [None, None, None, *"ABCDEF", "G", "H"],
            [1, "Concorso", "Bando su misura", *["A", "M", "B-", "N", "A++", "M"], "A", "Perché"],
        ],
        [
            (1, 1, 1, 11),
            (2, 4, 2, 9),
            *[(2, column, 3, column) for column in (1, 2, 3, 10, 11)],
        ],
    )

    found = recognised_of(grid)
    (row,) = unfold(found).rows

    assert (found.layout, found.tables[0].header_rows) == ("registro", (2, 3))
    assert found.tables[0].unknown == ()
    assert [row.text(f"indicator:{code}") for code in CODES] == ["A", "M", "B-", "N", "A++", "M"]
    assert (row.text("level"), row.text("motivation")) == ("A", "Perché")
    assert row.value("process_number") == 1


def test_a_register_of_products_keeps_its_decimal_commas():
    grid = Grid(
        [["Processo", "Rischio", "Prob.", "Imp.", "Risultato"], ["Gare", "Favori", "2", "1,4", 2.8]]
    )

    found = recognised_of(grid)
    (row,) = unfold(found).rows

    assert found.layout == "registro"
    assert [str(decimal_of(row.value(n))) for n in ("probability", "impact", "result")] == [
        "2",
        "1.4",
        "2.8",
    ]


def test_a_date_where_a_number_is_expected_stops_the_file_at_its_cell():
    date = datetime.date(2026, 5, 3)
    grid = Grid([["Processo", "Rischio", "Prob.", "Imp."], ["Gare", "Favori", date, 2]])

    reading = unfold(recognised_of(grid))

    assert [(f.kind, f.place, f.value) for f in reading.problems] == [
        ("date-for-number", "C2", "03/05/2026")
    ]


@pytest.mark.parametrize("above", [0, 1, 12, 29])
def test_the_heads_are_found_on_any_of_the_first_thirty_rows(above):
    grid = Grid(
        [
            *[[f"Comune di Valdoro, premessa {n}"] for n in range(above)],
            ["Processo", "Rischi", "Livello di rischio"],
            ["Gare", "Favori", "ALTO"],
        ]
    )

    found = recognised_of(grid)

    assert found.header_row == above + 1
    assert [row.text("process_title") for row in unfold(found).rows] == ["Gare"]


def test_heads_broken_over_two_rows_and_by_narrow_columns_are_read():
    grid = Grid(
        [
            ["Processi di supporto/", "MACRO", "PROC ESSO", "Area di"],
            ["processi primari", "PROCESSO", "", "rischio"],
            ["Processo primario", "Altri servizi", "n. 1 Rete", "S) Agenda"],
        ]
    )

    (table,) = recognised_of(grid).tables

    assert table.header_rows == (1, 2)
    assert list(table.mapping.values()) == [
        "process_kind",
        "macroprocess",
        "process_title",
        "risk_area",
    ]


def test_each_sheet_says_its_area_or_its_office():
    heads = ["Processo", "Rischi", "Livello"]
    knowledge = Knowledge(vocabulary={"office": ["Ufficio Gare"]})
    grids = [
        Grid([heads, ["Concorso", "Favori", "ALTO"]], name="Area A"),
        Grid([heads, ["Appalto", "Favori", "ALTO"]], name="UFFICIO GARE"),
        Grid([["UFFICIO:", "Tributi"], heads, ["Ruolo", "Favori", "ALTO"]], name="Foglio3"),
        Grid([["Legenda"], ["B = basso"]], name="Note"),
    ]

    found = recognised_of(*grids, knowledge=knowledge)
    rows = unfold(found).rows

    assert [(row.text("risk_area"), row.text("office")) for row in rows] == [
        ("A", ""),
        ("", "UFFICIO GARE"),
        ("", "Tributi"),
    ]
    assert rows[2].cells["office"].origin == "context"
    assert list(found.left_out) == ["Note"]


def test_a_band_says_the_area_of_the_rows_below():
    grid = Grid(
        [
            ["Processo", "Rischi", "Livello"],
            ["AREA DI RISCHIO: A) Personale"],
            ["Concorso", "Favori", "ALTO"],
            ["AREA DI RISCHIO: D) Contratti"],
            ["Appalto", "Favori", "BASSO"],
        ],
        [(2, 1, 2, 3), (4, 1, 4, 3)],
    )

    rows = unfold(recognised_of(grid)).rows

    assert [(row.text("process_title"), row.text("risk_area")) for row in rows] == [
        ("Concorso", "A) Personale"),
        ("Appalto", "D) Contratti"),
    ]


def test_a_process_repeated_on_each_of_its_risks_begins_once():
    grid = Grid(
        [
            ["Processo", "Rischi", "Livello"],
            ["Gare", "Favori", "ALTO"],
            ["Gare", "Fughe di notizie", "MEDIO"],
            ["Ruolo", "Omissioni", "BASSO"],
        ]
    )

    rows = unfold(recognised_of(grid)).rows

    assert [row.begins for row in rows] == [True, False, True]


def test_unknown_columns_are_listed_and_can_be_given_a_meaning():
    grid = Grid([["Processo", "Rischi", "Zzz"], ["Gare", "Favori", "ALTO"]])
    found = recognised_of(grid, layout="catalogo")
    assert found.problems

    found = recognised_of(Grid([[*grid.rows[0], "Livello"], [*grid.rows[1], "BASSO"]]))
    (column,) = found.tables[0].unknown
    assert (column.head, column.samples) == ("Zzz", ("ALTO",))

    chosen = map_columns(found, {"Foglio1": {"3": "level", "4": ""}})
    (row,) = unfold(chosen).rows
    assert row.text("level") == "ALTO"


def test_what_was_chosen_once_is_remembered_by_head():
    grid = Grid([["Processo", "Pericolosità"], ["Gare", "ALTO"]])
    knowledge = Knowledge(remembered={"registro": {"PERICOLOSITÀ": "level"}})

    assert recognised_of(grid).tables == ()
    assert recognised_of(grid, knowledge=knowledge).tables[0].mapping == {
        1: "process_title",
        2: "level",
    }


def test_an_error_stops_only_where_it_is_read():
    error = [["Processo", "Livello", "Zzz"], ["Gare", "ALTO", "#REF!"]]
    book = read_workbook(_with_error(error, "C2"))
    assert [f.place for f in book.problems] == ["C2"]
    assert recognise(book).problems == ()

    book = read_workbook(_with_error([["Processo", "Livello"], ["Gare", "#N/A"]], "B2"))
    assert [f.place for f in recognise(book).problems] == ["B2"]


def _with_error(rows, place):
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(Grid(rows))))
    book.active[place].data_type = "e"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_of_process(number: int, title: str) -> list[list]:
    return [
        [f"PROCESSO NUMERO: {number} {title}"],
        ["INPUT:", "Istanza di parte"],
        ["AREA DI RISCHIO:", "D) Contratti pubblici"],
        ["COLORE PREFERITO:", "blu"],
        ["N.", "FASE", "ESECUTORE", "COMPORTAMENTO A RISCHIO"],
        [1, "Avvio", "RUP", "• Favori\n• Omissioni"],
        [2, "Chiusura", "RUP", ""],
    ]


@pytest.mark.parametrize("blank", [[], [[]]])
def test_sheets_of_one_process_each_are_read_block_by_block(blank):
    rows = [["UFFICIO: GARE"], *sheet_of_process(1, "Appalto"), *blank]
    grid = Grid([*rows, *sheet_of_process(2, "Concessione")])

    found = recognised_of(grid)
    rows = unfold(found).rows

    assert found.layout == "schede"
    assert [
        (r.value("process_number"), r.text("process_title"), r.text("phase")) for r in rows
    ] == [
        (1, "Appalto", "Avvio"),
        (1, "Appalto", "Chiusura"),
        (2, "Concessione", "Avvio"),
        (2, "Concessione", "Chiusura"),
    ]
    assert [row.begins for row in rows] == [True, False, True, False]
    assert {row.text("office") for row in rows} == {"GARE"}
    assert {row.text("input") for row in rows} == {"Istanza di parte"}
    assert rows[0].parts("behaviours") == ("Favori", "Omissioni")
    assert "COLORE PREFERITO:" in [column.head for column in found.tables[0].unknown]


def test_a_table_cut_by_the_pages_of_a_document_goes_on():
    first = Grid([["Processo", "Area di rischio"], ["n. 1 Gare", "D"]])
    second = Grid([["n. 2 Ruolo", "G"]])
    content = as_docx(first, second)
    # the paragraph between the tables must not be there for the second to be the same table
    workbook = read_workbook(content)
    workbook.sheets[1].before = ()

    rows = unfold(recognise(workbook)).rows

    assert [(row.value("process_number"), row.text("risk_area")) for row in rows] == [
        (1, "D"),
        (2, "G"),
    ]


def test_a_file_without_a_register_says_what_is_missing():
    found = recognised_of(Grid([["Nome", "Telefono"], ["Ufficio", "123"]]))

    assert [(f.kind, f.stops) for f in found.findings] == [("no-table", True)]


@pytest.mark.parametrize(("below", "kinds"), [("Protocollo", []), ("Posta", ["text-hidden"])])
def test_what_a_merged_cell_hides_begins_no_process(below, kinds):
    """Whoever merges cells by pasting a format keeps what was in them, out of sight."""
    rows = [["Processo", "Rischi"], ["Protocollo", "Ritardo"], [below, "Smarrimento"]]
    found = recognised_of(Grid(rows, [(2, 1, 3, 1)]), write=as_other_xlsx)

    reading = unfold(found)

    assert [(row.text("process_title"), row.begins) for row in reading.rows] == [
        ("Protocollo", True),
        ("Protocollo", False),
    ]
    assert [finding.kind for finding in reading.findings] == kinds


@pytest.mark.parametrize("merged", [1, 2])
def test_a_process_goes_on_where_only_its_number_or_its_title_is_merged(merged):
    """The other column is left blank below, as people leave it."""
    rows = [
        ["N.", "Processo", "Rischi"],
        ["1", "Protocollo", "Ritardo"],
        [None, None, "Smarrimento"],
        ["2", "Assistenza", "Favori"],
    ]
    found = recognised_of(Grid(rows, [(2, merged, 3, merged)]))
    assert [row.begins for row in unfold(found).rows] == [True, False, True]


def test_labels_under_the_phases_of_a_sheet_are_no_phases():
    grid = Grid(
        [
            ["PROCESSO NUMERO: 3 Rilascio di permessi"],
            ["INPUT:", "istanza di parte"],
            ["FASE", "AZIONE", "ESECUTORE AZIONE"],
            ["Istruttoria", "Controllo degli atti", "Dirigente"],
            ["LIVELLO DI RISCHIO:", "Medio"],
            ["MISURE GENERALI:", "Formazione"],
        ]
    )

    (row,) = unfold(recognised_of(grid)).rows

    texts = {name: row.text(name) for name in ("phase", "input", "level", "general_measures")}
    assert texts == {
        "phase": "Istruttoria",
        "input": "istanza di parte",
        "level": "Medio",
        "general_measures": "Formazione",
    }
    assert row.parts("general_measures") == ("Formazione",)


@pytest.mark.parametrize(
    ("starts", "titled"),
    [
        (["PROCESSO NUMERO:", 3, "Rilascio di permessi"], True),
        (["PROCESSO NUMERO:", "3 Rilascio di permessi"], True),
        (["Scheda n.", "3", "Rilascio di permessi"], True),
        (["PROCESSO NUMERO:", 3], False),
    ],
)
def test_the_number_of_a_process_may_stand_in_the_cell_beside_its_label(starts, titled):
    rest = [["INPUT:", "istanza di parte"], ["FASE", "ESECUTORE"], ["Istruttoria", "Dirigente"]]
    title = [] if titled else [["PROCESSO:", "Rilascio di permessi"]]
    second = [["PROCESSO NUMERO:", 4, "Revoca di permessi"], *rest]

    rows = unfold(recognised_of(Grid([starts, *title, *rest, *second]))).rows

    assert [
        (r.value("process_number"), r.text("process_title"), r.text("phase")) for r in rows
    ] == [
        (3, "Rilascio di permessi", "Istruttoria"),
        (4, "Revoca di permessi", "Istruttoria"),
    ]
