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

SCRIPTS: dict[str, tuple[str, ...]] = {
    "bench_growth_pages.py": tuple(ENGINES),
    "bench_growth_undo.py": tuple(ENGINES),
    "bench_growth_public.py": tuple(ENGINES),
    "bench_growth_trail.py": tuple(ENGINES),
    "bench_growth_locks.py": tuple(ENGINES),
    "bench_growth_load.py": tuple(ENGINES),
    "bench_before.py": tuple(ENGINES),
}
"""Each script, and the engines it is run with."""
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
    results: dict[str, float] = {}
    broken: list[str] = []
    for script in scripts:
        for one in SCRIPTS[script]:
            if engine in ("", one):
                print(f"— {one}, {script}", flush=True)
                began = time.monotonic()
                try:
                    found = measured(one, script, {"ONLY": figures})
                except BrokenOffError as error:
                    found = error.found
                    broken.append(f"{one}, {error}")
                print(f"  {time.monotonic() - began:.0f} s", flush=True)
                results |= {f"{key}@{one}": value for key, value in found.items()}
                # as soon as it is there: the whole takes long
                written(FILE, (_known() if only or engine else {}) | results)
    print(table(LIMITS | AT_LEAST, results))
    for sentence in broken:
        print(f"Non arrivato in fondo: {sentence}", file=sys.stderr)
    return judged(beyond(LIMITS, results, at_least=AT_LEAST)) or bool(broken)


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
