"""Measure what a public table costs: ``bench_growth_public.py FILE``; writes its figures there.

Started by ``bench_growth.py`` once for each engine, with an empty database that is given a
published plan of size M: 20 offices, 300 processes.

``public_csv_vs_static``: an anonymous request for a table of the plan, which nobody has asked for
with a mark ÷ one for a stored file of as many bytes behind the same middleware, seconds of
processor, the best of the rounds; the worst of all tables and ``dati.json``.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_body import complete  # noqa: E402
from bench_before_names import names  # noqa: E402
from bench_clock import measured  # noqa: E402
from bench_way import adopt, head_everywhere, move_plan, plan_now, propose, stand_in  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.http import FileResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402

from registry.models import Plan  # noqa: E402
from registry.responses.public import public  # noqa: E402
from risk.enums import PlanVerb  # noqa: E402
from risk.services.reporting.open_data.tables import TABLES  # noqa: E402

ROUNDS = 12
"""Of requests that take a millisecond each: of three, one is still among the first of its kind."""
STORED = "stored.csv"


@public
def stored(request: object) -> FileResponse:
    """Give the stored file."""
    file = Path(settings.MEDIA_ROOT) / STORED
    return FileResponse(file.open("rb"), as_attachment=True, filename=STORED)


urlpatterns = [path("misura/", stored), path("", include("ptpct.urls"))]
"""The addresses of the site and one more, which stands behind all that they stand behind."""


def published() -> Plan:
    """Return a plan that is published, its papers not drawn."""
    services = names("now")
    plan = services.body(os.environ.get("PROFILE", "M"), "prova")
    complete(plan)
    with services.undrawn(stand_in()):
        propose(services, plan, head_everywhere(plan))
        adopt(services, plan)
    move_plan(services, plan, PlanVerb.PUBLISH)
    return plan_now(plan)


def asked(client: Client, address: str) -> tuple[float, int]:
    """Return the seconds of one request of somebody unknown, and the bytes of the answer."""
    client.cookies.clear()
    with measured() as cost:
        answer = client.get(address)
        content = b"".join(answer)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return cost.processor, len(content)


def ratio(address: str) -> float:
    """Return the best time of a public file ÷ that of a stored one as large, in turns."""
    # one for all requests: the first of a client sets the middleware up
    client = Client(SERVER_NAME="localhost")
    _seconds, size = asked(client, address)
    file = Path(settings.MEDIA_ROOT) / STORED
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(os.urandom(size))
    both = (address, "/misura/")
    turns = [[asked(client, one)[0] for one in both] for _turn in range(ROUNDS)]
    ours, plain = (min(column) for column in zip(*turns, strict=True))
    print(
        f"  {address} {size / 1000:.0f} kB: {ours * 1000:.1f} ms ÷ {plain * 1000:.1f}", flush=True
    )
    return ours / plain


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    settings.ROOT_URLCONF = __name__
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = published()
    parts = (plan.administration.ipa_code, plan.slug)
    tables = [reverse("risk:open_data_table", args=[*parts, name]) for name in TABLES]
    worst = max(map(ratio, [*tables, reverse("risk:open_data", args=parts)]))
    found = {"public_csv_vs_static": round(worst, 2)}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
