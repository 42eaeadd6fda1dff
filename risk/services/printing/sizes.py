"""How long a PDF takes: what is ready in a moment is given at once, the rest is a job."""

from registry.models import Annex, Phase
from risk.enums import Layout
from risk.paper.layouts import PRINTED_LAYOUTS


def is_long(annex: Annex, layout: Layout) -> bool:
    """Tell whether the PDF of an annex in a layout takes more than about two seconds to draw."""
    processes = annex.processes.in_use()
    phases = Phase.objects.filter(process__in=processes)
    return processes.count() + phases.count() > PRINTED_LAYOUTS[layout].ready_up_to
