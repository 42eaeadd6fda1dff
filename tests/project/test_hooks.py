"""The hook that contributors switch on checks what is committed, and only what it concerns."""

import shutil
import subprocess
import sys

import pytest

from tests.project.files import ROOT

PARTS = (".githooks/pre-commit", "tools/lint.sh", "tools/machine.sh", "pyproject.toml")
PERSON = ("-c", "user.name=Prova", "-c", "user.email=prova@esempio.it")


@pytest.fixture
def checkout(tmp_path):
    """A checkout with the hook switched on and what it calls."""
    for name in PARTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "templates").mkdir()
    for arguments in (["init", "--quiet"], ["config", "core.hooksPath", ".githooks"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def commit(folder, name: str, text: str) -> subprocess.CompletedProcess:
    """Write a file and commit it alone."""
    (folder / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", name], cwd=folder, check=True)
    command = ["git", *PERSON, "commit", "--message", "Prova"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "text", "check"),
    [
        ("templates/a.html", "<p>{{name }}</p>\n", "djlint"),
        ("a.py", "import os\n", "ruff"),
    ],
)
def test_what_a_check_refuses_is_not_committed(checkout, name, text, check):
    result = commit(checkout, name, text)

    assert result.returncode != 0
    assert f"Controlli falliti: {check}" in result.stderr


def test_what_no_check_concerns_is_committed(checkout):
    result = commit(checkout, "README.md", "# Prova\n")

    assert result.returncode == 0, result.stderr
    assert "—" not in result.stdout + result.stderr
