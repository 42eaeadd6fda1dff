"""An update adopted in mid-year: what its papers of the year say of the rounds before it."""

import datetime
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from risk.content.year_parts import state_parts
from risk.enums import RoundVerb
from risk.models import MonitoringRound
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.issuing import issue_round
from risk.services.monitoring.rounds import move_round
from risk.services.monitoring.yearly import year_report
from risk.services.reporting.public_states import public_years
from tests.people import client_of
from tests.risk.monitoring.acts import closed, updated
from tests.statements import at_most

NONE = "Nell’anno non si è svolto alcun monitoraggio di questo piano."


def issued(world, *, is_open: bool = False) -> None:
    """Issue the round of a plan, once it has been closed."""
    rows = MonitoringRound.objects.select_related("plan__administration", "level")
    rpct, row = world.people["rpct"], rows.get(pk=world.round.pk)
    if is_open:
        move_round(row=row, verb=RoundVerb.CHECK, by=rpct)
        close_round(row=rows.get(pk=row.pk), by=rpct)
    issue_round(row=rows.get(pk=row.pk), by=rpct)


@pytest.fixture
def update(world, settings):
    """An update with an open round of its own, after one of the plan before it was issued."""
    settings.TODAY = datetime.date(2021, 12, 1)
    closed(world)
    issued(world)
    return updated(world)


def test_the_year_of_an_update_has_the_rounds_of_the_plan_before_it(world, update):
    with at_most(30):
        told = year_report(update.plan, 2021)
    assert [one.label for one in told.rounds] == ["Autunno"]
    assert [(one.label, one.plan) for one in told.elsewhere] == [
        ("Intermedio 2021", world.plan.title)
    ]
    (before,) = told.report.years
    assert (before.plan, before.year) == (world.plan.title, "2021")
    assert sum(before.groups.values()) == 3
    said = str(state_parts(replace(told, rounds=())))
    assert NONE in said
    assert f"fu del piano da cui questo viene, «{world.plan.title}»" in said
    alone = year_report(world.plan, 2021)
    assert (alone.elsewhere, alone.report.years) == ((), ()), "what comes after it is not its own"


def test_everybody_is_led_to_the_plan_whose_round_it_was(world, update):
    address = [update.plan.administration.ipa_code, update.plan.slug]
    first = [update.plan.administration.ipa_code, world.plan.slug]
    auditor = client_of(update.people["auditor"])
    for name in ("plan_state", "plan_review"):
        page = auditor.get(reverse(f"risk:{name}", args=address)).content.decode()
        assert f"{reverse('risk:plan_state', args=first)}?anno=2021" in page, name

    client, there = Client(), reverse("risk:published_state", args=[*first, 2021])
    listed = client.get(reverse("risk:published_plan", args=address)).content.decode()
    assert there in listed
    assert "Di questo piano nessuno è ancora emesso" in listed
    issued(update, is_open=True)
    (year,) = public_years(update.plan)
    assert [one.round.label for one in year.elsewhere] == ["Intermedio 2021"]
    assert [one.plan for one in year.report.report.years] == [world.plan.title]
    page = client.get(reverse("risk:published_state", args=[*address, 2021])).content.decode()
    assert there in page
    assert "fu del piano da cui questo viene" in page
    assert "Autunno" in page
    (year,) = public_years(world.plan)
    assert year.elsewhere == ()
