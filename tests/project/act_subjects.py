"""What the code says that acts, refusals and files are of, found where it says so."""

import ast
from collections.abc import Collection, Iterator
from functools import cache

from registry.trail.subjects import subject_kinds
from tests.project.files import called, files_under, read

_TAKES = frozenset({"act", "write", "record_refusal", "record_export", "list_file", "note_subject"})
_OF_ANOTHER_KIND = frozenset({"registry/services/history.py"})
"""What calls a subject the row an entry of a history is about."""
_TAKES_TOO = frozenset({"_ask", "start_job", "moves_refused_recorded", "note_act", "write_list"})


_OF_WORK = frozenset(
    {"risk/tasks/annexes.py", "registry/services/administrations.py"}
    | {"risk/services/administrations.py"}
)
"""Long work has its administration beside it; one that is being made is told when it is there."""


@cache
def subjects_in_code() -> dict[str, str]:
    """Return the first word of every subject that is written somewhere, with its file."""
    found: dict[str, str] = {}
    for file in files_under("ptpct", "registry", "risk", ending=".py"):
        if str(file) in _OF_ANOTHER_KIND:
            continue
        for value in _said(ast.parse(read(str(file)))):
            for word in _first_words(value):
                found.setdefault(word, str(file))
    return found


def subjects_that_tell_no_body() -> dict[str, str]:
    """Return the texts that begin with a sort of subject of a body and are given as they are.

    With their files; those of long work left out, which has its administration beside it.
    """
    of_bodies = {word for word, kind in subject_kinds().items() if kind.of_body is not None}
    of_bodies |= {"administration", "membership", "plan"}
    found: dict[str, str] = {}
    for file in files_under("ptpct", "registry", "risk", ending=".py"):
        tree = ast.parse(read(str(file)))
        told = {id(node) for call in _calls(tree, {"Subject"}) for node in call.args}
        jobs = {id(one.value) for call in _calls(tree, _TAKES_TOO) for one in call.keywords}
        for value in _said(tree):
            if id(value) in told | jobs or str(file) in _OF_WORK:
                continue
            for word in of_bodies.intersection(_first_words(value)):
                found[f"{word}: {ast.unparse(value)}"] = str(file)
    return found


def _calls(tree: ast.AST, names: Collection[str]) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if called(call) in names]


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is given as a subject, what a name of it is set to, what its functions return."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name in _TAKES | _TAKES_TOO:
                yield from (one.value for one in node.keywords if one.arg == "subject")
            if name == "note_subject":
                yield from node.args
            if name == "Subject":
                yield node.args[0]
        elif isinstance(node, ast.Assign):
            yield from _set(node)
        elif isinstance(node, ast.FunctionDef) and "subject" in node.name:
            yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return))


def _set(node: ast.Assign) -> Iterator[ast.expr]:
    for target in node.targets:
        if isinstance(target, ast.Name) and target.id == "subject":
            yield node.value
        elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=True)
            yield from (value for name, value in pairs if ast.unparse(name) == "subject")


def _first_words(value: ast.expr | None) -> Iterator[str]:
    """Yield the words an expression can begin with; none where another subject begins it."""
    if isinstance(value, ast.IfExp):
        yield from _first_words(value.body)
        yield from _first_words(value.orelse)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value.partition(" ")[0]
    elif isinstance(value, ast.JoinedStr):
        first = value.values[0]
        if isinstance(first, ast.Constant):
            yield first.value.partition(" ")[0]
        elif not any(word in ast.unparse(first) for word in ("subject", "trail_token")):
            yield ast.unparse(first)
