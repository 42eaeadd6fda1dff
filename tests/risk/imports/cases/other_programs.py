"""Files as other programs write them, and what the person sees is what a text field gets."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    CANCELLED,
    HIDDEN,
    IN,
    OTHER_PROGRAMS,
    OUT,
    Asked,
    BehaviourRow,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    behaviours,
)


def _case(file: str, *outcomes: Outcome, office: str = "PROVA") -> Case:
    return Case(f"{OTHER_PROGRAMS}{file}", outcomes, office)


_FAVOUR = "Favorire un richiedente"
_BARE = ProcessRow(6, "Rilascio pareri", behaviours(_FAVOUR), office="ICT", level="ALTO")
_RISKS = ("favorire un richiedente", "omettere un documento", "ritardare la risposta")
_BULLETS = Outcome(
    processes=(ProcessRow(12, "Rilascio pareri", behaviours(*_RISKS), office="ICT", level="ALTO"),),
    measures=(MeasureRow("Codice Etico", ("Rilascio pareri",)),),
)
_NUMBERED = Outcome(
    processes=(
        replace(_BARE, number=12),
        ProcessRow(
            13, "Controlli a campione", behaviours("Estrarre a scelta"), office="ICT", level="BASSO"
        ),
    ),
    measures=(MeasureRow("Codice Etico", ("Controlli a campione", "Rilascio pareri")),),
)


def _opinions(number: int, risk: str = _FAVOUR, office: str = "PROVA") -> ProcessRow:
    return ProcessRow(
        number,
        "Rilascio pareri",
        (BehaviourRow(risk, phases=("Istruttoria",)),),
        office=office,
        level="ALTO",
        phases=("Istruttoria",),
    )


def _checks(number: int, risk: str, office: str = "PROVA") -> ProcessRow:
    return ProcessRow(
        number,
        "Controlli a campione",
        (BehaviourRow(risk, phases=("Estrazione",)),),
        office=office,
        level="BASSO",
        phases=("Estrazione",),
    )


_DRAGGED = Outcome(
    processes=(_opinions(6, office="ICT"), _checks(7, "Omettere il controllo", "ICT"))
)
_UNFILLED = Outcome(
    processes=(_BARE,), measures=(MeasureRow("Codice Etico", ("Rilascio pareri",)),)
)
_HIDDEN_TEXT = Outcome(
    processes=(replace(_BARE, level="MEDIO", motivation="Motivazione visibile"),),
    measures=_UNFILLED.measures,
    asks=(Asked(CANCELLED, {ANY: OUT}, says=("Rotazione del personale", "appunto nascosto")),),
)
_SUPPRESSED = "Processo soppresso nel 2019"
_HIDDEN_ROW = Outcome(
    processes=(
        _opinions(6, office="ICT"),
        replace(_checks(7, "Omettere il controllo", "ICT"), title=_SUPPRESSED),
        _checks(8, "Estrarre a scelta", "ICT"),
    ),
    asks=(Asked(HIDDEN, {ANY: ANY}, {ANY: IN}, says=(_SUPPRESSED,)),),
)
_BOLD = Outcome(processes=(_opinions(6, "Favorire un richiedente in cambio di denaro", "ICT"),))
_OPINION_PHASES = ("Istruttoria", "Decisione", "Pubblicazione")
_FILLED = Outcome(
    processes=(
        ProcessRow(
            6,
            "Rilascio pareri",
            (
                BehaviourRow(_FAVOUR, phases=("Istruttoria",)),
                BehaviourRow("Omettere un documento", phases=("Istruttoria",)),
                BehaviourRow("Ritardare la risposta", phases=("Decisione",)),
            ),
            office="ICT",
            level="ALTO",
            motivation="Discrezionalità ampia",
            phases=_OPINION_PHASES,
        ),
    ),
    measures=(MeasureRow("Codice Etico", ("Rilascio pareri",)),),
)

_SUPPLIER = "Favorire un operatore"


def _direct(number: int, title: str, times: str = "30 giorni", phase: str = "Avvio") -> ProcessRow:
    return ProcessRow(
        number,
        title,
        (BehaviourRow(_SUPPLIER),),
        "D",
        level="ALTO",
        phases=(phase,),
        texts={"times": times},
    )


_SHOWN_TIMES = (
    ("Percento 0%", "100%"),
    ("Percento 0,00%", "2,50%"),
    ("Unita nel formato", "30 giorni"),
    ("Zeri davanti", "007"),
    ("Due decimali 1,10", "1,10"),
    ("Migliaia in euro", "€ 40.000,00"),
    ("Parola nel formato", "entro un anno"),
    ("Ore 36:00", "36:00"),
    ("Ore 48:30", "48:30"),
    ("Mese e anno", "dic 2024"),
    ("Anno di una data", "2024"),
    ("Frazione", "1/2"),
)
_FORMATS = Outcome(
    processes=tuple(
        _direct(number, f"Processo {name}", times, f"Fase {name}")
        for number, (name, times) in enumerate(_SHOWN_TIMES, 1)
    )
)
_ONE = Outcome(processes=(_direct(1, "Affidamento diretto"),))
_PHASE_NUMBERS = Outcome(
    processes=(replace(_direct(1, "Affidamento diretto"), phases=("1,00", "1,10", "1,20", "1,10")),)
)


def _levels(*rows: tuple[str, str]) -> Outcome:
    return Outcome(
        processes=tuple(
            ProcessRow(number, title, area="D", level=level)
            for number, (title, level) in enumerate(rows, 1)
        )
    )


_LEVEL = _levels(("Affidamento diretto", "ALTO"))

CASES = (
    _case("docx-typed-bullets-control.docx", _BULLETS, office=""),
    _case("docx-automatic-bullets.docx", _BULLETS, office=""),
    _case("docx-automatic-number-column.docx", _NUMBERED, office=""),
    _case("docx-dragged-border-all-rows.docx", _DRAGGED, office=""),
    _case("xlsx-dragged-border.xlsx", _DRAGGED, office=""),
    _case("docx-unfilled-controls.docx", _UNFILLED, office=""),
    _case("docx-struck-and-hidden-text.docx", _HIDDEN_TEXT, office=""),
    _case("xlsx-hidden-row.xlsx", _HIDDEN_ROW, office=""),
    _case("rich-control.xlsx", _BOLD, office=""),
    _case("xlsx-gnumeric-partly-bold.xlsx", _BOLD, office=""),
    _case("xlsx-merged-cells-filled-down.xlsx", _FILLED, office=""),
    _case("calc-flat.fods", _BOLD, office=""),
    _case("formati_dei_numeri.xlsx", _FORMATS),
    _case("fasi_a_numeri_formattati.xlsx", _PHASE_NUMBERS),
    _case(
        "elenco_a_discesa_di_modulo.docx",
        _levels(("Affidamento diretto", "ALTO"), ("Collaudo", "MEDIO")),
    ),
    _case("simboli_wingdings.docx", _LEVEL),
    _case("word_per_il_web.docx", _LEVEL),
    _case("stemma_nella_cella.xlsx", replace(_ONE, notes=(Note("A1", ("immagin",)),))),
    _case("errore_in_un_altro_foglio.xlsx", _ONE),
    _case("senza_mimetype.ods", _LEVEL),
    _case("foglio_macro_di_excel_4.xlsm", _ONE),
    _case("parti_con_barra_rovesciata.xlsx", _ONE),
)
