"""The heads of what stands beside a measure and is its own: its programme."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROGRAMME_HEADS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "measure_steps": (
        _("fasi di attuazione della misura"),
        (
            *("fasi di attuazione", "fase di attuazione", "fasi per l attuazione"),
            *("programmazione delle misure", "programmazione della misura"),
            *("fasi di attuazione della misura", "fasi e modalità di attuazione"),
            *("modalità di attuazione", "modalità attuative", "azioni da intraprendere"),
        ),
    ),
    "measure_term": (
        _("tempi della misura"),
        (
            *("tempi di attuazione", "tempistica", "tempistica di attuazione", "scadenza"),
            *("termine di attuazione", "termini di attuazione", "tempi di attuazione della misura"),
            *("tempi di attuazione delle misure", "tempi di realizzazione", "scadenze"),
            *("termine per l attuazione", "tempi di attuazione misure", "entro il", "entro"),
            *("tempi e termini per l attuazione delle misure", "termine di attuazione misure"),
            *("fasi e tempi di attuazione", "tempi e modalità di attuazione"),
            *("data di attuazione", "tempi di attuazione misura", "cronoprogramma"),
        ),
    ),
    "measure_responsible": (
        _("responsabile della misura"),
        (
            *("responsabile della misura", "responsabile delle misure", "responsabile misura"),
            *("responsabile attuazione misure", "responsabile attuazione misura"),
            *("responsabile dell attuazione", "responsabile dell attuazione della misura"),
            *("responsabile dell attuazione delle misure", "responsabile attuazione"),
            *("responsabili della misura", "responsabili dell attuazione", "responsabili misure"),
            *("soggetto responsabile dell attuazione", "soggetto attuatore", "soggetti attuatori"),
            *("struttura responsabile dell attuazione", "responsabile dell attuazione misure"),
            *("soggetto responsabile della misura", "soggetti responsabili dell attuazione"),
        ),
    ),
    "measure_indicator": (
        _("indicatore di attuazione"),
        (
            *("indicatore", "indicatori", "indicatori di attuazione", "indicatore di attuazione"),
            *("indicatori di monitoraggio", "indicatore di monitoraggio"),
            *("indicatori di risultato", "indicatore di risultato", "indicatori di realizzazione"),
            *("indicatore della misura", "indicatori della misura", "indicatore di realizzazione"),
        ),
    ),
    "measure_baseline": (
        _("valore di partenza dell’indicatore"),
        (*("baseline", "valore di partenza", "valore iniziale", "valore base"),),
    ),
    "measure_target": (
        _("valore atteso dell’indicatore"),
        (
            *("target", "valore atteso", "valori attesi", "valore target", "target atteso"),
            *("risultato target", "valore obiettivo", "target di attuazione"),
        ),
    ),
    "measure_typology": (
        _("tipologia di misura"),
        (
            *("tipologia di misura", "tipologia misura", "tipologia della misura", "tipologia"),
            *("tipo misura", "tipologie di misure", "tipologia misure"),
        ),
    ),
    "measure_state": (
        _("stato di attuazione della misura"),
        (
            *("stato di attuazione", "stato", "stato della misura", "stato attuazione"),
            *("stato di attuazione al 1 gennaio", "stato di attuazione della misura"),
            *("stato di attuazione delle misure", "stato attuazione misura"),
        ),
    ),
    "measure_monitoring": (
        _("modalità di monitoraggio della misura"),
        (
            *("modalità di monitoraggio", "modalità del monitoraggio", "modalità di verifica"),
            *("modalità di monitoraggio della misura", "modalità di monitoraggio delle misure"),
            *("modalità di controllo e monitoraggio", "strumenti di monitoraggio"),
        ),
    ),
    "measure_frequency": (
        _("frequenza del monitoraggio della misura"),
        (
            *("frequenza del monitoraggio", "frequenza di monitoraggio", "frequenza monitoraggio"),
            *("periodicità del monitoraggio", "periodicità di monitoraggio"),
            *("periodicità monitoraggio", "cadenza del monitoraggio", "cadenza di monitoraggio"),
            *("tempistica del monitoraggio", "tempistica di monitoraggio"),
            *("tempi di monitoraggio", "tempi del monitoraggio", "tempistica monitoraggio"),
        ),
    ),
}
"""By field its label and the heads under which registers have it."""
AFTER_MEASURES: dict[str, tuple[str, ...]] = {
    "measure_term": ("tempi", "termini", "termine", "tempo", "termini di conclusione"),
    "measure_responsible": (
        *("responsabile", "responsabili", "responsabilità", "soggetto responsabile"),
        *("soggetti responsabili", "soggetti", "soggetti coinvolti", "chi"),
    ),
    "measure_target": ("risultato atteso", "risultati attesi"),
    "measure_steps": ("fasi", "fase", "programmazione", "modalità", "azioni da attuare"),
}
"""Heads that are of the process before its column, and of the measure after the measures."""
