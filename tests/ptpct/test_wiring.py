"""The wiring: health, the door of the admin, the policy header, the engine's limits."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, override_settings
from model_bakery import baker

from ptpct.settings.storage import SQLITE_PRAGMAS
from tests.project.files import ROOT


@pytest.fixture
def person(db):
    return baker.make(get_user_model(), username="anna.prova")


@pytest.fixture
def keeper(db):
    return baker.make(get_user_model(), username="carlo.prova", is_superuser=True, is_active=True)


@pytest.mark.django_db
def test_health_answers_without_a_sign_in_and_is_not_cached(client):
    answer = client.get("/salute/")

    assert answer.json() == {"stato": "ok"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_is_only_read(client):
    assert client.post("/salute/").status_code == 405


@pytest.mark.django_db
def test_the_admin_sends_strangers_to_the_sign_in_page_with_the_way_back(client):
    for address in ("/admin/password_change/", "/admin/login/?next=/admin/password_change/"):
        answer = client.get(address, follow=True)

        assert answer.redirect_chain[-1] == ("/accedi/?next=/admin/password_change/", 302)
        assert answer.status_code == 200


def test_the_admin_refuses_who_has_no_right_there_without_a_loop(client, person):
    client.force_login(person)

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403
    assert len(answer.redirect_chain) <= 2


def test_the_admin_opens_for_its_keeper_in_italian(client, keeper):
    client.force_login(keeper)

    page = client.get("/admin/").content.decode()

    assert "Registro dei rischi corruttivi" in page
    assert '<html lang="it"' in page
    assert client.get("/admin/login/").headers["Location"] == "/admin/"


def test_leaving_the_admin_asks_for_post_and_shows_the_sign_in_page(client, keeper):
    client.force_login(keeper)

    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").headers["Location"] == "/accedi/"
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/salute/", "/accedi/", "/admin/", "/non-esiste/"])
def test_every_answer_carries_the_strict_policy(client, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))

    assert directives["default-src"] == "'self'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["object-src"] == directives["frame-ancestors"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.django_db
def test_the_sign_in_form_refuses_a_forged_request():
    answer = Client(enforce_csrf_checks=True).post("/accedi/", {"username": "x", "password": "y"})

    assert answer.status_code == 403


@pytest.mark.django_db
@override_settings(ALLOWED_HOSTS=["registro.esempio.it"])
def test_a_foreign_host_name_is_refused(client):
    assert client.get("/salute/", headers={"host": "altro.esempio.it"}).status_code == 400


@pytest.mark.django_db
def test_one_query_takes_more_parameters_than_django_assumes():
    if connection.vendor != "sqlite":
        pytest.skip("a limit of SQLite")
    users = get_user_model().objects

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys")
        foreign_keys = cursor.fetchone()[0]
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone() == (1,)
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]

    assert connection.features.max_query_params > 30_000
    assert users.filter(pk__in=range(5_000)).count() == 0
    assert (foreign_keys, journal) == (1, "wal")


def test_a_commit_of_sqlite_outlives_the_power(tmp_path):
    """The tests themselves do without; what an installation is told is asked of a new file."""
    with closing(sqlite3.connect(tmp_path / "prova.sqlite3")) as opened:
        opened.executescript(SQLITE_PRAGMAS)
        asked = ("synchronous", "journal_mode", "foreign_keys")
        told = {name: opened.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}

    assert told == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py as a new installation would, with this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_production_environment_passes_the_deployment_check(tmp_path):
    result = start(
        *("check", "--deploy", "--fail-level", "WARNING"),
        PTPCT_VAR_DIR=str(tmp_path),
        PTPCT_ALLOWED_HOSTS="registro.esempio.it",
    )

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a/b"),
        ("PTPCT_DEBUG", "forse"),
        ("PTPCT_ALLOWED_HOSTS", "*"),
        ("PTPCT_LOG_LEVEL", "TUTTO"),
    ],
)
def test_an_odd_setting_stops_the_start_with_its_name(tmp_path, name, value):
    result = start("check", PTPCT_VAR_DIR=str(tmp_path), **{name: value})

    assert result.returncode != 0
    assert f"ImproperlyConfigured: {name}: " in result.stderr


def test_named_hosts_mean_https_and_local_ones_do_not(tmp_path):
    ask = "from django.conf import settings as s; print(s.HTTPS, s.SESSION_COOKIE_SECURE)"
    folder = str(tmp_path)

    assert start("shell", "-c", ask, PTPCT_VAR_DIR=folder).stdout.split()[-2:] == ["False"] * 2
    named = start("shell", "-c", ask, PTPCT_VAR_DIR=folder, PTPCT_ALLOWED_HOSTS="a.esempio.it")
    assert named.stdout.split()[-2:] == ["True"] * 2
