"""Which rows are processes: totals, dates and signatures are none, nor is a row without a title."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    OUT,
    ROW,
    Asked,
    Case,
    Note,
    Outcome,
    ProcessRow,
    Refusal,
    behaviours,
    numbered,
)

_FOOT = ("Totale rischi alti", "Totale rischi medi", "Data ultimo aggiornamento", "Il RPCT")
_TOTALS = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "ALTO"), ("Mobilità", "Bando su misura", "MEDIO")
    ),
    notes=tuple(Note(str(row), (text,)) for row, text in enumerate(_FOOT, 4)),
)
_TITLED = Outcome(
    processes=(
        ProcessRow(1, "Concorsi", behaviours("Requisiti su misura"), "A", level="ALTO"),
        ProcessRow(2, "Collaudi", behaviours("Attestazione falsa"), "D", level="BASSO"),
    ),
    asks=(Asked(ROW, {ANY: ""}, answers={ANY: OUT}, says=("3", "Frazionamento")),),
)

CASES = (
    Case(
        "totali_in_fondo.xlsx",
        (_TOTALS, replace(_TOTALS, notes=(), asks=(Asked(ROW, {ANY: OUT}, says=_FOOT),))),
    ),
    Case(
        "titolo_mancante.xlsx",
        (Outcome(refusal=Refusal("B3", ("area", "titolo"))), _TITLED),
        office="",
    ),
)
