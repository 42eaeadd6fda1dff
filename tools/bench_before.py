"""Compare this version with an earlier one on the same data: ``bench_before.py [FILE]``.

The earlier one is commit 2799581, in a worktree of its own with a virtual environment made from
*its* lock file, both under ``out/before/`` and kept: the first time takes minutes, and the history
of the repository must be there. Each version runs in a process of its own that lives throughout
(``bench_before_speaker.py``), makes the same body from the same seed, keeps states of it as whole
copies of the database, and is then asked for each figure in turns (before, now, before, now), so
that both meet the same noise.

A figure is the best of ``ROUNDS`` turns of this version ÷ the best of the other, in seconds of
processor, the database's server included. Beside the ratio stand the seconds, and the spread:
how much longer the worst turn took than the best. ``ONLY=changes,missing`` in the environment asks
for the figures that have one of these words in their name. A figure that cannot be had leaves the
others alone, and ends the command with 1. With FILE it measures with the engine of
``DATABASE_URL`` and writes the figures there; without, both engines, and ``out/bench-before.json``.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from bench_before_checkout import Checkout, prepared
from bench_engines import ENGINES, ROOT, keep, measured, written

ROUNDS = 2
COMPARED = {
    "A300": {
        "approve_one": ("approve_one_vs_before", "processor"),
        "approve_annex": ("approve_annex_vs_before", "processor"),
        "issue": ("issue_in_transaction_vs_before", "held"),
        "changes_page": ("changes_page_vs_before", "processor"),
        "missing": ("missing_vs_before", "processor"),
        "steps_page": ("steps_page_vs_before", "processor"),
    },
    "A80": {"adopt": ("adopt_vs_before", "processor")},
}
"""By body what is done, the figure it gives and which of its costs counts."""
DESK = {
    "A28": {
        "map": ("map_ms_vs_before", "processor"),
        "save": ("save_ms_vs_before", "processor"),
    },
}
"""The same of the pages of the daily work, in their stead with ``COMPARE=desk``."""
COUNTED = {"adopt": "adopt_80_queries"}
"""Of what the statements of this version are a figure, and which."""
BYTES = "edition_bytes_vs_before"


class NoFigureError(Exception):
    """A version could not do what it was asked; the words say which, and why."""


class Version:
    """One version at work, in a process that waits for what it is told."""

    def __init__(self, name: str, checkout: Checkout, folder: Path) -> None:
        self.name = name
        var = folder / name
        var.mkdir(parents=True, exist_ok=True)
        place = {"PTPCT_VAR_DIR": str(var)}
        if server := os.environ.get("DATABASE_URL"):
            place["DATABASE_URL"] = database(server, name)
        self.process = subprocess.Popen(  # noqa: S603
            [checkout.python, str(ROOT / "tools" / "bench_before_speaker.py"), name],
            cwd=checkout.folder,
            env=os.environ | place,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, **command: Any) -> None:
        """Give the process a command."""
        assert self.process.stdin is not None  # noqa: S101 - what Popen was asked for
        print(json.dumps(command), file=self.process.stdin, flush=True)

    def answer(self) -> dict[str, Any]:
        """Return what it says to the last command."""
        assert self.process.stdout is not None  # noqa: S101 - what Popen was asked for
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: {self.process.wait()}")
        return json.loads(line)

    def ask(self, **command: Any) -> dict[str, Any]:
        """Give a command and return the answer; raises `NoFigureError` for an error."""
        self.tell(**command)
        return self.well(self.answer())

    def well(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return an answer that tells no error, else raise `NoFigureError`."""
        if "error" in answer:
            raise NoFigureError(f"{self.name}: {answer['error']}")
        return answer

    def end(self) -> None:
        """Let the process end."""
        self.process.terminate()
        self.process.wait()


def database(server: str, name: str) -> str:
    """Make a database of PostgreSQL for a version; return its address."""
    with psycopg.connect(server, autocommit=True) as opened:
        opened.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


