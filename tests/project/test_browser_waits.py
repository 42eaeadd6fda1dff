"""A browser test waits for what it reads after a click: a page that has come may be empty yet."""

import ast
import re

import pytest

from tests.project.files import ROOT, files_under

ACTS = {"check", "click", "fill", "press", "select_option", "uncheck"}
# Each of these reads the page as it stands; `expect` and the other locators wait for it.
READS_AT_ONCE = {
    *("all", "all_inner_texts", "all_text_contents", "content", "count", "title"),
    *("get_attribute", "inner_text", "text_content"),
} | {f"is_{state}" for state in ("checked", "disabled", "editable", "enabled", "hidden", "visible")}

SOURCES = {str(path): (ROOT / path).read_text() for path in files_under("tests", ending=".py")}


def called(statement: ast.stmt) -> set[str]:
    """Return the names of the methods a statement calls."""
    nodes = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def unwaited(source: str) -> list[int]:
    """Return the lines that read the page at once, directly after a statement that acts on it."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        for before, after in zip(body, body[1:], strict=False):
            if isinstance(before, ast.Expr) and called(before) & ACTS:
                simple = isinstance(after, ast.Assert | ast.Assign | ast.Expr)
                if simple and called(after) & READS_AT_ONCE:
                    lines.append(after.lineno)
    return lines


@pytest.mark.parametrize("path", sorted(path for path in SOURCES if "browser" in SOURCES[path]))
def test_no_browser_test_reads_a_page_that_may_not_have_come(path):
    assert unwaited(SOURCES[path]) == []


def test_a_read_at_once_after_a_click_is_found():
    source = "def test(page):\n    page.click('a')\n    assert 'x' in page.content()\n"
    assert unwaited(source) == [3]


def kept_back(source: str) -> list[str]:
    """Return the tests that keep requests back, and go on before there is one."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [
        node.name
        for node in functions
        if ".append(route)" in ast.unparse(node)
        and not re.search(r"\bwait_(until|for_function)\(", ast.unparse(node))
        and node.name not in HOLDERS
    ]


ROUTED = sorted(
    path for path in SOURCES if ".route(" in SOURCES[path] and "ROUTED" not in SOURCES[path]
)
HOLDERS = {"hold", "holds"}
"""What only keeps a request back, for the test around it."""


@pytest.mark.parametrize("path", ROUTED)
def test_whoever_keeps_a_request_back_waits_until_it_has_come(path):
    assert kept_back(SOURCES[path]) == []


def test_a_request_nobody_waited_for_is_found():
    source = (
        "def test(page):\n    page.route('**', lambda route: held.append(route))\n    held.pop()"
    )
    assert kept_back(source) == ["test"]
