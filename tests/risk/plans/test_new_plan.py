"""The first plan of a body, made on the desk; and what a plan says of itself until its adoption."""

import datetime

import pytest
from django.urls import reverse

from registry.models import Plan, PlanDeadline, TrailRecord
from risk.models import PlanMethod, TextBlock
from tests.people import client_of, make_member
from tests.register import adopt, make_body, make_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return make_body()


@pytest.fixture
def rpct(body):
    return client_of(make_member("rpct", "rpct", body=body))


@pytest.fixture
def method():
    return make_method()


@pytest.fixture
def address(body):
    return reverse("risk:plan_new", args=[body.ipa_code])


def asked(**changes) -> dict:
    values = {"title": "PTPCT 2027/2029", "document": "ptpct", "kind": "ordinary"}
    years = {"first_year": "2027", "last_year": "2029"}
    return {**values, **years, "method": "naz:PROVA:1", **changes}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_plan_is_made_with_its_method_its_days_and_the_texts_of_the_body(
    body, rpct, method, address
):
    TextBlock.objects.create(administration=body, layout="catalogo", slot="title", text="Catalogo")

    days = {"transmission": "2026-12-15", "adoption": "2027-01-31"}
    answer = rpct.post(address, asked(**days), follow=True)

    plan = Plan.objects.get()
    assert answer.redirect_chain[-1][0].startswith(
        reverse("risk:plan", args=[body.ipa_code, plan.slug])
    )
    assert (plan.administration, plan.first_year, plan.last_year) == (body, 2027, 2029)
    assert PlanMethod.objects.get().is_default
    assert plan.text_blocks.get().text == "Catalogo"
    found = PlanDeadline.objects.order_by("due_on").values_list("kind", "due_on", "label")
    assert list(found) == [
        ("transmission", datetime.date(2026, 12, 15), "Trasmissione degli allegati"),
        ("adoption", datetime.date(2027, 1, 31), "Adozione"),
    ]
    assert TrailRecord.objects.filter(kind="plan", outcome="done").count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": ""}, "Questo campo è obbligatorio."),
        ({"first_year": "2030"}, "L’ultimo anno non può precedere il primo."),
        ({"method": "naz:ALTRO:1"}, "valida"),
        ({"transmission": "31/12"}, "data valida"),
        ({"title": "PTPCT 2021/2023"}, "Un altro piano ha già questo titolo."),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_made(body, rpct, method, address, changes, why):
    Plan.objects.create(administration=body, title="PTPCT 2021/2023", first_year=1, last_year=2)

    assert why in text(rpct.post(address, asked(**changes)))
    assert Plan.objects.count() == 1


def test_who_has_an_adopted_plan_is_told_that_the_next_one_starts_from_it(body, rpct, address):
    plan = Plan.objects.create(
        administration=body, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )
    adopt(plan)

    copy = reverse("risk:plan_copy", args=[body.ipa_code, plan.slug])
    assert f'href="{copy}"' in text(rpct.get(address))


def test_what_a_plan_says_of_itself_changes_until_it_is_adopted(body, rpct):
    plan = Plan.objects.create(
        administration=body, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )
    page = reverse("risk:plan_data", args=[body.ipa_code, plan.slug])
    data = {"title": "PIAO 2021/2023", "first_year": 2021, "last_year": 2023}

    rpct.post(page, {**data, "adopting_organ": "Giunta", "version": plan.version})
    shown, plan = plan.version, Plan.objects.get()
    assert (plan.title, plan.adopting_organ) == ("PIAO 2021/2023", "Giunta")
    page = reverse("risk:plan_data", args=[body.ipa_code, plan.slug])
    late = rpct.post(page, {**data, "title": "Altro", "adopting_organ": "", "version": shown})
    assert "Hai modificato gli stessi dati" in text(late)
    assert TrailRecord.objects.get(kind="plan-data", outcome="done").subject.endswith("2021/2023")
    adopt(plan)
    assert rpct.get(page).status_code == 404
    assert Plan.objects.get().title == "PIAO 2021/2023"
