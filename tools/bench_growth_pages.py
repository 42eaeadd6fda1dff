"""Measure that pages do not grow with annex and body: ``bench_growth_pages.py FILE``.

Started by ``bench_growth.py`` once for each engine, with an empty database. It is given A300, one
annex of 300 processes; A28, one of 28 as dense; XL, with 300 offices.

- ``annex_page_kb``: the largest page of A300, of all layouts; ``plan_page_kb``: the page of the
  plan at XL, ``map_kb`` the map of an annex, ``sheet_kb`` the sheet of a process, each the largest
  of A300 and XL. Thousands of bytes of the HTML body before compression, as first answered.
- ``page_300_vs_28``: seconds of processor of a page or an act on one process, in the annex of 300 ÷
  in that of 28, in turns, the best of each; the worst of all there are
  (``bench_growth_addresses.py``) while the annex is a draft, submitted, issued. The ten worst stand
  beside it by their name, and all are printed.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_names import Names, names  # noqa: E402
from bench_clock import measured  # noqa: E402
from bench_engines import keep  # noqa: E402
from bench_growth_addresses import Asked, acts, acts_without_form, pages  # noqa: E402
from bench_growth_body import Annexed  # noqa: E402
from bench_way import issue, stand_in, submit, validate  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402

from risk.enums import Layout  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "4"))
STANDS_OUT = 1.3
WORST = 10


def size_of(answer: HttpResponse) -> float:
    """Return the thousands of bytes of a page."""
    return round(len(answer.content) / 1000, 1)


def sizes(large: Annexed, wide: Annexed) -> dict[str, float]:
    """Return how large the pages are."""
    layouts = [size_of(large.get(large.rpct, "annex", large.annex.uid, one)) for one in Layout]
    plan = (wide.plan.administration.ipa_code, wide.plan.slug)
    both = ((large, large.head), (wide, wide.head))
    return {
        "annex_page_kb": max(layouts),
        "plan_page_kb": size_of(wide.get(wide.rpct, "plan", *plan)),
        "map_kb": max(size_of(one.get(by, "mapping", one.annex.uid)) for one, by in both),
        "sheet_kb": max(size_of(one.get(by, "process_sheet", one.process.uid)) for one, by in both),
    }


def ratio(bodies: tuple[Annexed, Annexed], asked: tuple[Asked, Asked]) -> float:
    """Return the best time in the annex of 300 ÷ in that of 28, in turns.

    What stands out is asked for again: of two hundred pages some meet a noise every time.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    for one, page in zip(bodies, asked, strict=True):
        page.ask(one)
    for turn in range(ROUNDS * 3):
        if turn >= ROUNDS and min(seconds[0]) < min(seconds[1]) * STANDS_OUT:
            break
        for one, page, times in zip(bodies, asked, seconds, strict=True):
            with measured() as cost:
                page.ask(one)
            times.append(cost.processor)
    large, small = map(min, seconds)
    print(f"  {asked[0].name:<40}{large / small:6.2f}  {large * 1000:.1f} ms", flush=True)
    return large / small


def ratios(bodies: tuple[Annexed, Annexed], state: str, *, acting: bool) -> dict[str, float]:
    """Return the ratio of everything that can be asked for in a state, by its name."""
    found: list[dict[str, Asked]] = []
    for one in bodies:
        home = one.home()
        shown = pages(one, home)
        asked = shown + (acts(one, home, shown) if acting else [])
        found.append({row.name: row for row in asked})
    large, small = found
    if missing := set(large) ^ set(small):
        raise SystemExit(f"{state}: {', '.join(sorted(missing))}")
    return {f"{state} {name}": ratio(bodies, (large[name], small[name])) for name in large}


def all_ratios(services: Names, large: Annexed, small: Annexed) -> dict[str, float]:
    """Return the ratios of a draft, of a submitted annex and of an issued one."""
    bodies = (large, small)
    found = ratios(bodies, "draft", acting=True)
    for one in bodies:
        submit(services, one.annex)
    found |= ratios(bodies, "submitted", acting=True)
    if unknown := acts_without_form(name.partition(" ")[2] for name in found):
        raise SystemExit(f"Nessuna pagina li fa: {', '.join(unknown)}")
    with services.undrawn(stand_in()):
        for one in bodies:
            validate(services, one.annex, one.head)
            issue(services, one.annex)
    return found | ratios(bodies, "issued", acting=False)


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    services = names("now")
    small = Annexed(services.body("A28", "prova_28"))
    large = Annexed(services.body("A300", "prova_300"), like=small)
    wide = Annexed(services.body(os.environ.get("WIDE", "XL"), "prova_xl"))
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    found = sizes(large, wide)
    print(found, flush=True)
    keep(Path(sys.argv[1]), found)
    ratios = all_ratios(services, large, small)
    worst = sorted(ratios.items(), key=lambda row: -row[1])[:WORST]
    found["page_300_vs_28"] = round(worst[0][1], 2)
    found |= {f"page_300_vs_28 {name}": round(value, 2) for name, value in worst}
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
