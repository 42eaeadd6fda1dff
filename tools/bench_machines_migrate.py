"""Measure what a new installation costs: ``bench_machines_migrate.py FILE``.

Started by ``bench_machines.py`` once for each engine.

- ``migrate_empty_vs_before``: seconds of processor, those of the server included, of `migrate` on
  an empty database ÷ those of an earlier version (``bench_before_checkout.py``), in turns, the best
  of ``ROUNDS`` of each. The seconds of both stand beside it.
- ``migrate_empty_peak_mb``: the highest resident memory of that process.
- ``load_reference_s``: seconds of processor of what follows, the national lists.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from bench_before_checkout import ROOT, Checkout, prepared
from bench_engines import keep
from bench_load_site import parent_of, seconds_of

ROUNDS = int(os.environ.get("ROUNDS", "2"))
SERVER = os.environ.get("DATABASE_URL", "")
DATABASE = "bench_empty"


@contextmanager
def empty_place() -> Iterator[dict[str, str]]:
    """Give the environment of an installation that has nothing yet."""
    with tempfile.TemporaryDirectory(prefix="ptpct-empty-") as folder:
        here = {"PTPCT_VAR_DIR": folder}
        if not SERVER:
            yield here
            return
        with closing(psycopg.connect(SERVER, autocommit=True)) as opened:
            opened.execute(f"CREATE DATABASE {DATABASE}")
            try:
                yield here | {"DATABASE_URL": f"{SERVER.rpartition('/')[0]}/{DATABASE}"}
            finally:
                opened.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def server() -> int:
    """Return the process of the server, 0 where there is none; those it started stand under it."""
    if not SERVER:
        return 0
    with closing(psycopg.connect(SERVER)) as opened:
        return parent_of(opened.info.backend_pid)


def run(checkout: Checkout, here: dict[str, str], *arguments: str) -> tuple[float, float]:
    """Run `manage.py` of a version; return the seconds of processor and the peak in MB."""
    served = server()
    before = seconds_of(served) if served else 0.0
    command = [checkout.python, "manage.py", *arguments, "--verbosity", "0"]
    pid = os.posix_spawn(checkout.python, command, os.environ | here)
    _pid, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)}: {status}")
    seconds = used.ru_utime + used.ru_stime
    seconds += seconds_of(served) - before if served else 0.0
    return seconds, used.ru_maxrss / 1024


def main() -> int:
    """Migrate empty databases by both versions in turns, write the figures to the file named."""
    earlier, this = prepared(), Checkout(ROOT, sys.executable)
    seconds: dict[str, list[float]] = {"before": [], "now": []}
    peaks, lists = [], []
    for _round in range(ROUNDS):
        for name, checkout in (("before", earlier), ("now", this)):
            os.chdir(checkout.folder)
            with empty_place() as here:
                spent, peak = run(checkout, here, "migrate")
                seconds[name].append(spent)
                print(f"  {name}: {spent:.1f} s, {peak:.0f} MB", flush=True)
                if checkout is this:
                    peaks.append(peak)
                    lists.append(run(checkout, here, "load_reference")[0])
    before, now = min(seconds["before"]), min(seconds["now"])
    found = {
        "migrate_empty_vs_before": round(now / before, 3),
        "migrate_empty_s": round(now, 2),
        "migrate_empty_s_before": round(before, 2),
        "migrate_empty_peak_mb": round(max(peaks), 1),
        "load_reference_s": round(min(lists), 2),
    }
    print(found, flush=True)
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
