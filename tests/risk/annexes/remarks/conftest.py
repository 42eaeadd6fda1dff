"""An annex with a process of which another office executes a part, and the people around it."""

import pytest

from registry.models import Action, Office
from tests.people import make_member
from tests.register import add_complete_process, complete_annex


@pytest.fixture
def annex(db):
    return complete_annex()


@pytest.fixture
def process(annex):
    return annex.processes.order_by("position").first()


@pytest.fixture
def phase(process):
    return process.phases.get()


@pytest.fixture
def other_process(annex):
    """A process of the same annex that nobody else works on."""
    return add_complete_process(annex, "Altro processo")


@pytest.fixture
def executor(annex, people, phase):
    """The head of an office under the one that executes an action of the process."""
    body = annex.plan.administration
    office = Office.objects.create(administration=body, code="ESEC", name="Ragioneria")
    under = Office.objects.create(
        administration=body, code="ESEC2", name="Economato", parent=office
    )
    Action.objects.create(phase=phase, position=1, title="Pagamento", executor_office=under)
    return make_member("esecutrice", "head", body=body, office=office)
