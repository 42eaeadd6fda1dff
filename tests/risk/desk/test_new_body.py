"""The start page of whoever begins: a body without a plan, a plan without annexes."""

import pytest
from django.urls import reverse

from registry.models import Office
from registry.services.plans import create_plan
from tests.people import client_of, make_member
from tests.register import adopt, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body()


def desk_of(person) -> str:
    return client_of(person).get("/").content.decode()


def make_plan(body):
    return create_plan(
        administration=body, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )


def test_a_plan_without_annexes_is_reached_from_the_start_page(body):
    rpct = make_member("rpct", "rpct", body=body)
    plan = make_plan(body)

    page = desk_of(rpct)

    way = [body.ipa_code, plan.slug]
    assert f'href="{reverse("risk:plan", args=way)}"' in page
    assert f'href="{reverse("risk:import_start", args=way)}"' in page


def test_an_adopted_plan_without_annexes_is_not_to_be_filled(body):
    rpct = make_member("rpct", "rpct", body=body)
    adopt(make_plan(body))

    assert "Non ha ancora allegati" not in desk_of(rpct)


def test_the_rpct_of_a_body_without_a_plan_reads_the_one_next_act(body):
    rpct = make_member("rpct", "rpct", body=body)
    offices, plan = (
        reverse(name, args=[body.ipa_code]) for name in ("registry:offices_add", "risk:plan_new")
    )

    page = desk_of(rpct)
    assert f'href="{offices}"' in page
    assert "non ha ancora uffici" in page
    assert f'href="{plan}"' not in page

    Office.objects.create(administration=body, code="U", name="Tributi")
    page = desk_of(rpct)
    assert f'href="{plan}"' in page
    assert "non ha ancora un piano" in page
    assert client_of(rpct).get(plan).status_code == 200

    make_plan(body)
    assert "non ha ancora un piano" not in desk_of(rpct)


def test_others_are_sent_to_the_rpct(body):
    make_plan(body)

    page = desk_of(make_member("oiv", "auditor", body=body))

    assert "chiedi al RPCT" in page
    assert "Non ha ancora allegati" not in page
