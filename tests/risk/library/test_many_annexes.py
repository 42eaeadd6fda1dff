"""Copying from the library where a body has many annexes: the annex is typed."""

import uuid

import pytest
from django.urls import reverse

from registry.models import Process
from tests.many_offices import OFFICES, add_many
from tests.people import client_of, people_of
from tests.register import make_annex
from tests.risk.library.conftest import make_library_process

pytestmark = pytest.mark.django_db
LIST, COPY = reverse("risk:library"), reverse("risk:library_copy")
FAR = f"Zona {OFFICES - 1}, servizio per la gestione amministrativa e contabile del patrimonio"


@pytest.fixture
def annex():
    made = make_annex()
    add_many(made.plan.administration)
    return made


@pytest.fixture
def row(annex):
    return make_library_process("T1", "Acquisti", annex.plan.administration)


def asked(annex: str, row) -> dict:
    return {"allegato": annex, "processi": [row.key], "richiesta": uuid.uuid4()}


@pytest.mark.parametrize("typed", [FAR, FAR.upper(), "grande299", FAR + " – PTPCT 2021/2023"])
def test_an_annex_that_is_typed_is_copied_into(annex, row, typed):
    client = client_of(people_of(annex)["rpct"])

    page = client.get(LIST).content.decode()
    done = client.post(COPY, asked(typed, row))

    assert FAR not in page
    assert f'data-from="{reverse("risk:library_annexes")}"' in page
    assert done.status_code == 302
    assert Process.objects.get().annex.office.name == FAR


def test_an_annex_there_is_not_is_answered_with_the_nearest(annex, row):
    client = client_of(people_of(annex)["rpct"])

    page = client.post(COPY, asked("zona 299", row)).content.decode()

    assert f"«zona 299» non è in elenco. Forse: «{FAR} – PTPCT 2021/2023»." in page
    assert 'value="zona 299"' in page
    assert not Process.objects.exists()


def test_only_annexes_one_may_write_in_are_offered(annex):
    people = people_of(annex)
    address = reverse("risk:library_annexes")

    def texts(name: str, typed: str) -> list[str]:
        given = client_of(people[name]).get(address, {"q": typed}).json()
        return [row["text"] for row in given["rows"]]

    assert texts("rpct", "ZONA 299") == [f"{FAR} – PTPCT 2021/2023"]
    assert texts("editor", "") == ["Tributi – PTPCT 2021/2023"]
    assert texts("auditor", "") == texts("stranger", "") == []
