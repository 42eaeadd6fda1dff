"""Our fields and the heads under which Italian registers have them.

Heads are compared folded and without punctuation (`bare`). A layout says which fields it can have
and which of them it must have; a head that means different things in different layouts ("Processi",
"Attività") is listed in the description of the layout, among those of imports, the others here.
"""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.normalise import fold
from risk.workbooks.programme_heads import PROGRAMME_HEADS
from risk.workbooks.said_beside import NONE_OF_OURS

_NOT_WORD = re.compile(r"[\W_]+")
INDICATOR = "indicator:"
TARGET = "measure_target:"
"""With a year behind it: the value a measure is to reach by the end of that year."""
MEASURES = {"measures": "", "general_measures": "general", "specific_measures": "specific"}
"""The fields of measures, each with the character it gives them."""
_TARGET_OF_YEAR = re.compile(
    r"(?:valor[ei] )?(?:target|attes[oi])\b.*?\b(20\d\d)|\b(20\d\d)\b.* target"
)


def bare(text: str) -> str:
    """Return `text` folded, its words parted by single blanks, without any other sign."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of ours. `several`: a cell holds a list; `numeric`: a number is expected;

    `group`: belongs to the process, so a blank cell below repeats it where nothing is merged.
    """

    name: str
    label: str | Promise
    heads: tuple[str, ...]
    several: bool = False
    numeric: bool = False
    group: bool = False


