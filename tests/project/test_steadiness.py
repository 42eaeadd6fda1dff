"""No test fails because the machine was busy, and none leaves a process behind for the next ones.

What is quick is so by the processor (`tests/processor.py`). By the clock only a wait is measured,
against one far longer. Who starts a process waits for its end, whatever happens meanwhile.
"""

import ast

import pytest

from tests.project.files import files_under, read

CLOCKS = {"monotonic", "perf_counter", "time"}
WAITS = {
    "tests/deploy/test_stuck_minute.py": "a page that waits for no lock, or for all of it",
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


def called(expression: ast.AST) -> set[str]:
    """Return the names of what is called in it."""
    return {
        getattr(node.func, "attr", None) or getattr(node.func, "id", "")
        for node in ast.walk(expression)
        if isinstance(node, ast.Call)
    }


def test_no_work_is_timed_by_the_clock():
    files = files_under("tests", ending=".py")
    assert {str(path) for path in files if timed(read(path))} == set(WAITS)


def unwaited(source: str) -> list[int]:
    """Return the lines that start a process which neither a `with` nor a `finally` waits for."""
    if "Popen(" not in source:
        return []
    tree = ast.parse(source)
    ends = [end for node in ast.walk(tree) if isinstance(node, ast.Try) for end in node.finalbody]
    if any("wait" in called(end) for end in ends):
        return []
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.With)]
    held = {id(item.context_expr) for block in blocks for item in block.items}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and "Popen" in called(node) and id(node) not in held
    ]


def test_whoever_starts_a_process_waits_for_its_end():
    files = files_under("tests", ending=".py")
    assert {str(path): lines for path in files if (lines := unwaited(read(path)))} == {}


@pytest.mark.parametrize(
    ("lines", "is_found"),
    [
        ("process = subprocess.Popen(command)\nprocess.wait()", True),
        ("with subprocess.Popen(command) as process:\n    pass", False),
        ("process = Popen(command)\ntry:\n    pass\nfinally:\n    process.wait()", False),
    ],
)
def test_a_process_nobody_waits_for_is_found(lines, is_found):
    assert bool(unwaited(lines)) == is_found


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
