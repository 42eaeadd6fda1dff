"""Who changed what is one click away, in Italian, also of what is gone."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import guards, triggers
from registry.acts import act
from risk.models import EventCategory
from tests.people import client_of
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    return make_annex()


def text(client, name, row) -> str:
    return " ".join(client.get(reverse(f"risk:{name}", args=[row.uid])).content.decode().split())


def test_a_process_tells_of_all_its_parts(annex, people):
    with act("map", by=people["editor"]):
        process = make_process(annex, "Prima")
        phase = make_phase(process, "Istruttoria")
        category = EventCategory.objects.create(code="1", label="Conflitto di interessi")
        make_behaviour(process, "Favorire un utente", [phase]).categories.add(category)
    with act("edit", by=people["head"]):
        process.title = "Dopo"
        process.risk_area = make_area(annex.plan.administration)
        process.save()
        phase.delete()
    page = text(client_of(people["auditor"]), "process_history", process)
    for told in (
        "Penna Prova",
        "Testa Prova",
        'tolto: </span>Prima</del> <span aria-hidden="true">→</span> <ins>',
        "aggiunto: </span>Dopo</ins>",
        "aggiunto: </span>F) Entrate (generale)</ins>",
        "fase: Istruttoria",
        "Eliminazione",
        "aggiunto: </span>Conflitto di interessi</ins>",
    ):
        assert told in page


def test_of_a_long_text_the_words_beside_a_change_are_told(annex, people):
    words = [f"parola{number}" for number in range(900)]
    with act("map", by=people["editor"]):
        process = make_process(annex, description=" ".join(words))
    words[700] = "cambiata"
    with act("edit", by=people["head"]):
        process.description = " ".join(words)
        process.save()
    page = text(client_of(people["auditor"]), "process_history", process)
    told = page.partition("Testa Prova")[2].partition("</tr>")[0]
    near = [" ".join(words[first : first + 12]) for first in (688, 701)]
    assert f"</strong> … {near[0]} <del>" in told
    assert "tolto: </span>parola700 </del>" in told
    assert f"aggiunto: </span>cambiata </ins>{near[1]} … </p>" in told


def test_an_annex_tells_of_its_processes(annex, people):
    with act("map", by=people["editor"]):
        process = make_process(annex, "Soppresso")
    process.delete()
    page = text(client_of(people["rpct"]), "annex_history", annex)
    assert "processo: Soppresso" in page
    assert "Eliminazione" in page


@pytest.mark.parametrize(
    "write",
    [
        lambda process: process.save(),
        lambda process: setattr(process, "origin_uid", uuid.uuid4()) or process.save(),
    ],
    ids=["again", "where it comes from"],
)
def test_a_save_by_which_nothing_changed_for_a_person_is_not_told(annex, people, write):
    with act("process", by=people["editor"]):
        process = make_process(annex)
    with act("edit", by=people["head"]):
        write(process)
    assert process.history.count() == 2
    page = text(client_of(people["rpct"]), "process_history", process)
    assert "Penna Prova" in page
    assert "Testa Prova" not in page
    assert "Modifica" not in page.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_row_without_words_of_its_own_is_told_by_what_it_is_of(annex, people):
    process = make_process(annex, "Sgravi")
    behaviour = make_behaviour(process, "Favorire un utente", [make_phase(process, "Istruttoria")])
    assess(behaviour, make_method(), "Alto")
    page = text(client_of(people["rpct"]), "process_history", process)
    assert "valutazione: Favorire un utente" in page
    assert "il comportamento riguarda: Favorire un utente" in page


def test_an_empty_history_says_so(annex, people):
    triggers.remove(guards.history_guards("registry"))
    annex.history.all().delete()
    page = text(client_of(people["rpct"]), "annex_history", annex)
    assert "la prossima comparirà qui" in page


@pytest.mark.parametrize(
    ("who", "code"),
    [("editor", 200), ("auditor", 200), ("rpct", 200), ("colleague", 404), ("stranger", 404)],
)
def test_who_may_read_it(annex, people, who, code):
    process = make_process(annex)
    client = client_of(people[who])
    for address in (
        reverse("risk:process_history", args=[process.uid]),
        reverse("risk:annex_history", args=[annex.uid]),
    ):
        assert client.get(address).status_code == code


def test_the_queries_do_not_grow(annex, people, django_assert_max_num_queries):
    process = make_process(annex)
    client = client_of(people["editor"])

    def change(times):
        for index in range(times):
            with act("edit", by=people["editor"]):
                phase = make_phase(process, f"Fase {index}")
                make_behaviour(process, f"Comportamento {index}", [phase])

    change(2)
    with CaptureQueriesContext(connection) as first:
        text(client, "process_history", process)
    change(5)
    with django_assert_max_num_queries(len(first)):
        text(client, "process_history", process)
