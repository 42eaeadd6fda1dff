"""A new administration gets its own copy of the national lists of the map."""

import pytest
from django.core.exceptions import ValidationError
from model_bakery import baker

from registry.models import (
    Administration,
    InstitutionalFunction,
    Macroprocess,
    RiskArea,
)
from registry.services.administrations import create_administration
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def national():
    function = InstitutionalFunction.objects.create(code="01", label="Servizi", source="all. 14")
    Macroprocess.objects.create(code="01.11", label="Altri servizi", function=function)
    RiskArea.objects.create(code="S", label="Agenda Digitale", kind="specific", source="Prassi")
    RiskArea.objects.create(
        code="X", label="Vecchia", kind="general", retired_on="2020-01-01", retired_reason="unita"
    )


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


def test_it_copies_the_lists_in_use(national, anna):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro", by=anna)

    area = RiskArea.objects.get(administration=body)
    assert (area.code, area.label, area.kind, area.source) == (
        "S",
        "Agenda Digitale",
        "specific",
        "Prassi",
    )
    assert area.folded == "agenda digitale"
    assert RiskArea.objects.filter(administration=None).count() == 2


def test_a_copied_macroprocess_stands_under_the_body_s_own_function(national, anna):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro", by=anna)

    macroprocess = Macroprocess.objects.get(administration=body)
    assert macroprocess.function.administration == body
    assert str(macroprocess) == "Servizi: Altri servizi"


def test_a_programme_of_a_retired_function_stands_alone(national):
    InstitutionalFunction.objects.update(retired_on="2024-01-01", retired_reason="soppressa")

    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro")

    assert Macroprocess.objects.get(administration=body).function is None


def test_it_is_one_act_of_one_person(national, anna):
    body = create_administration(ipa_code="c_x001", name="Comune di Valdoro", by=anna)

    records = [
        body.history.get(),
        RiskArea.history.get(administration=body),
        Macroprocess.history.get(administration=body),
    ]
    assert {record.history_user for record in records} == {anna}
    reasons = {record.history_change_reason for record in records}
    assert len(reasons) == 1
    assert reasons.pop().startswith("administration:")


def test_its_queries_do_not_grow_with_the_lists():
    for number in range(60):
        RiskArea.objects.create(code=f"A{number}", label=f"Area {number}", kind="general")

    with at_most(20):
        create_administration(ipa_code="c_x001", name="Comune di Valdoro")


@pytest.mark.parametrize(
    ("ipa_code", "name", "field"),
    [("c_x000", "Altro", "ipa_code"), ("C X", "Altro", "ipa_code"), ("c_x001", "", "name")],
)
def test_a_wrong_body_is_refused_and_nothing_copied(national, ipa_code, name, field):
    create_administration(ipa_code="c_x000", name="Comune")
    areas = RiskArea.objects.count()

    with pytest.raises(ValidationError) as refusal:
        create_administration(ipa_code=ipa_code, name=name)

    assert field in refusal.value.message_dict
    assert Administration.objects.count() == 1
    assert RiskArea.objects.count() == areas
