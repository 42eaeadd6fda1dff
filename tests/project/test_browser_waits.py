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

# What looks at the whole page, be it the one that is just going: axe then finds no document.
LOOKS_AT_ONCE = {"axe", "accessibility_findings", "fits", "no_sideways_scroll"}
MOVES = {"click", "press", "submit"}

SOURCES = {str(path): (ROOT / path).read_text() for path in files_under("tests", ending=".py")}


def called(statement: ast.stmt) -> set[str]:
    """Return the names of the methods a statement calls."""
    nodes = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def looked_at(statement: ast.stmt) -> bool:
    """Tell whether a statement looks at the page as it stands, or at where it is."""
    if isinstance(statement, ast.Assert) and any(
        isinstance(node, ast.Attribute) and node.attr == "url" for node in ast.walk(statement)
    ):
        return True
    calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Name) and call.id in LOOKS_AT_ONCE for call in calls)


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
                reads = simple and called(after) & READS_AT_ONCE
                if reads or (called(before) & MOVES and looked_at(after)):
                    lines.append(after.lineno)
    return lines


@pytest.mark.parametrize("path", sorted(path for path in SOURCES if "browser" in SOURCES[path]))
def test_no_browser_test_reads_a_page_that_may_not_have_come(path):
    assert unwaited(SOURCES[path]) == []


@pytest.mark.parametrize("read", ["assert 'x' in page.content()", "axe(page)", "assert page.url"])
def test_a_read_at_once_after_a_click_is_found(read):
    assert unwaited(f"def test(page):\n    page.click('a')\n    {read}\n") == [3]


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
