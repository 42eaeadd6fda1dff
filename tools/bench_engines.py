"""Running a measurement on both engines, each time with an empty database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENGINES: dict[str, list[str]] = {
    "sqlite": [],
    "postgresql": [sys.executable, "tools/with_postgresql.py"],
}
"""What stands before the command, by engine."""
SHARED_BUFFERS = "512MB"
"""Of PostgreSQL, as docs/deployment.md asks for: with its own 128 MB, which are for the smallest
machines, it writes its memory to disk in the middle of an import."""


def measured(engine: str, script: str) -> dict[str, float]:
    """Run a script of this folder with an engine, in folders of its own; return what it found.

    The script is given the file to write its figures to as its first argument.
    """
    with tempfile.TemporaryDirectory(prefix="ptpct-bench-") as folder:
        found = Path(folder) / "found.json"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PTPCT_")}
        kept.pop("DATABASE_URL", None)
        environment = kept | {"PTPCT_VAR_DIR": folder, "SHARED_BUFFERS": SHARED_BUFFERS}
        command = [*ENGINES[engine], sys.executable, f"tools/{script}", str(found)]
        ended = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603
        if not found.exists():
            raise SystemExit(f"{script}: {ended.returncode}")
        return json.loads(found.read_text(encoding="utf-8"))


def written(name: str, results: dict[str, float]) -> None:
    """Write the results to a file of ``out``."""
    out = ROOT / "out" / name
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def judged(broken: list[str]) -> int:
    """Say which limits are broken; return the exit code."""
    for sentence in broken:
        print(f"Oltre il limite: {sentence}", file=sys.stderr)
    return 1 if broken else 0
