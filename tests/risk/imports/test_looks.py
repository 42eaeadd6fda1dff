"""What a cell looks like is settled before its row is read: nothing cancelled comes in unasked."""

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill

from registry.spreadsheets.reading import read_workbook
from risk.services.imports.ledger import Choice, Ledger
from risk.services.imports.parse import parse_rows
from risk.services.imports.recognise import recognise
from tests.looks import Marked, marked_docx, marked_ods, marked_xlsx

HEADS = ["N.", "Processo", "Evento rischioso", "Livello di rischio", "Misure"]
WRITERS = {"xlsx": marked_xlsx, "ods": marked_ods, "docx": marked_docx}
STRUCK = "testi barrati o nascosti"


def register(*rows):
    return [list(map(Marked, HEADS)), *([_marked(one) for one in row] for row in rows)]


def _marked(one):
    return one if isinstance(one, Marked) else Marked(one)


def gone(text):
    return Marked(text, struck=text)


def read(content, answers=None, levels=()):
    """Return the rows of a file as texts by field, and what is said of it."""
    ledger = Ledger(answers)
    rows = parse_rows(recognise(read_workbook(content, "registro")), ledger, lambda: levels)
    return [{name: row.text(name) for name in row.cells} for row in rows], ledger


MARKED = register(
    ("1", "Concorsi", "Requisiti su misura", "ALTO", Marked("Rotazione\nFormazione", "Rotazione")),
    tuple(map(gone, ("2", "Permessi", "Ritardo", "MEDIO", "Formazione"))),
    ("3", "Controlli", gone("Omessa sanzione"), "BASSO", "Whistleblowing"),
)


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_struck_is_one_question_with_its_places(name):
    rows, ledger = read(WRITERS[name](MARKED))

    [question] = ledger.questions.values()
    assert (question.kind, question.value, question.proposed) == ("cancelled", STRUCK, "out")
    told = "parte di E2 («Rotazione»); riga 3 («Permessi»); C4 («Omessa sanzione»)"
    assert told in question.reason
    assert question.count == 3
    assert [row["process_title"] for row in rows] == ["Concorsi", "Controlli"]
    assert [row.get("behaviours") for row in rows] == ["Requisiti su misura", None]
    assert rows[0]["measures"] == "Formazione"


@pytest.mark.parametrize(("answer", "titles"), [("in", 3), ("out", 2)])
def test_an_answer_is_asked_no_more(answer, titles):
    rows, ledger = read(marked_xlsx(MARKED), {"cancelled": {STRUCK: {"is": answer}}})

    assert not ledger.questions
    assert len(rows) == titles
    assert ["C4 («Omessa sanzione»)" in note.reason for note in ledger.notes] == (
        [True] if answer == "out" else []
    )


def test_a_struck_title_takes_all_rows_of_its_process_along():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet, struck = book.add_worksheet("Registro"), book.add_format({"font_strikeout": True})
        sheet.write_row(0, 0, ["Processo", "Fase", "Livello di rischio"])
        sheet.merge_range(1, 0, 2, 0, "Concorsi", struck)
        sheet.merge_range(3, 0, 4, 0, "Permessi")
        for row in range(1, 5):
            sheet.write(row, 1, f"Fase {row}")
    rows, ledger = read(stream.getvalue())

    assert [row["phase"] for row in rows] == ["Fase 3", "Fase 4"]
    assert ledger.questions["cancelled", STRUCK].count == 2


def hidden(rows, more=()):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Registro")
        sheet.write_row(0, 0, HEADS[1:4])
        sheet.merge_range(1, 0, 2, 0, "Concorsi")
        for row in range(1, rows + 1):
            if row > 2:
                sheet.write(row, 0, f"Processo {row}")
            sheet.write_row(row, 1, [f"Rischio {row}", "ALTO"])
        for row in more:
            sheet.set_row(row, None, None, {"hidden": True})
    return stream.getvalue()


def test_a_hidden_row_leaves_the_merged_cell_it_begins():
    rows, ledger = read(hidden(3, [1]))

    assert [key for _kind, key in ledger.questions] == ["Registro!2"]
    assert [(row["process_title"], row.get("behaviours")) for row in rows] == [
        ("Concorsi", None),
        ("Concorsi", "Rischio 2"),
        ("Processo 3", "Rischio 3"),
    ]


def test_many_hidden_rows_are_one_question():
    rows, ledger = read(hidden(40, range(10, 41)))

    [question] = ledger.questions.values()
    assert (question.value, question.count) == ("Registro: righe nascoste a mano", 31)
    assert "e altre 16" in question.reason
    assert len(rows) == 9


@pytest.mark.parametrize(("rows", "end"), [(16, "; e un altro posto."), (17, "; e altri 2 posti.")])
def test_of_many_struck_texts_the_others_are_counted(rows, end):
    struck = (tuple(map(gone, (str(n), f"Processo {n}", "Rischio"))) for n in range(rows))
    _rows, ledger = read(marked_xlsx(register(("0", "Concorsi", "Rischio"), *struck)))

    [question] = ledger.questions.values()
    assert end in question.reason


