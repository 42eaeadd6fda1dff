"""A desk with something on each of its pages, for the stories of an editor."""

from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page

from registry.enums import MembershipRole, RiskPresence
from registry.models import Annex, Process
from risk.models import ImplementationStep, PlannedMeasure
from risk.services.treatment.programming import add_measure
from tests.browser import PageChecks
from tests.register import (
    make_annex,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)
from tests.risk.treatment.conftest import make_measure, member

NEW = "#c-nuovo-title"
"""Where the title of a new process is typed on the map."""
NO_SURPRISE = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:sendError",
    "htmx:afterRequest",
)
"""What the console says of answers that are errors."""


def make_desk_annex() -> Annex:
    """Make four processes, the first with two phases, a behaviour of the second and a measure."""
    annex = make_annex()
    use_method(annex, make_method())
    for number in (1, 2, 3, 4):
        make_process(annex, f"Processo {number}", risk_presence=RiskPresence.PRESENT)
    process = annex.processes.get(number=1)
    phases = [make_phase(process, f"Fase {number}") for number in (1, 2)]
    behaviour = make_behaviour(process, "Favorire un utente", phases[1:])
    planned, _new = add_measure(
        annex=annex, measure=make_measure("MS01", "Dichiarazione"), targets=[behaviour], by=None
    )
    planned.steps.create(position=1, description="Avvio", version=1)
    return annex


def uid_of(number: int) -> str:
    """Return the ``uid`` of the process with a number."""
    return str(Process.objects.get(number=number).uid)


def row_of(number: int) -> str:
    """Return the selector of the row of a process on the map."""
    return f"#r-{uid_of(number)}"


def addresses_of(annex: Annex, server: str) -> dict[str, str]:
    """Return the whole addresses of the pages, by the name of the page."""
    pages = {
        "mapping": reverse("risk:mapping", args=[annex.uid]),
        "programme": reverse("risk:programme", args=[PlannedMeasure.objects.get().uid]),
    }
    for name in ("process_sheet", "assessment", "treatment"):
        pages[name] = reverse(f"risk:{name}", args=[uid_of(1)])
    return {name: server + page for name, page in pages.items()}


def sit_down(page: Page, sign_in: Callable, annex: Annex, page_checks: PageChecks) -> Page:
    """Sign an editor in, on a page where errors are no surprise and questions are answered yes."""
    for text in NO_SURPRISE:
        page_checks.expect(text)
    sign_in(member(annex, MembershipRole.EDITOR))
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def steps() -> list[str]:
    """Return the steps of all planned measures, in their order."""
    rows = ImplementationStep.objects.order_by("position")
    return list(rows.values_list("description", flat=True))
