"""Make a body of a version and sign its people in: ``bench_load_speaker.py before|now FILE``.

Started by ``bench_growth_load.py`` in the folder of that version's code and with its virtual
environment. Writes to FILE, as JSON, what each person of the body works on and the session they
have, in an order of chance that is the same in both.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

# the code of the version, then the modules beside this file
sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_body import complete  # noqa: E402
from bench_before_names import names  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from registry.models import Membership, Plan, Process, User  # noqa: E402

OF_OFFICES = ("head", "editor")


def people_of(plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield who works for an office and for what; each saves a process nobody else saves."""
    annexes = {annex.office_id: annex for annex in plan.annexes.order_by("pk")}
    taken: dict[int, int] = {}
    held = Membership.objects.filter(administration=plan.administration, role__in=OF_OFFICES)
    for membership in held.select_related("user").order_by("pk"):
        annex = annexes[membership.office_id]
        # a process that is only there to say that it bears no risk has fewer pages
        rows = Process.objects.filter(annex=annex, risk_presence="present").order_by("position")
        n = taken[annex.pk] = taken.get(annex.pk, -1) + 1
        own = rows[n]
        yield {
            "session": session_of(membership.user),
            "annex": str(annex.uid),
            "plan": f"{plan.administration.ipa_code}/{plan.slug}",
            "own": str(own.uid),
            "version": own.version,
            "processes": [str(uid) for uid in rows.values_list("uid", flat=True)],
        }


def session_of(user: User) -> str:
    """Return the key of a session of somebody who has signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client.cookies["sessionid"].value


def main() -> int:
    """Fill the database and write the file."""
    version, file = sys.argv[1:]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = names(version).body(os.environ.get("PROFILE", "P150"), "prova")
    complete(plan)
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    people = list(people_of(plan))
    # no secret depends on it
    Random(0).shuffle(people)  # noqa: S311
    Path(file).write_text(json.dumps(people), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
