"""Broken words, lists in one cell, numbers before titles."""

import datetime
from decimal import Decimal

import pytest

from risk.services.imports.file_cells import FileCell
from risk.services.imports.parse.cells import decimal_of, entries_of, number_of, split_number
from risk.services.imports.parse.parallel_lists import parts_of
from risk.services.imports.recognise.rejoining import rejoined_texts


def test_a_broken_word_is_joined_when_the_whole_one_is_in_the_file():
    assert rejoined_texts(["SERVIZI INFORM ATIVI", "Servizi informativi"]) == {
        "SERVIZI INFORM ATIVI": "SERVIZI INFORMATIVI"
    }


def test_a_broken_word_is_joined_when_the_whole_one_is_in_the_vocabulary():
    assert rejoined_texts(["Mappatura ATTIVIT À"], ["attività"]) == {
        "Mappatura ATTIVIT À": "Mappatura ATTIVITÀ"
    }
    assert rejoined_texts(["Mappatura ATTIVIT À"]) == {}


def test_a_word_broken_at_the_end_of_its_line_is_joined():
    assert rejoined_texts(["informa-\nzione utile", "informazione"]) == {
        "informa-\nzione utile": "informazione utile"
    }


@pytest.mark.parametrize(
    "texts",
    [
        ["personale in formazione", "informazione", "formazione"],
        ["per altro verso", "peraltro", "altro ufficio"],
        ["buon uso", "altro uso", "buon fine", "buonuso"],
        ["contro parte", "controparte", "parte lesa", "contro voglia"],
    ],
)
def test_two_words_with_a_life_of_their_own_stay_apart(texts):
    assert rejoined_texts(texts) == {}


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Omesso controllo\nOmessa comunicazione", ("Omesso controllo", "Omessa comunicazione")),
        ("• Codice Etico\n• Whistleblowing", ("Codice Etico", "Whistleblowing")),
        ("• Codice Etico • Formazione", ("Codice Etico", "Formazione")),
        ("- uno;\n- due;", ("uno", "due")),
        ("1) uno\n2) due", ("uno", "due")),
        ("• prima parte\ncontinua\n• altra", ("prima parte continua", "altra")),
        (
            "Distruzione di informazioni\naziendali.\nErrori.",
            ("Distruzione di informazioni aziendali.", "Errori."),
        ),
        ("<ul><li>• Codice</li><li>• Etica</li></ul>", ("Codice", "Etica")),
        ("Una frase. E un’altra.", ("Una frase. E un’altra.",)),
        ("Codice-etico", ("Codice-etico",)),
        ("n. report\nn. incontri", ("n. report", "n. incontri")),
        ("Affidamento di\nn. 3 incarichi", ("Affidamento di n. 3 incarichi",)),
        (" \n ", ()),
    ],
)
def test_the_entries_of_a_cell(text, entries):
    assert entries_of(text) == entries


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1) n. corsi 2) % di atti", ["n. corsi", "% di atti"]),
        ("1) 30.11.2021 2) in essere", ["30.11.2021", "in essere"]),
        ("a) entro 3) mesi b) subito", ["entro 3) mesi", "subito"]),
        ("n. corsi\nn. verifiche", ["n. corsi", "n. verifiche"]),
        ("1) uno 2) due 3) tre", ["1) uno 2) due 3) tre"]),
        ("entro a) marzo b) aprile", ["entro a) marzo b) aprile"]),
    ],
)
def test_the_parts_of_a_cell_beside_two_measures(text, parts):
    cell = FileCell(text, text, "Foglio1", 2, 3, "own")

    assert [one.text for one in parts_of(cell, 2)] == parts


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("n. 2 Sviluppo software: Studi", 2, "Sviluppo software: Studi"),
        ("N° 12 – Gare", 12, "Gare"),
        ("n.3 Gare", 3, "Gare"),
        ("50 anni di servizio", None, "50 anni di servizio"),
        ("Nuove opere", None, "Nuove opere"),
    ],
)
def test_a_number_before_a_title(text, number, title):
    assert split_number(text) == (number, title)


@pytest.mark.parametrize(("value", "number"), [(3, 3), ("3.", 3), ("n. 3", 3), ("A3", None)])
def test_a_number_in_its_own_column(value, number):
    assert number_of(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1,4", Decimal("1.4")),
        (2.8000000000000003, Decimal("2.8")),
        (3, Decimal(3)),
        (True, None),
        ("ALTO", None),
        (datetime.date(2026, 5, 3), None),
    ],
)
def test_a_score(value, number):
    assert decimal_of(value) == number
