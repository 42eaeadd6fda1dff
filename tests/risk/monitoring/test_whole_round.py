"""An RPCT’s round by its pages, from the draft to the issued report; its sample drawn outside."""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.models import Job
from risk.models import MonitoringRound, RoundItem
from risk.scoring.sampling import digest_of_text
from tests.people import client_of
from tests.risk.monitoring.acts import seen, ticks
from tests.risk.monitoring.test_sampling import by_the_page

pytestmark = pytest.mark.django_db
SEED = "7 21 33 48 90"
NEW = {
    "label": "A campione 2021",
    "kind": "final",
    "situation_on": "31/12/2021",
    "answers_by": "15/01/2022",
    "checks_by": "31/01/2022",
    "coverage": "sample",
    "criteria": "Un campione, perché le verifiche sono di due persone.",
}


def made_by_its_pages(world, client) -> MonitoringRound:
    """Write a round, announce its sample, draw it and open it."""
    plan = [world.plan.administration.ipa_code, world.plan.slug]
    client.post(reverse("risk:plan_round_new", args=plan), NEW)
    row = MonitoringRound.objects.get(label=NEW["label"])
    page, sample = (reverse(name, args=[row.uid]) for name in ("risk:round", "risk:round_sample"))
    early = client.post(page, {"verb": "open"}, follow=True).content.decode()
    assert "si estrae il campione" in early
    known = f"{clock.today():%d/%m/%Y}"
    told = {"percent": 50, "seed_source": "Il lotto di Roma", "seed_known_on": known}
    assert "Estrai" in client.post(sample, told, follow=True).content.decode()
    seen = {"witnesses": "Il segretario generale.", "minutes": "Letto ad alta voce."}
    client.post(sample, {"seed": SEED, **seen})
    client.post(page, {"verb": "open"})
    return row


def answered_by_its_people(world, row: MonitoringRound) -> None:
    """Let each office answer what it is asked; its head, where it has one, confirms."""
    for item in RoundItem.objects.filter(round=row).select_related("answer", "office"):
        own = item.office_id == world.annex.office_id
        writer = client_of(world.people["editor" if own else "colleague"])
        prefix = f"risposta-{item.uid}"
        sent = {f"{prefix}-declared": "done", f"{prefix}-done": f"Fatto: {item}."}
        office = reverse("risk:round_office", args=[row.uid, item.office_id])
        writer.post(office, {**sent, f"{prefix}-version": item.answer.version})
        if own:
            head = client_of(world.people["head"])
            head.post(f"{office}conferma/", {"risposta": ticks(head, office)})


def listed_for_everybody(world, row: MonitoringRound) -> str:
    """Return the list a round was drawn from, as a stranger finds it; its people read the same."""
    names = [world.plan.administration.ipa_code, world.plan.slug]
    listed_at = reverse("risk:published_round_population", args=[*names, row.uid])
    page = Client().get(reverse("risk:published_round", args=[*names, row.uid])).content.decode()
    assert listed_at in page
    assert "almeno il 50 % di ogni gruppo" in page
    file = Client().get(listed_at)
    assert (file.status_code, file["Access-Control-Allow-Origin"]) == (200, "*")
    inside = client_of(world.people["auditor"])
    assert inside.get(reverse("risk:round_population", args=[row.uid])).content == file.content
    other = reverse("risk:published_round_population", args=[*names, world.round.uid])
    assert Client().get(other).status_code == 404, "it is not issued"
    return file.content.decode()


def test_a_round_goes_from_its_draft_to_a_report_whose_sample_anybody_draws(
    world, tmp_path, settings
):
    settings.TODAY = datetime.date(2022, 1, 10)
    client = client_of(world.people["rpct"])
    row = made_by_its_pages(world, client)
    answered_by_its_people(world, row)
    page = reverse("risk:round", args=[row.uid])
    confirmed = RoundItem.objects.filter(round=row, state="confirmed")
    assert confirmed
    for item in confirmed:
        check = reverse("risk:round_check", args=[item.uid])
        found = {"outcome": "confirmed", "looked_at": "Gli atti."}
        client.post(check, {**found, **seen(client, item)})
    for verb in ("check", "close"):
        client.post(page, {"verb": verb})
    report = client.get(reverse("risk:round_report", args=[row.uid])).content.decode()
    assert "BOZZA" in report
    issued = client.post(page, {"verb": "issue"})
    assert issued.url == reverse("registry:job", args=[Job.objects.get(kind="round-issue").uid])
    row.refresh_from_db()
    assert row.state == "issued"

    # somebody outside: what was published, the list that was drawn from, and the page that says how
    names = [world.plan.administration.ipa_code, world.plan.slug, row.uid]
    told = json.loads(Client().get(reverse("risk:published_round_data", args=names)).content)
    sample = told["round"]["sample"]
    text = listed_for_everybody(world, row)
    assert digest_of_text(text) == sample["population_digest"]
    drawn = by_the_page(tmp_path, text, sample["seed"], sample["percent"])
    assert drawn == sample["drawn"] == sorted(one["planned"] for one in told["round"]["measures"])
    listed = tmp_path / "estratte.txt"
    listed.write_text("\n".join(drawn), encoding="utf-8")
    brought = {"population": tmp_path / "popolazione.txt", "drawn": listed}
    brought |= {"seed": sample["seed"], "percent": sample["percent"]}
    for asked, values in (((), brought), ((str(row.uid),), {})):
        said = StringIO()
        call_command("verify_sample", *asked, **values, stdout=said)
        assert said.getvalue().split()[1:] == [sample["population_digest"], *drawn]