@pytest.mark.parametrize(
    ("text", "measures", "said"),
    [
        ("☐ Rotazione\n☒ Formazione\n☒ Codice", "Formazione Codice", ["«Rotazione»"]),
        ("Una di queste:\n[x] Formazione\n[ ] Codice", "Una di queste: • Formazione", ["«Codice»"]),
        ("☐ Rotazione", None, ["«Rotazione»"]),
        ("■ Formazione\n■ Codice", "Formazione Codice", []),
    ],
)
def test_a_box_not_ticked_is_no_entry(text, measures, said):
    rows, ledger = read(marked_docx(register(("1", "Concorsi", "Rischio", "ALTO", text))))

    told = (rows[0].get("measures") or "").replace("• ", "", 1).replace(" • ", " ")
    assert told == (measures or "").replace(" • ", " ")
    assert [note.row for note in ledger.notes] == [2] * len(said)
    assert all(word in note.reason for word, note in zip(said, ledger.notes, strict=True))


@pytest.mark.parametrize(
    ("text", "level", "is_refused"),
    [
        ("☐ BASSO ☒ MEDIO ☐ ALTO", "MEDIO", False),
        ("☐ BASSO ☐ ALTO", None, False),
        ("☒ BASSO ☒ ALTO", "BASSO ALTO", True),
    ],
)
def test_of_boxes_of_a_level_the_one_that_is_ticked_counts(text, level, is_refused):
    rows, ledger = read(marked_docx(register(("1", "Concorsi", "Rischio", text, "Formazione"))))

    assert rows[0].get("level") == level
    assert bool(ledger.refusals) is is_refused


def test_a_text_gets_what_is_seen_and_a_number_the_number():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Registro")
        sheet.write_row(0, 0, ["N.", "Processo", "Tempi", "Livello di rischio", "Probabilità"])
        formats = {0: "000", 2: '0" giorni"', 3: '[=3]"ALTO";0', 4: "0.00"}
        for column, value in enumerate([7, "Concorsi", 30, 3, 2]):
            style = book.add_format({"num_format": formats.get(column, "@")})
            sheet.write(1, column, value, style)
    [row], ledger = read(stream.getvalue())

    assert (row["times"], row["level"], row["process_number"]) == ("30 giorni", "ALTO", "7")
    assert row["probability"] == "2"
    assert not ledger.questions


LEVELS = [Choice("B", "BASSO"), Choice("M", "MEDIO"), Choice("A", "ALTO")]


def coloured(*fills):
    rows = [("1", "Concorsi", "Rischio", Marked("", fill=one), "Formazione") for one in fills]
    return marked_xlsx(register(*rows))


def test_one_colour_alone_is_told_and_no_level():
    rows, ledger = read(coloured("FF0000", "FF0000"), levels=LEVELS)

    assert all("level" not in row for row in rows)
    assert not ledger.questions
    assert [("D2, D3" in note.reason, note.column) for note in ledger.notes] == [(True, "D")]


def test_several_colours_are_asked_about_and_never_taken():
    content = coloured("FF0000", "FFFF00", "00B050", "92D050", "FFC000")
    rows, ledger = read(content, levels=LEVELS)

    assert all("level" not in row for row in rows)
    assert {value: one.proposed for (_kind, value), one in ledger.questions.items()} == {
        "rosso": "A",
        "giallo": "M",
        "verde 00B050": "B",
        "verde 92D050": "B",
        "arancione": "",
    }
    said = {"rosso": {"is": "A"}, "giallo": {"skip": True}}
    rows, ledger = read(content, {"colour": said}, levels=LEVELS)
    assert [row.get("level") for row in rows] == ["ALTO", None, None, None, None]
    assert len(ledger.questions) == 3


def test_orange_is_the_middle_of_a_light_without_yellow():
    _rows, ledger = read(coloured("FF0000", "FFC000", "00B050"), levels=LEVELS)

    proposed = [one.proposed for one in ledger.questions.values()]
    assert proposed == ["A", "M", "B"]


def test_a_legend_of_colours_says_what_is_likely():
    book = openpyxl.load_workbook(io.BytesIO(coloured("7030A0", "0070C0", "FF0000")))
    legend = book.create_sheet("Legenda")
    for row, (fill, text) in enumerate([("7030A0", "Rischio alto"), ("FF0000", "basso")], 1):
        legend.cell(row, 1).fill = PatternFill("solid", fgColor=fill)
        legend.cell(row, 2, text)
    legend.cell(3, 1, "MEDIO o ALTO").fill = PatternFill("solid", fgColor="0070C0")
    stream = io.BytesIO()
    book.save(stream)

    rows, ledger = read(stream.getvalue(), levels=LEVELS)

    assert all("level" not in row for row in rows)
    proposed = {value: one.proposed for (_kind, value), one in ledger.questions.items()}
    assert proposed == {"viola": "A", "blu": "", "rosso": "B"}


def test_a_row_that_is_painted_whole_says_nothing():
    rows = [[Marked(text, fill=fill) for text in ("1", "Gare", "Rischio", "", "Formazione")]
            for fill in ("EEEEEE", "FF0000")]  # fmt: skip
    _rows, ledger = read(marked_xlsx(register(*rows)), levels=LEVELS)

    assert (ledger.questions, ledger.notes) == ({}, [])


def test_an_error_that_is_not_read_stops_nothing():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name in ("Registro", "Riepilogo"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Processo", "Livello di rischio", "Note nostre"])
            sheet.write_row(1, 0, ["Concorsi", "ALTO"])
            sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    _rows, ledger = read(stream.getvalue())
    assert not ledger.refusals
    assert sum("#N/D" in note.value for note in ledger.notes) == 2
