"""The sheets of the screen are drawn once; `test_contents` writes all that is printed in them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Phase
from risk.content.values import DrawnSheet
from risk.services.annexes.memory import Memory
from tests.risk.annexes import every_row
from tests.risk.annexes.sheets import assert_drawn_is_true, drawn

ROWS = "registry_phase|risk_riskbehaviour|risk_rating|risk_measuretarget"


@pytest.mark.django_db
def test_sheets_that_were_drawn_are_shown_without_reading_their_rows():
    one = every_row.build()
    drawn(one.annex)
    with CaptureQueriesContext(connection) as captured:
        drawn(one.annex)
    assert not re.search(ROWS, " ".join(query["sql"] for query in captured))
    Phase.objects.filter(pk=one.phase.pk).update(title="Scritta ora")
    assert "Scritta ora" in drawn(one.annex)


@pytest.mark.django_db
def test_one_that_was_written_is_drawn_again_and_the_others_stay():
    one = every_row.build()
    drawn(one.annex)
    Phase.objects.filter(pk=one.phase.pk).update(title="Scritta ora")
    with CaptureQueriesContext(connection) as captured:
        drawn(one.annex)
    asked = [query["sql"] for query in captured if 'FROM "registry_phase"' in query["sql"]]
    assert asked
    assert all(f'"process_id" IN ({one.process.pk})' in sql for sql in asked)
    assert_drawn_is_true(one.annex)


def sheet(length: int) -> DrawnSheet:
    return DrawnSheet(uid="u", number="1", title="Titolo", html="x" * length, size=1)


def test_those_nobody_has_asked_for_longest_are_forgotten_first():
    memory: Memory[DrawnSheet] = Memory(25, lambda row: len(row.html))
    for name in "abc":
        memory.keep({name: sheet(10)})
        memory.known("a")
    assert sorted(memory.known("abc")) == ["a", "c"]
    # what takes the place of another takes its room
    memory.keep({"a": sheet(15)})
    assert sorted(memory.known("abc")) == ["a", "c"]
    memory.keep({"d": sheet(99)})
    assert sorted(memory.known("abcd")) == ["d"]
