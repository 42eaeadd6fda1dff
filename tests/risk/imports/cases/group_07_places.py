"""One process in several places, and what is said again in the same words."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    NEW,
    Asked,
    BehaviourRow,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
)

_SORTED = Outcome(
    processes=(
        ProcessRow(
            1,
            "Concorsi",
            (BehaviourRow("Requisiti su misura", "ALTO"), BehaviourRow("Tracce note", "MEDIO")),
        ),
        ProcessRow(
            2,
            "Permessi",
            (BehaviourRow("Ritardo", "ALTO"), BehaviourRow("Omessi controlli", "BASSO")),
        ),
    ),
    measures=(
        MeasureRow("Formazione", ("Concorsi › Requisiti su misura", "Permessi")),
        MeasureRow("Whistleblowing", ("Concorsi › Tracce note",)),
    ),
    notes=(Note("4", ("Concorsi",)), Note("5", ("Permessi",))),
)

_CONCORSI = ProcessRow(
    1,
    "Concorsi",
    (
        BehaviourRow("Requisiti su misura", phases=("Bando",)),
        BehaviourRow("Tracce note", phases=("Prove",)),
    ),
    "A",
    level="ALTO",
    phases=("Bando", "Convocazione", "Prove"),
)
_ACQUISTI = ProcessRow(
    2,
    "Acquisti",
    (
        BehaviourRow("Capitolato su misura", phases=("Gara",)),
        BehaviourRow("Omessi controlli", phases=("Contratto",)),
    ),
    "D",
    level="MEDIO",
    phases=("Gara", "Contratto"),
)
_BOTH_RISKS = tuple(replace(row, level="MEDIO") for row in _ACQUISTI.behaviours)
_FILLED = Outcome(
    processes=(_CONCORSI, _ACQUISTI),
    measures=(MeasureRow("Formazione", ("Acquisti", "Concorsi")),),
)

_STAFF = "Acquisizione e progressione del personale"
_EXPORTED = Outcome(
    processes=(
        ProcessRow(
            1,
            "Affidamento diretto",
            area="D",
            phases=("Richiesta di preventivi", "Stipula"),
            macroprocess="Approvvigionamenti",
            code="AP.01.01",
            texts={"input": "Fabbisogno\nBudget", "output": "Contratto"},
        ),
        ProcessRow(
            2,
            "Concorso",
            area="A",
            phases=("Pubblicazione del bando",),
            macroprocess="Reclutamento",
            code="RU.02.03",
            texts={"input": "Piano dei fabbisogni", "output": "Graduatoria"},
        ),
    ),
    asks=(
        Asked("risk_area", {_STAFF: "A"}),
        Asked(
            "macroprocess",
            {"Approvvigionamenti": ANY, "Reclutamento": ANY},
            {"Approvvigionamenti": NEW, "Reclutamento": NEW},
        ),
    ),
    notes=tuple(
        Note("", (head,))
        for head in (
            *("Codice Area Rischio", "Codice Macroprocesso"),
            *("N. Input Processo", "N. Fasi Processo", "N. Output Processo"),
        )
    ),
)

_FORMULAS = Outcome(
    processes=(
        ProcessRow(
            1,
            "Concorsi",
            behaviours("Requisiti su misura"),
            level="PXI MEDIO",
            ratings={"P": "3", "I": "2"},
        ),
        ProcessRow(
            2,
            "Mobilità",
            behaviours("Bando su misura"),
            level="PXI BASSO",
            ratings={"P": "2", "I": "2"},
        ),
    ),
    asks=(Asked("method", {ANY: "naz:PXI:1"}),),
    notes=(
        Note("4", (), "Registro"),
        Note("", ("formul",)),
        Note("", ("Dati",)),
    ),
)

CASES = (
    Case(
        "ordinato_per_livello.xlsx",
        (_SORTED, replace(_SORTED, notes=(), asks=(Asked("process", {ANY: ANY}, {ANY: "same"}),))),
    ),
    Case(
        "valori_ripetuti.csv",
        (
            _FILLED,
            replace(
                _FILLED,
                processes=(_CONCORSI, replace(_ACQUISTI, level="", behaviours=_BOTH_RISKS)),
            ),
        ),
    ),
    Case("rol_processi.csv", (_EXPORTED,)),
    Case("formule_fra_fogli_lo.xlsx", (_FORMULAS,)),
)
