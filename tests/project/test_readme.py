"""The README says two commands and a map of the house."""

import re

from tests.project.files import project_files, read


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
