"""What connections to PostgreSQL are told, and that a server takes it."""

import os

import psycopg
import pytest
from django.db import connection

from ptpct.connections import postgresql_options


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
