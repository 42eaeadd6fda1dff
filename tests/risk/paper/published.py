"""The two published documents as contexts of the paper, typed from the published tables.

The same words stand in the demo data; here they are written again so that the paper is tested
against the documents and not against the database.
"""

from risk.content.values import (
    AnnexDocument,
    CatalogueRow,
    LevelLabel,
    OfficeHead,
    PhaseRow,
    ProcessRow,
    TableBehaviour,
    Texts,
)

ADMINISTRATION = "Comune di Valdorba Marina"
PLAN = "PTPCT 2021/2023"
FUNCTION = "Servizi istituzionali, generali e di gestione"
AREAS = {
    "S": "S) Agenda Digitale, digitalizzazione e informatizzazione processi (specifica)",
    "G": "G) Controlli, verifiche, ispezioni e sanzioni (generale)",
    "D": "D) Contratti pubblici (generale)",
    "P": "P) Gestione dati e informazioni, e tutela della privacy (specifica)",
}
PROCESSES = (
    (
        "S",
        "Gestione S.I. e rete: Analisi dei fabbisogni, programmazione e gestione della rete "
        "informatica",
    ),
    ("S", "Sviluppo software: Studi e analisi informatizzazione servizi"),
    ("G", "Sicurezza dei processi - servizi informatici"),
    ("S", "Sviluppo software: Installazione/configurazione nuovo software applicativo"),
    ("D", "Sviluppo software: Acquisizione servizio di manutenzione"),
    ("S", "Gestione S.I. e rete: Acquisizione fornitura connettività"),
    ("S", "Gestione S.I. e rete: Configurazione connettività"),
    ("S", "Gestione S.I. e rete: Backup dei dati"),
    ("S", "Gestione S.I. e rete: Aggiornamento backup"),
    ("S", "Gestione S.I. e rete: Configurazione utenti di rete"),
    ("S", "Gestione S.I. e rete: Configurazione apparati di rete"),
    ("S", "Gestione S.I. e rete: Creazione caselle di posta elettronica"),
    ("S", "Gestione S.I. e rete: Aggiornamenti automatici sw di base e produttività"),
    ("S", "Gestione S.I. e rete: Aggiornamento antivirus"),
    ("S", "Gestione S.I. e rete: Installazione stampanti di rete"),
    ("S", "Gestione S.I. e rete: Gestione server di rete"),
    ("G", "Gestione S.I. e rete: Custodia e gestione delle password"),
    ("S", "Gestione S.I. e rete: Manuale sicurezza informatica"),
    ("S", "Assistenza utenti: Interventi di consulenza/addestramento"),
    ("S", "Assistenza utenti: Interventi manutenzione hardware/software"),
    ("G", "Assistenza utenti: Gestione banche dati esterne"),
    ("S", "Assistenza utenti: Interventi supporto per la gestione dati applicativi"),
    ("P", "Gestione sito web: Software per la gestione dei contenuti"),
    ("P", "Gestione sito web: Aggiornamento pagine"),
    ("D", "Gestione sito web: gestione in hosting"),
    ("P", "Gestione sito web: Creazione pagine"),
    ("P", "Rilascio codice di registrazione per accedere ai servizi online"),
    ("S", "Corsi sulla navigazione in internet e sull'uso della posta elettronica"),
)
CLOSING = (
    "La rilevanza del processo, ai fini del RISK MANAGEMENT, e' subordinata all'accertamento "
    "della presenza del RISCHIO DI CORRUZIONE. Si ha rischio di corruzione quando il potere "
    "conferito puo', anche solo astrattamente, essere esercitato con abuso, da parte dei "
    "soggetti a cui e' affidato, al fine di ottenere vantaggi privati per se' o altri soggetti "
    "particolari. Il RISCHIO e' collegato ad un malfunzionamento dell'amministrazione a causa "
    "dell'uso a fini privati delle funzioni attribuite. L'ANALISI, che e' la prima fase del RISK "
    "MANAGEMENT, e che viene effettuata con la MAPPATURA, mediante scomposizione del processo in "
    "fasi e azioni, e' finalizzata all'accertamento della presenza o meno del rischio. Se "
    "l'ANALISI fa emergere un profilo di rischio, anche solo teorico, nella gestione di una o "
    "più azioni di questo processo, seguono, con riferimento alle medesime azioni, le fasi della "
    "VALUTAZIONE (intesa come identificazione e ponderazione del rischio) e dal TRATTAMENTO del "
    "rischio mediante applicazione di adeguate misure di prevenzione, secondo quanto prescritto "
    "sistema di RISK MANAGEMENT come delineato dall'ANAC."
)
CATALOGUE_TITLE = "IDENTIFICAZIONE MACROPROCESSI E PROCESSI"

