"""Measure what the smallest machine has to have: ``bench_machines.py``.

Each figure has a script, which says what it measures. Writes ``out/bench-machines.json``. Exit code
1 when a limit of the project is broken, or a script breaks off: the others are run all the same.

``ONLY=words``, parted by commas, runs the scripts whose name has one; ``ENGINE=sqlite`` leaves the
other out. What is measured so is put into the file that is there.
"""

import json
import os
import sys

from bench_engines import ENGINES, ROOT, BrokenOffError, beyond, judged, measured, table, written

SCRIPTS = {
    "bench_machines_cache.py": tuple(ENGINES),
    "bench_machines_migrate.py": tuple(ENGINES),
    "bench_machines_rest.py": tuple(ENGINES),
    "bench_machines_hosts.py": ("postgresql",),
}
"""Each with the engines it is run on: several hosts have one."""
LIMITS = {
    "migrate_empty_vs_before": 0.25,
    "migrate_empty_peak_mb": 300,
    "cache_set_vs_file": 0.1,
    "web_rest_mb": 75,
    "worker_rest_mb": 90,
}
AT_LEAST = {"two_hosts_requests_vs_one": 0.9}
FILE = "bench-machines.json"


def main() -> int:
    """Run every script asked for, write the file, print the table and judge."""
    words, engine = os.environ.get("ONLY", "").split(","), os.environ.get("ENGINE", "")
    results: dict[str, float] = {}
    broken: list[str] = []
    for script in (name for name in SCRIPTS if any(word in name for word in words)):
        for name in (one for one in SCRIPTS[script] if engine in ("", one)):
            print(f"— {name}, {script}", flush=True)
            try:
                found = measured(name, script)
            except BrokenOffError as error:
                broken.append(f"{name}, {error}")
                found = error.found
            results |= {f"{key}@{name}": value for key, value in found.items()}
            written(FILE, _known() | results)
    print(table(LIMITS | AT_LEAST, results))
    for sentence in broken:
        print(f"Non arrivato in fondo: {sentence}", file=sys.stderr)
    return judged(beyond(LIMITS, results, at_least=AT_LEAST)) or bool(broken)


def _known() -> dict[str, float]:
    """Return the figures that stand in the file, none where there is none."""
    file = ROOT / "out" / FILE
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
