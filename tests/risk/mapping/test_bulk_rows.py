"""Which rows an act is done on: found by words or by what they lack, ticked one by one or all."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.enums import RiskPresence
from registry.models import Process
from risk.forms.mapping.bulk import ROWS_A_PAGE
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

BOX = re.compile(r'<input[^>]*name="righe"[^>]*>')
UID = re.compile(r'value="([^"]+)"')
MANY = ROWS_A_PAGE + 10


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def client(annex, people):
    return client_of(people["editor"])


def address(annex, kind="processi") -> str:
    return reverse("risk:bulk", args=[annex.uid, kind])


def shown(answer) -> list[str]:
    return [str(row) for row in answer.context["form"].page]


def ticked(answer) -> set[str]:
    return {str(row.uid) for row in answer.context["form"].ticked}


def sent_by(answer) -> list[str]:
    """Return the rows that the form of a page would send."""
    boxes = BOX.findall(answer.content.decode())
    return [UID.findall(box)[0] for box in boxes if "hidden" in box or "checked" in box]


def fill(annex) -> None:
    """Three processes that differ in all that rows are found by."""
    area = make_area(annex.plan.administration)
    first = make_process(
        annex, "Città e tributi", risk_area=area, kind="primary", risk_presence="present"
    )
    second = make_process(annex, "Rimborsi", risk_presence="absent")
    third = make_process(annex, "Accertamenti")
    make_phase(first, "Avvio")
    judged = make_behaviour(first, "Ritardare la pratica")
    assess(judged, make_method(), "Alto", "Motivo.")
    make_behaviour(second, "Favorire un utente")
    make_behaviour(third, "Ritardare un accertamento")


@pytest.mark.parametrize(
    ("kind", "asked", "found"),
    [
        ("processi", {"cerca": "citta TRIB"}, ["n. 1 Città e tributi"]),
        ("processi", {"cerca": "2"}, ["n. 2 Rimborsi"]),
        ("processi", {"cerca": "niente"}, []),
        ("processi", {"solo": "senza-area"}, ["n. 2 Rimborsi", "n. 3 Accertamenti"]),
        ("processi", {"solo": "senza-tipo", "cerca": "rimb"}, ["n. 2 Rimborsi"]),
        ("processi", {"solo": "da-accertare"}, ["n. 3 Accertamenti"]),
        ("processi", {"solo": "presente"}, ["n. 1 Città e tributi"]),
        ("processi", {"solo": "assente"}, ["n. 2 Rimborsi"]),
        ("fasi", {"solo": "senza-esecutore", "cerca": "tributi"}, ["Avvio"]),
        ("comportamenti", {"cerca": "ritardare accert"}, ["Ritardare un accertamento"]),
        (
            "comportamenti",
            {"solo": "non-valutati"},
            ["Favorire un utente", "Ritardare un accertamento"],
        ),
        ("comportamenti", {"solo": "presente"}, ["Ritardare la pratica"]),
    ],
)
def test_rows_are_found_by_words_and_by_what_they_lack(annex, client, kind, asked, found):
    fill(annex)

    assert shown(client.get(address(annex, kind), asked)) == found
    assert shown(client.post(address(annex, kind), {**asked, "filtra": "1"})) == found


def test_the_enter_key_finds_where_words_were_typed(annex, client):
    fill(annex)
    typed = {"cerca": "rimborsi", "cercato": "", "invio": "1", "atto": "tipo", "tipo": "support"}

    found = client.post(address(annex), typed)
    again = client.post(address(annex), {**typed, "cercato": "rimborsi"})

    assert shown(found) == ["n. 2 Rimborsi"]
    assert "house-field-error" not in found.content.decode()
    assert "Spunta almeno una riga." in again.content.decode()


def test_all_rows_shown_and_all_rows_found_are_ticked_at_once(annex, client):
    rows = [make_process(annex, f"Processo {n}") for n in range(MANY)]
    other = make_process(annex, "Altro")
    kept = {"righe": [str(other.uid)], "atto": "tipo", "tipo": "support", "cerca": "processo"}

    first = client.post(address(annex), {**kept, "spunta": "mostrate", "qui": "2"})
    every = client.post(address(annex), {**kept, "spunta": "trovate"})
    none = client.post(address(annex), {**kept, "spunta": "nessuna"})

    assert ticked(first) == {str(row.uid) for row in [*rows[ROWS_A_PAGE:], other]}
    assert first.context["form"].page.number == 2
    assert ticked(every) == {str(row.uid) for row in [*rows, other]}
    text = every.content.decode()
    assert f"{MANY} righe trovate" in text
    assert f"{MANY + 1} spuntate" in text
    assert '<option value="support" selected>' in text
    assert ticked(none) == set()
    assert not Process.objects.exclude(version=1).exists()


def test_what_was_ticked_by_one_button_is_done_whole(annex, client):
    for number in range(MANY):
        make_process(annex, f"Processo {number}")
    every = client.post(address(annex), {"spunta": "trovate"})
    sent = {"righe": sent_by(every), "atto": "tipo", "tipo": "primary"}

    preview = client.post(address(annex), sent)
    client.post(address(annex), {**sent, "digest": preview.context["proposal"].digest})

    assert Process.objects.filter(kind="primary").count() == MANY


def test_ticking_all_costs_no_more_statements_for_more_rows(annex, client):
    counts = []
    for more in (60, 120):
        for number in range(more):
            make_process(annex, f"Processo {number}", risk_presence=RiskPresence.PRESENT)
        client.post(address(annex), {"spunta": "trovate"})
        with CaptureQueriesContext(connection) as captured:
            client.post(address(annex), {"spunta": "trovate", "cerca": "processo"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_no_row_found_is_said_with_the_filter_at_hand(annex, client):
    make_process(annex)

    text = client.get(address(annex), {"cerca": "niente"}).content.decode()

    assert "Nessuna riga trovata" in text
    assert 'value="niente"' in text
