"""Measure the memory of verifying a long trail: ``bench_growth_trail.py FILE``.

Started by ``bench_growth.py`` once for each engine, with an empty database that is given 300,000
records of saved processes, each with its row of history (``RECORDS`` of the environment: any other
number), chained as the trail's own service does.

``verify_trail_peak_mb``: the most memory a process of its own has that runs ``verify_trail``.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

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
from registry.models import Process, TrailRecord  # noqa: E402
from registry.trail.records import history_lines, record_digest, rows_digest  # noqa: E402

RECORDS = int(os.environ.get("RECORDS", "300000"))
PEAK, AT_ONCE = "--peak", 5_000


def write_trail(processes: list[Process]) -> None:
    """Write the records, and the rows of history they tell of, some thousands at a time.

    The first by the service of the trail; those after it are chained to it here, as the service
    asks the database for each.
    """
    records = Process.history.model
    kept = {field.attname for field in records._meta.concrete_fields}
    columns = [f.attname for f in Process._meta.concrete_fields if f.attname in kept]
    values = [{name: getattr(row, name) for name in columns} for row in processes]
    head = trail.write(kind="edit", by=None, subject=f"process {processes[0].uid}")
    for start in range(1, RECORDS, AT_ONCE):
        some = range(start, min(start + AT_ONCE, RECORDS))
        uids, now = [uuid4() for _n in some], timezone.now()
        rows = [
            records(
                **values[n % len(values)],
                # the key of a row is part of what the record tells of it
                history_id=n,
                history_date=now,
                history_type="~",
                history_change_reason=f"edit:{uid}",
            )
            for n, uid in zip(some, uids, strict=True)
        ]
        names = [field.attname for field in records._meta.concrete_fields]
        lines = history_lines(records, {n: [getattr(row, n) for row in rows] for n in names})
        chained = list(_chained(head, uids, lines))
        with transaction.atomic():
            records.objects.bulk_create(rows)
            TrailRecord.objects.bulk_create(chained)
        head = chained[-1]


def _chained(head: TrailRecord, uids: list[UUID], lines: list[str]) -> Iterator[TrailRecord]:
    """Yield records of one row each, like the head and chained to it."""
    names = [field.attname for field in TrailRecord._meta.concrete_fields if field.name != "id"]
    for uid, line in zip(uids, lines, strict=True):
        record = TrailRecord(**{name: getattr(head, name) for name in names})
        record.number, record.previous, record.uid = head.number + 1, head.digest, uid
        record.row_count, record.rows_digest = 1, rows_digest([line])
        record.digest = record_digest(record)
        yield record
        head = record


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
