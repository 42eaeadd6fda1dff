"""Measure what counting an attempt costs: ``bench_machines_cache.py FILE``.

Started by ``bench_machines.py`` once for each engine, which makes no difference here.

- ``cache_set_vs_file``: seconds of processor, those of the server included, of one `set` among
  5,000 entries in the cache of several hosts (`PTPCT_CACHE`, a Redis beside it) ÷ in the folder of
  one machine. The milliseconds of both stand beside it.
"""

import os
import sys
import time
from pathlib import Path

from bench_engines import ROOT, keep
from bench_load_site import seconds_of
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.filebased import FileBasedCache

sys.path.insert(0, str(ROOT))

from ptpct.shared_cache import SharedCache  # noqa: E402 - the folder has to be known first
from tests.redis_server import redis_server  # noqa: E402 - as above

ENTRIES = 5_000
SETS = 200
COUNTED = [1_606_000_000.0 + attempt for attempt in range(5)]
"""What the sign-in keeps of a name: the moments of its attempts."""


def seconds_of_sets(cache: BaseCache, sets: int) -> float:
    """Return the seconds of this process that one of so many `set` takes, among all entries."""
    for place in range(ENTRIES - SETS - 1):
        cache.set(f"before-{place}", COUNTED, 3_600)
    begun = time.process_time()
    for place in range(sets):
        cache.set(f"now-{place % SETS}", COUNTED, 300)
    return (time.process_time() - begun) / sets


def main() -> int:
    """Fill both, set some in each, write the figures to the file named."""
    folder = f"{os.environ['PTPCT_VAR_DIR']}/measured"
    ours = seconds_of_sets(FileBasedCache(folder, {"OPTIONS": {"MAX_ENTRIES": ENTRIES}}), SETS)
    with redis_server() as server:
        # far more: what the server takes is told in hundredths of a second
        sets = 50 * SETS
        shared = seconds_of_sets(SharedCache(server.address, {}), sets)
        shared += seconds_of(server.pid) / sets
    found = {
        "cache_set_vs_file": round(shared / ours, 3),
        "cache_set_ms": round(shared * 1_000, 3),
        "cache_set_ms_file": round(ours * 1_000, 3),
    }
    print(found, flush=True)
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
