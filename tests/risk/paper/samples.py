"""An invented office with worked sheets, and texts that try to break the paper."""

from dataclasses import replace

from risk.content.values import (
    AnnexDocument,
    Entry,
    LevelLabel,
    ProcessSheet,
    SheetAction,
    SheetAssessment,
    SheetBehaviour,
    SheetMeasure,
    SheetPhase,
    SheetRating,
)
from tests.risk.paper.published import published_catalogue, published_table

INDICATORS = (
    "livello di interesse “esterno”",
    "grado di discrezionalità del decisore interno alla PA",
    "manifestazione di eventi corruttivi in passato nel processo/attività esaminata",
    "opacità del processo decisionale",
    "livello di collaborazione del responsabile del processo",
    "grado di attuazione delle misure di trattamento",
)
LONG_TEXT = "Verifica della documentazione trasmessa dall'operatore economico. " * 46
NASTY = (
    "<script>alert(1)</script> & </td></table>",
    "file:///etc/passwd",
    '<img src="http://example.org/x.png">',
    'url("file:///etc/hosts")',
    "consegna \U0001f600 avvenuta",
    "amministra\u00adzione",
    "\u0645\u0631\u062d\u0628\u0627 ufficio",
    "prima\u0007dopo\u200bfine",
    "{{ufficio}} {% load x %}",
)


def sheet(number: int = 1) -> ProcessSheet:
    """Return a complete invented sheet."""
    return ProcessSheet(
        uid=f"foglio-{number}",
        number=str(number),
        title="Affidamento diretto di servizi e forniture sotto soglia",
        level=LevelLabel("MEDIO", tone="medium"),
        entries=_description(),
        phases=_phases(),
        presence="Presente",
        presence_reason="La scelta del contraente lascia un margine di discrezionalità.",
        behaviours=(
            SheetBehaviour(
                uid=f"c{number}-1",
                number="1.",
                text="Definizione di requisiti di partecipazione tali da favorire un operatore.",
                entries=(
                    Entry("Fasi e azioni interessate", ("1.2 Definizione dei requisiti",)),
                    Entry(
                        "Categorie di evento rischioso", ("Uso improprio della discrezionalità",)
                    ),
                    Entry("Fattori abilitanti", ("Mancanza di trasparenza", "Pochi controlli")),
                ),
                assessments=(_assessment(f"vc{number}", LevelLabel("ALTO", tone="high")),),
            ),
            SheetBehaviour(
                uid=f"c{number}-2",
                number="2.",
                text="Frazionamento artificioso dell’affidamento per restare sotto la soglia.",
                entries=(Entry("Fasi e azioni interessate", ("1. Programmazione",)),),
            ),
        ),
        assessments=(_assessment(f"vp{number}", LevelLabel("MEDIO", tone="medium")),),
        measures=tuple(_measure(f"m{number}-{place}") for place in (1, 2)),
    )


def _description() -> tuple[Entry, ...]:
    return (
        Entry("Tipo di processo", ("Processo di supporto",)),
        Entry("Area di rischio", ("D) Contratti pubblici (generale)",)),
        Entry("Input: elementi in ingresso che innescano il processo", ("Richiesta dell’ufficio",)),
        Entry("Output: risultato atteso del processo", ("Contratto stipulato",)),
        Entry(
            "Informazioni principali sul processo",
            ("Acquisto di beni e servizi di importo contenuto, con confronto di preventivi.",),
        ),
        Entry("Tempi di svolgimento del processo e delle sue attività", ("45 giorni",)),
        Entry("Vincoli del processo", ("D.Lgs. 36/2023", "Regolamento dei contratti")),
        Entry("Criticità del processo"),
    )


def _phases() -> tuple[SheetPhase, ...]:
    return (
        SheetPhase(
            "f1",
            "1",
            "Programmazione e scelta della procedura",
            "Dirigente",
            "2",
            (
                SheetAction("a1", "1.1", "Rilevazione del fabbisogno", "Responsabile del servizio"),
                SheetAction("a2", "1.2", "Definizione dei requisiti", "RUP", "1"),
            ),
        ),
        SheetPhase("f2", "2", "Confronto dei preventivi e affidamento", "RUP"),
    )


def _assessment(uid: str, level: LevelLabel) -> SheetAssessment:
    return SheetAssessment(
        uid=uid,
        method="PNA 2019, metodo qualitativo",
        moment="rischio inerente",
        level=level,
        entries=(Entry("Motivazione", ("Gli importi sono bassi ma la scelta è poco vincolata.",)),),
        ratings=tuple(
            SheetRating(
                name, value, "Nessun precedente negli ultimi cinque anni." if place else "—"
            )
            for place, (name, value) in enumerate(
                zip(INDICATORS, ("Alto", "Alto", "Basso", "Medio", "Basso", "Medio"), strict=True)
            )
        ),
    )


def _measure(uid: str) -> SheetMeasure:
    return SheetMeasure(
        uid=uid,
        title="Rotazione dei fornitori con elenco pubblico",
        kind="misura specifica",
        entries=(
            Entry("Tipologia", ("Misure di controllo", "Misure di rotazione")),
            Entry("Ambito", ("comportamento 1. Definizione di requisiti",)),
            Entry("Stato di attuazione al 1° gennaio", ("in corso di attuazione",)),
            Entry("Fasi e tempi di attuazione", ("1. Pubblicare l’elenco: entro il 30/06/2021",)),
            Entry("Indicatori di attuazione", ("Affidamenti a fornitori diversi (percentuale)",)),
            Entry("Valore target", ("80 % entro il 31/12/2021",)),
            Entry("Soggetto responsabile", ("Dirigente, Servizio gare",)),
        ),
    )


def worked(sheets: int = 3) -> AnnexDocument:
    """Return an annex with all the layouts filled."""
    return replace(
        published_table(),
        catalogue=published_catalogue().catalogue,
        sheets=tuple(sheet(number) for number in range(1, sheets + 1)),
    )


def empty() -> AnnexDocument:
    """Return an annex without processes."""
    return replace(published_catalogue(), catalogue=(), texts={})


def nasty() -> AnnexDocument:
    """Return an annex whose every free text tries something, and one cell of 3,000 characters."""
    document = worked(1)
    text = " ".join(NASTY)
    row = replace(document.catalogue[0], title=text, area=LONG_TEXT)
    process = document.table[0]
    phases = (replace(process.phases[0], title=LONG_TEXT), *process.phases[1:])
    table = (
        replace(process, title=text, phases=phases),
        replace(document.table[1], uid="vuoto", phases=(), measures=(), level=None),
    )
    entries = (Entry(text, NASTY), Entry("Vincoli", (LONG_TEXT,)))
    return replace(
        document,
        catalogue=(row,),
        table=table,
        sheets=(replace(document.sheets[0], title=text, entries=entries, phases=()),),
    )
