"""Our own files after other hands: ids know better than merges, and a gap is a question."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    NEW,
    OTHER_PROGRAMS,
    ROW,
    Asked,
    BehaviourRow,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    Refusal,
)

_WRITTEN = "Misura scritta a mano"
_ICT = (
    "Erogazione del Servizio",
    "Assistenza",
    "Formazione",
    "Incident Management",
    "Gestione degli attacchi informatici",
)
_PHASES = (
    "Analisi e instradamento della segnalazione",
    "Gestione delle attività per la risoluzione del problema",
    "Gestione delle comunicazioni all'utenza",
    "Registrazione, reporting e analisi delle attività",
)
_ASSISTANCE = ProcessRow(
    2,
    "Assistenza",
    (
        BehaviourRow(
            "Possibilità di privilegiare le richieste di alcuni utenti anche assecondando "
            "richieste non legittime",
            phases=_PHASES,
        ),
    ),
    office="ICT",
    level="MEDIO",
    motivation="Nuova motivazione",
    phases=_PHASES,
    macroprocess="Processi di Gestione dei Servizi Tecnici",
    texts={
        "objective": "Assicurare, in risposta a richieste del cliente/utente/operatore del "
        "servizio, tempestive attività di assistenza per la risoluzione delle relative "
        "problematiche nel rispetto dei livelli di servizio previsti e della continuità del "
        "servizio erogato."
    },
)
_BY_HAND = Outcome(
    processes=(_ASSISTANCE,),
    measures=(MeasureRow(_WRITTEN, tuple(sorted(_ICT))),),
    asks=(Asked("measure", {_WRITTEN: ANY}, {_WRITTEN: NEW}),),
)
_UNCHANGED_ICT = Outcome(counts=(0, 0, 42))
_UNCHANGED_GARE = Outcome(counts=(0, 0, 6))

CASES = (
    Case(
        "nostro_celle_separate.xlsx",
        (replace(_UNCHANGED_ICT, notes=(Note("", ("unit",)),)),),
        office="",
    ),
    Case(
        "nostro_ordinato_solo_visibili.xlsx",
        (
            replace(_UNCHANGED_GARE, asks=(Asked(ROW, {ANY: "text"}, says=("5", "9", "10")),)),
            Outcome(refusal=Refusal("5")),
        ),
        office="",
    ),
    Case("nostro_misura_senza_pallino.xlsx", (_BY_HAND,), office=""),
    Case(f"{OTHER_PROGRAMS}own-tabella-unmerged.xlsx", (Outcome(),), office=""),
    Case(f"{OTHER_PROGRAMS}own-tabella-filled-down.xlsx", (Outcome(),), office=""),
)
