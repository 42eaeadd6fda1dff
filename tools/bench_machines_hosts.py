"""Measure what a second host costs: ``bench_machines_hosts.py FILE``.

Started by ``bench_machines.py`` on PostgreSQL, the engine of several hosts.

- ``two_hosts_requests_vs_one``: requests of a hundred people (`bench_load_people.MIX`: one in ten
  saves) answered in a second of processor by two hosts behind nginx ÷ by one behind nginx, in
  turns, the best of ``ROUNDS`` of each. Counted are sites, nginx, Redis and the database, which
  have two cores together. Both figures stand beside it.

Each host is served by the line of ``deploy/`` and has a folder of its own; they share Redis and the
database. With one of them nginx asks it alone; the other is there, and is asked for nothing.
``DURATION`` (seconds of a turn), ``PEOPLE`` and ``PROFILE`` (the body) make it shorter.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench_before_checkout import ROOT, Checkout
from bench_engines import keep
from bench_growth_load import postmaster
from bench_load_people import (
    MIX,
    Person,
    answers_between,
    at_work,
    by_kind,
    failures,
    go_through,
    people_of,
)
from bench_load_site import HOST, Site, on_two_cores, seconds_of
from bench_machines_nginx import nginx_before

sys.path.insert(0, str(ROOT))

from tests.redis_server import redis_server  # noqa: E402 - the folder has to be known first

ROUNDS = int(os.environ.get("ROUNDS", "2"))
SECONDS = float(os.environ.get("DURATION", "20"))
WARM_UP = 5
PEOPLE = int(os.environ.get("PEOPLE", "100"))
KEY = "chiave-delle-sole-misure-che-nessuna-installazione-ha-mai-usato-0123456789"


@dataclass(frozen=True)
class Way:
    """How people reach the site: the address of an nginx, and the hosts behind it."""

    name: str
    address: str
    served: tuple[int, ...]
    """Processes whose seconds count: nginx and the hosts it asks."""


@contextmanager
def host(folder: Path, name: str, shared: dict[str, str]) -> Iterator[Site]:
    """Serve one host with a folder of its own, where static files stand already."""
    var = folder / name
    shutil.copytree(folder / "static", var / "static", copy_function=os.link)
    with Site(Checkout(ROOT, sys.executable), shared | {"PTPCT_VAR_DIR": str(var)}) as site:
        yield site


@contextmanager
def ways() -> Iterator[tuple[list[Way], list[int]]]:
    """Give both ways to the site, one host and two, and the processes all of them share."""
    folder = Path(os.environ["PTPCT_VAR_DIR"])
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        shared = {"PTPCT_CACHE": redis.address, "PTPCT_BEHIND_PROXY": "1"}
        hosts = [stack.enter_context(host(folder, name, shared)) for name in ("one", "other")]
        found = []
        for name, asked in (("una macchina", hosts[:1]), ("due macchine", hosts)):
            places = [urlsplit(site.address).netloc for site in asked]
            # as the user nginx works as reads it
            below = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-nginx-")))
            below.chmod(0o755)
            before, port = stack.enter_context(nginx_before(places, below))
            served = (before.pid, *(site.process.pid for site in asked))
            found.append(Way(name, f"http://{HOST}:{port}", served))
        together = [redis.pid, *postmaster()]
        on_two_cores(*together, *(one for way in found for one in way.served))
        yield found, together


def lead(people: Sequence[Person], way: Way) -> None:
    """Let people ask there from now on."""
    for person in people:
        person.at = urlsplit(way.address).netloc


def measured(people: Sequence[Person], way: Way, together: list[int]) -> float:
    """Let people work for a while; return the requests answered in a second of processor."""
    lead(people, way)
    begin = time.perf_counter() + WARM_UP
    threads = at_work(people, begin + SECONDS)
    time.sleep(WARM_UP)
    watched = (*way.served, *together)
    spent, began = seconds_of(*watched), time.perf_counter()
    time.sleep(SECONDS)
    spent, ended = seconds_of(*watched) - spent, time.perf_counter()
    for thread in threads:
        thread.join()
    answers = answers_between(list(people), began, ended)
    if failed := failures(answers):
        raise SystemExit(f"Non tutto ha risposto bene: {failed}")
    print(f"  {way.name}: {len(answers)} richieste, {spent:.1f} s di processore")
    print(by_kind(answers), flush=True)
    return len(answers) / spent


def main() -> int:
    """Make the body, serve it both ways in turns, write the figures to the file named."""
    os.environ["PTPCT_SECRET_KEY"] = KEY
    told = Path(os.environ["PTPCT_VAR_DIR"], "people.json")
    speaker = ROOT / "tools" / "bench_load_speaker.py"
    subprocess.run([sys.executable, str(speaker), "now", str(told)], cwd=ROOT, check=True)  # noqa: S603
    rates: dict[str, list[float]] = {}
    with ways() as (found, together):
        people = people_of(json.loads(told.read_text()), found[0].address, PEOPLE, {})
        for way in found:
            lead(people, way)
            # most of what processes keep of what was looked at is kept then
            go_through(people, tuple(MIX))
        for _turn in range(ROUNDS):
            for way in found:
                rates.setdefault(way.name, []).append(measured(people, way, together))
    one, two = (max(rates[way.name]) for way in found)
    figures = {
        "two_hosts_requests_vs_one": round(two / one, 3),
        "requests_per_cpu_s_one_host": round(one, 1),
        "requests_per_cpu_s_two_hosts": round(two, 1),
    }
    print(figures, flush=True)
    keep(Path(sys.argv[1]), figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
