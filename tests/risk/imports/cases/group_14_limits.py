"""A limit is measured on content and says the way out."""

from dataclasses import replace

from tests.risk.imports.cases.group_01_marks import THREE, THREE_MEASURES
from tests.risk.imports.cases.outcomes import Case, Note, Outcome, Refusal, numbered

_BELOW_A_NOTE = Outcome(processes=THREE, measures=THREE_MEASURES)

CASES = (
    Case(
        "spazio_in_fondo.xlsx",
        (Outcome(processes=numbered(("Concorsi", "Requisiti su misura", "ALTO"))),),
    ),
    Case(
        "titoli_riga_38.xlsx",
        (
            replace(_BELOW_A_NOTE, notes=(Note("", ("37",)),)),
            Outcome(refusal=Refusal("", ("riga dei titoli", "--header-row"))),
        ),
    ),
)
