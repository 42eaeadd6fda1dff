"""The import contract holds: who may know whom is written in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

from tests.project.files import ROOT


def test_no_room_imports_upwards():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr
