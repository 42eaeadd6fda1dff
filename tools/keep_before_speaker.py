"""Work in two bodies and write the rows to FILE: ``keep_before_speaker.py FILE``.

Started by ``keep_before.py`` in the folder of the earlier version and with its virtual environment.
The annexes of one body are in the middle of an approval, validated, and issued; the plan of the
other is adopted and published. Beside the rows of its tables stands what that version says of them:
what was approved, the digests of what was moved and issued, the end of the trail.
"""

import json
import lzma
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

# the code of the version, then the modules beside this file
sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

import bench_before_names  # noqa: E402
from bench_before_body import complete  # noqa: E402
from bench_way import (  # noqa: E402
    adopt,
    head_everywhere,
    issue,
    move_plan,
    propose,
    stand_in,
    submit,
    validate,
)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from registry.models import Plan, Process, TrailRecord  # noqa: E402
from risk.enums import PlanVerb  # noqa: E402
from risk.models import AnnexIssue, Approval, PlanIssue, Transition  # noqa: E402

ANNEXES = 3
APPROVED = 2
"""Processes of the annex that is being approved, of four."""
SIZE = (ANNEXES, 4 * ANNEXES, 24, 24, 24, 24, 3)
"""Offices, processes and so on of each body."""
DRAWN = 400
OURS = ("registry_", "risk_")
NAMES = bench_before_names.names("before")


def body(ipa_code: str) -> Plan:
    """Make a body of that size, its annexes complete."""
    bench_before_names.PROFILES["U"] = SIZE
    bench_before_names.FIRST_ANNEX["U"] = SIZE[1] // ANNEXES
    plan = NAMES.body("U", ipa_code)
    complete(plan)
    return plan


def publish(plan: Plan) -> None:
    """Take a plan its whole way."""
    propose(NAMES, plan, head_everywhere(plan))
    adopt(NAMES, plan)
    move_plan(NAMES, plan, PlanVerb.PUBLISH)


def work_in(plan: Plan) -> dict[str, Any]:
    """Leave the annexes of a plan on their way; return who approves which of them."""
    head, annexes = head_everywhere(plan), list(plan.annexes.order_by("pk"))
    for annex in annexes:
        submit(NAMES, annex)
    middle, *others = annexes
    for process in Process.objects.filter(annex=middle).order_by("position")[:APPROVED]:
        NAMES.approvals.approve_process(process=process, by=head)
    for annex in others:
        validate(NAMES, annex, head)
    issue(NAMES, others[-1])
    return {"head": head.username, "middle": str(middle.uid)}


def said() -> dict[str, Any]:
    """Return what this version says of all that was made."""
    last = TrailRecord.objects.order_by("-number")[0]
    approved = Approval.objects.order_by("pk").values_list("process__uid", "digest")
    issued = {"issues": AnnexIssue, "plan_issues": PlanIssue}
    return {
        "anchor": f"{last.number}:{last.digest}",
        "approvals": [[str(uid), digest] for uid, digest in approved],
        "moves": [
            list(row) for row in Transition.objects.order_by("pk").values_list("pk", "digest")
        ],
    } | {
        name: [
            [str(row.uid), row.data_digest, row.pdf_digest] for row in model.objects.order_by("pk")
        ]
        for name, model in issued.items()
    }


def tables() -> dict[str, Any]:
    """Return the rows of all tables of ours that have any, with the names of their columns."""
    found: dict[str, Any] = {}
    names = sorted(connection.introspection.table_names())
    connection.close()
    # by itself, without what Django makes of times and numbers
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as opened:
        for table in names:
            if not table.startswith(OURS):
                continue
            asked = opened.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - of the database
            rows = [[_plain(value) for value in row] for row in asked]
            if rows:
                found[table] = {"columns": [one[0] for one in asked.description], "rows": rows}
    return found


def _plain(value: Any) -> Any:
    """Return what a column holds as JSON can say it: bytes as their digits."""
    return {"bytes": value.hex()} if isinstance(value, bytes) else value


def main() -> int:
    """Make all of it and write the file."""
    file = Path(sys.argv[1])
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    with NAMES.undrawn(stand_in(DRAWN)):
        publish(body("pubblicato"))
        told = work_in(body("in_corso")) | said()
    whole = json.dumps(
        {"tables": tables(), "said": told}, ensure_ascii=False, separators=(",", ":")
    )
    # the pages of the issues have the same fonts, which only this sees
    file.write_bytes(lzma.compress(whole.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{file}: {file.stat().st_size} byte")
    return 0


if __name__ == "__main__":
    sys.exit(main())
