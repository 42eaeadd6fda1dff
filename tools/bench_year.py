"""Measure what one edition of a plan owes the one before: ``bench_year.py``.

On both engines, each time in a new database, with a plan of 1,000 processes (6,000 phases, 15,000
actions, 4,000 behaviours, 8,000 measures) in 80 offices; writes ``out/bench-year.json``. Exit code
1 when a limit of the project is broken. ``ENGINE=sqlite`` measures one alone.

``copy_vs_insert`` is the processor time of copying that plan, histories and trail included, ÷ that
of inserting the rows it makes, histories and trail left out, by statements of 500 rows whose values
lie ready. ``copy_queries`` are the statements of that copy, of however many rows a statement is.
``compare_queries``, ``compare_vs_read`` and ``compare_peak_mb``: see ``bench_year_compare.py``.
``reconfirm_block_queries`` are the statements of confirming 900 of 1,000 processes in one act.
A round of monitoring over 8,100 measures of 300 offices (``round_…``, ``board_…``, ``answer…``,
``mailbox_…``): see ``bench_year_rounds.py``. Its public report (``report_…``), which asks no
database and is drawn once for both engines: see ``bench_year_report.py``.
"""

import os
import sys

from bench_engines import ENGINES, beyond, judged, measured, table, written

SCRIPTS = (
    "bench_year_copy.py",
    "bench_year_compare.py",
    "bench_year_reconfirm.py",
    "bench_year_rounds.py",
)
WITHOUT_DATABASE = "bench_year_report.py"
LIMITS: dict[str, float] = {
    "copy_vs_insert": 3,
    "copy_queries": 200,
    "compare_queries": 40,
    "compare_vs_read": 4,
    "compare_peak_mb": 300,
    "reconfirm_block_queries": 40,
    "round_open_queries": 60,
    "board_queries": 12,
    "answers_page_queries": 12,
    "answer_save_queries": 15,
    "mailbox_vs_one": 0.5,
    "report_cold_vs_chromium": 3.3,
    "report_unchanged_vs_chromium": 0.25,
}


def main() -> int:
    """Measure on every engine, write the file, print the table and judge."""
    results: dict[str, float] = {}
    engines = [os.environ["ENGINE"]] if "ENGINE" in os.environ else list(ENGINES)
    for engine in engines:
        for script in SCRIPTS:
            print(f"— {engine}, {script}", flush=True)
            found = measured(engine, script)
            results |= {f"{key}@{engine}": value for key, value in found.items()}
    print(f"— {WITHOUT_DATABASE}", flush=True)
    drawn = measured(engines[0], WITHOUT_DATABASE)
    results |= {f"{key}@{engine}": value for key, value in drawn.items() for engine in engines}
    written("bench-year.json", results)
    print(table(LIMITS, results))
    return judged(beyond(LIMITS, results))


if __name__ == "__main__":
    sys.exit(main())
