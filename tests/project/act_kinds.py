"""The kinds of act the code writes on the trail, found where it says them."""

import ast
import itertools
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from risk.enums import PlanVerb, RoundVerb, Verb
from tests.project.files import called, files_under, read

FIRST = "act"
"""What takes the kind first, by position."""
_VERBS = {"annex-": Verb, "plan-": PlanVerb, "round-": RoundVerb}
VERB = "verb"
"""A name that stands for each of the moves of a table."""
NAMED = frozenset(
    {"write", "record_refusal", "save_fields", "create_in_bulk", "link_in_bulk", "move", "put"}
    | {"count_again", "moves_refused_recorded", "plan_refusals_recorded", "update_in_bulk"}
    | {"delete_in_bulk", "act", "model", "_write_values", "locked_round"}
)
"""What takes it by the name `kind`."""
HANDED_ON = frozenset({"kind", "opened.kind", "self.kind", "form.kind"})
"""What another place says: the values it can have are found there."""


@cache
def kinds_in_code() -> dict[str, str]:
    """Return every kind that is written somewhere, with the file that says it."""
    found: dict[str, str] = {}
    for file in files_under("ptpct", "registry", "risk", ending=".py"):
        for value in _said(ast.parse(read(str(file)))):
            for kind in _texts(value, file):
                found.setdefault(kind, str(file))
    return found


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is given as a kind: to a function that records, or as the kind of a form."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name == FIRST and node.args:
                yield node.args[0]
            if name in NAMED:
                yield from (one.value for one in node.keywords if one.arg == "kind")
        elif isinstance(node, ast.ClassDef):
            for line in node.body:
                is_kind = isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "kind"
                if is_kind and isinstance(line.value, ast.Constant):
                    yield line.value


def _texts(value: ast.expr, file: Path) -> list[str]:
    """Return the texts an expression can have; it fails for one that nobody could tell."""
    text = ast.unparse(value)
    if text in HANDED_ON:
        return []
    if isinstance(value, ast.Constant):
        return [value.value]
    if isinstance(value, ast.JoinedStr):
        parts = [_parts(part, file) for part in value.values]
        verb = _VERBS.get(parts[0][0], PlanVerb)
        words = [list(verb) if part == [VERB] else part for part in parts]
        return ["".join(one) for one in itertools.product(*words)]
    return [_named(text, file)]


def _parts(part: ast.expr, file: Path) -> list[str]:
    if isinstance(part, ast.Constant):
        return [part.value]
    name = ast.unparse(part.value)
    return [VERB] if name == VERB else [_named(name, file)]


def _named(name: str, file: Path) -> str:
    """Return the text a name stands for in its module."""
    value = import_module(".".join(file.with_suffix("").parts))
    for part in name.split("."):
        value = getattr(value, part, None)
    assert isinstance(value, str), f"{file}: a kind of act that is not said there: {name}"
    return str(value)
