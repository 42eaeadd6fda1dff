"""What a field offers from a long list while one types."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.enums import AliasKind
from registry.models import InstitutionalFunction, Macroprocess, Office
from registry.services.lookup import MOST_OFFERED, match, suggestions
from tests.people import client_of, people_of
from tests.register import complete_annex
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return complete_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def offices(body) -> list[Office]:
    names = [f"Servizio qualità e controlli {n:02}" for n in range(30)] + ["Anagrafe"]
    return [
        Office.objects.create(administration=body, code=f"Q{n}", name=name)
        for n, name in enumerate(names)
    ]


def address(body, name="uffici") -> str:
    return reverse("registry:suggestions", args=[body.ipa_code, name])


def test_the_first_of_those_with_all_the_words_and_how_many_there_are(body, offices):
    rows, count = suggestions(AliasKind.OFFICE, "CONTROLLI qualita", administration=body)
    assert (len(rows), count) == (MOST_OFFERED, 30)
    assert rows[0].text == "Servizio qualità e controlli 00"
    rows, count = suggestions(AliasKind.OFFICE, "qualità 17", administration=body)
    assert ([row.text for row in rows], count) == (["Servizio qualità e controlli 17"], 1)
    assert suggestions(AliasKind.OFFICE, "zzz", administration=body) == ([], 0)


def test_a_label_that_two_rows_have_is_offered_with_its_function(body):
    for n, label in enumerate(("Uno", "Due")):
        function = InstitutionalFunction.objects.create(
            administration=body, code=f"F{n}", label=label
        )
        Macroprocess.objects.create(
            administration=body, code=f"M{n}", label="Servizi generali", function=function
        )
    Macroprocess.objects.create(administration=body, code="M9", label="Servizi sociali")
    rows, _count = suggestions(AliasKind.MACROPROCESS, "servizi", administration=body)
    offered = {row.short: row.text for row in rows if "Servizi" in row.text}
    assert offered == {
        "Uno: Servizi generali": "Uno: Servizi generali",
        "Due: Servizi generali": "Due: Servizi generali",
        "Servizi sociali": "Servizi sociali",
    }
    for text in offered:
        assert match(AliasKind.MACROPROCESS, text, administration=body).code.startswith("M")


def test_the_people_of_the_body_are_offered_its_rows_and_nobody_else(annex, body, offices):
    people = people_of(annex)
    for who in ("editor", "head", "rpct", "auditor", "colleague"):
        answer = client_of(people[who]).get(address(body), {"q": "anagrafe"})
        assert answer.json() == {"rows": [{"text": "Anagrafe", "short": "Anagrafe"}], "count": 1}
    assert client_of(people["stranger"]).get(address(body)).status_code == 404
    assert client_of(people["editor"]).get(address(body, "persone")).status_code == 404
    assert client_of(people["editor"]).post(address(body)).status_code == 405
    assert Client().get(address(body)).status_code == 302


@pytest.mark.parametrize("text", ["x" * 5000, "\u0000", "%", "' OR 1=1", "<script>"])
def test_whatever_is_typed_is_looked_for_as_it_is(annex, body, offices, text):
    client = client_of(people_of(annex)["editor"])
    answer = client.get(address(body), {"q": text})
    assert answer.json() == {"rows": [], "count": 0}


def test_a_list_costs_the_same_whatever_its_length(annex, body, offices):
    client = client_of(people_of(annex)["editor"])
    client.get(address(body))
    with at_most(6):
        client.get(address(body), {"q": "servizio"})


def test_a_null_character_is_looked_for_as_a_blank(annex, body, offices):
    client = client_of(people_of(annex)["rpct"])
    for link in (address(body, "persone"), reverse("registry:offices_anywhere")):
        assert client.get(link, {"q": "qualità\x0017"}).status_code == 200
    found = client.get(reverse("registry:offices_anywhere"), {"q": "qualità\x0017"}).json()
    assert [row["text"] for row in found["rows"]] == ["Servizio qualità e controlli 17"]
