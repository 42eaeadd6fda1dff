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

Before each measurement everybody goes through the mix once, so that what a site keeps of what was
looked at is kept. ``DURATION`` (seconds) of the environment makes each measurement shorter,
``PROFILE`` takes another body.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from bench_before import database
from bench_before_checkout import ROOT, Checkout, prepared
from bench_load_people import (
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

ROUNDS = int(os.environ.get("ROUNDS", "1"))
SECONDS = float(os.environ.get("DURATION", "60"))
WARM_UP = 5
MANY, MIDDLE, FEW = 150, 100, 10
BEFORE, NOW = "before", "now"


class Version:
    """One version: its code, its database, the people who are signed in there."""

    def __init__(self, name: str, checkout: Checkout, folder: Path) -> None:
        self.name, self.checkout = name, checkout
        var = folder / name
        var.mkdir(parents=True, exist_ok=True)
        self.place = {"PTPCT_VAR_DIR": str(var)}
        if server := os.environ.get("DATABASE_URL"):
            self.place["DATABASE_URL"] = database(server, name)
        people = var / "people.json"
        subprocess.run(  # noqa: S603
            [checkout.python, str(ROOT / "tools" / "bench_load_speaker.py"), name, str(people)],
            cwd=checkout.folder,
            env=os.environ | self.place,
            check=True,
        )
        self.people = json.loads(people.read_text(encoding="utf-8"))
        self.at: list[Person] = []

    def serve(self) -> Site:
        """Serve it; everybody comes back to where they were."""
        site = Site(self.checkout, self.place)
        known = {one.session: one for one in self.at}
        self.at = people_of(self.people, site.address, MANY)
        for one in self.at:
            if one.session in known:
                one.version = known[one.session].version
        on_two_cores(site.process.pid, *postmaster())
        go_through(self.at)
        return site

    def measured(self, site: Site, count: int) -> tuple[float, float]:
        """Let so many people work; return the requests in a second of processor, and the p95."""
        people = self.at[:count]
        begin = time.perf_counter() + WARM_UP
        threads = at_work(people, begin + SECONDS)
        time.sleep(WARM_UP)
        watched = (site.process.pid, *postmaster())
        spent, began = seconds_of(*watched), time.perf_counter()
        time.sleep(SECONDS)
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


def main() -> int:
    """Measure with one engine; write the figures to the file named."""
    folder = Path(os.environ["PTPCT_VAR_DIR"])
    before = Version(BEFORE, prepared(), folder)
    now = Version(NOW, Checkout(ROOT, sys.executable), folder)
    answered: dict[str, list[float]] = {BEFORE: [], NOW: []}
    for _turn in range(ROUNDS):
        for version in (before, now):
            with version.serve() as site:
                answered[version.name].append(version.measured(site, MIDDLE)[0])
    with now.serve() as site:
        few, many = (now.measured(site, count)[1] for count in (FEW, MANY))
    found = {
        "requests_per_cpu_s_vs_before": round(max(answered[NOW]) / max(answered[BEFORE]), 2),
        "requests_per_cpu_s": round(max(answered[NOW]), 1),
        "requests_per_cpu_s_before": round(max(answered[BEFORE]), 1),
        "people_150_p95_vs_10": round(many / few, 2),
        "people_150_p95_ms": round(many * 1000),
        "people_10_p95_ms": round(few * 1000),
    }
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
