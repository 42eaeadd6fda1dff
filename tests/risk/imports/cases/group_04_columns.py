"""Several columns of one field: numbered ones are joined, crossed ones are a list."""

from dataclasses import replace

from tests.risk.imports.cases.group_01_marks import CHECKS, CONTRIBUTIONS
from tests.risk.imports.cases.outcomes import (
    ANY,
    TABLE,
    Asked,
    BehaviourRow,
    Case,
    Outcome,
    ProcessRow,
    behaviours,
    measures,
    numbered,
)

_CROSSED = Outcome(
    processes=numbered(
        ("Concorsi", "Requisiti su misura", "ALTO"), ("Permessi", "Ritardo", "MEDIO")
    )
)

CASES = (
    Case(
        "rischio_1_2_3.xlsx",
        (
            Outcome(
                processes=(
                    ProcessRow(
                        1,
                        "Concorsi",
                        behaviours("Requisiti su misura", "Commissione pilotata"),
                        level="ALTO",
                    ),
                    ProcessRow(
                        2, "Permessi", behaviours("Ritardo", "Omissione", "Favore"), level="MEDIO"
                    ),
                ),
                measures=measures(
                    ("Formazione", "Concorsi"),
                    ("Formazione", "Permessi"),
                    ("Whistleblowing", "Concorsi"),
                ),
            ),
        ),
    ),
    Case(
        "fattori_con_x.xlsx",
        (
            Outcome(
                processes=tuple(
                    ProcessRow(number, title, (BehaviourRow(text, factors=factors),), level=level)
                    for number, title, text, factors, level in (
                        (1, CONTRIBUTIONS, "Favorire un'associazione", ("FA02", "FA07"), "ALTO"),
                        (2, "Rilascio permessi", "Ritardo pilotato", ("FA04", "FA05"), "MEDIO"),
                        (3, CHECKS, "Omessa sanzione", ("FA02", "FA05"), "BASSO"),
                    )
                )
            ),
        ),
    ),
    Case(
        "livello_con_x.xlsx",
        (_CROSSED, replace(_CROSSED, asks=(Asked(TABLE, {ANY: ANY}),))),
    ),
)
