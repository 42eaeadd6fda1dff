"""Every case becomes what it must, by the command and by the pages alike.

A case is a file and the rows of the register, questions, notes or refusal that are right for it
(`outcomes`). What is not right yet stands in `not_yet`, and is tried all the same.
"""

from collections import Counter

import pytest

from tests.risk.imports.cases import (
    group_01_marks,
    group_02_rows,
    group_03_tables,
    group_04_columns,
    group_05_bands,
    group_06_programme,
    group_07_places,
    group_08_numbers,
    group_09_letters,
    group_10_lists,
    group_11_nothing,
    group_12_heads,
    group_13_own_files,
    group_14_limits,
    other_programs,
)
from tests.risk.imports.cases.conftest import IS_PAGED
from tests.risk.imports.cases.doors import FILES
from tests.risk.imports.cases.not_yet import NOT_YET

GROUPS = (
    *(group_01_marks, group_02_rows, group_03_tables, group_04_columns, group_05_bands),
    *(group_06_programme, group_07_places, group_08_numbers, group_09_letters, group_10_lists),
    *(group_11_nothing, group_12_heads, group_13_own_files, group_14_limits, other_programs),
)
CASES = [case for group in GROUPS for case in group.CASES]


RIGHT = [[case for case in group.CASES if case.name not in NOT_YET][:1] for group in GROUPS]
TRIED = CASES if IS_PAGED else [case for cases in RIGHT for case in cases]
"""How a file is read is decided in Python (`tests.engines`): on PostgreSQL one of each group."""


def _tried(case):
    reason = NOT_YET.get(case.name)
    marks = [pytest.mark.xfail(raises=AssertionError, reason=reason, strict=True)] if reason else []
    return pytest.param(case, marks=marks, id=case.name)


def test_every_file_is_a_case_once():
    there = [str(file.relative_to(FILES)) for file in FILES.rglob("*") if file.is_file()]

    assert Counter(case.file for case in CASES) == Counter(there)


def test_what_is_not_right_yet_is_a_case():
    assert set(NOT_YET) <= {case.name for case in CASES}


@pytest.mark.django_db
@pytest.mark.parametrize("case", [_tried(case) for case in TRIED])
def test_a_case_becomes_what_it_must(desk, case, tmp_path):
    wrong = desk.wrong_with(case, tmp_path)

    assert not wrong, "\n".join(wrong)
