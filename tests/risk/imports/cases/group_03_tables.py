"""Tables, sheets and columns nobody reads today: every one of a file is found, or named."""

from dataclasses import replace

from tests.risk.imports.cases.group_01_marks import THREE, THREE_MEASURES
from tests.risk.imports.cases.outcomes import (
    ANY,
    COLUMN,
    SKIP,
    TABLE,
    Asked,
    Case,
    Note,
    Outcome,
    ProcessRow,
    Refusal,
    behaviours,
    measures,
    numbered,
)

_SHEETS = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "ALTO"),
        ("Permessi", "Ritardo", "MEDIO"),
        ("Collaudi", "Attestazione falsa", "ALTO"),
    )
)
_BESIDE = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "ALTO"),
        ("Mobilità", "Bando", "BASSO"),
        ("Permessi", "Ritardo", "MEDIO"),
        ("Collaudi", "Attestazione falsa", "ALTO"),
    )
)
_OFFICES = ("SETTORE AFFARI GENERALI", "SETTORE TECNICO")
_BELOW = Outcome(
    processes=(
        *THREE,
        ProcessRow(4, "Permessi di costruire", behaviours("Ritardo pilotato"), level="ALTO"),
        ProcessRow(5, "Collaudi", behaviours("Attestazione falsa"), level="MEDIO"),
    ),
    measures=(
        *THREE_MEASURES,
        *measures(("Formazione", "Permessi di costruire"), ("Formazione", "Collaudi")),
    ),
    asks=(Asked("office", dict.fromkeys(_OFFICES, "PROVA")),),
    not_asked=("«Misure»", "«Formazione»"),
)
_WHO_DECIDES = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "MEDIO"), ("Permessi", "Ritardo", "BASSO")
    ),
    notes=(Note("B", ("Livello di collocazione della responsabilità",)),),
)

CASES = (
    Case("secondo_foglio_diverso.xlsx", (_SHEETS,)),
    Case(
        "due_tabelle_accanto.xlsx",
        (
            _BESIDE,
            replace(_BESIDE, asks=(Asked(TABLE, {ANY: ANY}),)),
            Outcome(refusal=Refusal("1", ("tabella",))),
        ),
    ),
    Case(
        "due_tabelle_sotto.xlsx",
        (
            _BELOW,
            replace(
                _BELOW,
                asks=(),
                notes=tuple(Note(p, (t,)) for p, t in zip("17", _OFFICES, strict=True)),
            ),
        ),
    ),
    Case(
        "livello_della_responsabilita.xlsx",
        (
            _WHO_DECIDES,
            replace(
                _WHO_DECIDES,
                notes=(),
                asks=(Asked(COLUMN, {ANY: ANY}, answers={ANY: SKIP}),),
            ),
        ),
    ),
)
