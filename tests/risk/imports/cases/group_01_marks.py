"""What a cell shows besides its text: struck, hidden, filled, commented, ticked, revised."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    CANCELLED,
    COLOUR,
    HIDDEN,
    IN,
    OUT,
    SKIP,
    Asked,
    Case,
    Note,
    Outcome,
    measures,
    numbered,
)

CONTRIBUTIONS, PERMITS = "Concessione di contributi", "Rilascio di permessi"
CHECKS = "Controlli sul territorio"
_FAVOUR, _DELAY, _SANCTION = "Favorire un'associazione", "Ritardo pilotato", "Omessa sanzione"
THREE = numbered(
    (CONTRIBUTIONS, _FAVOUR, "ALTO"), (PERMITS, _DELAY, "MEDIO"), (CHECKS, _SANCTION, "BASSO")
)
"""The three processes most files of this group have."""
THREE_MEASURES = measures(
    ("Codice di comportamento", CONTRIBUTIONS), ("Formazione", PERMITS), ("Whistleblowing", CHECKS)
)
_PLAIN = Outcome(processes=THREE, measures=THREE_MEASURES)

_STRUCK = Outcome(
    processes=(THREE[0], replace(THREE[2], behaviours=())),
    measures=measures(("Codice di comportamento", CONTRIBUTIONS), ("Whistleblowing", CHECKS)),
    asks=(
        Asked(
            CANCELLED,
            {ANY: OUT},
            says=(PERMITS, "3", _SANCTION, "C4", "Rotazione del personale", "E2"),
        ),
    ),
)
_REVISED_NOTE = Note("D3", ("MEDIO", "ALTO"))
_REVISED = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "ALTO"), ("Permessi", "Ritardo", "ALTO")
    ),
    measures=measures(("Codice di comportamento", "Concorsi"), ("Formazione", "Permessi")),
    asks=(Asked(CANCELLED, {ANY: OUT}, says=("Collaudi", "E2", "Rotazione del personale")),),
    notes=(_REVISED_NOTE,),
)
_TICKED = Outcome(
    processes=numbered(("Concorsi", "Requisiti su misura", "MEDIO"), ("Permessi", "Ritardo", "")),
    measures=measures(
        ("Formazione", "Concorsi"), ("Formazione", "Permessi"), ("Whistleblowing", "Concorsi")
    ),
    notes=(Note("D2", ("Rotazione",)), Note("C3")),
    not_asked=("BASSO", "☐"),
)
_COLOURS = {"rosso": "A", "giallo": "M", "verde": "B"}
_NO_LEVELS = tuple(replace(row, level="") for row in THREE)

CASES = (
    Case(
        "righe_barrate.xlsx",
        (
            _STRUCK,
            replace(
                _STRUCK,
                asks=(),
                notes=(
                    Note("3", (PERMITS,)),
                    Note("C4", (_SANCTION,)),
                    Note("E2", ("Rotazione del personale",)),
                ),
            ),
        ),
    ),
    Case("revisioni_e_barrato.docx", (_REVISED,)),
    Case(
        "caselle_vuote.docx",
        (
            Outcome(
                processes=numbered(("Concorsi", "Requisiti su misura", "ALTO")),
                measures=measures(("Whistleblowing", "Concorsi")),
                notes=(Note("D2", ("Formazione",)), Note("D2", ("Codice di comportamento",))),
            ),
        ),
    ),
    Case(
        "caselle_di_spunta.docx",
        (
            _TICKED,
            replace(
                _TICKED,
                asks=(Asked("level", {"Scegliere un elemento.": SKIP}),),
                notes=_TICKED.notes[:1],
            ),
        ),
    ),
    Case(
        "righe_nascoste.xlsx",
        tuple(
            replace(
                _PLAIN,
                asks=(
                    Asked(
                        HIDDEN,
                        {"Foglio1!3": third, "Foglio1!5": fifth},
                        answers={"Foglio1!3": IN, "Foglio1!5": OUT},
                        says=(PERMITS, "filtro", "Processo soppresso"),
                    ),
                ),
                notes=(Note("D", ("nascost",)), Note("F", ("Note interne RPCT", "4"))),
            )
            for third, fifth in ((IN, OUT), ("", ""))
        ),
    ),
    Case(
        "livello_a_colori.xlsx",
        (
            replace(_PLAIN, asks=(Asked(COLOUR, _COLOURS, says=("D2", "D3", "D4")),)),
            Outcome(
                processes=_NO_LEVELS,
                measures=THREE_MEASURES,
                notes=(Note("D2"), Note("D3"), Note("D4")),
            ),
        ),
    ),
    Case(
        "commenti.xlsx",
        (replace(_PLAIN, notes=(Note("D2", ("portare a MEDIO dopo il riesame",)),)),),
    ),
)
