"""What connections to PostgreSQL are told, and that a server takes it."""

import os

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ptpct.connections import postgresql_options
from registry.acts import act
from registry.models import Office
from registry.waiting import write_if_free


def test_what_stands_in_the_address_stays():
    told = postgresql_options({"sslmode": "verify-full"}, lock_seconds=5, is_pooled=False)
    assert told["sslmode"] == "verify-full"
    assert told["keepalives_idle"] == 30
    assert "-c lock_timeout=5s" in told["options"]
    assert "-c tcp_keepalives_idle=30" in told["options"]
    assert "-c tcp_user_timeout=60000" in told["options"]


def test_a_pool_is_told_nothing_for_the_server():
    assert "options" not in postgresql_options({}, lock_seconds=5, is_pooled=True)


@pytest.mark.django_db
def test_the_server_takes_them():
    told = postgresql_options({}, lock_seconds=5, is_pooled=False)
    if connection.vendor == "sqlite":
        assert connection.settings_dict["OPTIONS"].keys().isdisjoint(told)
        return
    with psycopg.connect(os.environ["DATABASE_URL"], **told) as opened:
        assert opened.execute("SHOW lock_timeout").fetchone() == ("5s",)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "told"), [(0, "0"), (7, "7s")])
def test_behind_a_pool_an_act_says_how_long_it_waits(monkeypatch, seconds, told):
    monkeypatch.setattr(settings, "IS_POOLED", True)
    monkeypatch.setattr(settings, "LOCK_SECONDS", seconds)
    with CaptureQueriesContext(connection) as sent, act("edit", by=None):
        # what is given up at once leaves it as it was
        write_if_free(Office.objects.count)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone()[0] == told
    # SQLite waits as its connection was told: nothing is in between
    said = [one["sql"] for one in sent if f"lock_timeout = '{seconds}s'" in one["sql"]]
    assert len(said) == (0 if connection.vendor == "sqlite" else 2)
