"""What is tried on one engine alone is there, and says why."""

import pytest

from tests.engines import (
    MEETS,
    MET_IN,
    POSTGRESQL_ALONE,
    SHOWS,
    SQLITE_ALONE,
    engine_enough,
    is_for_sqlite,
)
from tests.project.files import files_under, read


@pytest.mark.parametrize("beginning", [*SQLITE_ALONE, *POSTGRESQL_ALONE])
def test_what_is_tried_on_one_engine_is_there(beginning):
    path, _parts, name = beginning.partition("::")
    files = [file for file in files_under("tests", ending=".py") if str(file).startswith(path)]

    assert files
    assert {**SQLITE_ALONE, **POSTGRESQL_ALONE}[beginning]
    assert not name or any(name in read(file) for file in files)


@pytest.mark.parametrize("beginning", [*MET_IN, *SHOWS])
def test_every_room_of_the_lists_is_there(beginning):
    files = files_under("tests", ending=".py")

    assert [file for file in files if file.as_posix().startswith(beginning)]


def test_every_word_of_the_list_is_in_a_name():
    names = {file.name for file in files_under("tests", ending=".py")}

    assert [word for word in MEETS if not any(word in name for name in names)] == []


def test_what_meets_an_engine_is_tried_on_both():
    """As whole files: of these a single test that is of none may say so."""
    both = ("tests/registry/trail/", "tests/ptpct/", "tests/registry/jobs/")
    killed = "tests/risk/annexes/test_power_cut.py"

    files = [name for name in SQLITE_ALONE if "::" not in name]
    assert [name for name in files if name.startswith(both)] == []
    assert not is_for_sqlite("tests/risk/imports/test_races.py::test_two_confirm")
    assert engine_enough("tests/risk/imports/test_races.py") is None
    assert engine_enough(killed) is None
    assert engine_enough("tests/registry/trail/test_chain.py") is None


def test_pages_are_told_on_sqlite_and_acts_on_postgresql():
    assert engine_enough("tests/risk/monitoring/test_pages.py") == "sqlite"
    assert engine_enough("tests/risk/desk/test_start.py") == "sqlite"
    assert engine_enough("tests/risk/annexes/test_four_eyes.py") == "postgresql"
