"""Measure the memory of verifying a long trail: ``bench_growth_trail.py FILE``.

Started by ``bench_growth.py`` once for each engine, with an empty database that is given 300,000
records of saved processes, each with its row of history (``RECORDS`` of the environment: any other
number), written by the trail's own service.

``verify_trail_peak_mb``: the most memory a process of its own has that runs ``verify_trail``.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_names import names  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from registry import trail  # noqa: E402
from registry.models import Process  # noqa: E402
from registry.trail.records import history_line  # noqa: E402

RECORDS = int(os.environ.get("RECORDS", "300000"))
PEAK, AT_ONCE = "--peak", 5_000


def write_trail(processes: list[Process]) -> None:
    """Write the records, and the rows of history they tell of, some thousands at a time."""
    for start in range(0, RECORDS, AT_ONCE):
        with transaction.atomic():
            rows = list(_records(processes, range(start, min(start + AT_ONCE, RECORDS))))
            Process.history.model.objects.bulk_create(rows)


def _records(processes: list[Process], numbers: range) -> Iterator[object]:
    model = Process.history.model
    kept = {field.attname for field in model._meta.concrete_fields}
    columns = [f.attname for f in Process._meta.concrete_fields if f.attname in kept]
    for n in numbers:
        process, uid = processes[n % len(processes)], uuid4()
        row = model(
            **{name: getattr(process, name) for name in columns},
            history_date=timezone.now(),
            history_type="~",
            history_change_reason=f"edit:{uid}",
        )
        # the key of a row is part of what the record tells of it
        row.history_id = n + 1
        trail.write(
            kind="edit",
            by=None,
            subject=f"process {process.uid}",
            lines=[history_line(row)],
            uid=uid,
        )
        yield row


def verify_alone() -> None:
    """Verify the trail as the command does, and print the peak of this process."""
    try:
        call_command("verify_trail", stdout=sys.stderr)
    except SystemExit as ended:
        if ended.code:
            raise
    # not getrusage: there a new process begins with the peak of the one that started it
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(round(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024, 1))


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    if sys.argv[1] == PEAK:
        verify_alone()
        return 0
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = names("now").body("S", "prova")
    write_trail(list(Process.objects.filter(annex__plan=plan).order_by("pk")))
    command = [sys.executable, __file__, PEAK]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found = {"verify_trail_peak_mb": float(ran.stdout.split()[-1]), "verify_trail_records": RECORDS}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
