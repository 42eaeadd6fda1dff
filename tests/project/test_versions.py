"""One version everywhere, and a change log by versions that can be found in the history."""

import re
import subprocess
import tomllib
from datetime import date
from itertools import pairwise

import pytest
import yaml

from tests.project.files import ROOT, read

FIRST_COMMIT = "2524eb4"
"""Where the history is whole it begins here; a copy without it knows none of the commits."""
HEAD = re.compile(r"(?P<number>\d+\.\d+\.\d+) – (?P<day>\d{4}-\d\d-\d\d)(?: \((?P<commit>\w+)\))?")
COMMIT = re.compile(r"[0-9a-f]{7}")
KINDS = ["Added", "Changed", "Fixed", "Upgrading"]


def sections() -> list[str]:
    """Return the sections of the change log, newest first, each without its two hashes."""
    return re.split(r"^## ", read("CHANGELOG.md"), flags=re.MULTILINE)[1:]


def versions() -> list[re.Match]:
    """Return number, day and commit of each version, newest first."""
    return [HEAD.fullmatch(section.splitlines()[0]) for section in sections()]


def git(*arguments: str) -> str:
    """Return what a command of git writes; it ends the test when git refuses."""
    result = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return result.stdout.strip()


def commits_to_look_up() -> list[tuple[str, str]]:
    """Return commit and day of each version but the newest; none where the history is not whole.

    Of a copy without it only the form of the commits can be told.
    """
    if not git("rev-list", "--max-parents=0", "HEAD").startswith(FIRST_COMMIT):
        return []
    return [(found["commit"], found["day"]) for found in versions()[1:]]


def test_every_head_of_the_change_log_is_a_version():
    assert [s.splitlines()[0] for s in sections() if not HEAD.fullmatch(s.splitlines()[0])] == []


def test_versions_fall_and_so_do_their_days():
    numbers = [tuple(map(int, found["number"].split("."))) for found in versions()]
    days = [date.fromisoformat(found["day"]) for found in versions()]

    assert numbers == sorted(set(numbers), reverse=True)
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.split()[0])
def test_changes_stand_under_their_kind(section):
    parts = re.split(r"^### (.+)\n", section, flags=re.MULTILINE)
    preface, kinds, texts = parts[0], parts[1::2], parts[2::2]

    assert preface.splitlines()[1:] == [""]
    assert kinds == [kind for kind in KINDS if kind in kinds]
    assert all(text.startswith("\n- ") for text in texts)


def test_the_version_is_the_same_everywhere():
    publiccode = yaml.safe_load(read("publiccode.yml"))
    newest = versions()[0]

    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == newest["number"]
    assert publiccode["softwareVersion"] == newest["number"]
    assert publiccode["releaseDate"] == newest["day"]


def test_every_version_but_the_newest_names_its_commit():
    newest, *earlier = versions()

    assert newest["commit"] is None
    assert [
        found["number"] for found in earlier if not COMMIT.fullmatch(found["commit"] or "")
    ] == []


def test_each_commit_is_in_the_history_after_the_one_before():
    commits = ["HEAD", *(commit for commit, _day in commits_to_look_up())]

    for later, earlier in pairwise(commits):
        assert git("merge-base", earlier, later).startswith(earlier), (earlier, later)


def test_each_commit_is_of_the_day_of_its_version():
    told = commits_to_look_up()

    assert [(commit, git("log", "-1", "--format=%cs", commit)) for commit, _day in told] == told
