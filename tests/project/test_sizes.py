"""Files and functions stay short enough to be read in one go."""

import ast
from functools import cache

import pytest

from tests.project.files import project_files, read

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
SOURCES = frozenset({".py", ".html", ".css", ".js", ".sh"})

# Limits are by subject: what is longer has its reason here.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def source_files():
    # Migrations are written by Django and read by it.
    return [
        name
        for name in project_files()
        if name.suffix in SOURCES and "migrations" not in name.parts
    ]


def long_files() -> dict[str, int]:
    """Return the files over the limit and their lines."""
    lengths = {str(name): read(name).count("\n") for name in source_files()}
    return {name: length for name, length in lengths.items() if length > LONGEST_FILE}


@cache
def long_functions() -> dict[str, int]:
    """Return the functions over the limit and their lines, docstring and decorators left out."""
    found = {}
    for name in source_files():
        if name.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(read(name))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) and node.body[1:] else node.body
                length = node.end_lineno - body[0].lineno + 1
                if length > LONGEST_FUNCTION:
                    found[f"{name}:{node.name}"] = length
    return found


@pytest.mark.parametrize(
    ("measure", "exceptions"),
    [(long_files, LONG_FILES), (long_functions, LONG_FUNCTIONS)],
    ids=["files", "functions"],
)
def test_only_listed_exceptions_are_long(measure, exceptions):
    assert {name: n for name, n in measure().items() if name not in exceptions} == {}


@pytest.mark.parametrize(
    ("measure", "exceptions"),
    [(long_files, LONG_FILES), (long_functions, LONG_FUNCTIONS)],
    ids=["files", "functions"],
)
def test_every_exception_is_still_needed(measure, exceptions):
    assert set(exceptions) <= set(measure())
