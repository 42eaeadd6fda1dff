"""The measures’ programme and the residual risk."""

from tests.risk.imports.cases.outcomes import (
    ANY,
    PROGRAMME,
    Asked,
    BehaviourRow,
    Case,
    IndicatorRow,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    StepRow,
    behaviours,
)

_DIRECT = "Affidamenti sotto soglia"


def _three_years(label: str, kind: str, *targets: str) -> tuple[IndicatorRow, ...]:
    return tuple(
        IndicatorRow(label, kind, target, f"31/12/{year}")
        for year, target in enumerate(targets, 2024)
    )


def _planned(
    label: str, target: str, due: str, typology: str, indicators: tuple[IndicatorRow, ...]
) -> MeasureRow:
    step = StepRow(
        label, due="" if due == "in atto" else due, timing=due if due == "in atto" else ""
    )
    return MeasureRow(label, (target,), "Dirigente", (step,), indicators, (typology,))


_PIAO_MEASURES = (
    _planned(
        "Criteri scritti",
        "Concorsi",
        "in atto",
        "REGOL",
        _three_years("bandi con criteri / bandi", "percentuale", "100", "100", "100"),
    ),
    _planned(
        "Programmazione degli acquisti",
        f"{_DIRECT} › Frazionamento artificioso",
        "31/12/2024",
        "REGOL",
        _three_years("programma approvato (si/no)", "sì/no", "1", "1", "1"),
    ),
    _planned(
        "Registro degli affidamenti",
        f"{_DIRECT} › Mancata rotazione",
        "31/12/2024",
        "CTRL",
        _three_years(
            "n. affidamenti registrati / n. affidamenti", "percentuale", "80", "90", "100"
        ),
    ),
    _planned(
        "Verifica a campione",
        f"{_DIRECT} › Mancata rotazione",
        "30/06/2024",
        "CTRL",
        _three_years("% di atti controllati", "percentuale", "5", "10", "10"),
    ),
)
_PIAO = Outcome(
    processes=(
        ProcessRow(
            1,
            _DIRECT,
            (
                BehaviourRow("Mancata rotazione", "ALTO", factors=("FA02",)),
                BehaviourRow("Frazionamento artificioso", "MEDIO", factors=("FA05",)),
            ),
            "D",
        ),
        ProcessRow(
            2,
            "Concorsi",
            (BehaviourRow("Requisiti su misura", factors=("FA06",)),),
            "A",
            level="MEDIO",
        ),
    ),
    measures=_PIAO_MEASURES,
    asks=(
        Asked("measure", {row.label: ANY for row in _PIAO_MEASURES}),
        Asked("executor_role", {"Dirigente Gare": "DIR", "Dirigente Personale": "DIR"}),
    ),
    notes=(Note("", ("2024",)), Note("", ("Monitoraggio",))),
)

_INCOME, _PAYMENTS = "Gestione delle entrate", "Pagamenti"
_LETTERS = Outcome(
    processes=(
        ProcessRow(
            1,
            _INCOME,
            behaviours("Mancata riscossione"),
            level="MATRICE5 ALTO",
            ratings={"P": "ALTO", "I": "MEDIO"},
        ),
        ProcessRow(
            2,
            _PAYMENTS,
            behaviours("Pagamento fuori ordine"),
            level="MATRICE5 BASSO",
            ratings={"P": "MEDIO", "I": "BASSO"},
        ),
    ),
    measures=(
        *(
            MeasureRow(
                label,
                (_INCOME,),
                "Ragioniere capo",
                (StepRow(label, "2021"),),
                (IndicatorRow("n. report", "quantitativo", "4"),),
            )
            for label in ("Controllo incrociato", "Report trimestrale")
        ),
        MeasureRow(
            "Ordine cronologico di trattazione delle istanze",
            (_PAYMENTS,),
            "Ragioniere capo",
            (StepRow("Ordine cronologico", "in atto"),),
            (IndicatorRow("% pagamenti in ordine", "percentuale", "100"),),
        ),
    ),
    asks=(
        Asked("method", {ANY: "naz:MATRICE5:1"}),
        Asked("executor_role", {"Ragioniere capo": ANY}),
        Asked(
            "measure",
            {
                "Controllo incrociato": ANY,
                "Report trimestrale": ANY,
                "Ordine cronologico": "MS11",
            },
        ),
    ),
)

