"""The guides show the pictures that `make pictures` takes, described for who cannot see them."""

import ast
import re

import pytest

from tests.project.files import ROOT, files_under, project_files, read

IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
LARGEST = 150_000


def guides():
    return [name for name in project_files() if name.suffix == ".md"]


def images(name):
    """Return the alternative texts and the files, as paths of the project, of a document."""
    return [
        (" ".join(text.split()), (ROOT / name.parent / file).resolve().relative_to(ROOT))
        for text, file in IMAGE.findall(read(name))
    ]


def pictures_taken():
    """Return the names in the two lists of the script, read without running it."""
    lists = {
        target.id: node.value.elts
        for node in ast.parse(read("tools/pictures.py")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    shots = [call.args[0].value for call in lists["SHOTS"]]
    return {*shots, *(pair.elts[0].value for pair in lists["SHEETS"])}


def test_the_script_takes_every_picture_kept():
    kept = {name.stem for name in files_under("docs", ending=".png")}

    assert kept == pictures_taken()


def test_every_picture_is_shown_somewhere():
    shown = {file for name in guides() for _text, file in images(name)}

    assert set(files_under("docs", ending=".png")) <= shown


@pytest.mark.parametrize("name", [name for name in guides() if images(name)], ids=str)
def test_every_picture_is_described(name):
    assert [str(file) for text, file in images(name) if len(text) < 30] == []


@pytest.mark.parametrize("name", files_under("docs", ending=".png"), ids=str)
def test_no_picture_is_heavy(name):
    assert (ROOT / name).stat().st_size <= LARGEST
