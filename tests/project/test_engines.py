"""What is tried on one engine alone is there, and says why."""

import pytest

from tests.engines import POSTGRESQL_ALONE, SQLITE_ALONE, is_for_sqlite
from tests.project.files import files_under, read


@pytest.mark.parametrize("beginning", [*SQLITE_ALONE, *POSTGRESQL_ALONE])
def test_what_is_tried_on_one_engine_is_there(beginning):
    path, _parts, name = beginning.partition("::")
    files = [file for file in files_under("tests", ending=".py") if str(file).startswith(path)]

    assert files
    assert {**SQLITE_ALONE, **POSTGRESQL_ALONE}[beginning]
    assert not name or any(name in read(file) for file in files)


def test_what_writes_locks_and_guards_is_tried_on_both():
    both = ("tests/risk/annexes/", "tests/risk/plans/", "tests/registry/trail/", "tests/ptpct/")

    assert [name for name in SQLITE_ALONE if name.startswith(both)] == []
    assert not is_for_sqlite("tests/risk/imports/test_races.py::test_two_confirm")
