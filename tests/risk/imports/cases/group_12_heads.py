"""Heads in other words: usual spellings, footnote signs, two languages, one row or two."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    COLUMN,
    LANGUAGE,
    NEW,
    Asked,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
)

_DESCRIBED = Outcome(
    processes=(ProcessRow(1, "Concorsi", behaviours("Requisiti su misura"), "A", level="ALTO"),),
    measures=(MeasureRow("Formazione", ("Concorsi",)),),
)

_STAFF, _WORKS = (
    "ACQUISIZIONE E PROGRESSIONE PERSONALE",
    "AFFIDAMENTO DI LAVORI, SERVIZI E FORNITURE",
)


_ACCESS = "Requisiti di accesso su misura"
_VALUED = (
    (
        ProcessRow(
            1,
            "Assunzioni mediante chiamata diretta",
            behaviours(
                _ACCESS,
                "Composizione irregolare della commissione",
                "Inosservanza delle regole procedurali",
            ),
            "A",
            level="PXI BASSO",
            ratings={"P": "2,7", "I": "1,5"},
        )
    ),
    ProcessRow(
        2,
        "Assunzioni mediante liste di collocamento",
        behaviours(_ACCESS, "Selezionatore individuato in modo irregolare"),
        "A",
        level="PXI BASSO",
        ratings={"P": "2,5", "I": "1,5"},
    ),
    ProcessRow(
        3,
        "Affidamenti diretti",
        behaviours("Frazionamento artificioso", "Mancata rotazione"),
        "D",
        level="PXI MEDIO",
        ratings={"P": "4", "I": "2,5"},
    ),
)


def _valued(likely: str) -> Outcome:
    """Return what the table becomes, with what is marked for the area of works."""
    return Outcome(
        processes=_VALUED,
        asks=(
            Asked("method", {ANY: "naz:PXI:1"}),
            Asked("office", {"Personale": ANY, "Lavori pubblici": ANY}, {ANY: "PROVA"}),
            Asked("risk_area", {_STAFF: "A", _WORKS: likely}, {_STAFF: "A", _WORKS: "D"}),
        ),
        notes=(Note("D", ("n. rischio",)),),
    )


_REGISTRY, _FINES = "P_1.1.1 Registro imprese e Rea", "P_2.1.3 Sanzioni amministrative"
_CHAMBER = Outcome(
    processes=tuple(
        ProcessRow(
            number,
            title,
            behaviours(risk),
            level=f"PXI {level}",
            ratings={"P": probability, "I": impact},
            macroprocess=macroprocess,
        )
        for number, title, risk, level, probability, impact, macroprocess in (
            (1, "Iscrizione, modifica e cancellazione",
             "Istruttoria alterata per favorire privati", "ALTO", "3,9", "2,25", _REGISTRY),
            (2, "Archiviazione ottica",
             "Ritardo nella lavorazione", "BASSO", "2", "0,75", _REGISTRY),
            (3, "Controllo a campione delle autocertificazioni",
             "Istruttoria alterata per favorire privati", "MEDIO", "3,7", "2,25", _REGISTRY),
            (4, "Emissione delle ordinanze",
             "Omissione di atti per favorire il trasgressore", "MEDIO", "3,7", "2,25", _FINES),
        )
    ),
    asks=(
        Asked(COLUMN, {"Sotto-processo": "process_title"}),
        Asked("method", {ANY: "naz:PXI:1"}),
        Asked("macroprocess", {_REGISTRY: ANY, _FINES: ANY}, {ANY: NEW}),
        Asked(
            "office",
            {"RI - REA - Leggi speciali": ANY, "Tutela del mercato": ANY},
            {ANY: "PROVA"},
        ),
    ),
    notes=(
        Note("", ("ALTO", "8,78", "MEDIO")),
        *(
            Note("", (head,))
            for head in ("Massimo Impatto", "Media P x Max I", "Funzioni titolari del processo")
        ),
    ),
)  # fmt: skip

_AREA = "A) Acquisizione e progressione del personale"
_HEALTH = Outcome(
    processes=tuple(
        ProcessRow(number, title, behaviours(*risks), "A", level=level)
        for number, title, risks, level in (
            (
                1,
                "Reclutamento di docenti per corsi finanziati",
                (
                    "Dichiarazioni non veritiere dei candidati",
                    "Margine di discrezionalità nella scelta",
                ),
                "BASSO",
            ),
            (
                2,
                "Reclutamento di docenti interni",
                ("Carenza di criteri oggettivi",),
                "MEDIO",
            ),
            (
                3,
                "Conferimento di incarichi di funzione",
                ("Inosservanza di regole procedurali",),
                "MEDIO",
            ),
        )
    ),
    asks=(Asked("risk_area", {_AREA: "A"}),),
    notes=(
        Note("", ("Il livello di rischio è riferito",)),
        Note("", ("TIPOLOGIA",)),
        Note("", ("AREA POLITICHE DEL PERSONALE",)),
    ),
)

_BOTH = Outcome(
    processes=(
        ProcessRow(
            1,
            "Direktvergabe / Affidamento diretto",
            behaviours("Aufteilung / Frazionamento"),
            "D",
            level="ALTO",
        ),
    ),
    measures=(MeasureRow("Formazione", ("Direktvergabe / Affidamento diretto",)),),
)
_ASKED = replace(
    _BOTH,
    asks=(
        Asked("level", {"HOCH / ALTO": "A"}),
        Asked("measure", {"Schulung / Formazione": "MG10"}),
    ),
)


def _mapped(themes: tuple[str, ...], functions: tuple[str, ...]) -> Outcome:
    places = ((0, 0), (0, 0), (1, 0), (2, 1))
    return Outcome(
        processes=tuple(
            ProcessRow(
                *(number, title),
                macroprocess=themes[theme],
                function=functions[function],
                code=code,
            )
            for number, (title, code, (theme, function)) in enumerate(
                zip(_TITLES, _CODES, places, strict=True), 1
            )
        ),
        asks=(
            Asked("macroprocess", dict.fromkeys(themes, ANY), {ANY: NEW}),
            Asked("function", dict.fromkeys(functions, ANY), {ANY: NEW}),
        ),
    )


_TITLES = (
    "Relazione previsionale",
    "Bilancio preventivo",
    "Anticorruzione",
    "Gestione delle presenze",
)
_CODES = ("A1.1.1.1", "A1.1.1.2", "A1.2.1.1", "B1.1.3.1")
_THEMES, _THEME_CODES = ("Performance", "Compliance", "Risorse umane"), ("A1.1", "A1.2", "B1.1")
_FUNCTIONS = ("Organi istituzionali", "Supporto")


def _coded(codes: tuple[str, ...], texts: tuple[str, ...], sign: str = " ") -> tuple[str, ...]:
    return tuple(f"{code}{sign}{text}" for code, text in zip(codes, texts, strict=True))


_MAPS = tuple(
    _mapped(themes, functions)
    for themes in (_THEMES, _coded(_THEME_CODES, _THEMES))
    for functions in (_FUNCTIONS, _coded(("A", "B"), _FUNCTIONS, " – "))
)

CASES = (
    Case("descrizione_del_processo.xlsx", (_DESCRIBED,)),
    Case("valutazione_unita.xlsx", (_valued("D"), _valued(""))),
    Case("camera_commercio.xlsx", (_CHAMBER,)),
    Case("asl_livello_attivita.docx", (_HEALTH,)),
    Case(
        "bilingue.xlsx",
        (
            replace(_BOTH, notes=(Note("E2", ("ALTO",)), Note("F2", ("Formazione",)))),
            _ASKED,
            replace(_BOTH, asks=(Asked(LANGUAGE, {ANY: ANY}),)),
        ),
    ),
    Case("mappa_livelli.xlsx", _MAPS),
)
