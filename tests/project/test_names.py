"""A class name means one thing in the whole code."""

import ast
from collections import Counter

from tests.project.files import project_files, read

CODE = ("ptpct", "registry", "risk")

SHARED = {
    "Command": "Django finds the command of a module by this name",
}
"""Names that several classes have, each with its reason."""


def class_names() -> Counter[str]:
    """Return how many classes have each name; those inside other classes are left out."""
    trees = (
        ast.parse(read(name))
        for name in project_files()
        if name.suffix == ".py" and name.parts[0] in CODE and "migrations" not in name.parts
    )
    return Counter(
        node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)
    )


def test_a_class_name_has_one_meaning():
    shared = {name for name, count in class_names().items() if count > 1}

    assert shared == set(SHARED)
