"""What whoever watches over the installation is told, and nobody else: `/salute/`, `/metriche/`."""

import re
import socket
import subprocess
import sys
import time
from ipaddress import ip_network
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from django.db import OperationalError, connection
from django.test import Client

from registry.enums import Upkeep
from registry.models import User
from registry.services.health import record_run
from tests.people import client_of, make_person
from tests.project.files import ROOT
from tests.statements import at_most
from tests.worker import environment

TOKEN = "una-parola-lunga-che-apre-da-sola-i-particolari"
BEARER = {"authorization": f"Bearer {TOKEN}"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(settings) -> dict[str, str]:
    """An installation that names a token; what its operator sends along."""
    settings.OPERATOR_TOKEN = TOKEN
    return BEARER


def away(*args):
    raise OperationalError("server closed the connection")


class TestHealth:
    def test_a_stranger_is_told_no_more_than_whether_all_is_well(self, client, settings):
        assert client.get("/salute/").json() == {"stato": "ok"}

        settings.MIN_FREE_MB = 10**9
        answer = client.get("/salute/")

        assert answer.status_code == 503
        assert answer.json() == {"stato": "errore"}

    def test_the_operator_is_told_each_sign(self, client, operator):
        record_run(Upkeep.VERIFICATION, failure="non conformi: 1")

        answer = client.get("/salute/", headers=operator)

        assert answer.status_code == 503
        signs = answer.json()["segni"]
        assert set(signs) >= {"database", "queue", "disk", "verify_trail", "send_notices"}
        assert signs["verify_trail"]["stato"] == "errore"
        assert "non conformi: 1" in signs["verify_trail"]["detto"]

    def test_a_database_that_is_away_is_a_503_to_everybody(self, client):
        signed_in = client_of(make_person("anna"))

        for one in (client, signed_in):
            with connection.execute_wrapper(away):
                answer = one.get("/salute/")

            assert answer.status_code == 503
            assert answer.json() == {"stato": "errore"}

    def test_what_cannot_be_foreseen_is_a_503(self, client, settings):
        settings.MIN_FREE_MB = None

        assert client.get("/salute/").status_code == 503

    def test_it_costs_two_statements_whoever_asks(self, client):
        signed_in = client_of(make_person("anna"))

        for one in (client, signed_in):
            with at_most(2):
                one.get("/salute/")


class TestWhoIsTheOperator:
    @pytest.mark.parametrize(
        ("headers", "told"),
        [
            ({}, False),
            (BEARER, True),
            ({"authorization": f"bearer {TOKEN}"}, True),
            ({"authorization": f"Bearer {TOKEN}x"}, False),
            ({"authorization": "Bearer "}, False),
            ({"authorization": f"Basic {TOKEN}"}, False),
            ({"authorization": TOKEN}, False),
        ],
    )
    def test_by_token(self, client, operator, headers, told):
        assert ("segni" in client.get("/salute/", headers=headers).json()) == told
        assert client.get("/metriche/", headers=headers).status_code == (200 if told else 404)

    @pytest.mark.parametrize("headers", [{}, BEARER, {"authorization": "Bearer "}])
    def test_nobody_where_nobody_is_named(self, client, headers):
        assert client.get("/salute/", headers=headers).json() == {"stato": "ok"}
        assert client.get("/metriche/", headers=headers).status_code == 404

    @pytest.mark.parametrize(
        ("proxy", "remote", "forwarded", "told"),
        [
            (False, "10.1.2.3", "", True),
            (False, "10.9.2.3", "", False),
            (False, "10.9.2.3", "10.1.2.3", False),  # anybody can write this
            (True, "127.0.0.1", "10.1.2.3", True),
            (True, "127.0.0.1", "10.1.2.3, 10.9.9.9", False),  # the proxy says the last one
            (False, "", "", False),  # on a socket
        ],
    )
    def test_by_address(self, settings, proxy, remote, forwarded, told):
        settings.OPERATOR_NETWORKS = [ip_network("10.1.0.0/16")]
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = int(proxy)
        headers = {"x-forwarded-for": forwarded} if forwarded else {}

        answer = Client(REMOTE_ADDR=remote).get("/metriche/", headers=headers)

        assert answer.status_code == (200 if told else 404)

    def test_a_signed_in_person_is_not_one(self, operator):
        keeper = client_of(User.objects.create(username="custode", is_superuser=True))

        assert keeper.get("/salute/").json() == {"stato": "ok"}
        assert keeper.get("/metriche/").status_code == 404


class TestMetrics:
    def test_requests_are_counted_by_view_and_never_by_address(self, client, operator):
        before = counted(client.get("/metriche/", headers=operator).text)
        client.get("/pubblicati/nessuno/")
        client.get("/pubblicati/altro/")
        client.get("/accedi/?next=/segreto/")
        text = client.get("/metriche/", headers=operator).text
        after = counted(text)

        assert (
            after["account_login", "GET", "200"] - before.get(("account_login", "GET", "200"), 0)
            == 1
        )
        assert "segreto" not in text
        assert "nessuno/" not in text

    def test_signs_of_life_are_figures(self, client, operator):
        record_run(Upkeep.NOTICES)
        record_run(Upkeep.VERIFICATION, failure="non conformi: 1")

        text = client.get("/metriche/", headers=operator).text

        assert 'ptpct_sign{sign="database"} 1.0' in text
        assert 'ptpct_sign{sign="send_notices"} 1.0' in text
        assert 'ptpct_sign{sign="verify_trail"} 0.0' in text
        assert re.search(r'^ptpct_last_run_timestamp_seconds\{sign="send_notices"\} 1', text, re.M)
        assert re.search(r"^ptpct_disk_free_bytes [1-9]", text, re.M)

    def test_a_database_that_is_away_is_a_figure(self, client, operator):
        with connection.execute_wrapper(away):
            answer = client.get("/metriche/", headers=operator)

        assert answer.status_code == 200
        assert 'ptpct_sign{sign="database"} 0.0' in answer.text


@pytest.mark.django_db(transaction=True)
def test_whichever_process_is_asked_adds_up_all_of_them(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = environment() | {
        "PTPCT_VAR_DIR": str(tmp_path),
        "PTPCT_OPERATOR_TOKEN": TOKEN,
        "PTPCT_TASKS": "immediate",
    }
    command = [sys.executable, "-m", "gunicorn", "ptpct.wsgi", "--workers", "2"]
    bound = ["--preload", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    with subprocess.Popen([*command, *bound], cwd=ROOT, env=variables) as server:
        try:
            site = f"http://127.0.0.1:{port}"
            wait_for(f"{site}/salute/")
            for _number in range(30):
                fetch(f"{site}/pubblicati/schema-piano-1.json")
            found = {
                counted(fetch(f"{site}/metriche/"))["risk:open_data_schema", "GET", "200"]
                for _n in range(9)
            }
        finally:
            server.terminate()

    assert found == {30}


def counted(text: str) -> dict[tuple[str, str, str], int]:
    """Return the number of requests by view, method and code."""
    lines = re.findall(r"^ptpct_http_requests_total\{(.+)\} (\S+)$", text, re.MULTILINE)
    labels = [(dict(re.findall(r'(\w+)="([^"]*)"', names)), number) for names, number in lines]
    return {(one["view"], one["method"], one["code"]): int(float(n)) for one, n in labels}


def fetch(address: str) -> str:
    with urlopen(Request(address, headers={"Authorization": f"Bearer {TOKEN}"})) as answer:  # noqa: S310
        return answer.read().decode()


def wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            fetch(address)
        except HTTPError:
            return
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server has not started")
