"""Acts on a whole plan are asked once, with numbers, before anything is done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Plan, TrailRecord
from risk.enums import PlanVerb
from risk.models import Exemption
from risk.services.plans.asked import AFTERWARDS, numbers_of_plan
from risk.services.plans.moves import move_plan
from risk.workflow import PLAN_MOVES
from tests.people import client_of
from tests.register import (
    add_complete_process,
    adopt,
    close,
    complete_annex,
    make_annex,
    make_process,
)
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db
NUMBERS = "2 allegati, 1 da trasmettere, 1 da approvare, 1 ufficio esonerato, 3 processi."


@pytest.fixture
def annex():
    annex = complete_annex()
    add_complete_process(annex, "Sgravi")
    close(annex)
    return annex


@pytest.fixture
def plan(annex, people):
    body = annex.plan.administration
    make_process(make_annex(body, office="Ambiente"))
    exempted = make_annex(body, office="Stampa")
    make_process(exempted)
    Exemption.objects.create(annex=exempted, reason="Soppresso.", by=people["rpct"])
    return annex.plan


def address(plan, name="plan") -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


def ask(plan, person, verb, **data):
    answer = client_of(person).post(address(plan, "plan_ask"), {"verb": verb} | data)
    return answer.status_code, " ".join(answer.content.decode().split())


def bring(plan, state, by) -> None:
    if state == "consultation":
        move_plan(plan=plan, verb=PlanVerb.CONSULT, by=by)
    elif state != "preparation":
        adopt(plan, state)


def test_every_move_says_what_follows_from_it():
    assert set(AFTERWARDS) == {move.verb for move in PLAN_MOVES}


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("preparation", PlanVerb.CONSULT),
        ("consultation", PlanVerb.PROPOSE),
        ("consultation", PlanVerb.BACK),
        ("adopted", PlanVerb.PUBLISH),
        ("published", PlanVerb.CLOSE),
    ],
)
def test_an_act_on_the_whole_plan_is_asked_with_its_numbers_and_nothing_is_done_yet(
    plan, people, state, verb
):
    bring(plan, state, people["rpct"])
    records = TrailRecord.objects.filter(kind__startswith="plan").count()
    link = "https://www.esempio.it/piano"
    code, page = ask(plan, people["rpct"], verb, reason="Da rivedere.", publication_link=link)
    assert code == 200
    assert NUMBERS in page
    assert str(AFTERWARDS[verb]) in page
    assert Plan.objects.get(pk=plan.pk).state == state
    assert TrailRecord.objects.filter(kind__startswith="plan").count() == records
    # what was written goes on with the answer
    assert ("Da rivedere.</textarea>" in page) == (verb == PlanVerb.BACK)
    assert (f'value="{link}"' in page) == (verb == PlanVerb.PUBLISH)


def test_what_could_not_be_done_is_refused_before_it_is_asked(plan, people):
    assert ask(plan, people["rpct"], "close")[0] == 409
    assert ask(plan, people["head"], "consult")[0] == 409
    assert TrailRecord.objects.filter(outcome="refused").count() == 2
    assert ask(plan, people["rpct"], "nonsense")[0] == 404
    assert ask(plan, people["stranger"], "consult")[0] == 404
    move_plan(plan=plan, verb=PlanVerb.CONSULT, by=people["rpct"])
    code, page = ask(plan, people["rpct"], "back", reason=" ")
    assert code == 409
    assert "Scrivi il motivo" in page
    adopt(plan)
    code, page = ask(plan, people["rpct"], "publish", publication_link="nessun indirizzo")
    assert code == 409
    # what was typed is there to be mended
    assert 'value="nessun indirizzo"' in page


def test_what_an_act_of_the_organ_makes_is_asked_where_the_act_is_told(plan, people):
    adopt(plan, "published")
    code, page = ask(plan, people["rpct"], "confirm")
    assert code == 409
    assert "Questo passo chiede gli estremi dell’atto." in page
    for name, follows in (("plan_confirm", AFTERWARDS[PlanVerb.CONFIRM]), ("plan_copy", "")):
        page = " ".join(client_of(people["rpct"]).get(address(plan, name)).content.decode().split())
        assert NUMBERS in page
        assert str(follows) in page


def test_asking_costs_the_same_at_any_size(plan):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            numbers_of_plan(plan)
        return sum(query["sql"].startswith(COUNTED) for query in captured)

    before = statements()
    for number in range(6):
        make_process(make_annex(plan.administration, office=f"Ufficio {number}"))
    assert statements() == before == 3
