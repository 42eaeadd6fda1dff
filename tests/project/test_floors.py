"""The floors of the risk room speak the words of its services, and no others."""

import re
import tomllib

import pytest

from tests.project.files import project_files, read

ROOMS = next(
    contract["layers"]
    for contract in tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    if contract.get("containers") == ["risk.services"]
)
SUBJECTS = {word for layer in ROOMS for word in re.findall(r"\w+", layer)}
"""The rooms of `risk/services/`, as their order in pyproject.toml names them."""

FLOORS = {
    "risk/views": set(),
    "risk/urls": {"converters"},
    "risk/forms": set(),
    "risk/tasks": {"parts"},
    # what is drawn on paper has its own room of templates and of tests
    "templates/risk": {"paper"},
    "risk/static/risk": {"paper", "grid"},
    "tests/risk": {"admin", "conftest", "content", "formatted", "paper", "scoring", "stories"}
    | {"test_administrations", "test_guards"},
}
"""Each floor, and the few names on it that are no subject."""


def names_on(floor: str) -> set[str]:
    """Return the names a floor has: of its modules and folders, of a style its first word."""
    depth = floor.count("/") + 1
    parts = {name.parts[depth] for name in project_files() if str(name).startswith(f"{floor}/")} - {
        "__init__.py"
    }
    return {re.split(r"[.-]", part)[0] for part in parts}


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_speaks_the_words_of_the_services(floor):
    assert names_on(floor) - SUBJECTS == FLOORS[floor]


def test_every_room_of_the_services_is_a_subject():
    assert names_on("risk/services") == SUBJECTS
