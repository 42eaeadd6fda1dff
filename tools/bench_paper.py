"""Measure what paper costs: ``bench_paper.py``; each figure is a ratio within one run, but memory.

Each figure has a script of its own, which says what it measures. Writes ``out/bench-paper.json``.
Those of an annex of 300 processes take long, and are those of ``bench_paper_long.py``.
Exit code 1 when a limit of the project is broken.
"""

import sys

from bench_engines import beyond, judged, measured, table, written

SCRIPTS = (
    "bench_paper_annex.py",
    "bench_paper_less.py",
    "bench_paper_demo.py",
    "bench_paper_join.py",
)
"""Run with SQLite: a drawing asks no engine."""
LIMITS = {
    "s_cold_vs_chromium": 3.3,
    "s_cold_wall_vs_chromium": 2.6,
    "s_one_edit_vs_chromium": 1.2,
    "s_ready_vs_chromium": 0.35,
    "s_unchanged_vs_chromium": 0.25,
    "worker_peak_mb": 280,
    "s_less_printing": 0.6,
    "gare_vs_chromium": 1.6,
    "plan_join_vs_chromium": 0.10,
    "join_peak_mb": 600,
}


def main() -> int:
    """Run every script, write the file, print the table and judge."""
    results: dict[str, float] = {}
    for script in SCRIPTS:
        print(f"— {script}", flush=True)
        results |= {f"{key}@sqlite": value for key, value in measured("sqlite", script).items()}
    written("bench-paper.json", results)
    print(table(LIMITS, results))
    return judged(beyond(LIMITS, results))


if __name__ == "__main__":
    sys.exit(main())
