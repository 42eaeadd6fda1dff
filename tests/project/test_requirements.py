"""The libraries are locked with hashes, without the address of any index, one reason each."""

import ast
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest
from django.conf import settings
from packaging.requirements import Requirement

from tests.project.files import files_under, read
from tools.sbom import canonical

ASKED = (
    *("requirements.in", "requirements-directory.in", "requirements-hosts.in"),
    *("requirements-dev.in", "requirements-bench.in", "requirements-lock.in"),
)
LOCKED = tuple(name.replace(".in", ".txt") for name in ASKED)

# What the site runs on without an import of ours: nothing else may be on the list of production.
UNIMPORTED = {
    "psycopg": "Django opens PostgreSQL with it",
    "gunicorn": "the command that serves the site",
    "django-prose-editor": "the files of an editor are served from it, none of its code is run",
}


def locked(name: str) -> dict[str, str]:
    """Return the locked libraries of a file with their versions."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", read(name), re.MULTILINE)
    return {canonical(library): version for library, version in found}


@pytest.mark.parametrize("name", LOCKED)
def test_every_library_has_a_version_and_a_hash(name):
    blocks = re.split(r"\n(?=\S)", read(name).strip())

    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?==\S+", block), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("name", LOCKED)
def test_no_line_names_an_index(name):
    assert re.findall(r"^.*(?:://|--index|--find-links|--extra).*$", read(name), re.MULTILINE) == []


def test_the_tests_run_on_the_libraries_of_production():
    for_tests = locked("requirements-dev.txt")

    for library, version in locked("requirements.txt").items():
        assert for_tests[library] == version


@pytest.mark.parametrize("name", ASKED)
def test_every_library_asked_for_has_its_reason(name):
    lines = [line for line in read(name).splitlines() if line and not line.startswith(("#", "-"))]

    assert lines
    assert [line for line in lines if not re.search(r"\S\s+# \w+", line)] == []


@pytest.mark.parametrize("name", ASKED)
def test_every_library_asked_for_has_a_ceiling(name):
    libraries = asked(name)

    assert libraries
    assert [str(one) for one in libraries if not has_ceiling(one)] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Django>=5.2,<5.3", True),
        ("gunicorn>=23", False),
        ("pytest", False),
        ("rules==3.5", True),
        ("rules~=3.5", True),
        ("Django>=5.2,!=5.2.3", False),
    ],
)
def test_a_ceiling_is_recognised(line, expected):
    assert has_ceiling(Requirement(line)) == expected


@pytest.mark.parametrize("name", ASKED)
def test_every_library_asked_for_is_locked(name):
    names = {canonical(library.name) for library in asked(name)}

    assert names <= set(locked(name.replace(".in", ".txt")))


def test_the_site_asks_for_what_it_imports_and_for_nothing_else():
    names = {canonical(library.name) for library in asked("requirements.in")}
    beside = {
        canonical(library.name)
        for name in ("requirements-directory.in", "requirements-hosts.in")
        for library in asked(name)
    }

    used = used_by_the_site()
    assert names == used - beside | set(UNIMPORTED)
    assert beside <= used


def test_the_tests_and_the_tools_import_what_is_locked_and_nothing_left_behind():
    """A library that is asked for no more stays in the environment it was once installed in."""
    kept = {name for file in LOCKED for name in locked(file)}

    assert used_by("tests", "tools", "fixtures") - kept == set()


@pytest.mark.parametrize("name", ["requirements-directory.txt", "requirements-hosts.txt"])
def test_what_is_installed_beside_is_of_the_libraries_of_production(name):
    """Where both lists have a library it is one version: either may be installed first."""
    production = locked("requirements.txt")

    for library, version in locked(name).items():
        assert production.get(library, version) == version


def test_what_writes_the_lock_files_is_not_installed_beside_the_site():
    own = {canonical(library.name) for library in asked("requirements-lock.in")}

    assert not own & set(locked("requirements.txt"))
    assert not own & set(locked("requirements-dev.txt"))


def test_the_list_of_what_the_site_is_made_of_is_that_of_the_lock_file():
    bom = json.loads(read("sbom.cdx.json"))
    parts = {canonical(part["name"]): part["version"] for part in bom["components"]}

    assert bom["bomFormat"] == "CycloneDX"
    assert parts == installed_on_linux(), "requirements.txt has changed: make lock"
    assert all(part["licenses"] for part in bom["components"])


def test_that_list_says_who_needs_whom_and_names_no_address():
    text = read("sbom.cdx.json")
    bom = json.loads(text)
    needed = {line["ref"]: line.get("dependsOn", []) for line in bom["dependencies"]}
    names = {part["bom-ref"]: canonical(part["name"]) for part in bom["components"]}
    asked_for = {canonical(library.name) for library in asked("requirements.in")}

    assert {names[ref] for ref in needed["ptpct"]} == asked_for
    assert set(needed) == {"ptpct", *names}
    assert re.findall(r"\S+://\S+", text) == [f'"{bom["$schema"]}",']


def asked(name: str) -> list[Requirement]:
    """Return the libraries that a file asks for, without what it takes from other files."""
    lines = [line.split(" #")[0].strip() for line in read(name).splitlines()]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def has_ceiling(library: Requirement) -> bool:
    """Tell whether some later version would be refused: what it breaks is then found here first."""
    return any(limit.operator in {"<", "<=", "==", "~="} for limit in library.specifier)


def used_by_the_site() -> set[str]:
    """Return the libraries that the site's code imports, or that its settings name."""
    named = {name.split(".")[0] for name in (*settings.INSTALLED_APPS, *settings.MIDDLEWARE)}
    return used_by("ptpct", "registry", "risk") | libraries_of(named)


def used_by(*folders: str) -> set[str]:
    """Return the libraries that the code in folders imports."""
    trees = [ast.parse(read(str(file))) for file in files_under(*folders, ending=".py")]
    return libraries_of({name.split(".")[0] for tree in trees for name in imports_of(tree)})


def libraries_of(modules: set[str]) -> set[str]:
    """Return the installed libraries that modules come from, by their canonical names."""
    libraries = installed()
    return {canonical(library) for name in modules for library in libraries.get(name, [])}


@cache
def installed() -> Mapping[str, list[str]]:
    """Return the installed libraries by module: the lists of all their files are read for it."""
    return packages_distributions()


def imports_of(tree: ast.AST) -> set[str]:
    """Return the modules a file imports, by their whole names."""
    lines = list(ast.walk(tree))
    plain = {part.name for line in lines if isinstance(line, ast.Import) for part in line.names}
    return plain | {line.module for line in lines if isinstance(line, ast.ImportFrom)}


def installed_on_linux() -> dict[str, str]:
    """Return the locked libraries of production that Linux takes, with their versions."""
    lines = re.findall(r"^([A-Za-z0-9._-]+\S*==[^\\\n]+)", read("requirements.txt"), re.MULTILINE)
    pins = [Requirement(line.strip()) for line in lines]
    linux = {
        "sys_platform": "linux",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    taken = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(linux)]
    return {canonical(pin.name): str(pin.specifier).removeprefix("==") for pin in taken}
