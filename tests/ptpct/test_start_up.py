"""What no installation may have stops its start, in words that say what to change."""

import importlib
import os
import sqlite3
import stat
from contextlib import closing

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from ptpct import env
from ptpct.apps import keep_from_others
from ptpct.start_up import refuse_the_public_password
from risk.services.sample_data.demo.names import MAIL_DOMAIN, PUBLIC_PASSWORD
from tests.people import make_person
from tests.ptpct.test_wiring import start

NAMED = {"PTPCT_ALLOWED_HOSTS": "registro.esempio.it"}
OWN = "una-password-scelta-qui"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({**NAMED, "PTPCT_DEBUG": "1"}, "PTPCT_DEBUG: non si accende dove altri arrivano"),
        ({"PTPCT_SECRET_KEY": "a" * 60}, "PTPCT_SECRET_KEY: la chiave segreta ripete"),
    ],
)
def test_refused_by_whatever_starts(tmp_path, variables, sentence):
    result = start("check", PTPCT_VAR_DIR=str(tmp_path), **variables)

    assert result.returncode != 0
    assert f"ImproperlyConfigured: {sentence}" in result.stderr


@pytest.mark.parametrize("key", ["a" * 50, "abc" * 20, "registro" * 9])
def test_a_key_of_few_letters_is_no_key(monkeypatch, tmp_path, key):
    monkeypatch.setenv("PTPCT_PROVA", key)

    with pytest.raises(ImproperlyConfigured, match="almeno 10 diversi"):
        env.secret("PTPCT_PROVA", file=tmp_path / "key")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hosts", "password", "refused"),
    [
        (["registro.esempio.it"], PUBLIC_PASSWORD, True),
        (["registro.esempio.it"], OWN, False),
        ([], PUBLIC_PASSWORD, False),
    ],
)
def test_the_public_password_of_the_demo_stays_on_one_machine(settings, hosts, password, refused):
    settings.NAMED_HOSTS = hosts
    make_person("uno", email=f"uno{MAIL_DOMAIN}", password=make_password(OWN))
    make_person("due", email=f"due{MAIL_DOMAIN}", password=make_password(password))

    if refused:
        with pytest.raises(ImproperlyConfigured, match="password pubblica"):
            refuse_the_public_password()
    else:
        refuse_the_public_password()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ptpct.wsgi", "ptpct.asgi"])
def test_whatever_serves_the_site_looks_before_it_answers(settings, name):
    entry = importlib.import_module(name)
    make_person("uno", email=f"uno{MAIL_DOMAIN}", password=make_password(PUBLIC_PASSWORD))
    settings.NAMED_HOSTS = ["registro.esempio.it"]

    with pytest.raises(ImproperlyConfigured, match="password pubblica"):
        importlib.reload(entry)


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_database_is_read_by_its_owner_only(monkeypatch, tmp_path, suffix):
    file = tmp_path / f"ptpct.sqlite3{suffix}"
    file.touch(mode=0o664)
    os.chmod(file, 0o664)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "ptpct.sqlite3"))
    monkeypatch.setattr(connection, "vendor", "sqlite", raising=False)

    keep_from_others(connection)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_database_is_too(tmp_path):
    old = os.umask(0o022)
    try:
        result = start("showmigrations", "sessions", PTPCT_VAR_DIR=str(tmp_path))
    finally:
        os.umask(old)
    file = tmp_path / "ptpct.sqlite3"

    assert result.returncode == 0, result.stderr
    with closing(sqlite3.connect(file)) as made:
        assert made.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
