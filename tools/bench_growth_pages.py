"""Measure that pages do not grow with annex and body: ``bench_growth_pages.py FILE``.

Started by ``bench_growth.py`` once for each engine, with an empty database. It is given A300, one
annex of 300 processes; S, whose first annex has 28 as dense; XL, with 300 offices.

- ``annex_page_kb``: the largest page of A300, of all layouts; ``plan_page_kb``: the page of the
  plan at XL, ``map_kb`` the map of an annex, ``sheet_kb`` the sheet of a process, each the largest
  of A300 and XL. Thousands of bytes of the HTML body before compression, as first answered.
- ``page_300_vs_28``: seconds of processor of a page or an act on one process, in the annex of 300 ÷
  in that of 28, in turns, the best of each; the worst of all, and each by its name.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_body import complete  # noqa: E402
from bench_before_names import Names, names  # noqa: E402
from bench_clock import measured  # noqa: E402
from bench_way import annex_now, head_everywhere, holder, submit  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from registry.models import Plan, Process, User  # noqa: E402
from risk.enums import Layout  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "4"))
LISTENING = {"HX-Request": "true"}


class Annexed:
    """The first annex of a body, and those who look at it."""

    def __init__(self, plan: Plan) -> None:
        complete(plan)
        self.plan, self.head = plan, head_everywhere(plan)
        self.annex = annex_now(plan.annexes.order_by("pk")[0])
        self.clients: dict[User, Client] = {}

    def get(self, by: User, name: str, *arguments: object) -> HttpResponse:
        """Return a page, which must be answered well."""
        return self._answered(self._client(by).get(reverse(f"risk:{name}", args=arguments)))

    def post(self, by: User, name: str, row: object, values: dict, *more: object) -> None:
        """Send a form as its page does, which must be taken."""
        address = reverse(f"risk:{name}", args=[row, *more])
        self._answered(self._client(by).post(address, values, headers=LISTENING))

    def _client(self, by: User) -> Client:
        if by not in self.clients:
            self.clients[by] = Client(SERVER_NAME="localhost")
            self.clients[by].force_login(by)
        return self.clients[by]

    def _answered(self, answer: HttpResponse) -> HttpResponse:
        if answer.status_code not in (200, 302):
            raise SystemExit(f"{answer.request['PATH_INFO']}: {answer.status_code}")
        return answer

    def process(self, n: int = 14) -> Process:
        """Return a process of the annex, as it is now."""
        rows = self.annex.processes.select_related("macroprocess", "risk_area")
        return rows.filter(risk_presence="present").order_by("position")[n]


def size_of(answer: HttpResponse) -> float:
    """Return the thousands of bytes of a page."""
    return round(len(answer.content) / 1000, 1)


def sizes(large: Annexed, wide: Annexed) -> dict[str, float]:
    """Return how large the pages are."""
    rpct = holder(large.plan, "rpct")
    layouts = [size_of(large.get(rpct, "annex", large.annex.uid, one)) for one in Layout]
    plan = (wide.plan.administration.ipa_code, wide.plan.slug)
    both = ((large, large.head), (wide, wide.head))
    return {
        "annex_page_kb": max(layouts),
        "plan_page_kb": size_of(wide.get(holder(wide.plan, "rpct"), "plan", *plan)),
        "map_kb": max(size_of(one.get(by, "mapping", one.annex.uid)) for one, by in both),
        "sheet_kb": max(
            size_of(one.get(by, "process_sheet", one.process().uid)) for one, by in both
        ),
    }


def save_row(one: Annexed) -> None:
    """Save a row of the map with a new title."""
    process = one.process()
    values = {
        "version": process.version,
        "number": process.number,
        "title": f"{process.title.partition(' (')[0]} ({process.version})",
        "kind": process.kind,
        "macroprocess": process.macroprocess.label if process.macroprocess else "",
        "risk_area": str(process.risk_area or ""),
        "risk_presence": process.risk_presence,
    }
    one.post(holder(one.plan, "editor"), "row_save", process.uid, values)
    _check_saved(process)


def save_part(one: Annexed) -> None:
    """Save a part of the description."""
    process = one.process()
    values = {"version": process.version, "constraints": f"Bilancio ({process.version})."}
    one.post(holder(one.plan, "editor"), "process_sheet_part", process.uid, values, "condizioni")
    _check_saved(process)


def _check_saved(process: Process) -> None:
    version = process.version
    process.refresh_from_db()
    if process.version == version:
        raise SystemExit("la riga non è stata salvata")


def approve(services: Names) -> Callable[[Annexed], None]:
    """Return what approves one more process."""

    def act(one: Annexed) -> None:
        process = Process.objects.filter(annex=one.annex, approvals=None).order_by("pk")[0]
        services.approvals.approve_process(process=process, by=one.head)

    return act


def page(name: str) -> Callable[[Annexed], None]:
    """Return what asks for a page of a process."""

    def ask(one: Annexed) -> None:
        one.get(one.head, name, one.process().uid)

    return ask


DRAFT: dict[str, Callable[[Annexed], None]] = {
    "sheet": page("process_sheet"),
    "assessment": page("assessment"),
    "treatment": page("treatment"),
    "history": page("process_history"),
    "row_save": save_row,
    "part_save": save_part,
}
"""What is asked or done of one process while its annex is a draft."""


def ratio(large: Annexed, small: Annexed, does: Callable[[Annexed], None]) -> float:
    """Return the best time in the annex of 300 ÷ in that of 28, in turns."""
    seconds: dict[int, list[float]] = {0: [], 1: []}
    for one in (large, small):
        does(one)
    for _turn in range(ROUNDS):
        for n, one in enumerate((large, small)):
            with measured() as cost:
                does(one)
            seconds[n].append(cost.processor)
    return min(seconds[0]) / min(seconds[1])


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    services = names("now")
    profiles = os.environ.get("PROFILES", "A300 S XL").split()
    large, small, wide = (
        Annexed(services.body(profile, f"prova_{n}")) for n, profile in enumerate(profiles)
    )
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    found = sizes(large, wide)
    print(found, flush=True)
    ratios = {name: ratio(large, small, does) for name, does in DRAFT.items()}
    for one in (large, small):
        submit(services, one.annex)
    ratios["approve"] = ratio(large, small, approve(services))
    print("  ".join(f"{name} {value:.2f}" for name, value in ratios.items()), flush=True)
    found["page_300_vs_28"] = round(max(ratios.values()), 2)
    found |= {f"page_300_vs_28_{name}": round(value, 2) for name, value in ratios.items()}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
