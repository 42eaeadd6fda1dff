"""Running a measurement on both engines, each time with an empty database of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
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


class BrokenOffError(SystemExit):
    """A script that did not come to its end; `found` is what it had written by then."""

    def __init__(self, script: str, code: int, found: dict[str, float]) -> None:
        super().__init__(f"{script}: {code}")
        self.found = found


def measured(
    engine: str,
    script: str,
    variables: Mapping[str, str] | None = None,
    *,
    is_named: bool = False,
) -> dict[str, float]:
    """Run a script of this folder with an engine, in folders of its own; return what it found.

    The script is given the file to write its figures to as its first argument, and `variables` in
    its environment; what it prints begins with the engine where that `is_named`. Raises
    `BrokenOffError` where it does not end well, or has found nothing.
    """
    with tempfile.TemporaryDirectory(prefix="ptpct-bench-") as folder:
        found = Path(folder) / "found.json"
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PTPCT_")}
        kept.pop("DATABASE_URL", None)
        environment = kept | {"PTPCT_VAR_DIR": folder, "SHARED_BUFFERS": SHARED_BUFFERS}
        environment |= variables or {}
        command = [*ENGINES[engine], sys.executable, f"tools/{script}", str(found)]
        code = _code_of(command, environment, f"{engine}: " if is_named else "")
        told = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}
        if code or not told:
            raise BrokenOffError(script, code, told)
        return told


def _code_of(command: list[str], environment: Mapping[str, str], before: str) -> int:
    """Run a command to its end, with some words before each line it prints; return its code."""
    read = subprocess.PIPE if before else None
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=environment, stdout=read, text=True
    ) as process:
        for line in process.stdout or ():
            print(f"{before}{line}", end="", flush=True)
    return process.returncode


def keep(file: Path, found: Mapping[str, float]) -> None:
    """Write what a script has found by now to the file it was given."""
    file.write_text(json.dumps(found), encoding="utf-8")


def written(name: str, results: dict[str, float]) -> None:
    """Write the results to a file of ``out``."""
    out = ROOT / "out" / name
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def table(limits: Mapping[str, float], results: Mapping[str, float]) -> str:
    """Return lines of text: each figure that has a limit, and what it is on each engine."""
    width = max(30, *(len(name) + 2 for name in limits))
    lines = [f"{'misura':<{width}}{'limite':>11}" + "".join(f"{name:>12}" for name in ENGINES)]
    for name, limit in limits.items():
        values = (results.get(f"{name}@{engine}") for engine in ENGINES)
        told = "".join(f"{'—' if value is None else f'{value:.2f}':>12}" for value in values)
        lines.append(f"{name:<{width}}{limit:>11}{told}")
    return "\n".join(lines)


def beyond(
    limits: Mapping[str, float],
    results: Mapping[str, float],
    *,
    at_least: Mapping[str, float] | None = None,
) -> list[str]:
    """Return a sentence for each result beyond its limit; of those `at_least` below it."""
    sentences = []
    for key, value in sorted(results.items()):
        name = key.partition("@")[0]
        if name in limits and value > limits[name]:
            sentences.append(f"{key}: {value} > {limits[name]}")
        if at_least and name in at_least and value < at_least[name]:
            sentences.append(f"{key}: {value} < {at_least[name]}")
    return sentences


def judged(broken: list[str]) -> int:
    """Say which limits are broken; return the exit code."""
    for sentence in broken:
        print(f"Oltre il limite: {sentence}", file=sys.stderr)
    return 1 if broken else 0
