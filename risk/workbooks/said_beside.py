"""Heads that mean something only by what stands beside them, and those that are none of ours.

A head of `ROLES` becomes a field of ours by its neighbours (`recognise.neighbours`). Those of
`NONE_OF_OURS` are known to be nothing the register has, so that no likeness is made of them.
"""

import re

SUB_PROCESS, SUB_AREA, TOTAL, CODE = "?sub-process", "?sub-area", "?total", "?code"
ROLES: dict[str, tuple[str, ...]] = {
    SUB_PROCESS: (
        *("sotto processo", "sottoprocesso", "sotto processi", "sottoprocessi"),
        *("sub processo", "subprocesso", "servizio ambito sotto processi"),
    ),
    SUB_AREA: ("sotto area", "sottoarea", "sub area", "sotto aree"),
    TOTAL: ("totale", "valore complessivo"),
    CODE: ("codice", "cod", "codici", "sigla"),
}
WHOLE_PROCESS = ("processo", "processi", "processo attività")
"""Heads of a process that is only the macroprocess of the sub-process beside it."""
DESCRIBED_PROCESS = ("descrizione del processo", "descrizione dei processi")
"""A title where nothing else in the table is one."""
ACTIVITIES = ("attività", "attivita", "attività del processo", "attivita del processo")
"""Phases where they stand behind the process of a table without any."""
ACTIONS = ("azioni", "azioni possibili")
"""Measures where they stand after risks, in a table without phases."""
GRADE = re.compile(
    r"(?:rischio )?(?:molto |medio )?"
    r"(?:null|minim|bass|medi|moderat|alt|altissim|elevat|critic|trascurabil|rilevant)[oaei]"
)
"""A bare word of a scale of levels: no risk is called so."""
NONE_OF_OURS = (
    *("livello di collocazione della responsabilità", "funzioni titolari del processo"),
    *("direzione area i livello", "massimo impatto", "max impatto", "media p x max i"),
    *("tipologia rischio", "tipologia di rischio", "tipo di rischio", "efficacia dei controlli"),
    *("n rischio", "id rischio", "codice rischio", "note", "annotazioni", "note interne rpct"),
    *("note eventuali oneri finanziari", "n input processo", "n fasi processo"),
    *("n output processo", "codice area rischio", "codice macroprocesso", "codice sottoprocesso"),
    *("valutazione media a", "valutazione media b", "coefficiente c", "axbxc"),
)
"""Heads met in registers that stand for nothing of ours: said to be left out, never guessed."""
OTHER_LANGUAGES: dict[str, tuple[str, ...]] = {
    "office": ("amt", "abteilung", "organisationseinheit", "bureau", "service"),
    "risk_area": ("risikobereich", "risikobereiche", "domaine de risque", "secteur de risque"),
    "process_title": ("prozess", "prozesse", "verfahren", "processus", "procédure"),
    "phase": ("phase", "phasen", "phases"),
    "responsible": ("verantwortlicher", "verantwortliche", "responsable"),
    "behaviours": (
        *("risikoereignis", "risikoereignisse", "risiko", "risiken"),
        *("événement à risque", "risque", "risques"),
    ),
    "factors": ("begünstigende faktoren", "risikofaktoren", "facteurs favorisants"),
    "probability": ("wahrscheinlichkeit", "eintrittswahrscheinlichkeit", "probabilité"),
    "impact": ("auswirkung", "auswirkungen", "impact"),
    "level": ("risikograd", "risikostufe", "risikoniveau", "niveau de risque"),
    "motivation": ("begründung",),
    "measures": (
        *("maßnahmen", "maßnahme", "vorbeugungsmaßnahmen"),
        *("mesures", "mesures de prévention"),
    ),
}
"""The heads of registers kept in two languages (Südtirol, Vallée d'Aoste), by field."""
