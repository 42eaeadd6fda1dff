"""An edition of the plan and the annexes opened in it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from model_bakery import baker

from registry.enums import AnnexState, PlanState
from registry.models import Annex, Office
from registry.services.plans import create_plan, open_annex
from tests.register import adopt, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return baker.make("registry.User", username="anna")


@pytest.fixture
def body():
    body = make_body()
    body.adopting_organ = "Giunta comunale"
    body.save()
    return body


@pytest.fixture
def office(body):
    return Office.objects.create(administration=body, code="U1", name="Tributi")


@pytest.fixture
def plan(body):
    return create_plan(
        administration=body, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )


def test_a_plan_is_in_preparation_and_knows_who_adopts_it(plan):
    assert plan.state == PlanState.PREPARATION
    assert plan.adopting_organ == "Giunta comunale"


def test_a_title_is_used_once(body, plan):
    with pytest.raises(ValidationError, match="Un altro piano ha già questo titolo"):
        create_plan(administration=body, title=plan.title, first_year=2022, last_year=2024)


def test_years_are_in_order(body):
    with pytest.raises(ValidationError, match="non può precedere"):
        create_plan(administration=body, title="PTPCT", first_year=2023, last_year=2021)


def test_an_annex_opens_as_a_draft_without_printed_names(plan, office, anna):
    annex = open_annex(plan=plan, office=office, by=anna)

    assert annex.state == AnnexState.DRAFT
    assert (annex.office_name, annex.head_surname) == ("", "")
    record = annex.history.get()
    assert record.history_user == anna
    assert record.history_change_reason.startswith("annex:")


def test_an_office_has_one_annex_in_a_plan(plan, office):
    open_annex(plan=plan, office=office)

    with pytest.raises(ValidationError, match="ha già un allegato"):
        open_annex(plan=plan, office=office)


def test_an_office_of_another_body_has_none(plan):
    stranger = Office.objects.create(administration=make_body("c_x002"), code="U1", name="Altro")

    with pytest.raises(ValidationError, match="un’altra amministrazione"):
        open_annex(plan=plan, office=stranger)

    assert not Annex.objects.exists()


def test_a_retired_office_has_none(plan, office):
    office.retired_on, office.retired_reason = datetime.date(2020, 1, 1), "soppresso"
    office.save()

    with pytest.raises(ValidationError, match="non è più in uso"):
        open_annex(plan=plan, office=office)


def test_an_adopted_plan_takes_no_annex(plan, office):
    adopt(plan)

    with pytest.raises(ValidationError, match="è adottato"):
        open_annex(plan=plan, office=office)
