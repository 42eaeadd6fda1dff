"""Readers of environment variables refuse odd values with a message a clerk understands."""

import datetime
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from ptpct import env

NAME = "PTPCT_PROVA"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("Sì", True), ("true", True), ("0", False), ("NO", False), ("", True)],
)
def test_flag_reads_yes_and_no(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)

    assert env.flag(NAME, default=True) is expected


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        (lambda: env.flag(NAME, default=False), "forse", "non è un sì o un no"),
        (lambda: env.number(NAME, default=1), "dieci", "non è un numero intero"),
        (lambda: env.number(NAME, default=1, minimum=1), "0", "minore del minimo"),
        (lambda: env.day(NAME), "31/01/2021", "non è una data"),
        (lambda: env.choice(NAME, default="a", among=("a", "b")), "c", "uno tra: a, b"),
        (lambda: env.hosts(NAME, default=("a",)), "*", "nome di macchina"),
        (lambda: env.networks(NAME), "10.1.2.3, rete", "non è un indirizzo né una rete"),
        (lambda: env.networks(NAME), "10.1.2.3/16", "non è un indirizzo né una rete"),
        (lambda: env.token(NAME), "breve", "almeno 32 caratteri"),
        (lambda: env.hosts(NAME, default=("a",)), "https://a.it", "nome di macchina"),
        (lambda: env.cache_address(NAME), "http://cache:6379", "redis://"),
        (lambda: env.file_place(NAME, default="folder"), "s3://", "s3://nome-del-bucket"),
        (lambda: env.needing("x", NAME, library="nessuna_libreria"), "", "requirements-hosts.txt"),
        (lambda: env.origins(NAME), "registro.esempio.it", "http:// o https://"),
        (lambda: env.origin(NAME, default="http://a"), "registro.esempio.it", "http:// o https://"),
    ],
)
def test_an_odd_value_is_refused_by_name(monkeypatch, read, value, message):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=message) as refusal:
        read()

    assert NAME in str(refusal.value)


def test_a_missing_or_empty_variable_gives_the_default(monkeypatch):
    monkeypatch.setenv(NAME, "  ")

    assert env.text(NAME, default="x") == "x"
    assert env.number(NAME, default=7) == 7
    assert env.hosts(NAME, default=("a", "b")) == ["a", "b"]
    assert env.choice(NAME, default="a", among=("a",)) == "a"
    assert env.origins(NAME) == []
    assert env.networks(NAME) == []
    assert env.cache_address(NAME) == ""
    assert env.token(NAME) == ""
    assert env.day(NAME) is None


def test_an_origin_has_no_slash_at_its_end(monkeypatch):
    monkeypatch.setenv(NAME, "https://registro.esempio.it/")

    assert env.origin(NAME, default="http://a") == "https://registro.esempio.it"


def test_variables_that_belong_together_are_all_there_or_none(monkeypatch):
    names = (f"{NAME}_A", f"{NAME}_B")
    assert env.together(*names) == ()

    monkeypatch.setenv(names[0], "uno")
    with pytest.raises(ImproperlyConfigured, match=f"^{names[1]}: "):
        env.together(*names)

    monkeypatch.setenv(names[1], "due")
    assert env.together(*names) == ("uno", "due")


def test_a_day_is_read_as_a_date(monkeypatch):
    monkeypatch.setenv(NAME, "2020-11-16")

    assert env.day(NAME) == datetime.date(2020, 11, 16)


def test_lists_are_written_with_commas(monkeypatch):
    monkeypatch.setenv(NAME, "a.esempio.it, b.esempio.it,,")

    assert env.hosts(NAME, default=()) == ["a.esempio.it", "b.esempio.it"]


def test_the_secret_is_made_once_and_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv(NAME, raising=False)
    file = tmp_path / "var" / "secret-key"

    first = env.secret(NAME, file=file)

    assert env.secret(NAME, file=file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_together_share_one_secret(monkeypatch, tmp_path):
    monkeypatch.delenv(NAME, raising=False)
    file = tmp_path / "secret-key"

    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: env.secret(NAME, file=file), range(32)))

    assert len(secrets) == 1


def test_a_short_secret_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv(NAME, "breve")

    with pytest.raises(ImproperlyConfigured, match="troppo corta"):
        env.secret(NAME, file=tmp_path / "unused")


def test_a_secret_that_cannot_be_kept_is_explained(monkeypatch, tmp_path):
    monkeypatch.delenv(NAME, raising=False)
    (tmp_path / "busy").write_text("a file where a folder should be")

    with pytest.raises(ImproperlyConfigured, match=f"Manca {NAME}"):
        env.secret(NAME, file=tmp_path / "busy" / "secret-key")
