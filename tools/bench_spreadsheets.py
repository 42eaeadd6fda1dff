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

from bench_engines import ENGINES, judged, measured, written

SCRIPTS = ("bench_spreadsheets_import.py", "bench_spreadsheets_export.py")
LIMITS = {
    "read_vs_openpyxl": 1.5,
    "dry_run_vs_openpyxl": 3,
    "commit_vs_openpyxl": 6,
    "commit_catalogue_vs_openpyxl": 6,
    "unchanged_vs_openpyxl": 3,
    "import_queries_per_1000_rows": 40,
    "import_peak_mb": 400,
    "export_vs_xlsxwriter": 2,
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
    print(f"{'misura':<30}{'al massimo':>11}" + "".join(f"{engine:>12}" for engine in ENGINES))
    for name, limit in LIMITS.items():
        values = "".join(f"{results[f'{name}@{engine}']:>12.2f}" for engine in ENGINES)
        print(f"{name:<30}{limit:>11}{values}")
    return judged(
        [
            f"{key}: {value} > {LIMITS[name]}"
            for key, value in sorted(results.items())
            if (name := key.partition("@")[0]) in LIMITS and value > LIMITS[name]
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
