"""The picture of the house shows the floors and rooms of the contracts, in their order."""

import re
import tomllib
from itertools import pairwise
from xml.etree import ElementTree as ET

from tests.project.files import read

PICTURE = "docs/pictures/architecture.svg"
TEXT = "{http://www.w3.org/2000/svg}text"


def contracts() -> dict[str, dict]:
    """Return the import contracts by their names."""
    listed = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    return {one["name"]: one for one in listed}


def layers(name: str) -> list[list[str]]:
    """Return the layers of an import contract, the highest first, each with its rooms."""
    return [re.findall(r"\w+", layer) for layer in contracts()[name]["layers"]]


def words(css_class: str | None = None) -> list[str]:
    """Return the words of the picture as they stand, of one class of texts or of all."""
    # S314: the picture is a file of ours
    texts = ET.fromstring(read(PICTURE)).iter(TEXT)  # noqa: S314
    told = (one.text or "" for one in texts if css_class in (None, one.get("class")))
    return [word for text in told for word in re.findall(r"\w+", text)]


def test_every_floor_stands_in_the_picture_above_those_it_may_use():
    floors, shown = layers("floors inside each app"), words("floor")

    assert [room for floor in floors for room in floor if room not in words()] == ["apps"]
    places = [[shown.index(room) for room in floor if room in shown] for floor in floors]
    places = [floor for floor in places if floor]
    assert all(max(upper) < min(lower) for upper, lower in pairwise(places))


def test_the_rooms_of_the_services_stand_in_their_order():
    rooms = layers("an order between the rooms of the risk services")

    assert words("room") == [room for layer in rooms for room in layer]


def test_the_page_lists_every_contract():
    part = read("docs/architecture.md").partition("## Who may import whom")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| (.+?) \|", part, re.MULTILINE)

    assert listed[1:] == list(contracts())
