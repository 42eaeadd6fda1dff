"""Bands, blocks, schede: what stands above or beside says of which process or area a row is."""

from dataclasses import replace

from tests.risk.imports.cases.outcomes import (
    ANY,
    COLUMN,
    PROGRAMME,
    TRANSPOSED,
    Asked,
    BehaviourRow,
    Case,
    MeasureRow,
    Note,
    Outcome,
    ProcessRow,
    Refusal,
    StepRow,
    behaviours,
)

_BANDED = Outcome(
    processes=(
        ProcessRow(
            1,
            "Concorsi",
            (BehaviourRow("Requisiti su misura", "ALTO"), BehaviourRow("Tracce note", "MEDIO")),
            "A",
        ),
        ProcessRow(2, "Mobilità", behaviours("Bando su misura"), "A", level="BASSO"),
    ),
    measures=(MeasureRow("Formazione", ("Concorsi", "Mobilità")),),
    asks=(Asked("risk_area", {"A – PERSONALE": "A"}),),
)

_BUYING = "ACQUISIZIONE DI BENI E SERVIZI"
_PERMITS = "RILASCIO DI PERMESSI"
_ABOVE = Outcome(
    processes=(
        ProcessRow(1, _BUYING, behaviours("Scarsa trasparenza", "Scarso controllo")),
        ProcessRow(2, _PERMITS, behaviours("Disomogeneità")),
    ),
    measures=tuple(
        MeasureRow(label, (target,), "Dirigente", (StepRow(label, timing, due),))
        for label, target, timing, due in (
            ("Bandi tipo", f"{_BUYING} › Scarsa trasparenza", "", "31/12/2021"),
            ("Check list", _PERMITS, "2022", ""),
            ("Griglie", f"{_BUYING} › Scarso controllo", "", "31/12/2021"),
        )
    ),
    asks=(Asked("measure", {"Bandi tipo": ANY, "Griglie": ANY, "Check list": ANY}),),
    notes=(Note("", ("SETTORE I",)),),
)

_STAFF = "Reclutamento personale tecnico/amministrativo e docente"
_TITLES = (_STAFF, "Progressioni di carriera", "Affidamenti diretti")
_OF_STAFF = (
    "Tipizzazione dei bandi e dei processi concorsuali.",
    "Alternanza nella designazione dei componenti",
    "Verifica a campione requisiti",
)
_STAFF_AREA = "ACQUISIZIONE E PROGRESSIONE DEL PERSONALE"
_WORKS_AREA = "AFFIDAMENTO DI LAVORI"


def _university(likely: str) -> Outcome:
    risks = (
        "Previsione di requisiti di accesso su misura",
        "Progressioni accordate illegittimamente",
        "Frazionamento",
    )
    levels, areas = ("ALTO", "BASSO", "ALTO"), ("A", "A", "D")
    codes = ("AO1.1", "AO1.2", "AO2.1")
    rows = zip(_TITLES, risks, levels, areas, codes, strict=True)
    planned = ((0, *_OF_STAFF), (1, "Criteri oggettivi"), (2, "Rotazione"))
    labels = [label for _place, *labels in planned for label in labels]
    return Outcome(
        processes=tuple(
            ProcessRow(number, title, behaviours(risk), area, level=level, code=code)
            for number, (title, risk, level, area, code) in enumerate(rows, 1)
        ),
        measures=tuple(
            MeasureRow(label, (_TITLES[place],)) for place, *labels in planned for label in labels
        ),
        asks=(
            Asked(
                "risk_area",
                {_STAFF_AREA: "A", _WORKS_AREA: likely},
                answers={_STAFF_AREA: "A", _WORKS_AREA: "D"},
            ),
            Asked("level", {"RILEVANTE": "A", "CRITICO": "A"}),
            Asked("measure", dict.fromkeys(labels, ANY)),
            Asked(
                "office",
                {"Area risorse umane e organizzazione": ANY, "Area acquisti": ANY},
                answers={ANY: "PROVA"},
            ),
        ),
        notes=(
            Note("", ("Direzione / Area I Livello",)),
            *(
                Note("", (word,))
                for word in ("accesso", "illegittimamente", "designazione", "requisiti")
            ),
        ),
    )


