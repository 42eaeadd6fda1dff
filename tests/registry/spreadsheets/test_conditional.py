"""Conditional formats: plain rules that strike are followed, of others it is said they were not."""

import io

import pytest
import xlsxwriter

from registry.spreadsheets.reading import read_workbook

HEADS = ["Processo", "Stato", "Livello"]
ROWS = [["Gare", "in uso", "ALTO"], ["Multe", "Archiviato", None], ["Gare", "archiviato", 2]]
STRUCK, RED = {"font_strikeout": True}, {"bg_color": "#FF0000"}
WHOLE_ROWS = {"A3", "B3", "A4", "B4", "C4"}

# The range and its rule, what it does, the cells struck by it, and whether it is said unread.
RULES = {
    "a row by a word": (
        "A2:C4",
        {"type": "formula", "criteria": '=$B2="archiviato"'},
        STRUCK,
        WHOLE_ROWS,
        False,
    ),
    "a row by a cell that stays": (
        "A2:C4",
        {"type": "formula", "criteria": '=$B$3="Archiviato"'},
        STRUCK,
        {"A2", "B2", "C2", *WHOLE_ROWS},
        False,
    ),
    "all but a word": (
        "B2:B4",
        {"type": "cell", "criteria": "!=", "value": '"in uso"'},
        STRUCK,
        {"B3", "B4"},
        False,
    ),
    "a number": ("C2:C4", {"type": "cell", "criteria": "==", "value": 2}, STRUCK, {"C4"}, False),
    "a part of a text": (
        "A2:C4",
        {"type": "text", "criteria": "containing", "value": "CHIVIA"},
        STRUCK,
        {"B3", "B4"},
        False,
    ),
    "the beginning of a text": (
        "A2:C4",
        {"type": "text", "criteria": "begins with", "value": "mu"},
        STRUCK,
        {"A3"},
        False,
    ),
    "what stands twice": ("A2:A4", {"type": "duplicate"}, STRUCK, {"A2", "A4"}, False),
    "a formula of several cells": (
        "A2:C4",
        {"type": "formula", "criteria": '=AND($B2="x",$C2>1)'},
        STRUCK,
        set(),
        True,
    ),
    "a colour by a formula": (
        "C2:C4",
        {"type": "formula", "criteria": '=AND($B2="in uso",ROW()>1)'},
        RED,
        set(),
        True,
    ),
    "a colour by a word": (
        "C2:C4",
        {"type": "formula", "criteria": '=$B2="in uso"'},
        RED,
        set(),
        False,
    ),
    "a colour by the cell itself": (
        "C2:C4",
        {"type": "cell", "criteria": "==", "value": '"ALTO"'},
        RED,
        set(),
        False,
    ),
    "bars": ("C2:C4", {"type": "data_bar"}, None, set(), False),
}


@pytest.mark.parametrize(("where", "rule", "style", "struck", "is_said"), RULES.values(), ids=RULES)
def test_what_a_rule_strikes_is_struck(where, rule, style, struck, is_said):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Registro")
    for number, row in enumerate([HEADS, *ROWS]):
        sheet.write_row(number, 0, row)
    sheet.conditional_format(
        where, {**rule, **({"format": book.add_format(style)} if style else {})}
    )
    book.close()

    found = read_workbook(stream.getvalue())

    looks = found.sheets[0].looks
    assert {f"{'ABC'[c - 1]}{r}" for (r, c), look in looks.items() if look.is_struck} == struck
    said = [one.reason for one in found.findings if one.kind == "conditional-format"]
    assert [where in one for one in said] == ([True] if is_said else [])
