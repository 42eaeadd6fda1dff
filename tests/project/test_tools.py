"""Every script of ``tools/`` finds what it calls of our own code.

Most of them measure, take minutes and run on no build: what is renamed in the house would be
noticed by whoever measures next. Here each name they import of the house, each name they take of a
module or class of it, and each that they patch there is looked up, and nothing is run.
"""

import ast
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from inspect import isclass, ismodule
from pathlib import Path
from typing import Any

import pytest

from tests.project.files import ROOT, called, files_under, read

OURS = ("ptpct", "registry", "risk", "tests")
OF_ANOTHER_VERSION = {
    ("bench_paper_page.py", "risk.paper.build.build_document"): "document_of_first, before it",
    ("bench_paper_page.py", "risk.paper.html._paper"): "paper_page, where paper_html is missing",
}
"""By script and name, what is asked of the version that this one is measured against, and where."""


def test_every_script_finds_what_it_calls():
    scripts = files_under("tools", ending=".py")

    missing = {
        (script.name, name) for script in scripts for name in missing_names(script, read(script))
    }

    assert missing == set(OF_ANOTHER_VERSION)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("from risk.paper import html\n", []),
        ("from risk.paper import html\nhtml.nowhere()\n", ["risk.paper.html.nowhere"]),
        ("from risk.paper.html import nowhere\n", ["risk.paper.html.nowhere"]),
        ("from risk.nowhere import html\n", ["risk.nowhere.html"]),
        ("import risk.nowhere\n", ["risk.nowhere"]),
        ("import risk.paper.html\nrisk.paper.html.nowhere\n", ["risk.paper.html.nowhere"]),
        ("from risk.enums import Layout\nLayout.NOWHERE\n", ["risk.enums.Layout.NOWHERE"]),
        (
            "from risk.paper import html\npatch.object(html, 'nowhere', 1)\n",
            ["risk.paper.html.nowhere"],
        ),
        ("patch('risk.paper.html.nowhere')\n", ["risk.paper.html.nowhere"]),
        ("from bench_engines import measured, nowhere\n", ["bench_engines.nowhere"]),
        ("from tests.people import nowhere\n", ["tests.people.nowhere"]),
        ("from tests.nowhere import people\n", ["tests.nowhere.people"]),
        ("import tests.people\ntests.people.nowhere\n", ["tests.people.nowhere"]),
        ("def f(html):\n    from risk.paper import nowhere\n", ["risk.paper.nowhere"]),
        ("import_module('risk.nowhere')\n", ["risk.nowhere"]),
    ],
)
def test_what_is_not_there_is_told(text, missing):
    assert missing_names(Path("tools/x.py"), text) == missing


def missing_names(script: Path, text: str) -> list[str]:
    """Return the dotted names that a script takes of the house or its neighbours in vain."""
    tree = ast.parse(text)
    imported = list(_imported(tree))
    bound = dict(imported)
    wanted = [*(name for _word, name in imported), *_patched(tree, bound)]
    wanted += [name for node in ast.walk(tree) if (name := _dotted(node, bound))]
    beside = {one.stem for one in files_under("tools", ending=".py")}
    found = dict.fromkeys(wanted)
    return [name for name in found if not _is_there(name, beside)]


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds, with what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)
        elif isinstance(node, ast.Import):
            # `import a.b` binds `a`, and is told under its whole name as well
            yield from ((one.asname or one.name, one.name) for one in node.names)
            yield from ((one.name.partition(".")[0],) * 2 for one in node.names if not one.asname)


def _dotted(node: ast.AST, bound: dict[str, str]) -> str:
    """Return what an attribute of something imported is called in full, or ""."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.insert(0, node.attr)
        node = node.value
    known = isinstance(node, ast.Name) and node.id in bound
    return ".".join([bound[node.id], *words]) if words and known else ""


def _patched(tree: ast.AST, bound: dict[str, str]) -> Iterator[str]:
    """Yield what is patched, or imported by its name: `patch.object(a, "b")`, `patch("a.b")`."""
    for node in ast.walk(tree):
        said = [one.value for one in node.args if _is_text(one)] if _is_call(node) else []
        if said and called(node) == "object" and isinstance(node.args[0], ast.Name):
            yield f"{bound.get(node.args[0].id, '')}.{said[0]}"
        elif said and called(node) in {"patch", "import_module"}:
            yield said[0]


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_there(name: str, beside: set[str]) -> bool:
    """Tell whether a dotted name leads somewhere, as far as what is ours goes."""
    first, *words = name.split(".")
    if first in beside or first == "tests":
        # read and not imported: scripts run when they are, and some tests need much
        return _is_written(f"tools/{first}" if first in beside else first, words)
    if first not in OURS:
        return True
    found: Any = import_module(first)
    for place, word in enumerate(words, start=2):
        if ismodule(found):
            found = _part_of(found, word, ".".join([first, *words][:place]))
        elif isclass(found) and found.__module__.partition(".")[0] in OURS:
            found = getattr(found, word, None)
        else:
            break
        if found is None:
            return False
    return True


def _part_of(module: Any, word: str, name: str) -> Any:
    """Return what a module, or the package of that name, has under a word; None for nothing."""
    if hasattr(module, word):
        return getattr(module, word)
    with suppress(ImportError):
        return import_module(name)
    return None


def _is_written(path: str, words: list[str]) -> bool:
    """Tell whether the file below a path binds what the words lead to."""
    while words and (ROOT / path).is_dir():
        path, words = f"{path}/{words[0]}", words[1:]
    if (ROOT / path).is_dir():
        return True
    file = f"{path}.py"
    return (ROOT / file).exists() and (not words or words[0] in _names_of(file))


@cache
def _names_of(file: str) -> set[str]:
    """Return the names that a file binds, without running it."""
    tree = ast.parse(read(file))
    names = {node.name for node in tree.body if hasattr(node, "name")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    return names
