"""Heads that look like others: numbers of things, common titles, letters that count columns."""

import pytest

from risk.services.imports.parse.rows import unfold
from risk.services.imports.recognise.heads import SURE
from risk.services.imports.recognise.knowledge import Knowledge
from tests.messy_workbooks import Grid
from tests.risk.imports.test_layouts import recognised_of


def fields_of(found):
    return [column.field for column in found.tables[0].columns]


def test_the_number_of_a_risk_is_not_the_risk():
    heads = ["N. proc.", "Processo", "N. rischio", "Rischio", "Livello"]
    found = recognised_of(Grid([heads, [1, "Gare", "1.1", "Favori a un operatore", "Alto"]]))

    expected = ["process_number", "process_title", "", "behaviours", "level"]
    assert fields_of(found) == expected


@pytest.mark.parametrize("letters", ["ABCDEFGHILM", "ABCDEFGHIJK"])
def test_a_row_of_letters_under_the_heads_is_no_process(letters):
    heads = ["Processo", "Rischio", "Livello", *[f"Nota {n}" for n in range(8)]]
    row = ["Gare", "Favori a un operatore", "Alto", *["x"] * 8]
    found = recognised_of(Grid([heads, list(letters), row]))

    assert [one.text("process_title") for one in unfold(found).rows] == ["Gare"]


def test_a_row_of_letters_in_no_order_is_read():
    rows = [["Processo", "Rischio", "Livello"], ["C", "A", "B"], ["Gare", "Favori", "Alto"]]

    found = recognised_of(Grid(rows))

    assert [one.text("process_title") for one in unfold(found).rows] == ["C", "Gare"]


def test_times_of_the_measures_are_not_those_of_the_process():
    above = ["Processo", "Rischio", "Livello", "Programmazione", ""]
    below = ["", "", "", "Tempi", "Responsabile"]
    grid = Grid(
        [above, below, ["Gare", "Favori", "Alto", "31/12/2021", "RUP"]],
        [(1, 4, 1, 5), *[(1, column, 2, column) for column in (1, 2, 3)]],
    )

    found = recognised_of(grid)

    assert fields_of(found) == [
        *("process_title", "behaviours", "level", "measure_term", "measure_responsible")
    ]
    assert found.tables[0].columns[3].head == "Tempi"


def test_the_area_of_a_title_is_told_by_its_words():
    rows = [["Processo", "Rischio", "Livello"], ["Gare", "Favori", "Alto"]]
    title = "AREA DI RISCHIO B: CONTRATTI PUBBLICI"

    (row,) = unfold(recognised_of(Grid([[title], [], *rows], [(1, 1, 1, 3)]))).rows

    assert row.text("risk_area") == "CONTRATTI PUBBLICI"


# Heads of one table, and the field each must have; "?" after a field: a guess, which is asked.
HEADS = {
    "a sub-process makes a macroprocess of the process": (
        ["Processo", "Sottoprocesso", "Rischi specifici**", "Classe"],
        ["macroprocess", "process_title?", "behaviours", "level"],
    ),
    "a process with its macroprocess stays the process": (
        ["Macroprocesso", "Processi", "Sub-processo", "Rischio", "Livello"],
        ["macroprocess", "process_title", "", "behaviours", "level"],
    ),
    "a sub-process alone is the process": (
        ["N.", "Sotto-processi", "Rischio", "Giudizio"],
        ["process_number", "process_title", "behaviours", "level"],
    ),
    "a sub-area is the process where nothing else is": (
        ["Area di rischio", "Sotto-area", "Rischi", "Livello", "N."],
        ["risk_area", "process_title?", "behaviours", "level", "process_number"],
    ),
    "a description is the title where nothing else is": (
        ["N.", "DESCRIZIONE DEL PROCESSO*", "Rischio", "Livello"],
        ["process_number", "process_title", "behaviours", "level"],
    ),
    "a description beside a title describes": (
        ["Processo", "Descrizione del processo", "Rischio", "Livello"],
        ["process_title", "process_description", "behaviours", "level"],
    ),
    "actions after risks are measures": (
        ["Processo", "Rischio", "Azioni", "Livello"],
        ["process_title", "behaviours", "measures", "level"],
    ),
    "actions beside phases are none": (
        ["Processo", "Fase", "Rischio", "Azioni", "Livello"],
        ["process_title", "phase", "behaviours", "action", "level"],
    ),
    "a total after probability and impact": (
        ["Processo", "Rischio", "Probabilità di accadimento", "Impatto", "TOTALE"],
        ["process_title", "behaviours", "probability", "impact", "result"],
    ),
    "a total of something else": (
        ["Processo", "Rischio", "Livello", "Totale"],
        ["process_title", "behaviours", "level", ""],
    ),
    "two languages": (
        ["Prozess/Processo", "Risiko / Rischio", "Niveau de risque / Livello di rischio"],
        ["process_title", "behaviours", "level"],
    ),
    "two things with a bar are none of them": (
        ["Processo", "Rischio", "Livello", "Probabilità/Impatto"],
        ["process_title", "behaviours", "level", ""],
    ),
    "brackets that explain": (
        ["Area", "Ambito (Processo)", "Rischio (evento)", "Livello (da 1 a 3)"],
        ["risk_area", "process_title", "behaviours", "level"],
    ),
    "who decides is no indicator": (
        ["Processo", "Livello di collocazione della responsabilità", "Rischio", "Livello"],
        ["process_title", "", "behaviours", "level"],
    ),
}


