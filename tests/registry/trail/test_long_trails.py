"""A long trail is verified in the memory of a short one, and a full folder is told of in words."""

import gc
import tracemalloc
from collections.abc import Callable, Iterable
from itertools import count

import pytest
from django.core.management import CommandError, call_command

from registry import trail
from registry.models import Phase
from registry.services.bulk import create_in_bulk
from registry.services.trail_rows import row_findings, written_findings
from registry.services.trail_spool import spool
from registry.trail.records import ordered_digest, rows_digest
from tests.file_limit import no_file_longer_than
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db

_numbers = count(1)


def record_acts(process, rows: int) -> None:
    """Write an act of some rows, and one that tells of as many rows that are written once."""
    numbers = [next(_numbers) for _n in range(rows)]
    phases = [Phase(process=process, position=n, title=f"Fase {n}", version=1) for n in numbers]
    create_in_bulk(phases, kind="import", by=None)
    for start in range(0, rows, 10):
        digests = {f"{n:012}": "0" * 64 for n in numbers[start : start + 10]}
        trail.write(kind="issue", by=None, detail={"written": {"risk.gone": digests}})


@pytest.mark.parametrize("findings", [row_findings, written_findings])
def test_ten_times_the_rows_are_verified_in_the_same_memory(findings):
    process = make_process(make_annex())
    record_acts(process, 600)
    few = _peak(findings)
    record_acts(process, 6000)

    assert _peak(findings) < 1.5 * few


def _peak(findings: Callable[[], Iterable]) -> int:
    """Return the most bytes that Python holds while it verifies rows that are all well."""
    # what other tests left is set apart: beside much of it, rings of objects go rarely
    gc.collect()
    gc.freeze()
    gc.collect()
    tracemalloc.start()
    try:
        assert list(findings()) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


@pytest.mark.parametrize("rows", [0, 1, 999, 1000, 1001, 2500])
def test_lines_that_come_one_by_one_have_the_digest_of_all(rows):
    lines = [f"{n * 7919 % 10_007:05} {chr(0xFFFF - n)}" for n in range(rows)]

    with spool("line (text TEXT)") as kept:
        kept.executemany("INSERT INTO line VALUES (?)", zip(lines, strict=True))
        ordered = [text for (text,) in kept.execute("SELECT text FROM line ORDER BY text")]

    assert ordered == sorted(lines)
    assert ordered_digest(iter(ordered)) == rows_digest(lines)


def test_a_folder_for_temporary_files_that_is_full_is_told_of(monkeypatch):
    monkeypatch.setattr("registry.services.trail_spool.CACHE_KB", 64)
    digests = {f"{n:012}": "0" * 64 for n in range(4_000)}
    trail.write(kind="issue", by=None, detail={"written": {"risk.gone": digests}})
    full = pytest.raises(CommandError, match="La verifica non è finita: .* file temporanei")
    with no_file_longer_than(100_000), full:
        call_command("verify_trail")
