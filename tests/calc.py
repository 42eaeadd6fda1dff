"""LibreOffice Calc, a real program of the people who send files: it opens ours and writes its own.

It is a tool of the tests, which `tools/test.sh` installs; without it they fail rather than skip.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path


def converted(files: Mapping[str, bytes], to: str) -> dict[str, bytes]:
    """Have Calc open `files` (name → content) and save them all as `to` ("ods", "xlsx", "pdf").

    The answer has the new names. One start of the program for all of them, in a profile of its own,
    because two programs that share one profile wait for each other.

    Raises:
        AssertionError: when the program is missing or does not write a file for each.
    """
    program = shutil.which("soffice")
    assert program, "Manca LibreOffice Calc: apt-get install libreoffice-calc-nogui"
    with tempfile.TemporaryDirectory() as folder:
        home, given, written = (Path(folder, name) for name in ("home", "in", "out"))
        for path in (home, given, written):
            path.mkdir()
        for name, content in files.items():
            (given / name).write_bytes(content)
        ended = subprocess.run(  # noqa: S603 - our own files, a program found by name
            [
                program,
                "--headless",
                "--norestore",
                f"-env:UserInstallation={home.as_uri()}",
                "--convert-to",
                to,
                "--outdir",
                str(written),
                *(str(given / name) for name in files),
            ],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        found = {path.name: path.read_bytes() for path in written.iterdir()}
    assert len(found) == len(files), f"{sorted(found)}: {ended.stdout} {ended.stderr}"
    return found
