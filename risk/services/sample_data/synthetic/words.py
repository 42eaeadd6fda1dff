"""Words of the invented bodies. Only their length and variety matter."""

PEOPLE = (
    ("Ada", "Bellarosa"),
    ("Bruno", "Cantavalle"),
    ("Clelia", "Dossoverde"),
    ("Duilio", "Fontechiara"),
    ("Elda", "Granduva"),
    ("Fosco", "Lungarno"),
    ("Gemma", "Montesole"),
    ("Ivo", "Pratofiorito"),
    ("Lidia", "Roccabianca"),
    ("Nino", "Selvascura"),
)

_SECTORS = ("Tributi", "Edilizia", "Servizi sociali", "Istruzione", "Cultura", "Ambiente") + (
    "Mobilità",
    "Contratti",
    "Personale",
    "Patrimonio",
    "Commercio",
    "Protezione civile",
)

_ACTS = ("Rilascio di autorizzazioni per", "Concessione di contributi per", "Controllo di") + (
    "Affidamento di servizi per",
    "Accertamento di entrate da",
    "Pianificazione di",
    "Gestione di",
)
_OBJECTS = ("attività produttive", "manifestazioni pubbliche", "impianti sportivi") + (
    "lavori su suolo pubblico",
    "strutture ricettive",
    "servizi per la prima infanzia",
    "manutenzione della rete stradale",
    "banche dati e sistemi informatici",
    "locazione di immobili",
)
PHASES = ("Ricezione dell’istanza", "Verifica della completezza", "Istruttoria tecnica") + (
    "Acquisizione dei pareri",
    "Proposta di provvedimento",
    "Adozione dell’atto",
    "Pubblicazione e comunicazione",
    "Controllo successivo e archiviazione",
)
ACTIONS = ("Protocollazione e assegnazione della pratica", "Esame della documentazione") + (
    "Richiesta di integrazioni",
    "Redazione del verbale",
)
BEHAVIOURS = (
    "Trattazione delle pratiche fuori dall’ordine di arrivo per favorire un richiedente",
    "Valutazione compiacente dei requisiti in cambio di utilità",
    "Omissione dei controlli su soggetti determinati",
    "Rivelazione di informazioni riservate a chi vi ha interesse",
    "Motivazione generica o assente della scelta discrezionale",
)


def office_name(n: int) -> str:
    """Return the name of the office `n` of a body, different from all others."""
    return f"{_SECTORS[n % len(_SECTORS)]} – settore {n // len(_SECTORS) + 1}"


def process_title(n: int) -> str:
    """Return the title of the process `n` of a body."""
    act, thing = _ACTS[n % len(_ACTS)], _OBJECTS[n // len(_ACTS) % len(_OBJECTS)]
    return f"{act} {thing}, pratica tipo {n + 1}"
