"""A published plan and the *aggiornamento* that takes its place lead to each other."""

import dataclasses
import datetime
import html
import json
from collections.abc import Iterator
from types import SimpleNamespace

import jsonschema
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rdflib import Graph, Namespace

from registry.models import Annex, Plan
from risk.enums import PlanVerb
from risk.models import PlanIssue
from risk.services.annexes.issues import issue_annex
from risk.services.plans.editions import copy_plan
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from risk.services.plans.succession import successions
from risk.services.reporting.open_data.catalogue import CONTEXT
from risk.services.reporting.open_data.files import published_data
from risk.services.reporting.open_data.plans import SCHEMA
from tests.people import people_of
from tests.register import close, complete_annex
from tests.risk.plans.proposing import ACT, fresh_plan, propose

pytestmark = pytest.mark.django_db

LATER = dataclasses.replace(ACT, act_number="80", act_date=datetime.date(2021, 9, 1))
DCT = Namespace(CONTEXT["dct"])


@pytest.fixture(scope="module")
def home(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """A published plan and an adopted update of it; drawn once, because drawing takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        annex = complete_annex()
        rpct = people_of(annex)["rpct"]
        plan = propose(annex, rpct)
        adopt_plan(plan=plan, act=ACT, by=rpct)
        publish(plan, rpct, datetime.date(2021, 1, 31))
        yield SimpleNamespace(plan=plan, update=adopted_update(plan, rpct), rpct=rpct)
        transaction.set_rollback(True)


def adopted_update(plan: Plan, rpct) -> Plan:
    """Copy a plan, issue the one annex that has something, exempt the others, adopt."""
    years = {"first_year": plan.first_year, "last_year": plan.last_year}
    title = "PTPCT 2021/2023, aggiornamento 2021"
    made = copy_plan(plan=fresh_plan(plan), title=title, **years, kind="update", by=rpct)
    for annex in Annex.objects.with_names().filter(plan=made):
        if annex.processes.exists():
            close(annex, "validated")
            issue_annex(annex=Annex.objects.with_names().get(pk=annex.pk), by=rpct)
        else:
            exempt_annex(annex=annex, reason="Ufficio soppresso.", by=rpct)
    for verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(plan=fresh_plan(made), verb=verb, by=rpct)
    adopt_plan(plan=fresh_plan(made), act=LATER, by=rpct)
    return made


def publish(plan: Plan, rpct, day: datetime.date) -> None:
    move_plan(plan=fresh_plan(plan), verb=PlanVerb.PUBLISH, by=rpct, published_on=day)


@pytest.fixture
def plan(home, db) -> Plan:
    return fresh_plan(home.plan)


@pytest.fixture
def unpublished(home, db) -> Plan:
    return fresh_plan(home.update)


@pytest.fixture
def update(home, unpublished) -> Plan:
    publish(unpublished, home.rpct, datetime.date(2021, 9, 10))
    return fresh_plan(unpublished)


def address(name: str, plan: Plan, *parts: str) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *parts])


def content(where: str) -> bytes:
    return given(where)[0]


def given(where: str, **headers: str) -> tuple[bytes, str]:
    """Return what an address answers, which is no 304, and the mark of it."""
    answer = Client().get(where, headers=headers)
    assert answer.status_code == 200, where
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return whole, answer.headers.get("ETag", "")


def page(plan: Plan) -> str:
    """Return the public page of a plan, its blanks made one."""
    return html.unescape(" ".join(content(address("published_plan", plan)).decode().split()))


def data(plan: Plan) -> dict:
    return json.loads(content(address("open_data", plan)))


def triples(where: str) -> Graph:
    return Graph().parse(data=content(where), format="json-ld")


def link(plan: Plan) -> str:
    return f'<a href="{address("published_plan", plan)}">{plan.title}</a>'


@pytest.mark.usefixtures("unpublished")
def test_what_is_adopted_and_not_published_takes_the_place_of_nothing(plan):
    assert data(plan)["superato_da"] is None
    assert "Superato da" not in page(plan)


def test_the_pages_lead_to_each_other(plan, update):
    assert f"Superato da {link(update)}" in page(plan)
    assert f"Sostituisce {link(plan)}" in page(update)
    assert "Sostituisce" not in page(plan)
    assert "Superato da" not in page(update)


def test_the_data_name_each_other_and_have_the_form_of_the_schema(plan, update):
    older, newer = data(plan), data(update)
    schema = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    for whole in (older, newer):
        schema.validate(whole)

    assert older["superato_da"]["titolo"] == update.title
    assert older["superato_da"]["pagina"].endswith(address("published_plan", update))
    assert older["superato_da"]["dati"].endswith(address("open_data", update))
    assert newer["sostituisce"]["titolo"] == plan.title
    assert (older["sostituisce"], newer["superato_da"]) == (None, None)


def test_nothing_else_changes_and_the_files_are_those_that_were_adopted(home, plan, unpublished):
    def frozen():
        rows = PlanIssue.objects.values("data", "html", "pdf", "data_digest")
        pdf = content(address("published_file", plan, "pdf"))
        table = content(address("open_data_table", plan, "misure"))
        return rows.get(plan=plan), pdf, table

    before, whole = frozen(), data(plan)
    publish(unpublished, home.rpct, datetime.date(2021, 9, 10))

    assert frozen() == before
    after = data(plan)
    assert after["superato_da"] is not None
    assert {**after, "superato_da": None} == whole


# rdflib reads JSON-LD by a class that it calls outdated itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_records_say_which_dataset_took_the_place_of_which(plan, update):
    where = reverse("risk:open_data_catalogue", args=[plan.administration.ipa_code])
    ((older, newer),) = triples(where).subject_objects(DCT.isReplacedBy)

    assert str(older).endswith(address("published_plan", plan))
    assert str(newer).endswith(address("published_plan", update))
    for graph in (triples(address("open_data_record", plan)), triples(where)):
        assert list(graph.subject_objects(DCT.isReplacedBy)) == [(older, newer)]
    for graph in (triples(address("open_data_record", update)), triples(where)):
        assert list(graph.subject_objects(DCT.replaces)) == [(newer, older)]


def modified_on(where: str, plan: Plan) -> str:
    """Return the day since which a record says what it says of a plan."""
    nodes = json.loads(content(where))["@graph"]
    (dataset,) = [node for node in nodes if node["@id"].endswith(address("published_plan", plan))]
    return dataset["dct:modified"]["@value"]


def test_a_record_is_modified_when_another_plan_takes_the_place(
    home, plan, unpublished, monkeypatch
):
    catalogue = reverse("risk:open_data_catalogue", args=[plan.administration.ipa_code])
    changing = (address("open_data_record", plan), catalogue, address("open_data", plan))
    marks = {where: given(where)[1] for where in changing}
    adopted = str(timezone.localdate(plan.issue.issued_at))
    assert {modified_on(where, plan) for where in changing[:2]} == {adopted}

    # late in the evening in Greenwich it is the next day in Rome
    later = datetime.datetime(2041, 9, 9, 23, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    publish(unpublished, home.rpct, datetime.date(2021, 9, 10))

    assert {modified_on(where, plan) for where in changing[:2]} == {"2041-09-10"}
    assert modified_on(address("open_data_record", unpublished), unpublished) == "2041-09-10"
    assert json.loads(content(catalogue))["@graph"][0]["dct:modified"]["@value"] == "2041-09-10"
    for where, mark in marks.items():
        _whole, now = given(where, if_none_match=mark)
        assert now != mark
        assert Client().get(where, headers={"if-none-match": now}).status_code == 304


def test_the_places_of_all_plans_are_one_question(plan, update, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert set(successions(plan.administration)) == {plan.pk, update.pk}


def test_the_open_data_find_the_same_places(plan, update):
    places = successions(plan.administration)
    for one in (plan, update):
        found = published_data(plan.administration.ipa_code, one.slug)
        place = places[one.pk]
        assert found.issue == PlanIssue.objects.get(plan=one).uid
        assert found.older == (place.replaces and place.replaces.title)
        assert found.newer == (place.replaced_by and place.replaced_by.title)
