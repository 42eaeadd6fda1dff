"""What several hosts count together: in one Redis, and what is refused while it is away."""

import time

import pytest
from django.core.cache import cache
from django.test import Client
from redis import Redis

from ptpct.shared_cache import ASKED_AGAIN, SharedClient
from registry import presence
from registry.fleeting import CacheAwayError, claim, give_up, made_key, recall, remember
from tests.people import client_of, make_person
from tests.redis_server import redis_server

TOKEN = "gettone-di-chi-sorveglia-le-sole-prove"
OPERATOR = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def redis():
    with redis_server() as started:
        yield started


@pytest.fixture(autouse=True)
def shared(settings, redis):
    settings.CACHES = {
        "default": {"BACKEND": "ptpct.shared_cache.SharedCache", "LOCATION": redis.address}
    }
    settings.IS_CACHE_SHARED = True
    settings.OPERATOR_TOKEN = TOKEN
    cache.clear()


def sign_of(client: Client) -> dict:
    return client.get("/salute/", **OPERATOR).json()["segni"]["cache"]


def try_in(client: Client):
    fields = {"login": "anna.prova", "password": "Nessuna di queste"}
    return client.post("/accedi/", fields)


def test_attempts_are_refused_while_nobody_counts_and_go_on_by_themselves(client, redis):
    person = make_person("anna.prova")
    inside = client_of(person)
    assert try_in(client).status_code == 200
    assert sign_of(client)["stato"] == "ok"
    redis.kill()
    try:
        answer = try_in(client)

        assert answer.status_code == 503
        assert "nessuno può entrare" in answer.content.decode()
        # who is in works on, and the operator is told
        assert inside.get("/").status_code == 200
        assert client.get("/salute/").status_code == 503
        assert sign_of(client)["stato"] == "errore"
        with pytest.raises(CacheAwayError):
            cache.get("qualcosa")
    finally:
        redis.start()
    until = time.monotonic() + 30 * ASKED_AGAIN
    while (answer := try_in(client)).status_code == 503 and time.monotonic() < until:
        time.sleep(0.1)
    assert answer.status_code == 200
    # what was counted before counts still: of five attempts two are gone
    statuses = [try_in(client).content.decode() for _again in range(4)]
    assert [("Troppi tentativi" in page) for page in statuses] == [False, False, False, True]


def test_one_that_is_full_is_told_though_it_answers_who_reads(client, redis):
    with Redis.from_url(redis.address) as server:
        server.config_set("maxmemory", 1)
        try:
            assert sign_of(client)["stato"] == "errore"
        finally:
            server.config_set("maxmemory", 0)
    SharedClient.away_until = 0.0
    assert sign_of(client)["stato"] == "ok"


def test_what_is_only_a_courtesy_goes_on_without(redis):
    one, other = make_person("anna.prova"), make_person("bruno.prova")
    assert (presence.note("x", by=one), len(presence.note("x", by=other))) == ([], 1)
    remember("a", 1, 60)
    assert (recall("a"), claim("b", 60, otherwise=False)) == (1, True)
    assert not claim("b", 60, otherwise=True)
    redis.kill()
    try:
        assert presence.note("x", by=other) == []
        remember("a", 2, 60)
        assert (recall("a"), recall("a", 3)) == (None, 3)
        assert (claim("c", 60, otherwise=True), claim("c", 60, otherwise=False)) == (True, False)
        give_up("c")
    finally:
        redis.start()
    until = time.monotonic() + 30 * ASKED_AGAIN
    while recall("a") is None and time.monotonic() < until:
        time.sleep(0.1)
    assert recall("a") == 1


def test_what_another_version_has_made_is_not_read(settings):
    settings.VERSION = "0.3.2"
    remember(made_key("round", "lo stesso"), "come lo diceva", 60)
    assert recall(made_key("round", "lo stesso")) == "come lo diceva"
    assert recall(made_key("round", "altro")) is None
    settings.VERSION = "0.3.3"
    assert recall(made_key("round", "lo stesso")) is None
