"""Ask for the pages of the daily work and time them: ``bench_desk_pages.py FILE``.

Started by ``bench_desk.py`` once for each engine, with an empty database. Requests go through
Django's test client: all the middleware and a signed-in person, but no network.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from registry.models import Membership, Plan, Process  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402

WARM_UP, ROUNDS = 4, 25
COUNTED = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""Statements on rows (the others open and close transactions)."""
LISTENING = {"HX-Request": "true"}

Ask = Callable[[], float]


@dataclass
class Body:
    """An invented body and the people who look at it."""

    plan: Plan
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """Return the browser of the first person with a role."""
        if role not in self.clients:
            held = Membership.objects.filter(administration=self.plan.administration, role=role)
            # the name the application answers to without any setting
            self.clients[role] = Client(SERVER_NAME="localhost")
            self.clients[role].force_login(held.select_related("user").order_by("pk")[0].user)
        return self.clients[role]

    def process(self) -> Process:
        """Return a process in the middle of the annex of 28, as it is now."""
        annex = self.plan.annexes.order_by("pk")[0]
        rows = annex.processes.select_related("macroprocess", "risk_area")
        return rows.order_by("position")[14]

    def pages(self) -> dict[str, Ask]:
        """Return how to ask for each page."""
        process = self.process()
        plan = (self.plan.administration.ipa_code, self.plan.slug)
        editor, rpct = self.client("editor"), self.client("rpct")
        return {
            "start": self._get(rpct, reverse("risk:desk")),
            "map": self._get(editor, reverse("risk:mapping", args=[process.annex.uid])),
            "sheet": self._get(editor, reverse("risk:process_sheet", args=[process.uid])),
            "list": self._get(rpct, reverse("risk:plan_processes", args=plan)),
            "heatmap": self._get(rpct, reverse("risk:plan_figures", args=plan)),
            "save": self._save,
        }

    def _get(self, client: Client, address: str) -> Ask:
        return lambda: timed(lambda: client.get(address))

    def _save(self) -> float:
        """Save a row of the map with a new title, as its page does."""
        process, client = self.process(), self.client("editor")
        values = {
            "version": process.version,
            "number": process.number,
            "title": f"{process.title.partition(' (')[0]} ({process.version})",
            "kind": process.kind,
            "macroprocess": process.macroprocess.label if process.macroprocess else "",
            "risk_area": str(process.risk_area or ""),
            "risk_presence": process.risk_presence,
        }
        address = reverse("risk:row_save", args=[process.uid])
        taken = timed(lambda: client.post(address, values, headers=LISTENING))
        if self.process().version == process.version:
            raise SystemExit("save: la riga non è stata salvata")
        return taken


def timed(request: Callable) -> float:
    """Return the milliseconds of one request, which must be answered well."""
    started = time.perf_counter()
    answer = request()
    taken = (time.perf_counter() - started) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{answer.request['PATH_INFO']}: {answer.status_code}")
    return taken


def statements(ask: Ask, *, own: int = 0) -> int:
    """Return how many statements on rows a request costs; `own` are those of the measurement."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum(is_counted(query["sql"]) for query in captured) - own


def is_counted(sql: str) -> bool:
    """Tell whether a statement works on rows: PostgreSQL takes the trail's lock by a SELECT."""
    return sql.startswith(COUNTED) and "pg_advisory" not in sql


def measure(small: Body, large: Body) -> dict[str, float]:
    """Return the figures of every page; the sizes take turns, so that both meet the same noise."""
    found: dict[str, float] = {}
    own = statements(lambda: small.process())
    pairs = zip(small.pages().items(), large.pages().values(), strict=True)
    for (name, ask_small), ask_large in pairs:
        for _turn in range(WARM_UP):
            ask_small(), ask_large()
        # a save reads the row before and after, to send it and to see that it was saved
        reads = 2 * own if name == "save" else 0
        found[f"{name}_queries"] = max(statements(ask, own=reads) for ask in (ask_small, ask_large))
        gc.collect()
        times = [(ask_small(), ask_large()) for _turn in range(ROUNDS)]
        at_small, at_large = (sorted(column) for column in zip(*times, strict=True))
        found[f"{name}_ms"] = round(statistics.median(at_large), 2)
        found[f"{name}_p95_ms"] = round(statistics.quantiles(at_large, n=20)[-1], 2)
        ratio = statistics.median(at_large) / statistics.median(at_small)
        found[f"{name}_l_vs_s"] = round(ratio, 3)
    return found


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    bodies = []
    for profile in ("S", "L"):
        started = time.perf_counter()
        ipa_code = f"sintetico_{profile.lower()}"
        bodies.append(Body(make_synthetic_body(profile=profile, ipa_code=ipa_code)))
        print(f"ente sintetico {profile}: {time.perf_counter() - started:.1f} s", flush=True)
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    found = measure(*bodies)
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