@pytest.mark.parametrize(("heads", "expected"), HEADS.values(), ids=HEADS)
def test_heads_mean_what_stands_beside_them(heads, expected):
    found = recognised_of(Grid([heads, ["Gare"] * len(heads)]))

    meant = [
        f"{column.field}{'' if not column.field or column.confidence >= SURE else '?'}"
        for column in found.tables[0].columns
    ]
    assert meant == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["4,5", "Alto"], ["result", "level"]),
        (["Alto", "Alto"], ["level", ""]),
        (["Alto", "12"], ["level", ""]),
    ],
)
def test_a_number_beside_a_word_is_the_result(values, expected):
    heads = ["Processo", "Rischio", "Livello rischio", "Ponderazione del rischio"]
    found = recognised_of(Grid([heads, ["Gare", "Favori", *values]]))

    assert fields_of(found)[2:] == expected


INFLECTED = {
    "Evento a rischio": "behaviours",
    "Rischio individuato": "behaviours",
    "Descrizione dell'evento rischioso": "behaviours",
    "Misura di contrasto": "measures",
    "Fattore abilitante del rischio": "factors",
    "Obiettivi del processo": "objective",
    "Livelli del rischio": "level",
    "Fasi e tempi di attuazione": "measure_term",
    "Servizi responsabili": "office",
    "Valutazione complessiva del rischio": "level",
    "Ulteriore misura": "specific_measures",
}
OTHERS = ("Misura del rischio", "Tipologie di rischio", "Codici del rischio", "Rischi", "Causale")


def test_a_head_in_another_number_is_known_and_no_guess():
    names = Knowledge().names("registro")

    assert {head: names.match(head)[0] for head in INFLECTED} == INFLECTED
    assert [head for head in INFLECTED if names.match(head)[1] < SURE] == []
    assert [head for head in OTHERS if names.match(head)[1] == SURE] == []


def test_two_columns_of_measures_are_both_read_and_two_of_anything_else_are_not():
    heads = ["Processo", "Rischio", "Livello", "Misure in essere", "Misure da attuare", "Rischi"]
    found = recognised_of(Grid([heads, ["Gare", "Favori", "Alto", "x", "y", "z"]]))

    assert fields_of(found)[3:] == ["measures", "measures", ""]


def test_activities_beside_a_process_are_asked_as_its_phases():
    heads = ["Processo", "Attività", "Rischio", "Livello"]
    column = recognised_of(Grid([heads, ["Gare", "Bando", "x", "Alto"]])).tables[0].columns[1]

    assert (column.field, column.confidence < SURE) == ("phase", True)


@pytest.mark.parametrize(
    ("heads", "row", "field"),
    [
        (["Processo", "Rischio", "Indice dii rischio"], ["Gare", "x", "Alto"], "level"),
        (
            ["Processo", "P", "I", "Valutazione complessiva del rischio"],
            ["Gare", 2, 3, 6],
            "result",
        ),
        (
            ["Processo", "Rischio", "Valutazione complessiva del rischio"],
            ["Gare", "x", "Alto"],
            "level",
        ),
    ],
)
def test_what_a_value_is_by_what_the_column_holds(heads, row, field):
    assert fields_of(recognised_of(Grid([heads, row])))[-1] == field


def test_activities_behind_the_phases_are_asked_as_actions_of_the_process():
    heads = ["Processo", "Fase", "Attività", "Evento rischioso", "Livello"]
    found = recognised_of(Grid([heads, ["Gare", "Bando", "Criteri", "Favori", "Alto"]]))

    assert fields_of(found) == ["process_title", "phase", "action", "behaviours", "level"]
    assert found.tables[0].columns[2].confidence < SURE


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("Misure di mitigazione", "measures"),
        ("Misura di presidio organizzativo", "measures"),
        ("Misura attuata sì/no", ""),
        ("Misure: numero", ""),
        ("Misura del rischio lordo", "level"),
    ],
)
def test_measures_by_any_other_name_are_asked_about(head, field):
    name, sure = Knowledge().names("registro").match(head)

    assert (name, sure < SURE) == (field, True)
