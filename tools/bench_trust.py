"""Measure what is trusted: ``bench_trust.py``; each figure is a ratio within one run.

Each figure has a script of its own, which says what it measures. Writes ``out/bench-trust.json``.
Exit code 1 when a limit of the project is broken.
"""

import sys

from bench_engines import ENGINES, judged, measured, written

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
    print(f"{'misura':<30}{'al massimo':>11}" + "".join(f"{engine:>12}" for engine in ENGINES))
    for name, limit in LIMITS.items():
        values = (results.get(f"{name}@{engine}") for engine in ENGINES)
        told = "".join(f"{'—' if value is None else f'{value:.2f}':>12}" for value in values)
        print(f"{name:<30}{limit:>11}{told}")
    return judged(
        [
            f"{key}: {value} > {LIMITS[name]}"
            for key, value in sorted(results.items())
            if (name := key.partition("@")[0]) in LIMITS and value > LIMITS[name]
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