_COMMITTEE = "Mancato rispetto dell'art. 35 bis"
_REGISTER = Outcome(
    processes=(
        ProcessRow(
            1,
            "Reclutamento",
            (
                BehaviourRow("Favorire un determinato soggetto", factors=("FA07",)),
                BehaviourRow("Irregolare composizione della commissione", factors=("FA04",)),
                BehaviourRow(_COMMITTEE, factors=("FA04",)),
            ),
            "A",
        ),
        ProcessRow(
            2,
            "Progressioni di carriera",
            (
                BehaviourRow("irregolare composizione", factors=("FA02",)),
                BehaviourRow("mancato rispetto dei termini", factors=("FA02",)),
            ),
            "A",
        ),
        ProcessRow(
            3,
            "Programmazione",
            (BehaviourRow("Definizione dei fabbisogni pilotata", factors=("FA05",)),),
            "D",
        ),
    ),
    asks=(
        Asked(COLUMN, {"Sotto area": "process_title"}),
        Asked(
            "risk_area",
            {"A) Acquisizione e progressione del personale": "A", "B) Contratti pubblici": "D"},
        ),
        Asked(
            "office",
            {"Ripartizione Risorse Umane": ANY, "Ripartizione Attività Contrattuale": ANY},
            answers={ANY: "PROVA"},
        ),
        Asked("list", {ANY: "list"}),
    ),
    notes=(Note("C", ("ID Rischio",)), Note("8", ("titol",))),
)

_STACKED = Outcome(
    processes=(
        ProcessRow(
            1,
            "RECLUTAMENTO DEL PERSONALE",
            behaviours("Requisiti su misura", "Commissione irregolare"),
            "A",
            level="PXI MEDIO",
            ratings={"P": "2,67", "I": "2,25"},
        ),
        ProcessRow(
            2,
            "AFFIDAMENTI DIRETTI",
            behaviours("Frazionamento"),
            "D",
            level="PXI ALTO",
            ratings={"P": "3", "I": "2"},
        ),
    ),
    measures=tuple(
        MeasureRow(label, (target,), "Dirigente", (StepRow(label, timing),))
        for label, target, timing in (
            ("Formazione", "AFFIDAMENTI DIRETTI", "2021"),
            ("Formazione", "RECLUTAMENTO DEL PERSONALE › Requisiti su misura", "In atto"),
            ("Whistleblowing", "RECLUTAMENTO DEL PERSONALE › Commissione irregolare", "In atto"),
        )
    ),
    asks=(
        Asked("method", {ANY: "naz:PXI:1"}),
        Asked("risk_area", {"A – PERSONALE": "A", "B – CONTRATTI": "D"}),
    ),
    notes=(Note("", ("ALTO", "MEDIO")),),
)


def _sheet(number: int, title: str, area: str, level: str) -> ProcessRow:
    return ProcessRow(
        number,
        title,
        tuple(
            BehaviourRow(text, factors=("FA02",)) for text in ("Requisiti su misura", "Tracce note")
        ),
        area,
        level=level,
        motivation="Ampia discrezionalità",
        phases=("Bando", "Prove"),
        texts={
            "input": "Piano dei fabbisogni",
            "output": "Graduatoria",
            "responsible": "Dirigente",
        },
    )


_FORMS = Outcome(
    processes=(
        _sheet(1, "Concorsi pubblici", "A", "ALTO"),
        _sheet(2, "Permessi di costruire", "B", "MEDIO"),
    ),
    measures=tuple(
        MeasureRow(
            label,
            ("Concorsi pubblici", "Permessi di costruire"),
            steps=(StepRow(label, due="31/12/2021"),),
        )
        for label in ("Formazione", "Whistleblowing")
    ),
    asks=(Asked(PROGRAMME, {ANY: "measures"}),),
)
_TURNED = Outcome(
    processes=tuple(
        ProcessRow(number, title, behaviours(risk), area, level=level)
        for number, title, risk, area, level in (
            (1, "Concorsi", "Requisiti su misura", "A", "ALTO"),
            (2, "Mobilità", "Bando su misura", "A", "MEDIO"),
            (3, "Permessi", "Ritardo", "B", "BASSO"),
        )
    ),
    measures=(MeasureRow("Formazione", ("Concorsi", "Mobilità", "Permessi")),),
)

CASES = (
    Case("processo_in_fascia.xlsx", (_BANDED,)),
    Case(
        "processo_sopra_tabella.docx",
        (
            _ABOVE,
            replace(
                _ABOVE, notes=(), asks=(*_ABOVE.asks, Asked("office", {ANY: ANY}, {ANY: "PROVA"}))
            ),
        ),
    ),
    Case(
        "ateneo_per_area.docx",
        tuple(_university(likely) for likely in ("D", "")),
    ),
    Case("ateneo_registro_rischi.xlsx", (_REGISTER,)),
    Case("schede_impilate.xlsx", (_STACKED,)),
    Case("scheda_per_foglio.xlsx", (_FORMS,)),
    Case(
        "trasposta.xlsx",
        (
            replace(_TURNED, notes=(Note("A"),)),
            replace(_TURNED, asks=(Asked(TRANSPOSED, {ANY: ANY}),)),
            Outcome(refusal=Refusal("A", ("prima colonna",))),
        ),
    ),
)
