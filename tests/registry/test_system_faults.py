"""What a system answers in English is said in Italian, and what is not known by its number."""

import errno
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from registry.system_faults import ERRORS, is_disk_full, told_of


@pytest.mark.parametrize("number", sorted(ERRORS))
def test_each_number_has_words(number):
    words = told_of(OSError(number, "English", "/dove"))
    assert words == ERRORS[number]
    assert re.fullmatch(r"[^.A-Z]+[^.]", words)


def test_what_is_new_is_told_by_its_number():
    assert (
        told_of(OSError(errno.ESTALE, "Stale file handle")) == f"errore di sistema {errno.ESTALE}"
    )
    assert told_of(psycopg.errors.DivisionByZero("division by zero")) == "errore 22012"


def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "x.sqlite3"
    file.write_bytes(b"altro" * 1000)
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(file).execute("SELECT * FROM x")
    assert told_of(raised.value) == "il file non è un database SQLite"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("host=127.0.0.1 port=1", "nessuno accetta la connessione"),
        ("host=/tmp/nessuno", "il suo socket è in un’altra cartella"),
    ],
)
def test_a_server_that_is_not_there(address, words):
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect(f"{address} user=x dbname=x")
    assert words in told_of(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('connection failed: FATAL:  password authentication failed for user "x"', "password"),
        ('connection failed: FATAL:  database "x" does not exist', "non c’è un database"),
        ("[Errno -2] Name or service not known", "nessun computer"),
        ("FATAL:  sorry, too many clients already", "troppe"),
        ("connection timeout expired", "in tempo"),
    ],
)
def test_what_a_server_says_of_itself(text, words):
    assert words in told_of(psycopg.OperationalError(text))


def test_a_disk_that_is_full_is_known_from_other_faults(tmp_path):
    with pytest.raises(OSError, match="No space left") as of_system:
        Path("/dev/full").write_bytes(b"x")
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as own:
        own.execute("PRAGMA max_page_count = 2")
        own.execute("CREATE TABLE x (y TEXT)")
        with pytest.raises(sqlite3.Error) as of_sqlite:
            own.execute("INSERT INTO x VALUES (?)", ["z" * 100_000])
    of_server = psycopg.errors.DiskFull("could not extend file")

    assert all(map(is_disk_full, (of_system.value, of_sqlite.value, of_server)))
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
