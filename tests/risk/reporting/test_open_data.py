"""Open data of a published plan: what its documents print, in a known form, to anybody."""

import csv
import datetime
import html
import io
import json
import re
from collections.abc import Iterator
from types import SimpleNamespace

import jsonschema
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from rdflib import RDF, Graph, Namespace, URIRef

from registry.models import Administration, Annex, Plan, TrailRecord, User
from risk.enums import PlanVerb, Verb
from risk.models import PlanIssue, RiskBehaviour
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.plans.exemptions import exempt_annex
from risk.services.plans.issues import AdoptionAct, adopt_plan
from risk.services.plans.moves import move_plan
from risk.services.reporting.open_data.catalogue import CONTEXT
from risk.services.reporting.open_data.plans import SCHEMA
from risk.services.reporting.open_data.tables import TABLES
from tests.people import people_of
from tests.register import complete_annex, make_annex

pytestmark = pytest.mark.django_db

ACT = AdoptionAct(
    adopting_organ="Giunta comunale",
    act_kind="Deliberazione",
    act_number="12",
    act_date=datetime.date(2021, 1, 29),
    act_effective_on=datetime.date(2021, 2, 8),
)


@pytest.fixture(scope="module")
def home(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """An adopted plan and its people; drawn once, because drawing takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        annex = whole_annex()
        people = people_of(annex)
        yield SimpleNamespace(adopted=adopt(annex, people), rpct=people["rpct"])
        transaction.set_rollback(True)


def whole_annex() -> Annex:
    """An annex with a row of every kind, an action and a behaviour that looks like a formula."""
    annex = complete_annex()
    process = annex.processes.get()
    process.phases.get().actions.create(position=1, title="Azione & controllo")
    RiskBehaviour.objects.update(text="=1+1 <b>favori</b>")
    assessment = process.assessments.get()
    indicator = assessment.method.indicators.create(code="I", position=1, label="Indicatore")
    assessment.ratings.create(indicator=indicator)
    planned = annex.planned_measures.get()
    planned.steps.update(timing="ogni anno", due_on=datetime.date(2021, 6, 30))
    wide = annex.plan.planned_measures.create(measure=planned.measure, scope="plan")
    wide.steps.create(position=1, description="Corso per tutti")
    return annex


def adopt(annex: Annex, people: dict[str, User]) -> Plan:
    people["head"].last_name = "Zambonardi"
    people["head"].save()
    for verb, who in (("submit", "editor"), ("approve", "head"), ("validate", "rpct")):
        move_annex(annex=fresh_annex(annex), verb=Verb(verb), by=people[who])
    issue_annex(annex=fresh_annex(annex), by=people["rpct"])
    other = make_annex(annex.plan.administration, office="Tributi minori")
    exempt_annex(annex=other, reason="Ufficio soppresso.", by=people["rpct"])
    for verb in (PlanVerb.CONSULT, PlanVerb.PROPOSE):
        move_plan(plan=fresh(annex.plan), verb=verb, by=people["rpct"])
    adopt_plan(plan=fresh(annex.plan), act=ACT, by=people["rpct"])
    return fresh(annex.plan)


@pytest.fixture
def adopted(home, db) -> Plan:
    return fresh(home.adopted)


@pytest.fixture
def published(home, adopted) -> Plan:
    day = datetime.date(2021, 1, 31)
    move_plan(plan=adopted, verb=PlanVerb.PUBLISH, by=home.rpct, published_on=day)
    return fresh(adopted)


def fresh(plan) -> Plan:
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def fresh_annex(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def addresses(plan) -> list[str]:
    parts = [plan.administration.ipa_code, plan.slug]
    return [
        reverse("risk:open_data", args=parts),
        reverse("risk:open_data_record", args=parts),
        reverse("risk:open_data_catalogue", args=parts[:1]),
        *(reverse("risk:open_data_table", args=[*parts, name]) for name in TABLES),
    ]


def content_of(address: str) -> bytes:
    """Return what a stranger gets."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table_of(plan, name: str) -> list[dict]:
    address = reverse("risk:open_data_table", args=[plan.administration.ipa_code, plan.slug, name])
    text = content_of(address).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def texts_in(value) -> list[str]:
    """Return every text in some JSON, without the names of its fields."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def test_nothing_is_open_before_it_is_published(adopted):
    for address in addresses(adopted):
        assert Client().get(address).status_code == 404, address


def test_the_data_have_the_form_of_the_schema(published):
    whole = json.loads(content_of(addresses(published)[0]))
    schema = json.loads(content_of(reverse("risk:open_data_schema")))

    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(whole)
    assert schema == json.loads(SCHEMA.read_text())
    assert whole["schema"].endswith(reverse("risk:open_data_schema"))
    assert whole["atto"]["data"] == "2021-01-29"
    assert whole["uffici_esonerati"] == [
        {"ufficio": "Tributi minori", "motivo": "Ufficio soppresso."}
    ]
    assert [row["titolo"] for row in whole["misure"]] == ["Formazione"]
    (process,) = whole["allegati"][0]["processi"]
    (behaviour,) = process["comportamenti"]
    assert behaviour["testo"] == "=1+1 <b>favori</b>"
    assert process["fasi"][0]["comportamenti"] == [behaviour["identificativo"]]


def test_every_text_stands_in_the_published_documents_and_no_name_of_a_head_does(published):
    content = content_of(addresses(published)[0]).decode()
    issue = PlanIssue.objects.get(plan=published)
    pages = [issue.html, *issue.annex_issues.values_list("html", flat=True)]
    printed = squeezed(html.unescape(strip_tags(" ".join(pages))))

    assert "zambonardi" in printed
    for address in addresses(published):
        assert "Zambonardi" not in content_of(address).decode()
    whole = json.loads(content)
    processes = [row for annex in whole["allegati"] for row in annex["processi"]]
    for text in texts_in([processes, whole["misure"], whole["uffici_esonerati"]]):
        if not re.fullmatch(r"[0-9a-f-]{36}", text):
            assert squeezed(text) in printed, text


def squeezed(text: str) -> str:
    """Return a text without blanks and invisible signs: pages break lines where they like."""
    return re.sub(r"[\s\u00ad\u200b\u2060]+", "", text).casefold()


def test_later_changes_of_the_register_change_nothing(published):
    before = [content_of(address) for address in addresses(published)]
    published.administration.name = "Comune rinominato"
    published.administration.save()
    office = published.annexes.first().office
    office.name = "Ufficio rinominato"
    office.save()

    after = [content_of(address) for address in addresses(published)]
    # the catalogue is of the body as it is today, its plans as they were
    assert [a for n, a in enumerate(after) if n != 2] == [b for n, b in enumerate(before) if n != 2]


def test_the_tables_are_tied_by_their_identifiers(published):
    (annex,) = table_of(published, "allegati")
    (process,) = table_of(published, "processi")
    steps = table_of(published, "fasi")
    (behaviour,) = table_of(published, "comportamenti")
    measures = table_of(published, "misure")
    assessments = table_of(published, "valutazioni")

    assert process["allegato"] == annex["identificativo"]
    assert (process["livello"], process["livello_derivato"]) == ("Basso", "no")
    assert [(row["genere"], row["titolo"]) for row in steps] == [
        ("fase", "Istruttoria"),
        ("azione", "Azione & controllo"),
    ]
    # in a CSV file a text that begins like a formula has an apostrophe in front
    assert behaviour["testo"] == "'=1+1 <b>favori</b>"
    uid = process["identificativo"]
    assert {row["processo"] for row in (*steps, behaviour, *assessments)} == {uid}
    assert [row["processo"] for row in measures] == ["", uid, uid]
    assert all(row["piano"] == published.title for row in (annex, process, *measures))


def test_the_record_has_all_that_the_profile_demands(published):
    record = json.loads(content_of(addresses(published)[1]))
    nodes = {node["@id"]: node for node in record["@graph"]}
    (dataset,) = [node for node in nodes.values() if "dcatapit:Dataset" in node["@type"]]

    for name in ("identifier", "title", "description", "modified", "rightsHolder"):
        assert dataset[f"dct:{name}"], name
    assert dataset["dct:accrualPeriodicity"]["@id"].endswith("/frequency/NEVER")
    assert dataset["dcat:theme"]["@id"].endswith("/data-theme/GOVE")
    assert dataset["dct:issued"]["@value"] == "2021-01-31"
    holder = nodes[dataset["dct:rightsHolder"]["@id"]]
    assert holder["dct:identifier"] == published.administration.ipa_code
    assert len(dataset["dcat:distribution"]) == 1 + len(TABLES)
    for told in dataset["dcat:distribution"]:
        distribution = nodes[told["@id"]]
        for name in ("dct:format", "dct:license", "dcat:accessURL", "dcat:downloadURL"):
            assert distribution[name]["@id"].startswith("http"), name
        path = re.sub(r"^https?://[^/]+", "", distribution["dcat:downloadURL"]["@id"])
        assert content_of(path)


def test_questions_go_to_an_address_of_the_body_once_it_has_given_one(published):
    for address in addresses(published)[1:3]:
        assert "vcard:" not in json.dumps(json.loads(content_of(address))["@graph"])
    Administration.objects.update(open_data_contact="dati@ente.example")

    for address in addresses(published)[1:3]:
        nodes = {node["@id"]: node for node in json.loads(content_of(address))["@graph"]}
        (dataset,) = [node for node in nodes.values() if "dcatapit:Dataset" in node["@type"]]
        contact = nodes[dataset["dcat:contactPoint"]["@id"]]
        assert contact["vcard:fn"]["@value"] == published.administration.name
        assert contact["vcard:hasEmail"] == {"@id": "mailto:dati@ente.example"}
        assert "vcard:Kind" in contact["@type"]


def test_the_catalogue_names_the_published_plans_of_one_body(published):
    catalogue, *nodes = json.loads(content_of(addresses(published)[2]))["@graph"]
    known = {node["@id"] for node in nodes}

    assert catalogue["dct:publisher"]["@id"] in known
    assert [row["@id"] in known for row in catalogue["dcat:dataset"]] == [True]
    for name in ("dct:title", "dct:description", "dct:modified"):
        assert catalogue[name]["@value"], name


def test_the_page_of_the_plan_leads_to_every_file(published):
    page = Client().get(
        reverse("risk:published_plan", args=[published.administration.ipa_code, published.slug])
    )

    text = page.content.decode()
    for address in addresses(published):
        assert f'href="{address}"' in text


def test_whoever_has_a_file_already_is_not_given_it_again(published):
    parts = [published.administration.ipa_code, published.slug]
    files = [reverse("risk:published_file", args=[*parts, suffix]) for suffix in ("pdf", "zip")]
    marks = set()
    for address in [*addresses(published), reverse("risk:open_data_schema"), *files]:
        first = Client().get(address)
        if first.streaming:
            b"".join(first.streaming_content)
        marks.add(first.headers["ETag"])
        again = Client().get(address, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), address
        other = Client().get(address, headers={"if-none-match": '"altro"'})
        assert other.status_code == 200, address
        if other.streaming:
            b"".join(other.streaming_content)
    assert len(marks) == len(addresses(published)) + 3
    since = {"if-modified-since": Client().get(files[0]).headers["Last-Modified"]}
    assert Client().get(files[0], headers=since).status_code == 304


# rdflib reads JSON-LD by a class that it calls outdated itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_records_are_read_as_triples_by_another_library(published):
    dcat, dct = Namespace(CONTEXT["dcat"]), Namespace(CONTEXT["dct"])
    for address in addresses(published)[1:3]:
        graph = Graph().parse(data=content_of(address), format="json-ld")
        (dataset,) = graph.subjects(RDF.type, dcat.Dataset)
        for name in ("identifier", "title", "description", "modified", "accrualPeriodicity"):
            assert graph.value(dataset, dct[name]), name
        holder = graph.value(dataset, dct.rightsHolder)
        assert str(graph.value(holder, dct.identifier)) == published.administration.ipa_code
        assert isinstance(graph.value(dataset, dcat.theme), URIRef)
        for one in graph.objects(dataset, dcat.distribution):
            licence = graph.value(one, dct.license)
            assert graph.value(licence, dct.type), one
            assert isinstance(graph.value(one, dct["format"]), URIRef)
            assert isinstance(graph.value(one, dcat.accessURL), URIRef)
        # what CKAN finds the licence and the years by
        titles = {str(title) for title in graph.objects(licence, dct.title)}
        assert titles == {"Creative Commons Attribution", "Creative Commons Attribuzione"}
        period = graph.value(dataset, dct.temporal)
        assert str(graph.value(period, dcat.startDate)).endswith("-01-01")
        assert str(graph.value(period, dcat.endDate)).endswith("-12-31")
        modified = graph.value(dataset, dct.modified)
        assert modified.toPython() == datetime.date.fromisoformat(str(modified))


def test_strangers_leave_nothing_on_the_trail_and_other_tables_are_not_found(published):
    before = TrailRecord.objects.count()
    for address in addresses(published):
        content_of(address)
    other = reverse(
        "risk:open_data_table", args=[published.administration.ipa_code, published.slug, "persone"]
    )

    assert TrailRecord.objects.count() == before
    assert Client().get(other).status_code == 404
