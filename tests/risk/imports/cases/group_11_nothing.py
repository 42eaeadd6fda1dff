"""Ways of saying nothing, or the same as above."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    BLANK,
    DITTO,
    PROGRAMME,
    Asked,
    BehaviourRow,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
)

_ABSENT = Outcome(
    processes=(
        ProcessRow(
            1,
            "Concorsi",
            (BehaviourRow("Requisiti su misura", phases=("Bando",)),),
            level="ALTO",
            phases=("Bando", "Convocazione prove", "Graduatoria"),
        ),
        ProcessRow(2, "Protocollo", phases=("Registrazione",)),
        ProcessRow(3, "Archivio", phases=("Deposito",)),
    ),
    notes=tuple(Note(f"C{row}") for row in range(3, 7)),
)

_TITLES = ("Affidamenti diretti", "Procedure negoziate", "Concessioni", "Subappalti")
_DITTO = Outcome(
    processes=tuple(
        ProcessRow(
            number,
            title,
            behaviours("Omessi controlli" if number == 4 else "Frazionamento"),
            "D",
            level="BASSO" if number == 4 else "ALTO",
        )
        for number, title in enumerate(_TITLES, 1)
    ),
    measures=(MeasureRow("Codice di comportamento", _TITLES, "Dirigente"),),
    asks=(
        Asked(DITTO, {"come sopra": "repeat", "//": "repeat"}, says=("B3", "idem", "c.s.", "G5")),
        Asked(PROGRAMME, {ANY: "measures"}),
        Asked("executor_role", {"Dirigente Gare": "DIR"}),
    ),
)

_DIRECT = ProcessRow(
    1,
    "Affidamenti diretti",
    (
        BehaviourRow("Frazionamento", "ALTO", phases=("Programmazione",)),
        BehaviourRow("Mancata rotazione", "MEDIO", phases=("Programmazione",)),
        BehaviourRow("Omessi controlli", phases=("Esecuzione",)),
    ),
    "D",
    phases=("Programmazione", "Esecuzione"),
)
_COMPETITIONS = ProcessRow(
    2,
    "Concorsi",
    (
        BehaviourRow("Requisiti su misura", "BASSO", phases=("Bando",)),
        BehaviourRow("Tracce note", phases=("Prove",)),
    ),
    "A",
    phases=("Bando", "Prove"),
)
_NO_LEVEL = Outcome(
    processes=(_DIRECT, _COMPETITIONS),
    measures=(
        MeasureRow("Codice di comportamento", ("Affidamenti diretti › Frazionamento",)),
        MeasureRow("Formazione", ("Affidamenti diretti › Omessi controlli",)),
    ),
    notes=(Note("E4"), Note("E6")),
)
_LEVEL_ASKED = replace(
    _NO_LEVEL, notes=(), asks=(Asked(BLANK, {ANY: ""}, {ANY: "blank"}, says=("E4", "E6")),)
)
_WITH_PHASE = Asked(BLANK, {"phase": ANY, "level": ""}, {"phase": "above", "level": "blank"})

CASES = (
    Case("rischi_assenti.xlsx", (_ABSENT,)),
    Case("idem.xlsx", (_DITTO,)),
    Case(
        "vuote_come_sopra.xlsx",
        (_LEVEL_ASKED, _NO_LEVEL, replace(_LEVEL_ASKED, asks=(_WITH_PHASE,))),
    ),
)
