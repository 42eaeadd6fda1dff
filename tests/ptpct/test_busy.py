"""Whoever finds the register locked is told so in time, keeps what was typed, stops no reader."""

import html
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import override_settings
from django.urls import reverse

from ptpct.busy import RETRY_SECONDS
from registry import trail
from registry.models import Annex, Phase
from registry.waiting import waited_too_long
from risk.models import ProcessContent
from risk.services.annexes.contents import kept_annex
from tests.people import client_of, people_of
from tests.register import complete_annex
from tests.stuck import in_a_hurry, unfinished

TYPED = "\nVerifica delle  domande\ne «firma» del responsabile"
FULL = override_settings(WRITERS_AT_ONCE=0)
"""As when all places of those who write are taken."""


@contextmanager
def somebody_saving(annex: Annex, also: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Let somebody else hold annex and trail while the block runs, and what they do `also`."""

    def begin() -> None:
        Annex.objects.select_for_update().get(pk=annex.pk)
        trail.write(kind="sign-in", by=None)
        also()

    with unfinished(begin):
        yield


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser sends when the button is pressed again."""
    found = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waits_too_long_keeps_what_was_typed_and_changes_nothing():
    annex = complete_annex()
    process, client = annex.processes.get(), client_of(people_of(annex)["editor"])
    save = reverse("risk:phase_add", args=[process.uid])
    typed = {"uid": str(uuid.uuid4()), "title": "Verifica", "note": TYPED}
    with in_a_hurry(), somebody_saving(annex):
        answer = client.post(save, typed)
        # who reads waits for nobody
        assert client.get(reverse("risk:process_sheet", args=[process.uid])).status_code == 200
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
    assert "Il registro è occupato" in page
    assert f'action="{save}"' in page
    assert fields_of(page) == typed
    assert process.phases.count() == 1
    assert client.post(save, fields_of(page)).status_code == 302
    assert Phase.objects.filter(process=process, title="Verifica").exists()


@pytest.mark.django_db
def test_a_save_while_the_database_is_away_keeps_what_was_typed():
    """It may have arrived when the network was cut: that nothing was saved is not said."""
    annex = complete_annex()
    client = client_of(people_of(annex)["editor"])
    client.raise_request_exception = False
    typed = {"uid": str(uuid.uuid4()), "title": "Verifica", "note": TYPED}

    def away(*_asked):
        raise OperationalError from psycopg.OperationalError("connection timed out")

    save = reverse("risk:phase_add", args=[annex.processes.get().uid])
    with connection.execute_wrapper(away):
        answer = client.post(save, typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Questo computer non raggiunge il database" in page
    assert "guarda se quello che hai chiesto c’è già" in page
    assert fields_of(page) == typed
    assert client.post(save, fields_of(page)).status_code == 302


@pytest.mark.django_db
@FULL
def test_while_all_places_of_those_who_write_are_taken_one_reads():
    annex = complete_annex()
    client = client_of(people_of(annex)["editor"])
    sheet = reverse("risk:process_sheet", args=[annex.processes.get().uid])
    assert client.get(sheet).status_code == 200
    assert client.get("/salute/").status_code == 200
    answer = client.post(sheet, {"objective": TYPED})
    assert answer.status_code == 503
    assert fields_of(answer.content.decode()) == {"objective": TYPED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "is_shown"),
    [
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Referer": "http://testserver/processi/"}, True),
        ({"Origin": "https://registro.esempio.it"}, True),
        ({"Origin": "https://altrove.example"}, False),
        ({"Origin": "null"}, False),
        ({"Referer": "https://altrove.example/testserver"}, False),
    ],
)
def test_what_another_site_has_made_up_is_not_offered_to_be_sent(
    client, settings, headers, is_shown
):
    settings.WRITERS_AT_ONCE = 0
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.esempio.it"]
    page = client.post("/processi/", {"objective": TYPED}, headers=headers).content.decode()
    assert "Il registro è occupato" in page
    assert (fields_of(page) == {"objective": TYPED}) == is_shown
    assert ("del responsabile" in page, "csrfmiddlewaretoken" in page) == (is_shown, is_shown)


@pytest.mark.django_db
@FULL
def test_while_they_are_taken_no_file_leaves_that_has_to_be_recorded():
    annex = complete_annex()
    client = client_of(people_of(annex)["editor"])
    answer = client.get(reverse("risk:annex_file", args=[annex.uid, "catalogo", "html"]))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)


@pytest.mark.django_db
@FULL
def test_what_nobody_should_find_in_a_page_is_not_written_into_it(client):
    answer = client.post("/accedi/", {"login": "verdi", "password": "Segreta di Verdi"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Segreta" not in page
    assert "Torna indietro e riprova" in page
    answer = client.post("/verifica/", {"file": SimpleUploadedFile("carta.pdf", b"%PDF-1.7")})
    assert "scegli di nuovo il file" in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "is_wait"),
    [
        (OperationalError("database is locked"), connection.vendor == "sqlite"),
        (OperationalError("disk I/O error"), False),
        (ValueError("database is locked"), False),
    ],
)
def test_only_a_lock_is_waited_for(error, is_wait):
    assert waited_too_long(error) == is_wait


@pytest.mark.django_db(transaction=True)
def test_what_is_only_kept_to_be_quick_is_written_by_the_next_one_who_looks():
    annex = Annex.objects.with_names().get(pk=complete_annex().pk)

    with somebody_saving(annex, also=lambda: kept_annex(annex)):
        began = time.monotonic()
        kept = kept_annex(annex)
        assert time.monotonic() - began < 10
        assert len(kept.processes) == 1
        assert not ProcessContent.objects.exists()
    kept_annex(annex)
    assert ProcessContent.objects.count() == 1
