"""Measure what is trusted: ``bench_trust.py``; each figure is a ratio within one run.

Each figure has a script of its own, which says what it measures. Writes ``out/bench-trust.json``.
Exit code 1 when a limit of the project is broken.
"""

import sys

from bench_engines import ENGINES, beyond, judged, measured, table, written

SCRIPTS: dict[str, tuple[str, ...]] = {
    "bench_trust_drawing.py": ("sqlite",),
    "bench_trust_backup.py": tuple(ENGINES),
    "bench_trust_verify.py": tuple(ENGINES),
}
"""Each script, and the engines it is run with: a drawing asks none."""
LIMITS = {
    "worst_case_vs_plain": 2,
    "backup_vs_copy": 2,
    "restore_vs_migrate_and_copy": 3,
    "verify_ms_vs_sha256": 3,
}


def main() -> int:
    """Run every script, write the file, print the table and judge."""
    results: dict[str, float] = {}
    for script, engines in SCRIPTS.items():
        for engine in engines:
            print(f"— {engine}, {script}", flush=True)
            found = measured(engine, script)
            results |= {f"{key}@{engine}": value for key, value in found.items()}
    written("bench-trust.json", results)
    print(table(LIMITS, results))
    return judged(beyond(LIMITS, results))


if __name__ == "__main__":
    sys.exit(main())