MEASURES = (
    "Codice Etico",
    "Whistleblowing",
    "Rotazione del personale",
    "Informatizzazione dei processi",
    "Formazione",
)
SAME_THREE = (
    "Omesso controllo",
    "Omessa comunicazione",
    "Alterazione dei dati occultandone gli esiti",
)
# activity, objective, phases, (behaviours, how many phases they cover from the last covered one)
ACTIVITIES = (
    (
        "Erogazione del Servizio",
        "Assicurare una corretta conduzione delle attività di passaggio in produzione, di "
        "gestione, di misurazione ed eventuale disattivazione del servizio fornito, nel rispetto "
        "dei requisiti funzionali e dei livelli prestazionali previsti",
        (
            "Passaggio in produzione",
            "Collaudo e validazione con il cliente",
            "Gestione del servizio e dell'infrastruttura informatica",
            "Disattivazione del servizio",
        ),
        (
            (
                (
                    "Distruzione, deterioramento, cancellazione, alterazione o soppressione di "
                    "informazioni, dati o programmi informatici aziendali.",
                    "Errata pianificazione dei rilasci.",
                ),
                3,
            ),
            (
                (
                    "Mancata disattivazione del servizio con conseguente spreco di risorse "
                    "pubbliche.",
                ),
                1,
            ),
        ),
    ),
    (
        "Assistenza",
        "Assicurare, in risposta a richieste del cliente/utente/operatore del servizio, "
        "tempestive attività di assistenza per la risoluzione delle relative problematiche nel "
        "rispetto dei livelli di servizio previsti e della continuità del servizio erogato.",
        (
            "Analisi e instradamento della segnalazione",
            "Gestione delle attività per la risoluzione del problema",
            "Gestione delle comunicazioni all'utenza",
            "Registrazione, reporting e analisi delle attività",
        ),
        (
            (
                (
                    "Possibilità di privilegiare le richieste di alcuni utenti anche assecondando "
                    "richieste non legittime",
                ),
                4,
            ),
        ),
    ),
    (
        "Formazione",
        "Garantire la progettazione, la realizzazione e l'erogazione di eventi formativi che "
        "rispondano ai fabbisogni dell'utenza e conformi alle richieste e requisiti del cliente.",
        (
            "Rilevazione e analisi dei fabbisogni formativi",
            "Progettazione e realizzazione della formazione",
            "Erogazione della Formazione",
            "Monitoraggio e valutazione",
        ),
        (
            (
                (
                    "Alterazione dell'analisi dei fabbisogni formativi per negligenza, imperizia o "
                    "imprudenza",
                    "Alterazione dell'analisi dei fabbisogni formativi",
                ),
                3,
            ),
            (("Avvantaggiare alcuni soggetti nella partecipazione a corsi di formazione",), 1),
        ),
    ),
    (
        "Incident Management",
        "Garantire la corretta gestione degli eventi anomali e degli incidenti di natura "
        "tecnologica per consentire il ripristino della normale operatività in tempi brevi e con "
        "il minor disagio possibile congiuntamente ad una adeguata comunicazione ai diversi "
        "attori interessati al processo.",
        (
            "Rilevazione e Classificazione",
            "Gestione e Chiusura degli Incidenti",
            "Reporting e Analisi",
        ),
        ((SAME_THREE, 3),),
    ),
    (
        "Gestione degli attacchi informatici",
        "Descrivere responsabilità ed attività che consentono la corretta gestione e "
        "comunicazione degli attacchi di natura tecnologica allo scopo di permettere, in tempi "
        "brevi, e con il minor disagio possibile per cliente ed utenti, il ritorno alla normale "
        "operatività.",
        (
            "Rilevazione e Categorizzazione",
            "Gestione e Chiusura degli Attacchi",
            "Comunicazione",
            "Analisi degli Attacchi",
        ),
        ((SAME_THREE, 4),),
    ),
)
MACROPROCESS = "Processi di Gestione dei Servizi Tecnici"


def published_catalogue() -> AnnexDocument:
    """Return the published office catalogue, with an invented head."""
    office = "SERVIZI INFORMATIVI"
    rows = tuple(
        CatalogueRow(
            uid=f"s000-{number:02}",
            kind="Processo primario",
            function=FUNCTION,
            macroprocess=f"{FUNCTION}: "
            + ("Organi istituzionali" if number in (13, 16) else "Altri servizi generali"),
            number=str(number),
            title=title,
            area=AREAS[area],
            office=office,
        )
        for number, (area, title) in enumerate(PROCESSES, start=1)
    )
    return AnnexDocument(
        uid="s000",
        administration=ADMINISTRATION,
        plan=PLAN,
        office=office,
        head=OfficeHead("Rag.", "Tarquini", "Ottavio"),
        catalogue=rows,
        texts={"catalogo": Texts(title=CATALOGUE_TITLE, closing=CLOSING)},
    )


def published_table() -> AnnexDocument:
    """Return the published process-risk table as the annex of an invented office."""
    measures = tuple((f"m{index}", text) for index, text in enumerate(MEASURES))
    return AnnexDocument(
        uid="s001",
        administration=ADMINISTRATION,
        plan=PLAN,
        office="SERVIZI TECNICI",
        head=OfficeHead("Ing.", "Bellandi", "Clelia"),
        table=tuple(
            ProcessRow(
                uid=f"s001-{number}",
                macroprocess_key="tecnici",
                macroprocess=MACROPROCESS,
                objective=objective,
                title=title,
                phases=_phases(number, phases, covered),
                measures=measures,
                level=LevelLabel("BASSO", tone="low"),
            )
            for number, (title, objective, phases, covered) in enumerate(ACTIVITIES, start=1)
        ),
    )


def _phases(number: int, titles: tuple[str, ...], covered: tuple) -> tuple[PhaseRow, ...]:
    of_each = [
        tuple(
            TableBehaviour(f"b{number}-{group}-{place}", text) for place, text in enumerate(texts)
        )
        for group, (texts, count) in enumerate(covered)
        for _ in range(count)
    ]
    return tuple(
        PhaseRow(f"s001-{number}-{place}", title, behaviours)
        for place, (title, behaviours) in enumerate(zip(titles, of_each, strict=True), start=1)
    )