def compared(versions: tuple[Version, Version]) -> Iterator[dict[str, float] | None]:
    """Yield the figures one after the other, None for what could not be had.

    `versions` are before and now.
    """
    is_of_desk = os.environ.get("COMPARE") == "desk"
    for body, figures in (DESK if is_of_desk else COMPARED).items():
        chosen = {does: row for does, row in figures.items() if is_asked(row[0])}
        if not chosen:
            continue
        yield (made := tried(make, versions, body))
        for does, (figure, cost) in chosen.items() if made is not None else ():
            yield tried(in_turns, versions, does, figure, cost)
    if not is_of_desk and is_asked(BYTES):
        yield tried(stored_bytes, versions)


def tried(find: Callable[..., dict[str, float]], *arguments: Any) -> dict[str, float] | None:
    """Return what is found, or None, having said why there is nothing."""
    try:
        return find(*arguments)
    except NoFigureError as error:
        print(f"  {error}", file=sys.stderr, flush=True)
        return None


def is_asked(figure: str) -> bool:
    """Tell whether a figure has one of the words of ``ONLY``, parted by commas."""
    return any(word in figure for word in os.environ.get("ONLY", "").split(","))


def both(versions: tuple[Version, Version], **command: Any) -> list[dict[str, Any]]:
    """Let both versions do the same at the same time; return what they say."""
    for version in versions:
        version.tell(**command)
    answers = [version.answer() for version in versions]
    return [one.well(answer) for one, answer in zip(versions, answers, strict=True)]


def make(versions: tuple[Version, Version], body: str) -> dict[str, float]:
    """Let both versions make a body; there is no figure where they do not say the same."""
    if len({answer["mark"] for answer in both(versions, do="make", body=body)}) > 1:
        raise NoFigureError(f"{body}: le due versioni non hanno lo stesso contenuto")
    return {}


def stored_bytes(versions: tuple[Version, Version]) -> dict[str, float]:
    """Let both versions make three editions; return the ratio of what their databases grew by."""
    before, now = (answer["bytes"] for answer in both(versions, do="bytes"))
    told(BYTES, ratio := now / before, f"{before / 1e6:.1f} → {now / 1e6:.1f} MB")
    return {BYTES: round(ratio, 3)}


def in_turns(
    versions: tuple[Version, Version], does: str, figure: str, cost: str
) -> dict[str, float]:
    """Do one thing in turns; return its ratio, its seconds in both, and its statements."""
    turns: list[list[dict[str, Any]]] = [[], []]
    for _turn in range(ROUNDS):
        for version, costs in zip(versions, turns, strict=True):
            costs.append(version.ask(do="time", figure=does))
    before, now = (sorted(one[cost] for one in costs) for costs in turns)
    spread = max(row[-1] / row[0] - 1 for row in (before, now))
    ratio = now[0] / before[0]
    told(figure, ratio, f"{before[0]:.3f} → {now[0]:.3f} s, scarto {spread:.0%}")
    statements = [min(one["statements"] for one in costs) for costs in turns]
    name = figure.removesuffix("_vs_before")
    found = {
        figure: round(ratio, 3),
        f"{name}_s_before": round(before[0], 4),
        f"{name}_s": round(now[0], 4),
        f"{name}_spread": round(spread, 2),
        f"{name}_statements_before": statements[0],
        f"{name}_statements": statements[1],
    }
    if does in COUNTED:
        found[COUNTED[does]] = statements[1]
    return found


def told(figure: str, ratio: float, beside: str) -> None:
    """Print one figure as soon as it is there."""
    print(f"  {figure:<34}{ratio:>8.3f}  {beside}", flush=True)


def kept(figures: Iterator[dict[str, float] | None], file: Path) -> int:
    """Write to a file each figure as soon as it is there; return 1 where one could not be had."""
    found: dict[str, float] = {}
    missing = 0
    for figure in figures:
        found |= figure or {}
        missing |= figure is None
        keep(file, found)
    return missing


def main() -> int:
    """Measure with one engine, or with each."""
    before = prepared()
    if len(sys.argv) > 1:
        folder = Path(os.environ["PTPCT_VAR_DIR"])
        here = Checkout(ROOT, sys.executable)
        versions = (Version("before", before, folder), Version("now", here, folder))
        try:
            return kept(compared(versions), Path(sys.argv[1]))
        finally:
            for version in versions:
                version.end()
    results: dict[str, float] = {}
    for engine in ENGINES:
        print(f"— {engine}", flush=True)
        found = measured(engine, "bench_before.py")
        results |= {f"{key}@{engine}": value for key, value in found.items()}
    written("bench-before.json", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
