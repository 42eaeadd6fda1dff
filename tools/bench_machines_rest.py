"""Measure what a site takes while nobody asks for anything: ``bench_machines_rest.py FILE``.

Started by ``bench_machines.py`` once for each engine.

- ``web_rest_mb``: memory of a process of the site, of what it shares with the others its part, with
  the gunicorn line of ``deploy/``, once it has answered whether it is well; the larger of the two.
- ``site_rest_mb``: that of the whole site, with the process that starts the others.
- ``worker_rest_mb``: the same of `manage.py run_worker`, once it waits for work.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from bench_before_checkout import ROOT, Checkout
from bench_engines import keep
from bench_load_site import Site, tree_of

STILL = 3.0
"""Seconds in which no more memory is taken: then a process is at rest."""
LONGEST = 240


def taken(process: int) -> float:
    """Return the MB of memory a process takes: of what several share, each its part."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    found = re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def at_rest(process: int) -> float:
    """Return the MB of a process that takes no more for a while."""
    last, since = 0.0, time.monotonic()
    until = since + LONGEST
    while time.monotonic() < until:
        now = taken(process)
        if abs(now - last) > 0.5:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > STILL and now > 30:
            return now
        time.sleep(0.2)
    raise SystemExit("Non sta fermo")


def main() -> int:
    """Begin site and worker, write what they take to the file named."""
    manage = [sys.executable, "manage.py"]
    for words in (["migrate"], ["collectstatic", "--no-input"], ["load_reference"]):
        subprocess.run([*manage, *words, "--verbosity", "0"], cwd=ROOT, check=True)  # noqa: S603
    with Site(Checkout(ROOT, sys.executable), os.environ) as site:
        first = site.process.pid
        ours = [one for one in tree_of(first) if one != first]
        web = max(map(at_rest, ours))
        whole = sum(map(taken, [first, *ours]))
    worker = subprocess.Popen([*manage, "run_worker", "--verbosity", "0"], cwd=ROOT)  # noqa: S603
    try:
        found = {
            "web_rest_mb": round(web, 1),
            "site_rest_mb": round(whole, 1),
            "worker_rest_mb": round(at_rest(worker.pid), 1),
        }
    finally:
        worker.terminate()
        worker.wait()
    print(found, flush=True)
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
