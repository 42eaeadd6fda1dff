"""The chapters plans have, as data by the kind of plan, with where each title comes from.

A plan begins with these titles and then keeps its own, which the next edition takes over: so they
are a table here, and nothing refers to it. PNA 2022, parte generale, § 3 (the section of the
PIAO); PNA 2019, parte II (the PTPCT); ANAC’s indications of 23 July 2025 for section 2.3
(objectives first, people outside heard).
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.enums import PlanFormat

_OUTSIDE = _("Analisi del contesto esterno")
_INSIDE = _("Analisi del contesto interno")
_METHOD = _("Metodo di valutazione del rischio")
_GENERAL = _("Misure generali")
_TRANSPARENCY = _("Trasparenza e accesso")
_MONITORING = _("Monitoraggio e riesame")

STRUCTURES: dict[PlanFormat, tuple[Promise, ...]] = {
    PlanFormat.PTPCT: (
        _("Oggetto e finalità del piano"),
        _("Organi, ruoli e responsabilità"),
        _("Obiettivi strategici"),
        _OUTSIDE,
        _INSIDE,
        _METHOD,
        _GENERAL,
        _TRANSPARENCY,
        _("Consultazione e adozione"),
        _MONITORING,
    ),
    PlanFormat.PIAO: (
        _("Obiettivi strategici e valore pubblico"),
        _("Soggetti coinvolti e responsabilità"),
        _OUTSIDE,
        _INSIDE,
        _METHOD,
        _GENERAL,
        _TRANSPARENCY,
        _MONITORING,
    ),
}
"""The titles, in their order."""
