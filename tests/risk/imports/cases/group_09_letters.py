"""Letters that a legend of the file explains, whatever the field."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    LEGEND,
    PROGRAMME,
    Asked,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
)

_AREAS = {"A": "A", "B": "D", "C": "B", "D": "C"}
_LEGEND_OF_AREAS = (
    "Acquisizione e progressione del personale",
    "Affidamento di lavori, servizi e forniture",
    "Provvedimenti ampliativi privi di effetto economico",
    "Provvedimenti ampliativi con effetto economico",
)
_SINCE_2013 = Outcome(
    processes=tuple(
        ProcessRow(number, title, behaviours(risk), area, level=level)
        for number, title, risk, area, level in (
            (1, "Concorsi", "Requisiti su misura", "A", "ALTO"),
            (2, "Affidamenti diretti", "Frazionamento", "D", "ALTO"),
            (3, "Permessi", "Ritardo", "B", "MEDIO"),
            (4, "Contributi", "Favore", "C", "MEDIO"),
        )
    ),
    asks=(Asked("risk_area", _AREAS, says=_LEGEND_OF_AREAS),),
    notes=(Note("", ("Legenda aree",)),),
)

_NAMES = {
    "A": "Trasparenza",
    "B": "Codice di comportamento",
    "C": "Rotazione",
    "E": "Formazione",
    "F": "Patti di integrità",
    "G": "Controlli",
    "I": "Monitoraggio dei tempi",
    "M": "Informatizzazione",
    "R": "Astensione",
}
_ROWS = (
    ("Acquisizione di beni e servizi - affidamenti diretti", "GRAFI", "MEDIO"),
    ("Approvazione dei bandi di gara", "GRAFI", "MEDIO"),
    ("Incarichi professionali", "GBCF", "MEDIO"),
    ("Assistenza alle gare", "MABE", "BASSO"),
)
_RISKS = (
    ("Motivazione generica", "composizione irregolare della commissione"),
    ("Uso distorto della discrezionalità",),
    ("Requisiti su misura",),
    ("Omissione dei controlli",),
)
_PERSON = "Dirigenti incaricati della gara"
_IN_THE_LIST = {"Patti di integrità": "Patti di integrità e protocolli di legalità"}
"""What is marked for a name that says the beginning of one in the list."""
_NOT_IN_THE_LIST = tuple(_NAMES[letter] for letter in "ACFGIMR")
_LETTERED = Outcome(
    processes=tuple(
        ProcessRow(number, title, behaviours(*risks), level=level)
        for number, ((title, _letters, level), risks) in enumerate(
            zip(_ROWS, _RISKS, strict=True), 1
        )
    ),
    measures=tuple(
        MeasureRow(
            _IN_THE_LIST.get(name, name),
            tuple(title for title, letters, _level in _ROWS if letter in letters),
            _PERSON,
        )
        for letter, name in _NAMES.items()
    ),
    asks=(
        Asked("list", {ANY: ""}, {ANY: "list"}),
        Asked(LEGEND, {ANY: ANY}, says=("Legenda",)),
        Asked("measure", dict.fromkeys(_NOT_IN_THE_LIST, ANY)),
        Asked(PROGRAMME, {ANY: "measures"}),
        Asked("executor_role", {_PERSON: ANY}),
    ),
    notes=(Note("B7", ("NELLA TABELLA",)), Note("1", ("TABELLA A",)), Note("F5", ("idem",))),
)

_DITTO = Asked("ditto", {ANY: "repeat"}, says=("F5", "F6"))

CASES = (
    Case("lettere_area_pna2013.xlsx", (_SINCE_2013,)),
    Case(
        "misure_a_lettere.xlsx",
        (
            replace(_LETTERED, asks=(*_LETTERED.asks, _DITTO), notes=_LETTERED.notes[:2]),
            _LETTERED,
        ),
    ),
)
