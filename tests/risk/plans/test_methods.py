"""The methods a plan assesses by: chosen by the RPCT, never one more than a default."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from risk.models import PlanMethod
from risk.services.plans.making import choose_methods, use_method
from tests.people import client_of
from tests.register import adopt, assess, make_annex, make_body, make_method, make_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def methods(annex):
    made = [make_method(code) for code in ("UNO", "DUE", "TRE")]
    use_method(plan=annex.plan, method=made[0], is_default=True, by=None)
    return made


@pytest.fixture
def address(annex):
    plan = annex.plan
    return reverse("risk:plan_methods", args=[plan.administration.ipa_code, plan.slug])


def used(annex) -> dict[str, bool]:
    rows = PlanMethod.objects.filter(plan=annex.plan).select_related("method")
    return {row.method.code: row.is_default for row in rows}


def chosen(*codes, default):
    return {"methods": [f"naz:{code}:1" for code in codes], "default_method": f"naz:{default}:1"}


def test_the_rpct_changes_the_default_and_leaves_one_out(annex, methods, people, address):
    rpct = client_of(people["rpct"])

    assert rpct.post(address, chosen("UNO", "DUE", default="DUE")).status_code == 302
    assert used(annex) == {"UNO": False, "DUE": True}
    assert rpct.post(address, chosen("TRE", default="TRE")).status_code == 302
    assert used(annex) == {"TRE": True}
    assert PlanMethod.history.filter(history_user=people["rpct"]).exists()


def test_what_has_judged_is_not_left_out(annex, methods, people, address):
    assess(make_process(annex), methods[0], "Alto")

    answer = client_of(people["rpct"]).post(address, chosen("DUE", default="DUE"))

    assert "ci sono già valutazioni" in answer.content.decode()
    assert used(annex) == {"UNO": True}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "almeno un metodo"),
        (chosen("UNO", default="DUE"), "uno di quelli del piano"),
        (chosen("ALTRO", default="UNO"), "ALTRO"),
    ],
)
def test_refused_with_a_sentence(annex, methods, people, address, data, sentence):
    data = data or {"default_method": "naz:UNO:1"}

    answer = client_of(people["rpct"]).post(address, data)

    assert sentence in answer.content.decode()
    assert used(annex) == {"UNO": True}


def test_methods_of_another_body_are_neither_offered_nor_taken(annex, methods, people, address):
    other = make_method("LORO", administration=make_body("c_x002"))

    assert "LORO" not in client_of(people["rpct"]).get(address).content.decode()
    with pytest.raises(ValidationError, match="altra amministrazione"):
        choose_methods(plan=annex.plan, methods=[other], default_method=other, by=None)


def test_an_adopted_plan_keeps_its_methods(annex, methods, people, address):
    adopt(annex.plan)

    assert client_of(people["rpct"]).get(address).status_code == 404
    with pytest.raises(ValidationError, match="adottato"):
        use_method(plan=annex.plan, method=methods[1], is_default=False, by=None)


def test_only_the_rpct_finds_the_page(methods, people, address):
    for who in ("head", "editor", "auditor", "colleague", "stranger"):
        assert client_of(people[who]).get(address).status_code == 404
        assert client_of(people[who]).post(address, chosen("DUE", default="DUE")).status_code == 404
