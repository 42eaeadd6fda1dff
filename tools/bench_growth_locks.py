"""Measure who waits for whom: ``bench_growth_locks.py FILE``.

Started by ``bench_growth.py`` once for each engine, with an empty database.

- ``lock_wait_share_8_bodies`` (PostgreSQL): eight processes write without a pause, each in a body
  of its own; the time they wait for the lock of the trail ÷ the time in their acts. Waiting is the
  time of the statement that takes the lock, its way to the server and back included.
- ``readers_p95_with_8_stuck_writers_vs_none``: the site is served as ``deploy/`` says. Some people
  read, one of them ``/salute/``, while eight saves are stuck behind a lock that is held throughout:
  the 95th percentile of the readers ÷ the same without the savers.

``DURATION`` (seconds) of the environment makes each measurement shorter.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_body import complete  # noqa: E402
from bench_before_checkout import Checkout  # noqa: E402
from bench_before_names import names  # noqa: E402
from bench_engines import keep  # noqa: E402
from bench_load_people import READING, SAVE, Person, at_work, failures, people_of, slow  # noqa: E402
from bench_load_site import Site  # noqa: E402
from bench_load_speaker import people_of as told_people  # noqa: E402
from bench_way import holder  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from registry.acts import act  # noqa: E402
from registry.models import Administration, Process, User  # noqa: E402
from risk.forms.process_sheet.sheet import ConditionsForm  # noqa: E402
from risk.services.process_sheet.acts import add_behaviour, add_phase  # noqa: E402

SECONDS = float(os.environ.get("DURATION", "20"))
WRITERS, READERS = 8, 6
WRITER, READY = "--writer", "pronto"
PAUSE = 0.2
"""Seconds between two requests of a reader."""
AT_ONCE = 1
"""Seconds within which whoever saves is told that they may not even wait."""
TAKES_THE_LOCK = "pg_advisory"


class Waiting:
    """The seconds spent in statements that take the lock of the trail."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable, sql: str, *rest: Any) -> Any:
        """Run a statement, and note how long it took if it is one of those."""
        if TAKES_THE_LOCK not in sql:
            return execute(sql, *rest)
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            self.seconds += time.perf_counter() - began


def write_alone(body: str) -> dict[str, float]:
    """Write in one body once told to; return the seconds in acts, and those of waiting."""
    plan = Administration.objects.get(ipa_code=body).plans.get()
    by, waiting, inside, done = holder(plan, "rpct"), Waiting(), 0.0, 0
    rows = list(Process.objects.filter(annex__plan=plan).order_by("pk"))
    write_one(rows[0], by)
    print(READY, flush=True)
    sys.stdin.readline()
    until = time.perf_counter() + SECONDS
    with connection.execute_wrapper(waiting):
        while time.perf_counter() < until:
            began = time.perf_counter()
            done += write_one(rows[done % len(rows)], by)
            inside += time.perf_counter() - began
    return {"inside": inside, "waiting": waiting.seconds, "acts": done}


def write_one(process: Process, by: User) -> int:
    """Do three acts on a process as its sheet does; return how many."""
    row = Process.objects.select_related("annex__plan__administration").get(pk=process.pk)
    values = {"version": row.version, "constraints": f"Vincoli di bilancio ({row.version})."}
    body = row.annex.plan.administration
    form = ConditionsForm(values, instance=row, administration=body)
    if form.submit(by=by) is None:
        raise SystemExit(f"Non salvato: {form.errors}")
    add_phase(process=row, uid=uuid4(), title="Verifica dei requisiti", by=by)
    add_behaviour(process=row, uid=uuid4(), text="Ritardo nell’adozione dell’atto", by=by)
    return 3


def lock_wait_share() -> dict[str, float]:
    """Return the share of waiting of all writers."""
    bodies = [f"scrive_{n}" for n in range(WRITERS)]
    for body in bodies:
        names("now").body("S", body)
    running = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, __file__, WRITER, body],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for body in bodies
    ]
    # all begin together, once the last of them has its first act behind it
    for process in running:
        _until_ready(process)
    for process in running:
        print(file=process.stdin, flush=True)
    found = [_told(process) for process in running]
    inside, waiting, acts = (
        sum(one[key] for one in found) for key in ("inside", "waiting", "acts")
    )
    print(f"  {acts} atti, {inside:.1f} s; in attesa {waiting:.2f} s", flush=True)
    return {
        "lock_wait_share_8_bodies": round(waiting / inside, 3),
        "lock_wait_acts_a_second": round(acts / SECONDS, 1),
    }