def _of(name: str, label: str | Promise, *heads: str, **marks: bool) -> Field:
    return Field(name, label, tuple(map(bare, heads)), **marks)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _of("row_uid", _("identificativo"), "identificativo", "uid", "id riga", "codice riga"),
        _of(
            "office",
            _("ufficio"),
            *("ufficio", "uffici", "settore", "settore servizio", "servizio", "struttura"),
            *("unità organizzativa", "unità organizzativa responsabile", "area organizzativa"),
            *("ufficio responsabile", "settore ufficio", "direzione", "u o", "uo", "ripartizione"),
            *("settore servizio competente", "settore di pertinenza", "ufficio area ii livello"),
            *("ufficio competente", "servizio competente", "settore competente"),
            *("servizio responsabile", "settore responsabile", "struttura responsabile"),
            *("u o c", "uoc", "u o s", "uos", "unità operativa", "unità operativa complessa"),
            "struttura complessa",
            group=True,
        ),
        _of(
            "process_kind",
            _("tipo di processo"),
            *("processi di supporto/processi primari", "processo primario o di supporto"),
            "primario o di supporto",
            *("tipo di processo", "tipologia di processo", "tipo processo", "primario supporto"),
            group=True,
        ),
        _of(
            "function",
            _("funzione istituzionale"),
            *("funzioni istituzionali", "funzione istituzionale", "funzione", "missione"),
            group=True,
        ),
        _of(
            "macroprocess",
            _("macroprocesso"),
            *("macro processo", "macroprocesso", "macroprocessi", "macro processi", "programma"),
            "tema macro processi",
            group=True,
        ),
        _of(
            "risk_area",
            _("area di rischio"),
            *("area di rischio", "area", "aree di rischio", "area rischio", "aree"),
            *("area di rischio generale o specifica", "area a rischio", "area di rischio anac"),
            group=True,
        ),
        _of(
            "process_number",
            _("numero del processo"),
            *("n", "n processo", "num", "nr", "numero", "numero processo", "n progressivo"),
            *("progressivo", "n ord", "n d ordine", "prog"),
            *("processo n", "numero del processo", "n proc", "num processo"),
            group=True,
        ),
        _of(
            "process_code",
            _("codice del processo"),
            *(
                "codice processo",
                "codice del processo",
                "cod processo",
                "cod proc",
                "id processo",
                "sigla processo",
            ),
            group=True,
        ),
        _of(
            "process_title",
            _("processo"),
            *("processo", "denominazione del processo", "denominazione processo", "nome processo"),
            *("titolo del processo", "descrizione processo", "processi operativi"),
            *("attività sensibile", "attività sensibili", "attività a rischio"),
            group=True,
        ),
        _of(
            "objective",
            _("obiettivo"),
            *("obiettivo dei processi", "obiettivo", "obiettivi", "obiettivo del processo"),
            *("finalità", "finalità del processo"),
            group=True,
        ),
        _of(
            "process_description",
            _("informazioni principali sul processo"),
            *("informazioni principali sul processo", "descrizione del processo", "descrizione"),
            group=True,
        ),
        _of("input", _("input"), "input", "input del processo", "input processo", group=True),
        _of(
            "output",
            _("output"),
            *("output", "output del processo", "output processo", "risultato atteso"),
            group=True,
        ),
        _of(
            "times",
            _("tempi di svolgimento"),
            *("tempi di svolgimento del processo e delle sue attività", "tempi di svolgimento"),
            *("tempi", "termini", "termini di conclusione", "tempi del processo"),
            group=True,
        ),
        _of(
            "constraints", _("vincoli"), "vincoli del processo", "vincoli", "normativa", group=True
        ),
        _of(
            "resources",
            _("risorse"),
            *("risorse del processo", "risorse", "risorse umane", "risorse umane coinvolte"),
            *("risorse coinvolte", "risorse impiegate"),
            group=True,
        ),
        _of(
            "interrelations",
            _("interrelazioni"),
            *("interrelazioni tra i processi", "interrelazioni con altri processi"),
            "interrelazioni",
            group=True,
        ),
        _of(
            "criticalities",
            _("criticità"),
            *("criticità del processo", "criticità"),
            group=True,
        ),
        _of(
            "responsible",
            _("responsabile del processo"),
            *("responsabile", "responsabile del processo", "soggetto responsabile"),
            *("soggetti responsabili", "responsabili"),
            *("responsabile del procedimento", "responsabilità"),
            group=True,
        ),
        _of(
            "phase",
            _("fase"),
            *("fase", "fasi", "principali fasi", "fasi del processo", "fase del processo"),
            *("attività fasi", "fase attività", "fasi principali", "descrizione fase", "fase n"),
            *("fase processo", "attività che scandiscono e compongono il processo"),
            *("attività che compongono il processo", "attività in cui si articola il processo"),
        ),
        _of("action", _("azione"), "azione", "azioni", "azioni della fase", "singole azioni"),
        _of(
            "executor",
            _("esecutore"),
            *("esecutore azione", "esecutore", "esecutore della fase", "chi esegue"),
            *("soggetto esecutore", "soggetti uo", "soggetti", "attori"),
        ),
        _of(
            "behaviours",
            _("comportamento a rischio"),
            *(
                "descrizione del comportamento o a rischio corruzione",
                "descrizione del comportamento a rischio corruzione",
                "comportamento a rischio",
            ),
            *("identificazione e descrizione comportamento a rischio", "comportamenti a rischio"),
            *("catalogo dei rischi principali", "catalogo dei rischi", "registro dei rischi"),
            *("registro degli eventi rischiosi", "evento rischioso", "eventi rischiosi", "rischio"),
            *("rischi", "rischio corruttivo", "rischi corruttivi", "identificazione rischio"),
            *("identificazione del rischio", "possibili rischi", "descrizione del rischio"),
            *("evento di rischio", "eventi di rischio", "rischi principali", "rischi potenziali"),
            *("esemplificazione del rischio", "esemplificazione dei rischi", "rischi specifici"),
            *("rischi prevedibili", "rischi individuati", "rischio specifico", "rischi rilevati"),
            *("descrizione dei possibili eventi rischiosi", "descrizione dei rischi"),
            *("possibili eventi rischiosi", "descrizione evento rischioso"),
            *("eventi corruttivi", "potenziali eventi rischiosi", "rischi identificati"),
            *("eventi rischiosi individuati", "individuazione del rischio", "evento", "eventi"),
            *("modalità di commissione", "possibili modalità di commissione"),
            several=True,
        ),
        _of(
            "categories",
            _("categoria di evento rischioso"),
            *("categoria di evento rischioso", "categorie di eventi rischiosi"),
            several=True,
        ),
        _of(
            "factors",
            _("fattori abilitanti"),
            *("fattori abilitanti", "fattore abilitante", "cause", "fattori di rischio"),
            *("fattori abilitanti del rischio corruttivo", "fattori abilitanti del rischio"),
            several=True,
        ),
        _of(
            "probability",
            _("probabilità"),
            *("probabilità", "prob", "p", "indice di probabilità", "valore probabilità"),
            *("media probabilità", "livello di probabilità", "probabilità del rischio"),
            *("probabilità accadimento", "probabilità di accadimento", "valore p"),
            numeric=True,
        ),
        _of(
            "impact",
            _("impatto"),
            *("impatto", "imp", "i", "indice di impatto", "valore impatto", "media impatto"),
            *("livello di impatto", "impatto del rischio", "valore i"),
            numeric=True,
        ),
        _of(
            "result",
            _("risultato"),
            *("risultato", "ris", "pxi", "p x i", "punteggio", "indice di rischio", "r"),
            *("valutazione complessiva del rischio p x i", "rischio p x i", "valore del rischio"),
            *("indice di rischio p x i", "media p x media i", "indice"),
            numeric=True,
        ),
        _of(
            "level",
            _("livello di rischio"),
            *("livello di rischio", "livello del rischio", "livello", "valutazione complessiva"),
            *("giudizio complessivo", "giudizio sintetico", "valutazione", "rating"),
            *("valutazione del rischio", "livello rischio", "valutazione complessiva del livello"),
            *("livello di esposizione al rischio", "misurazione sintetica complessiva"),
            *("grado di rischio", "classe di rischio", "ponderazione", "rischio inerente"),
            *("ponderazione rischio", "ponderazione del rischio", "classe", "giudizio"),
            *("valutazione complessiva del livello di rischio", "livello di rischio inerente"),
            *("valutazione complessiva del rischio", "grado", "rischio lordo", "rischio iniziale"),
            *("livello di rischio lordo", "grado di esposizione al rischio"),
        ),
        _of(
            "motivation",
            _("motivazione"),
            *("motivazione", "motivazioni", "motivazione della misurazione applicata"),
            *(
                "motivazione della valutazione",
                "motivazione della valutazione del rischio",
                "dati evidenze e motivazione della misurazione",
            ),
            *("giudizio sintetico e motivazioni", "dati ed evidenze", "motivazione del livello"),
        ),
        _of(
            "measures",
            _("misure"),
            *("misure contenute nel ptpct", "misure", "misura", "misure di prevenzione"),
            *("misure generali e specifiche", "trattamento del rischio", "misure di trattamento"),
            *("misure del rischio", "misure previste", "misure di contrasto", "misure proposte"),
            *("azioni possibili", "azioni di contrasto", "azioni di prevenzione"),
            *("misure in essere", "misure esistenti", "misure in atto", "misure adottate"),
            *("misure già adottate", "misure attuate", "misure da attuare", "misure da adottare"),
            *("misure da introdurre", "misure programmate", "misure applicate", "trattamento"),
            *("azioni di miglioramento", "contromisure", "azioni correttive"),
            several=True,
        ),
        _of(
            "general_measures",
            _("misure generali"),
            *("misure generali", "misura generale", "misure obbligatorie"),
            several=True,
        ),
        _of(
            "specific_measures",
            _("misure specifiche"),
            *("misure specifiche", "misura specifica", "misure ulteriori"),
            "ulteriori misure",
            several=True,
        ),
        _of(
            "residual_level",
            _("livello di rischio residuo"),
            *("rischio residuo", "livello di rischio residuo", "livello residuo"),
            *("livello del rischio residuo", "valutazione del rischio residuo", "rischio netto"),
            *("livello di rischio netto", "rischio residuale", "rischio residuo livello"),
            *("rischio residuo livello di rischio", "rischio residuo giudizio"),
            *("rischio residuo valutazione", "rischio residuo livello del rischio"),
        ),
        *(_of(name, label, *heads) for name, (label, heads) in PROGRAMME_HEADS.items()),
    )
}

