"""The libraries are locked with hashes, without the address of any index, one reason each."""

import re

import pytest

from tests.project.files import read

LOCKED = ("requirements.txt", "requirements-dev.txt")


def locked(name: str) -> dict[str, str]:
    """Return the locked libraries of a file with their versions."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", read(name), re.MULTILINE)
    return {library.lower(): version for library, version in found}


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


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_library_asked_for_has_its_reason(name):
    lines = [line for line in read(name).splitlines() if line and not line.startswith(("#", "-"))]

    assert lines
    assert [line for line in lines if not re.search(r"\S\s+# \w+", line)] == []


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_library_asked_for_is_locked(name):
    asked = re.findall(r"^([A-Za-z0-9._-]+)", read(name), re.MULTILINE)
    names = {library.lower() for library in asked if not library.startswith("-")}

    assert names <= set(locked("requirements-dev.txt"))