def _until_ready(process: subprocess.Popen) -> None:
    assert process.stdout is not None  # noqa: S101 - what Popen was asked for
    for line in process.stdout:
        if line.strip() == READY:
            return
    raise SystemExit(f"Chi scrive non è partito: {process.wait()}")


def _told(process: subprocess.Popen) -> dict[str, float]:
    assert process.stdout is not None  # noqa: S101 - what Popen was asked for
    lines = process.stdout.read().splitlines()
    if process.wait():
        raise SystemExit(f"Chi scrive si è fermato: {process.returncode}")
    return json.loads(lines[-1])


@contextmanager
def locked(processes: list[str]) -> Iterator[None]:
    """Hold what a save of these processes needs: their rows and the trail, which is written."""
    with transaction.atomic():
        rows = list(Process.objects.select_for_update().filter(uid__in=processes))
        with act("edit", by=None):
            rows[0].objective += " "
            rows[0].save()
        yield
        transaction.set_rollback(True)


def readers_p95(readers: list[Person]) -> float:
    """Return the 95th percentile of readers who read for some time, who must all be answered.

    The first of them asks only whether the site is well.
    """
    for one in readers:
        one.answers.clear()
    until = time.perf_counter() + SECONDS
    threads = at_work(readers[:1], until, ("/salute/",), PAUSE)
    for thread in [*threads, *at_work(readers[1:], until, READING, PAUSE)]:
        thread.join()
    answers = [answer for one in readers for answer in one.answers]
    if failed := failures(answers):
        raise SystemExit(f"Non tutti i lettori hanno avuto risposta: {failed}")
    print(f"  {len(answers)} letture, al 95 % {slow(answers) * 1000:.0f} ms", flush=True)
    return slow(answers)


def stuck_writers() -> dict[str, float]:
    """Return how much slower readers are while savers are stuck."""
    plan = names("now").body("M", "prova")
    complete(plan)
    told = list(told_people(plan))
    environment = {"PTPCT_VAR_DIR": os.environ["PTPCT_VAR_DIR"]}
    with Site(Checkout(ROOT, sys.executable), environment) as site:
        everybody = people_of(told, site.address, WRITERS + READERS, {})
        writers, readers = everybody[:WRITERS], everybody[WRITERS:]
        readers_p95(readers)
        alone = readers_p95(readers)
        over = threading.Event()
        with locked([one.own for one in writers]):
            threads = [threading.Thread(target=_save_until, args=(one, over)) for one in writers]
            for thread in threads:
                thread.start()
            time.sleep(1)
            beside = readers_p95(readers)
            over.set()
        for thread in threads:
            thread.join()
    told_codes = sorted({answer.status for one in writers for answer in one.answers[:-1]})
    print(f"  chi salva ha avuto {told_codes}", flush=True)
    if told_codes != [503]:
        raise SystemExit("Chi salva doveva restare fermo, e poi avere 503.")
    return {
        "readers_p95_with_8_stuck_writers_vs_none": round(beside / alone, 2),
        "readers_p95_ms": round(alone * 1000),
    }


def _save_until(one: Person, over: threading.Event) -> None:
    """Save, and again as soon as it has been refused; who found no place even to wait, a little
    later: nobody is stuck who asks without a pause.
    """
    while not over.is_set():
        if one.ask(SAVE).seconds < AT_ONCE:
            over.wait(AT_ONCE)


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    if sys.argv[1] == WRITER:
        print(json.dumps(write_alone(sys.argv[2])))
        return 0
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    measures = [stuck_writers]
    if connection.vendor == "postgresql":
        measures.append(lock_wait_share)
    found: dict[str, float] = {}
    missing = 0
    for measure in measures:
        try:
            found |= measure()
        # one of the two does not need the other
        except SystemExit as error:
            print(f"  {error}", file=sys.stderr, flush=True)
            missing = 1
        keep(Path(sys.argv[1]), found)
    return missing


if __name__ == "__main__":
    sys.exit(main())
