"""Several in one cell: any sign may part a list, none certainly."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    Asked,
    Case,
    MeasureRow,
    Outcome,
    ProcessRow,
    behaviours,
)

_LISTED = Outcome(
    processes=(
        ProcessRow(
            1,
            "Concorsi",
            behaviours("Requisiti su misura", "Commissione pilotata", "Tracce note"),
            level="ALTO",
        ),
        ProcessRow(2, "Permessi", behaviours("Ritardo", "Omissione", "Favore"), level="MEDIO"),
        ProcessRow(
            3, "Collaudi", behaviours("Attestazione falsa", "Omesso controllo"), level="BASSO"
        ),
    ),
    measures=(
        MeasureRow("Codice di comportamento", ("Concorsi",)),
        MeasureRow("Formazione", ("Concorsi", "Permessi", "Collaudi")),
        MeasureRow("Rotazione", ("Permessi",)),
        MeasureRow("Trasparenza", ("Permessi",)),
        MeasureRow("Whistleblowing", ("Concorsi", "Collaudi")),
    ),
    asks=(Asked("measure", {"Trasparenza": ANY, "Rotazione": ANY}),),
)


def _listed(*columns: str) -> Outcome:
    """Return the outcome with one question of lists for each column, or column and sign."""
    asked = Asked("list", dict.fromkeys((ANY, *columns[1:]), ANY), {ANY: "list"})
    return replace(_LISTED, asks=(*([asked] if columns else ()), *_LISTED.asks))


def _offices(chosen: str) -> Outcome:
    return Outcome(
        processes=tuple(
            ProcessRow(
                number,
                title,
                behaviours(risk),
                office=office,
                level=level,
                texts={"responsible": responsible},
            )
            for number, title, risk, office, level, responsible in (
                (7, "Affidamenti", "Frazionamento", "GARE", "ALTO", "Rossi"),
                (29, "Acquisti informatici", "Capitolato su misura", "SI", "MEDIO", "Bianchi"),
                (1, "Accesso agli atti", "Diniego pilotato", chosen, "BASSO", "Segretario"),
            )
        ),
        asks=(
            Asked(
                "office",
                {
                    "Uff. Gare": "GARE",
                    "Servizi Informativi / Gare e contratti": "",
                    "Tutti gli uffici": ANY,
                },
                {
                    "Servizi Informativi / Gare e contratti": "SI",
                    "Tutti gli uffici": chosen,
                },
            ),
        ),
    )


CASES = (
    Case(
        "elenchi_in_riga.xlsx",
        (_listed("risks", "risks by bar", "measures"), _listed("risks", "measures"), _listed()),
    ),
    Case("uffici_multipli.xlsx", (_offices("PROVA"),)),
)
