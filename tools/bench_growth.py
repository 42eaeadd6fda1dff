"""Measure what may not grow with an annex, a body, its people: ``bench_growth.py``.

Each figure has a script, which says what it measures; those that end in ``_vs_before`` compare with
an earlier version on the same data (``bench_before.py``). Writes ``out/bench-growth.json``. Exit
code 1 when a limit of the project is broken, or a script breaks off: the others are run all the
same, and what it had found by then is kept. A figure that is not there is told as missing.

``ONLY=words``, parted by commas, runs the scripts whose name has one; where none has, it asks
``bench_before.py`` for the figures whose name has one. ``ENGINE=sqlite`` leaves the other out. What
is measured so is put into the file that is there.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench_before_checkout import prepared
from bench_engines import (
    ENGINES,
    ROOT,
    BrokenOffError,
    beyond,
    judged,
    measured,
    table,
    written,
)

SCRIPTS = (
    "bench_growth_load.py",
    "bench_growth_locks.py",
    "bench_growth_public.py",
    "bench_growth_pages.py",
    "bench_before.py",
    "bench_growth_undo.py",
    "bench_growth_trail.py",
)
"""All scripts, each run with both engines; first those that want a machine with no other work."""
ALONE = {"bench_growth_locks.py", "bench_growth_load.py", "bench_growth_public.py"}
"""Those that measure how long somebody waits, or what is very quick: one engine after the other.

The others count bytes, or seconds of one process at a time: both engines at once, on two cores.
"""
TO_BEFORE = {"bench_before.py", "bench_growth_load.py"}
"""Those that compare with the earlier version."""
LIMITS = {
    "approve_one_vs_before": 0.05,
    "approve_annex_vs_before": 0.12,
    "issue_in_transaction_vs_before": 0.03,
    "changes_page_vs_before": 0.1,
    "missing_vs_before": 0.1,
    "steps_page_vs_before": 0.1,
    "annex_page_kb": 500,
    "plan_page_kb": 120,
    "map_kb": 120,
    "sheet_kb": 120,
    "page_300_vs_28": 1.5,
    "adopt_80_queries": 150,
    "adopt_vs_before": 0.1,
    "lock_wait_share_8_bodies": 0.03,
    "readers_p95_with_8_stuck_writers_vs_none": 1.5,
    "undo_vs_take": 1.5,
    "public_csv_vs_static": 2,
    "verify_trail_peak_mb": 150,
    "people_150_p95_vs_10": 5,
    "edition_bytes_vs_before": 0.45,
}
AT_LEAST = {"requests_per_cpu_s_vs_before": 2}
"""Of what more is better."""
FILE = "bench-growth.json"


def main() -> int:
    """Run every script asked for, write the file, print the table and judge."""
    only, engine = os.environ.get("ONLY", ""), os.environ.get("ENGINE", "")
    scripts, figures = chosen(only)
    engines = [one for one in ENGINES if engine in ("", one)]
    if TO_BEFORE & set(scripts):
        make_ready()
    results: dict[str, float] = {}
    broken: list[str] = []
    for script in scripts:
        for at_once in [[one] for one in engines] if script in ALONE else [engines]:
            found, why = found_by(script, at_once, figures)
            results |= found
            broken += why
            # as soon as it is there: the whole takes long
            written(FILE, (_known() if only or engine else {}) | results)
    print(table(LIMITS | AT_LEAST, results))
    for sentence in broken:
        print(f"Non arrivato in fondo: {sentence}", file=sys.stderr)
    return judged(beyond(LIMITS, results, at_least=AT_LEAST)) or bool(broken)


def make_ready() -> None:
    """Make the earlier version once, not by two scripts at the same time; say why it cannot be."""
    try:
        prepared()
    except SystemExit as error:
        print(error, file=sys.stderr)


def found_by(script: str, engines: list[str], only: str) -> tuple[dict[str, float], list[str]]:
    """Return what a script finds with some engines at once, and why it broke off, if it did."""
    print(f"— {', '.join(engines)}: {script}", flush=True)
    began, broken = time.monotonic(), []

    def one(engine: str) -> dict[str, float]:
        try:
            return measured(engine, script, {"ONLY": only}, is_named=len(engines) > 1)
        except BrokenOffError as error:
            broken.append(f"{engine}, {error}")
            return error.found

    with ThreadPoolExecutor() as pool:
        found = dict(zip(engines, pool.map(one, engines), strict=True))
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    results = {f"{key}@{name}": value for name, row in found.items() for key, value in row.items()}
    return results, broken


def chosen(only: str) -> tuple[list[str], str]:
    """Return the scripts that some words ask for, and the words that choose among figures."""
    words = only.split(",")
    scripts = [name for name in SCRIPTS if any(word in name for word in words)]
    return (scripts, "") if scripts else (["bench_before.py"], only)


def _known() -> dict[str, float]:
    """Return the figures that stand in the file, none where there is none."""
    file = ROOT / "out" / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
