"""Measure many people at work on the served site: ``bench_growth_load.py FILE``.

Started by ``bench_growth.py`` once for each engine. The body P150 – fifty offices, one annex of 300
processes, the others of 28 – is made by this version and by commit 2799581 (``bench_before.py``
says how that comes to be there), and each is served by gunicorn with two processes of eight
threads. Invented people, each of an office, go through the pages of their work
(`bench_load_people.MIX`: one request in ten saves) and think four seconds between two. Site and
database have two cores; the people are on the same.

- ``requests_per_cpu_s_vs_before``: requests of 100 people answered in a second of processor, the
  database's included, ÷ as many at the earlier commit, in turns; the best of each.
- ``people_150_p95_vs_10``: the 95th percentile of the time to an answer with 150 people ÷ with 10.

Both sites are at work throughout; the one that is not measured is not asked for anything. Before,
everybody goes once through the pages of the mix, so that what a site keeps of what was looked at
is kept. ``DURATION`` (seconds) of the environment makes each measurement shorter, ``PROFILE`` takes
another body, ``ROUNDS`` more turns.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from bench_before import database
from bench_before_checkout import ROOT, Checkout, prepared
from bench_engines import keep
from bench_load_people import (
    EARLIER,
    MIX,
    Person,
    answers_between,
    at_work,
    by_kind,
    failures,
    go_through,
    people_of,
    slow,
)
from bench_load_site import Site, on_two_cores, parent_of, seconds_of

ROUNDS = int(os.environ.get("ROUNDS", "2"))
SECONDS = float(os.environ.get("DURATION", "40"))
"""Of a measurement of waiting; what is counted by the processor is steadier, and takes half."""
WARM_UP = 5
MANY, MIDDLE, FEW = 150, 100, 10
BEFORE, NOW = "before", "now"


class Version:
    """One version: its code, its database, the people who are signed in there."""

    def __init__(self, name: str, checkout: Checkout, folder: Path) -> None:
        """Begin to make its body; `people` waits until it is there."""
        self.name, self.checkout = name, checkout
        var = folder / name
        var.mkdir(parents=True, exist_ok=True)
        self.place = {"PTPCT_VAR_DIR": str(var)}
        if server := os.environ.get("DATABASE_URL"):
            self.place["DATABASE_URL"] = database(server, name)
        self.file = var / "people.json"
        self.making = subprocess.Popen(  # noqa: S603
            [checkout.python, str(ROOT / "tools" / "bench_load_speaker.py"), name, str(self.file)],
            cwd=checkout.folder,
            env=os.environ | self.place,
        )
        self.at: list[Person] = []

    @contextmanager
    def served(self) -> Iterator[Site]:
        """Serve it, once its body is made, to people who have all gone through the mix."""
        if code := self.making.wait():
            raise SystemExit(f"{self.name}: {code}")
        told = json.loads(self.file.read_text(encoding="utf-8"))
        with Site(self.checkout, self.place) as site:
            on_two_cores(site.process.pid, *postmaster())
            renamed = EARLIER if self.name == BEFORE else {}
            self.at = people_of(told, site.address, MANY, renamed)
            go_through(self.at[:MIDDLE], tuple(MIX))
            yield site

    def measured(self, site: Site, count: int, seconds: float) -> tuple[float, float]:
        """Let so many people work; return the requests in a second of processor, and the p95."""
        people = self.at[:count]
        begin = time.perf_counter() + WARM_UP
        threads = at_work(people, begin + seconds)
        time.sleep(WARM_UP)
        watched = (site.process.pid, *postmaster())
        spent, began = seconds_of(*watched), time.perf_counter()
        time.sleep(seconds)
        spent, ended = seconds_of(*watched) - spent, time.perf_counter()
        for thread in threads:
            thread.join()
        answers = answers_between(people, began, ended)
        self.check(answers)
        print(
            f"  {self.name}, {count} persone: {len(answers)} richieste, {spent:.1f} s di processore"
        )
        print(by_kind(answers), flush=True)
        return len(answers) / spent, slow(answers)

    def check(self, answers: list) -> None:
        """Stop where this version has not answered well; of the earlier one say how often."""
        failed = failures(answers)
        if failed and self.name == NOW:
            raise SystemExit(f"Non tutto ha risposto bene: {failed}")
        if failed:
            print(f"  {self.name}: {failed}")


def postmaster() -> tuple[int, ...]:
    """Return the process of PostgreSQL that starts all others, if that is the engine."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        return ()
    with psycopg.connect(server) as opened:
        return (parent_of(opened.info.backend_pid),)


def in_turns(sites: dict[Version, Site]) -> dict[str, float]:
    """Return how many requests either version answers in a second of processor."""
    answered: dict[str, list[float]] = {version.name: [] for version in sites}
    for _turn in range(ROUNDS):
        for version, site in sites.items():
            answered[version.name].append(version.measured(site, MIDDLE, SECONDS / 2)[0])
    return {
        "requests_per_cpu_s_vs_before": round(max(answered[NOW]) / max(answered[BEFORE]), 2),
        "requests_per_cpu_s": round(max(answered[NOW]), 1),
        "requests_per_cpu_s_before": round(max(answered[BEFORE]), 1),
    }


def waiting(version: Version, site: Site) -> dict[str, float]:
    """Return how long many people wait for an answer, and how long few."""
    go_through(version.at[MIDDLE:], tuple(MIX))
    few, many = (version.measured(site, count, SECONDS)[1] for count in (FEW, MANY))
    return {
        "people_150_p95_vs_10": round(many / few, 2),
        "people_150_p95_ms": round(many * 1000),
        "people_10_p95_ms": round(few * 1000),
    }


def main() -> int:
    """Measure with one engine; write the figures to the file named as soon as they are there."""
    folder, file = Path(os.environ["PTPCT_VAR_DIR"]), Path(sys.argv[1])
    before = Version(BEFORE, prepared(), folder)
    now = Version(NOW, Checkout(ROOT, sys.executable), folder)
    with now.served() as site:
        with before.served() as earlier:
            found = in_turns({before: earlier, now: site})
            keep(file, found)
        keep(file, found | waiting(now, site))
    return 0


if __name__ == "__main__":
    sys.exit(main())
