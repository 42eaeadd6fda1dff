"""Pages are compressed, files are not, and the length of a page tells nothing."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import client_of, people_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db

TAKES = {"accept-encoding": "gzip, deflate, br"}


@pytest.fixture
def client() -> Client:
    annex = complete_annex()
    made = client_of(people_of(annex)["editor"])
    made.map = reverse("risk:mapping", args=[annex.uid])
    return made


def test_a_page_is_compressed_for_whoever_takes_it(client):
    plain, packed = client.get(client.map), client.get(client.map, headers=TAKES)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    text = gzip.decompress(packed.content).decode()
    assert "Mappa dei processi" in text
    assert len(packed.content) < len(text) / 3


@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", "ods"])
def test_a_file_is_sent_as_it_was_written(client, suffix):
    answer = client.get(client.map, {"formato": suffix}, headers=TAKES)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert answer.getvalue()
    answer.close()


def test_the_length_of_a_page_and_its_tokens_change_each_time(client):
    packed = [client.get(client.map, headers=TAKES).content for _time in range(8)]
    assert len({len(content) for content in packed}) > 1
    tokens = [
        re.search(r'csrfmiddlewaretoken" value="([^"]+)"', gzip.decompress(content).decode())[1]
        for content in packed
    ]
    assert len(set(tokens)) == len(tokens)


def test_an_answer_to_htmx_and_an_error_page_are_compressed_too(client):
    for address, headers in (("/nessuna-pagina/" + "x" * 300, TAKES), (client.map, TAKES)):
        answer = client.get(address, headers={**headers, "hx-request": "true"})
        assert answer.headers.get("Content-Encoding") == "gzip"
