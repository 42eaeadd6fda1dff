"""How long a PDF takes: what is ready in a moment is given at once, the rest is a job."""

from registry.models import Annex, Phase
from risk.enums import Layout

READY_UP_TO: dict[Layout, int] = {
    Layout.CATALOGO: 200,
    Layout.TABELLA: 50,
    Layout.SCHEDE: 30,
    Layout.COMPLETO: 25,
}
"""Processes and phases, together, that each layout draws in about two seconds (measured)."""


def is_long(annex: Annex, layout: Layout) -> bool:
    """Tell whether the PDF of an annex in a layout takes more than about two seconds to draw."""
    processes = annex.processes.in_use()
    phases = Phase.objects.filter(process__in=processes)
    return processes.count() + phases.count() > READY_UP_TO[layout]
