"""The README says two commands, a map of the house and links that lead somewhere."""

import re

import pytest

from tests.project.house import ROOT, project_files, read

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_readme_names_exactly_two_commands():
    blocks = re.findall(r"^```(?:sh|bash|console|shell)\n(.*?)^```", read("README.md"), re.S | re.M)
    commands = [line.split("#")[0].strip() for line in "".join(blocks).splitlines()]

    assert [command for command in commands if command] == ["make demo", "make test"]


def test_the_map_names_every_room_of_the_house():
    rooms = {
        name.parts[0]
        for name in project_files()
        if len(name.parts) > 1 and not name.parts[0].startswith(".")
    }
    readme = read("README.md")

    assert sorted(room for room in rooms if f"{room}/" not in readme) == []


def documents():
    return [name for name in project_files() if name.suffix == ".md"]


@pytest.mark.parametrize("name", documents(), ids=str)
def test_every_link_inside_the_project_leads_somewhere(name):
    links = [link for link in LINK.findall(read(name)) if "://" not in link]

    assert [link for link in links if not (ROOT / name.parent / link).exists()] == []
