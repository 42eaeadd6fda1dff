"""Measure what an annex of 300 processes and of 1,000 costs: ``bench_paper_long.py``, an hour.

Its figures are those of ``bench_paper_annex.py`` and of ``bench_paper_linear.py``. Writes
``out/bench-paper-long.json``. Exit code 1 when a limit of the project is broken.
"""

import sys

from bench_engines import beyond, judged, measured, table, written

LIMITS = {
    "m_cold_vs_chromium": 3.3,
    "m_cold_wall_vs_chromium": 2.4,
    "m_one_edit_vs_chromium": 0.28,
    "m_ready_vs_chromium": 0.12,
    "m_unchanged_vs_chromium": 0.03,
    "seconds_per_process_1000_vs_28": 1.15,
}


def main() -> int:
    """Run the scripts, write the file, print the table and judge."""
    found = measured("sqlite", "bench_paper_annex.py", {"PROFILE": "A300"})
    found |= measured("sqlite", "bench_paper_linear.py")
    results = {f"{key}@sqlite": value for key, value in found.items()}
    written("bench-paper-long.json", results)
    print(table(LIMITS, results))
    return judged(beyond(LIMITS, results))


if __name__ == "__main__":
    sys.exit(main())
