"""What people do in a round, as tests have them do it."""

import datetime
import re
from decimal import Decimal
from types import SimpleNamespace

from django.urls import reverse

from risk.enums import RoundVerb
from risk.models import MonitoringRound, PlannedMeasure, RoundIssue
from risk.services.monitoring.answers import add_measurement
from risk.services.monitoring.checking import check_answer, confirm_answers
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.evidence import add_evidence
from risk.services.monitoring.issuing import issue_round
from risk.services.monitoring.opening import open_round
from risk.services.monitoring.rounds import create_round, move_round
from risk.services.plans.editions import copy_plan
from tests.people import client_of
from tests.register import adopt
from tests.risk.monitoring.conftest import DAY, ROUND, item_of, start_checks

PRIVATE = (
    "Estratte 6 pratiche",
    "Verbale 3/2021",
    "Manca il personale",
    "Il verbale.",
    "Protocollo",
    "Con due verbali",
)
"""What an office, or the RPCT, wrote for the body alone."""
_TICK = re.compile(r'name="risposta"\s+value="([0-9a-f-]{36} [0-9a-f]{16})"')
_SEEN = re.compile(r'name="visto" value="([0-9a-f]{16})"')


def ticks(client, office: str) -> list[str]:
    """Return what the boxes of a page of an office say now, each of one answer."""
    return _TICK.findall(client.get(office).content.decode())


def seen(client, item) -> dict[str, str]:
    """Return what the page of a measure sends of itself with a check."""
    page = client.get(reverse("risk:round_item", args=[item.uid]))
    (stamp,) = _SEEN.findall(page.content.decode())
    return {"visto": stamp}


def answer(world, name="own", who="editor", client=None, **values):
    """Send the answer of a measure as its page does; return the answer of the site."""
    item = item_of(world, name)
    values = {"declared": "done", "done": "Estratte 6 pratiche.", **values}
    prefix = f"risposta-{item.uid}"
    sent = {f"{prefix}-{field}": value for field, value in values.items()}
    sent[f"{prefix}-version"] = item.answer.version
    address = reverse("risk:round_item", args=[item.uid])
    client = client or client_of(world.people[who])
    return client.post(address, sent, headers={"HX-Request": "true"})


def step_of(world, name="own"):
    return item_of(world, name).planned_measure.steps.get()


def tell_step(world, name="own", who="editor", client=None, version=0, **values):
    """Send how far the step of a measure is as its row does; return the answer of the site."""
    step = step_of(world, name)
    sent = {f"fase-{step.uid}-{field}": value for field, value in values.items()}
    sent[f"fase-{step.uid}-version"] = version
    address = reverse("risk:round_step", args=[item_of(world, name).uid, step.uid])
    client = client or client_of(world.people[who])
    return client.post(address, sent, headers={"HX-Request": "true"})


def measure(world, name="own", who="editor", **values):
    item = item_of(world, name)
    indicator = item.planned_measure.progress_indicators.get()
    values = {"numerator": Decimal(6), "denominator": Decimal(10), **values}
    return add_measurement(
        item=item,
        indicator=indicator,
        measured_on=DAY,
        source="Protocollo",
        by=world.people[who],
        **values,
    )


def confirm(world, *names, who="head"):
    uids = [str(item_of(world, name).uid) for name in names]
    office = world.annex.office_id
    return confirm_answers(row=world.round, office=office, uids=uids, by=world.people[who])


def closed(world, *, outcome="confirmed"):
    """Close the round after one answer with its measurement and proof, checked so."""
    rpct = world.people["rpct"]
    answer(world)
    measure(world)
    proof = {"reference": "Verbale 3/2021", "proves": "L’estrazione", "has_personal_data": False}
    add_evidence(item=item_of(world, "own"), by=world.people["editor"], **proof)
    confirm(world, "own")
    check_answer(item=item_of(world, "own"), outcome=outcome, looked_at="Il verbale.", by=rpct)
    start_checks(world)
    close_round(row=world.round, by=rpct)
    world.round.refresh_from_db()


def second_round(world) -> None:
    """Let a second round of the year be issued, of which one measure is late and two unanswered."""
    rows = MonitoringRound.objects.select_related("plan__administration", "level")
    rpct, plan = world.people["rpct"], world.plan
    said = {**ROUND, "label": "Finale 2021", "kind": "final"}
    last = create_round(plan=plan, by=rpct, **{**said, "situation_on": datetime.date(2021, 12, 31)})
    open_round(row=last, by=rpct)
    of_second = SimpleNamespace(**{**vars(world), "round": rows.get(pk=last.pk)})
    answer(
        of_second, "late", declared="late", done="", reason="Manca il personale.", cause="resources"
    )
    confirm(of_second, "late")
    move_round(row=rows.get(pk=last.pk), verb=RoundVerb.CHECK, by=rpct)
    close_round(row=rows.get(pk=last.pk), by=rpct)
    issue_round(row=rows.get(pk=last.pk), by=rpct)


def issue_of(world, *, is_public=False, earlier=0) -> RoundIssue:
    return RoundIssue.objects.get(round=world.round, is_public=is_public, earlier=earlier)


def updated(world) -> SimpleNamespace:
    """Adopt an update of the plan, with a round of its own that is open; return its rows by name.

    Its measure `own` is of the whole plan, and asked of the office of the annex.
    """
    rpct, years = world.people["rpct"], {"first_year": world.plan.first_year}
    years["last_year"] = world.plan.last_year
    plan = copy_plan(plan=world.plan, title="Aggiornamento", kind="update", by=rpct, **years)
    own = PlannedMeasure.objects.get(plan=plan, measure__code="own")
    PlannedMeasure.objects.filter(pk=own.pk).update(
        annex=None, scope="plan", responsible_office=world.annex.office
    )
    adopt(plan, "published")
    row = create_round(
        plan=plan,
        by=rpct,
        **{**ROUND, "label": "Autunno", "situation_on": datetime.date(2021, 9, 30)},
    )
    open_round(row=row, by=rpct)
    rows = MonitoringRound.objects.select_related("plan__administration", "level")
    told = {"plan": plan, "round": rows.get(pk=row.pk), "planned": {"own": own}}
    return SimpleNamespace(**{**vars(world), **told})
