"""Make what an upgrade begins from: ``keep_before.py [FILE]``, a database as an earlier version.

Commit 2799581 (``bench_before_checkout.py``) makes two invented bodies and works in them by its own
services (``keep_before_speaker.py``). FILE (``tests/project/before.xz``) gets the rows of all
its tables as SQLite has them, and what that version says of them: what the migrations of today
bring to this version in `tests/project/test_migrations.py`.

Run by itself, and seldom: what that version does changes no more. It takes some minutes.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_before_checkout import ROOT, prepared

KEPT = ROOT / "tests" / "project" / "before.xz"


def main() -> int:
    """Let the earlier version write FILE, in a folder that is thrown away."""
    file = Path(sys.argv[1]) if sys.argv[1:] else KEPT
    checkout = prepared()
    with tempfile.TemporaryDirectory(prefix="ptpct-before-") as folder:
        speaker = str(ROOT / "tools" / "keep_before_speaker.py")
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PTPCT_")}
        kept.pop("DATABASE_URL", None)
        return subprocess.run(  # noqa: S603
            [checkout.python, speaker, str(file.resolve())],
            cwd=checkout.folder,
            env=kept | {"PTPCT_VAR_DIR": folder},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
