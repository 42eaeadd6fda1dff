"""Measure the spreadsheets on both engines: ``bench_spreadsheets.py``.

Takes a register of 15,000 rows in and writes one out, in new databases, beside what plain libraries
need for the same file, and writes ``out/bench-spreadsheets.json``. Exit code 1 when a limit of the
project is broken.

The 15,000 rows are those of the file, one phase each, in 20 offices and 3,000 processes. Taking
them in makes 71,500 rows of the register (phases, behaviours, what these cover, what measures
reach, judgements) and as many of history: ``commit_vs_openpyxl`` has the time of them all, the
server's included, and the preview that is made again before anything is written.
``commit_catalogue_vs_openpyxl`` is the same for a list of 15,000 processes, one row of the register
for each of the file.
"""

import sys

from bench_engines import ENGINES, beyond, judged, measured, table, written

SCRIPTS = ("bench_spreadsheets_import.py", "bench_spreadsheets_export.py")
LIMITS = {
    "read_vs_openpyxl": 1.5,
    "dry_run_vs_openpyxl": 2.2,
    "commit_vs_openpyxl": 3.5,
    "commit_catalogue_vs_openpyxl": 6,
    "unchanged_vs_openpyxl": 2.0,
    "import_queries_per_1000_rows": 40,
    "import_peak_mb": 250,
    "export_vs_xlsxwriter": 1.4,
    "export_peak_mb": 300,
}


def main() -> int:
    """Measure on every engine, write the file, print the table and judge."""
    results: dict[str, float] = {}
    for engine in ENGINES:
        for script in SCRIPTS:
            print(f"— {engine}, {script}", flush=True)
            found = measured(engine, script)
            results |= {f"{key}@{engine}": value for key, value in found.items()}
    written("bench-spreadsheets.json", results)
    print(table(LIMITS, results))
    return judged(beyond(LIMITS, results))


if __name__ == "__main__":
    sys.exit(main())
