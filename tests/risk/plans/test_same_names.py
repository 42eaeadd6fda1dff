"""A second row of one name is refused in the words of its rule, on either database."""

import pytest
from django.core.exceptions import ValidationError

from registry.services.rows import store
from risk.models import Chapter, MonitoringRound, Objective
from risk.services.monitoring.rounds import create_round
from risk.services.plans.chapters import add_chapter
from risk.services.plans.objectives import add_objective
from tests.people import make_member
from tests.register import adopt, make_annex
from tests.risk.monitoring.conftest import ROUND

pytestmark = pytest.mark.django_db

DOORS = {
    MonitoringRound: (
        lambda plan, by: create_round(plan=plan, by=by, **ROUND),
        "Un altro monitoraggio del piano si chiama già così.",
    ),
    Chapter: (
        lambda plan, by: add_chapter(plan=plan, title="Trasparenza", by=by),
        "Un altro capitolo del piano ha già questo titolo.",
    ),
    Objective: (
        lambda plan, by: add_objective(plan=plan, code="O1", name="Meno rischi", by=by),
        "Un altro obiettivo del piano ha già questo codice.",
    ),
}
"""What people name within a plan: how they write one, and what a second of the name is told."""


@pytest.mark.parametrize("model", DOORS, ids=lambda model: model.__name__)
def test_a_second_row_of_one_name_says_which_name_is_taken(model):
    plan = make_annex().plan
    by = make_member("rpct", "rpct", body=plan.administration)
    if model is MonitoringRound:
        adopt(plan)
        plan.refresh_from_db()
    door, words = DOORS[model]
    door(plan, by)
    with pytest.raises(ValidationError) as refused:
        door(plan, by)
    assert refused.value.messages == [words]
    assert model.objects.filter(plan=plan).count() == 1


def test_what_is_sure_as_a_whole_is_not_asked_for_again(django_assert_num_queries):
    plan = make_annex().plan
    row = Chapter(plan=plan, position=1, title="Trasparenza")
    with django_assert_num_queries(3):
        store(row, sure={"plan", "position", "title"})