_STEPS = {
    1: "La trasparenza è attuata subito. I controlli dal primo semestre.",
    2: "La trasparenza è attuata subito.",
}
_TRANSPARENCY = "Misura di trasparenza generale: pubblicare le informazioni."
_CHECKING = "Misura di controllo: controlli interni."
_ANNEX_C = Outcome(
    processes=(
        ProcessRow(
            1,
            "Incentivi al personale",
            behaviours("Selezione pilotata"),
            level="BASSO",
            motivation="Margini contenuti",
        ),
        ProcessRow(
            2,
            "Concorso",
            behaviours("Selezione pilotata"),
            level="ALTO",
            motivation="Vantaggi personali",
        ),
    ),
    measures=tuple(
        MeasureRow(
            label,
            (title,),
            "Responsabile del personale",
            (StepRow(_STEPS[number], due="31/12/2021"),),
        )
        for label, title, number in (
            ("Formazione", "Concorso", 2),
            (_CHECKING, "Incentivi al personale", 1),
            (_TRANSPARENCY, "Concorso", 2),
            (_TRANSPARENCY, "Incentivi al personale", 1),
        )
    ),
    asks=(
        Asked("level", {"B-": "B"}),
        Asked("list", {ANY: "list"}),
        Asked("measure", {_TRANSPARENCY: ANY, _CHECKING: ANY}),
        Asked("executor_role", {"Responsabile del personale": ANY}),
    ),
)

_EDIL, _SCIA = "Gestione degli atti abilitativi", "Controllo delle segnalazioni di inizio attività"
_UNEVEN = 'Rischio "Disomogeneità delle valutazioni"'
_LATE = 'Rischio "Non rispetto delle scadenze"'
_ACTIONS = (
    ("Esplicitazione della documentazione", f"{_EDIL} › {_UNEVEN}", "Check list", "30/11/2021"),
    ("Codificazione dei criteri di controllo", f"{_EDIL} › {_UNEVEN}", "Istruzione operativa",
     "30/06/2022"),
    ("Compilazione di check list", f"{_EDIL} › {_UNEVEN}", "Guida pratica", "in essere"),
    ("Calendario delle sedute", f"{_EDIL} › {_LATE}", "pubblicazione", "30/11/2021"),
    ("Ordine cronologico", f"{_EDIL} › {_LATE}", "report", "in essere"),
    ("Controllo puntuale di tutte le pratiche", _SCIA, "Relazione", "30/11/2021"),
)  # fmt: skip
_CATALOGUE = Outcome(
    processes=(
        ProcessRow(1, _EDIL, behaviours(_UNEVEN, _LATE), level="PXI MEDIO"),
        ProcessRow(
            2,
            _SCIA,
            behaviours('Rischio "Assenza di criteri di campionamento"'),
            level="PXI BASSO",
        ),
    ),
    measures=tuple(
        MeasureRow(
            "Ordine cronologico di trattazione delle istanze" if label[:6] == "Ordine" else label,
            (target,),
            "Resp. Edilizia",
            (StepRow(label, *(("", when) if when[:1] == "3" else (when,))),),
            (IndicatorRow(indicator, "sì/no"),),
        )
        for label, target, indicator, when in _ACTIONS
    ),
    asks=(
        Asked("method", {ANY: "naz:PXI:1"}),
        Asked("office", {"Edilizia privata": ANY}, {ANY: "PROVA"}),
        Asked("executor_role", {"Resp. Edilizia": ANY}),
        Asked(
            "measure",
            {label: "MS11" if label[:6] == "Ordine" else ANY for label, *_more in _ACTIONS},
        ),
    ),
    notes=(Note("I4", ("nessun onere",)),),
)

_RESIDUAL = Outcome(
    processes=(
        ProcessRow(
            1, "Concorsi", behaviours("Requisiti su misura"), level="ALTO", residual="BASSO"
        ),
        ProcessRow(2, "Permessi", behaviours("Ritardo"), level="MEDIO", residual="MEDIO"),
    ),
    measures=(MeasureRow("Formazione", ("Concorsi", "Permessi")),),
    notes=(Note("D", ("Efficacia dei controlli",)),),
)

CASES = (
    Case("piao_23.xlsx", (_PIAO,)),
    Case(
        "lettere_pxi.xlsx",
        (
            _LETTERS,
            Outcome(
                _LETTERS.processes,
                _LETTERS.measures,
                (*_LETTERS.asks, Asked(PROGRAMME, {ANY: ANY}, {ANY: "all"})),
            ),
        ),
    ),
    Case("allegato_c.xlsx", (_ANNEX_C,)),
    Case("catalogo_rischi_azioni.xlsx", (_CATALOGUE,)),
    Case("inerente_residuo.xlsx", (_RESIDUAL,)),
)
