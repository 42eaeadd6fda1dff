"""No test fails because the machine was busy: what is quick is so by the processor, not the clock.

`tests/processor.py` measures it. By the clock only a wait is measured, against one far longer.
"""

import ast

import pytest

from tests.project.files import files_under, read

CLOCKS = {"monotonic", "perf_counter", "time"}
WAITS = {
    "tests/ptpct/test_busy.py": "a lock nobody waits for; who did would wait until it is given up",
    "tests/registry/jobs/test_lanes.py": "a work that is stopped, or goes on for two minutes",
    "tests/registry/test_apart.py": "half a second in a queue, or two minutes",
}
"""Where the clock is compared with a limit, and what is told apart."""


def timed(source: str) -> list[int]:
    """Return the lines that assert how long something took by the clock."""
    if not any(f"{clock}()" in source for clock in CLOCKS):
        return []
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.BinOp)
        and called(node.test.left) & CLOCKS
    ]


def called(expression: ast.expr) -> set[str]:
    """Return the names of what an expression calls."""
    return {
        getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        for node in ast.walk(expression)
        if isinstance(node, ast.Call)
    }


def test_no_work_is_timed_by_the_clock():
    files = files_under("tests", ending=".py")
    assert {str(path) for path in files if timed(read(path))} == set(WAITS)


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("assert time.monotonic() - begun < 5", True),
        ("assert perf_counter() - begun < 5", True),
        ("assert time.thread_time() - begun < 5", False),
        ("assert time.monotonic() < until, 'never came'", False),
    ],
)
def test_the_clock_is_told_from_the_processor(line, is_found):
    assert bool(timed(line)) == is_found
