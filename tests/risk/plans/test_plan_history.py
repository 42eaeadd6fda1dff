"""What a plan says itself has a history one click away, also what is gone; of one row, too."""

import pytest
from django.urls import reverse

from registry.acts import act
from risk.models import Chapter, Objective, PlannedMeasure
from risk.services.plans.chapters import add_chapter, remove_chapter
from tests.people import client_of
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build()


def address(plan, asked: str = "") -> str:
    return reverse("risk:plan_history", args=[plan.administration.ipa_code, plan.slug]) + asked


def text(client, plan, asked: str = "") -> str:
    answer = client.get(address(plan, asked))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def written(world) -> list:
    """A chapter, an objective and a plan-wide measure, each changed once."""
    plan, by = world.a.plan, world.people["rpct"]
    with act("chapter", by=by):
        rows = [
            Chapter.objects.create(plan=plan, position=90, title="Contesto di allora"),
            Objective.objects.create(plan=plan, position=90, code="OB9", name="Meno affidamenti"),
            PlannedMeasure.objects.create(
                plan=plan, measure=world.a.plannedmeasure.measure, scope="plan", notes="Di allora"
            ),
        ]
    with act("edit", by=by):
        for row, field, value in zip(
            rows, ("title", "name", "notes"), ("Contesto di oggi", "Nessuno", "Subito"), strict=True
        ):
            setattr(row, field, value)
            row.save()
    return rows


def test_a_plan_tells_of_its_own_rows(world):
    chapter, objective, measure = written(world)
    gone = add_chapter(plan=world.a.plan, title="Tolto presto", by=world.people["rpct"])
    remove_chapter(row=gone, by=world.people["rpct"])
    client = client_of(world.people["editor"])
    page = text(client, world.a.plan)
    for told in ("Tolto presto", "Eliminazione", "capitolo del piano: Contesto di oggi"):
        assert told in page
    own = (chapter, "Contesto"), (objective, "Nessuno"), (measure, "Subito")
    for row, said in own:
        assert said in page
        alone = text(client, world.a.plan, f"?riga={row.uid}")
        assert said in alone
        assert all(other not in alone for its, other in own if its is not row)
        assert "Tolto presto" not in alone
    gone_alone = text(client, world.a.plan, f"?riga={gone.uid}")
    assert "Tolto presto" in gone_alone


def test_what_is_of_an_annex_is_not_told_by_its_plan(world):
    measure = world.a.plannedmeasure
    assert measure.annex_id
    with act("edit", by=world.people["rpct"]):
        measure.notes = "Solo dell’allegato"
        measure.save()
    client = client_of(world.people["rpct"])
    assert "Solo dell’allegato" not in text(client, world.a.plan)
    assert client.get(address(world.a.plan, f"?riga={measure.uid}")).status_code == 404


@pytest.mark.parametrize("asked", ["?riga=niente", "?riga=5d1f6a52-0c31-4a7e-9a55-3f0e6a0f7c11"])
def test_a_row_there_is_not_is_nowhere(world, asked):
    client = client_of(world.people["rpct"])
    assert client.get(address(world.a.plan, asked)).status_code == 404


def test_a_row_of_another_body_is_nowhere(world):
    row = Chapter.objects.create(plan=world.b.plan, position=91, title="Altrui")
    client = client_of(world.people["rpct"])
    assert client.get(address(world.b.plan)).status_code == 404
    assert client.get(address(world.a.plan, f"?riga={row.uid}")).status_code == 404


def test_the_page_of_a_row_leads_to_its_history(world):
    client = client_of(world.people["rpct"])
    plan = world.a.plan
    chapter, objective, measure = written(world)
    at = [plan.administration.ipa_code, plan.slug]
    for page, row in (
        (reverse("risk:plan_chapter", args=[*at, chapter.uid]), chapter),
        (reverse("risk:plan_objective", args=[*at, objective.uid]), objective),
        (reverse("risk:programme", args=[measure.uid]), measure),
    ):
        assert f"{address(plan)}?riga={row.uid}" in client.get(page).content.decode()
