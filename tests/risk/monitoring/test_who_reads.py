"""Who reads what an office answered: that office, the RPCT and the auditor, on whatever page."""

import datetime
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from risk.enums import RoundVerb
from risk.services.monitoring.closing import close_round
from risk.services.monitoring.rounds import move_round
from tests.people import client_of
from tests.risk.monitoring.acts import answer, confirm, updated
from tests.risk.monitoring.conftest import item_of

WORDS = {
    "done": "Estratte 6 pratiche",
    "judgement": "Giova poco",
    "difficulty": "Mancava il personale",
    "improvement": "Un sorteggio esterno",
}
"""What the office wrote, by field."""
OUTCOME = "non misurata"


@pytest.fixture
def answered(world, settings):
    """A closed round that asked one office for a measure of the whole plan, which all read."""
    settings.TODAY = datetime.date(2021, 12, 1)
    update = updated(world)
    answer(update, **WORDS)
    confirm(update, "own")
    rpct = update.people["rpct"]
    move_round(row=update.round, verb=RoundVerb.CHECK, by=rpct)
    close_round(row=update.round, by=rpct)
    return update


def pages_of(world) -> dict[str, str]:
    """Return the pages and files of the body that a round might be told on, by name."""
    plan, measure, row = world.plan, world.planned["own"], world.round
    address = [plan.administration.ipa_code, plan.slug]
    office = [row.uid, world.annex.office_id]
    listed = reverse("risk:plan_suitability", args=address)
    return {
        "suitability": reverse("risk:suitability", args=[measure.uid]),
        "suitabilities": listed,
        "suitabilities as a file": f"{listed}?formato=xlsx",
        "suitabilities by outcome": f"{listed}?ordina=esito",
        "item": reverse("risk:round_item", args=[item_of(world, "own").uid]),
        "round": reverse("risk:round", args=[row.uid]),
        "office": reverse("risk:round_office", args=office),
        "sheet": reverse("risk:round_office_sheet", args=office),
        "report": reverse("risk:round_report", args=[row.uid]),
        "follow-ups": reverse("risk:round_follow_ups", args=[row.uid]),
        "rounds": reverse("risk:plan_rounds", args=address),
        "state": reverse("risk:plan_state", args=address),
        "review": reverse("risk:plan_review", args=address),
        "proposals": reverse("risk:plan_proposals", args=address),
        "plan": reverse("risk:plan", args=address),
        "programme": reverse("risk:programme", args=[measure.uid]),
        "answered": reverse("risk:answered"),
        "search": f"{reverse('risk:search')}?cerca=Giova",
        "desk": reverse("risk:desk"),
    }


def read(client, address: str) -> str:
    """Return what a person reads at an address; "" where it is refused."""
    answered = client.get(address)
    if answered.status_code != 200:
        return ""
    content = b"".join(answered.streaming_content) if answered.streaming else answered.content
    if "formato" not in address:
        return content.decode()
    sheets = load_workbook(io.BytesIO(content))
    return str([list(sheet.iter_rows(values_only=True)) for sheet in sheets])


def test_only_its_office_and_who_reads_all_read_an_answer(answered):
    """No page tells others more than the page of the answer, which is not there for them."""
    told = (*WORDS.values(), OUTCOME)
    pages = pages_of(answered)
    for who in ("colleague", "stranger"):
        client = client_of(answered.people[who])
        read_there = {name: read(client, address) for name, address in pages.items()}
        assert read_there["item"] == ""
        for name, text in read_there.items():
            # the search repeats what was asked for
            found = [word for word in told if word.lower() in text.lower() and name != "search"]
            assert found == [], (who, name)
    colleague = client_of(answered.people["colleague"])
    assert "Controlli a campione" in read(colleague, pages["suitabilities"]), "it is of all"
    assert "ciò che risponde un altro" in read(colleague, pages["suitability"])
    for who in ("head", "editor", "rpct", "auditor"):
        client = client_of(answered.people[who])
        said = read(client, pages["suitability"])
        assert [word for word in told if word not in said] == [WORDS["done"]], who
        for name in ("suitabilities", "suitabilities as a file", "item"):
            assert OUTCOME in read(client, pages[name]).lower(), (who, name)
