"""What is said of an act has the button that takes it back, whichever act it was."""

import uuid

import pytest
from django.urls import reverse

from registry.enums import MembershipRole, RiskPresence
from registry.models import Action, Phase, Process
from risk.models import PlannedMeasure, RiskBehaviour
from risk.services.treatment.programming import add_measure, add_step
from tests.people import client_of
from tests.register import make_annex, make_area, make_behaviour, make_phase, make_process
from tests.risk.imports.pages import KNOWN, take, upload
from tests.risk.library.conftest import make_library_process
from tests.risk.treatment.conftest import make_measure, member
from tests.taking_back import button_of, take_back

pytestmark = pytest.mark.django_db


class World:
    """An annex with two processes, the first with two phases and a behaviour, and its officer."""

    def __init__(self):
        self.annex = make_annex()
        self.process = make_process(self.annex, "Prima", risk_presence=RiskPresence.PRESENT)
        make_process(self.annex, "Ultima")
        self.phases = [make_phase(self.process, title) for title in ("Avvio", "Chiusura")]
        self.behaviour = make_behaviour(self.process)
        self.area = make_area(self.annex.plan.administration)
        measure = make_measure("MS01", "Dichiarazione")
        on = [self.process]
        self.planned, _new = add_measure(annex=self.annex, measure=measure, targets=on, by=None)
        step = {"uid": uuid.uuid4(), "description": "Raccolta", "by": None}
        self.step = add_step(planned=self.planned, **step)
        make_measure("MS02", "Rotazione")
        self.editor = member(self.annex, MembershipRole.EDITOR)
        self.client = client_of(self.editor)

    def post(self, name, *args, **data):
        return self.client.post(reverse(f"risk:{name}", args=args), data, follow=True)

    def said(self) -> list:
        """Return all of the annex that these acts change."""
        return [
            list(Process.objects.order_by("pk").values_list("title", "number", "position")),
            list(Process.objects.order_by("pk").values_list("retired_on", "risk_area")),
            list(Phase.objects.order_by("pk").values_list("title", "position", "executor_role")),
            list(Action.objects.values_list("title")),
            list(RiskBehaviour.objects.values_list("text", "position")),
            list(PlannedMeasure.objects.values_list("measure", "scope", "steps__description")),
        ]


def paste(name):
    def do(world, text, row):
        data = {"testo": text}
        address = reverse(f"risk:{name}", args=[row(world)])
        digest = world.client.post(address, data).context["preview"].digest
        data |= {"digest": digest, "conferma": "1"}
        return world.client.post(address, data, follow=True)

    return do


def bulk(world):
    data = {"righe": [str(world.process.uid)], "atto": "area", "area": "F"}
    way = ("bulk", world.annex.uid, "processi")
    return world.post(*way, **data, digest=world.post(*way, **data).context["proposal"].digest)


def imported(world):
    upload(world.client, world.annex.plan, KNOWN, office=world.annex.office.code)
    return take(world.client)


def copied(world):
    typical = make_library_process("CP-01", "Affidamento diretto")
    data = {"processi": typical.key, "allegato": world.annex.uid, "richiesta": uuid.uuid4()}
    return world.post("library_copy", **data)


def row_act(verb, **data):
    return lambda world: world.post("row_act", world.process.uid, verb, **data)


def phase_saved(world, **data):
    phase = world.phases[0]
    values = {"title": phase.title, "version": phase.version, **data}
    return world.post("phase", world.process.uid, phase.uid, **values)


ACTS = {
    "processes pasted": lambda world: paste("mapping_paste")(
        world, "Processo\nAltro", lambda world: world.annex.uid
    ),
    "phases pasted": lambda world: paste("phases_paste")(
        world, "Fase\nAltra", lambda world: world.process.uid
    ),
    "measures pasted": lambda world: paste("measures_paste")(
        world, "MS02", lambda world: world.process.uid
    ),
    "a list written": lambda world: world.post(
        "mapping_outline", world.annex.uid, elenco="Altro\n- Fase", dopo="3"
    ),
    "a bulk act": bulk,
    "a process moved": row_act("giu"),
    "a process archived": row_act("archivia", motivo="Non si fa più."),
    "a process doubled": row_act("duplica"),
    "a phase moved": lambda world: phase_saved(world, posto="2"),
    "a phase removed": lambda world: world.post(
        "phase_remove", world.process.uid, world.phases[0].uid
    ),
    "a behaviour removed": lambda world: world.post(
        "behaviour_remove", world.process.uid, world.behaviour.uid
    ),
    "a measure taken off": lambda world: world.post(
        "measure_remove", world.process.uid, world.planned.uid
    ),
    "a step taken off": lambda world: world.post(
        "programme_remove", world.planned.uid, "fasi", world.step.uid
    ),
    "a library copy": copied,
    "an import": imported,
}


@pytest.mark.parametrize("name", ACTS)
def test_the_message_takes_back_what_it_tells_of(name):
    world = World()
    before = world.said()

    page = ACTS[name](world)

    assert world.said() != before
    undone = take_back(world.client, page)
    assert world.said() == before
    assert "annullata" in undone.content.decode()
    assert button_of(undone.content.decode()) is None


def test_pressed_twice_it_says_that_it_is_done():
    world = World()
    page = bulk(world)
    take_back(world.client, page)
    assert "Questa operazione è già annullata." in take_back(world.client, page).content.decode()


def test_an_answer_into_the_page_has_the_button_too():
    world = World()
    htmx = {"HX-Request": "true", "HX-Current-URL": "http://testserver/qui/?pagina=2"}
    way = reverse("risk:row_act", args=[world.process.uid, "giu"])
    answers = [world.client.post(way, headers=htmx)]
    way = reverse("risk:phase_remove", args=[world.process.uid, world.phases[0].uid])
    answers.append(world.client.post(way, headers=htmx, follow=True))
    for answer in answers:
        address, sent = button_of(answer.content.decode())
        assert address == reverse("risk:undo", args=[world.annex.uid])
        assert sent["torna"] == "/qui/?pagina=2"
