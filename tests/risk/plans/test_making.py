"""A new edition has its methods and its own copy of the texts."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from model_bakery import baker

from registry.models import Plan
from risk.models import TextBlock
from risk.services.plans.making import create_plan
from tests.register import make_body, make_method

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    body = make_body()
    TextBlock.objects.create(administration=body, layout="catalogo", slot="title", text="PROCESSI")
    TextBlock.objects.create(layout="schede", slot="title", text="NAZIONALE")
    return body


def edition(body, methods, default, **changes):
    values = {"title": "PTPCT 2021/2023", "first_year": 2021, "last_year": 2023} | changes
    return create_plan(administration=body, methods=methods, default_method=default, **values)


def test_it_uses_the_methods_and_proposes_the_default(body):
    first, second = make_method("PNA2019"), make_method("PNA2013")

    plan = edition(body, [first, second], second)

    used = {row.method.code: row.is_default for row in plan.methods.all()}
    assert used == {"PNA2019": False, "PNA2013": True}


def test_it_keeps_its_own_copy_of_the_body_s_texts_only(body):
    method = make_method()

    plan = edition(body, [method], method)
    TextBlock.objects.filter(plan=None).update(text="CAMBIATO")

    block = plan.text_blocks.get()
    assert (block.administration, block.layout, block.text) == (body, "catalogo", "PROCESSI")


def test_all_of_it_is_one_act(body):
    anna = baker.make("registry.User", username="anna")
    method = make_method()

    plan = edition(body, [method], method, by=anna)

    records = [
        plan.history.get(),
        plan.methods.get().history.get(),
        plan.text_blocks.get().history.get(),
    ]
    assert {record.history_user for record in records} == {anna}
    assert len({record.history_change_reason for record in records}) == 1


def retired():
    return make_method("VECCHIO", retired_on=datetime.date(2020, 1, 1), retired_reason="sostituito")


def foreign():
    return make_method("ALTRUI", administration=make_body("c_x002"))


@pytest.mark.parametrize(
    ("make", "message"),
    [(retired, "non è più in uso"), (foreign, "di un’altra amministrazione")],
)
def test_a_method_it_may_not_use_is_refused(body, make, message):
    good, bad = make_method(), make()

    with pytest.raises(ValidationError, match=message):
        edition(body, [good, bad], good)

    assert not Plan.objects.exists()


def test_the_default_is_one_of_the_methods(body):
    with pytest.raises(ValidationError, match="uno di quelli del piano"):
        edition(body, [make_method("A")], make_method("B"))


def test_a_second_plan_of_the_same_title_leaves_nothing(body):
    method = make_method()
    edition(body, [method], method)

    with pytest.raises(ValidationError, match="già questo titolo"):
        edition(body, [method], method)

    assert TextBlock.objects.exclude(plan=None).count() == 1