NOT_OURS = frozenset(map(bare, NONE_OF_OURS))

# The six of ANAC 2019 (PNA 2019, All. 1) as tables print them, often shortened.
INDICATOR_HEADS: dict[str, tuple[str, ...]] = {
    "INT_EST": ("livello di interesse esterno", "interesse esterno", "interessi esterni"),
    "DISCR": (
        "grado di discrezionalità del decisore interno alla pa",
        "discrezionalità del decisore interno alla pa",
        "grado di discrezionalità",
        "discrezionalità del decisore interno",
    ),
    "EV_PASS": (
        "manifestazione di eventi corruttivi in passato nel processo/attività esaminata",
        "manifestazione di eventi corruttivi in passato",
        "eventi corruttivi in passato",
        "eventi corruttivi passati",
    ),
    "OPAC": (
        "opacità del processo decisionale",
        "opacità",
        "livello di opacità del processo",
    ),
    "COLLAB": (
        "livello di collaborazione del responsabile del processo nella costruzione, "
        "aggiornamento e monitoraggio del piano",
        "livello di collaborazione del responsabile del processo",
        "livello di collaborazione del responsabile",
        "livello di collaborazione",
    ),
    "ATT_MIS": (
        "grado di attuazione delle misure di trattamento",
        "grado di attuazione delle misure",
        "attuazione delle misure di trattamento",
    ),
}


def field_of(name: str) -> Field:
    """Return the field of a name; an indicator ("indicator:DISCR") has no list of its own."""
    if name.startswith(INDICATOR):
        return Field(name, name.removeprefix(INDICATOR), ())
    if name.startswith(TARGET):
        label = _("valore atteso al 31/12/%(year)s") % {"year": name.removeprefix(TARGET)}
        return Field(name, label, ())
    return FIELDS[name]


def target_of(head: str) -> str:
    """Return the field of a bare head about the target of one year ("target 2024"), else ""."""
    found = _TARGET_OF_YEAR.match(head)
    return f"{TARGET}{found[1] or found[2]}" if found else ""
