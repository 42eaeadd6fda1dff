"""Take a register of 15,000 rows into a plan and time it: ``bench_spreadsheets_import.py FILE``.

Started by ``bench_spreadsheets.py`` once for each engine, with an empty database. Each round has a
new edition of an invented body's plan. What is compared is the time of the processor, that of the
server included, measured in turns; the best of the rounds counts, so that noise of the machine
spoils neither side. Reading is measured as an import does it, with the collector at rest: else it
would be the time of visiting what earlier rounds have left. The peak of memory is that of a process
that does nothing but one import.
"""

import gc
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

import openpyxl  # noqa: E402
from bench_spreadsheets_file import catalogue, register, workbook  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from registry.gc_paused import without_collecting  # noqa: E402
from registry.models import (  # noqa: E402
    Macroprocess,
    Membership,
    Phase,
    Plan,
    Process,
    TrailRecord,
    User,
)
from registry.services.plans import open_annex  # noqa: E402
from registry.spreadsheets.reading import read_workbook  # noqa: E402
from risk.enums import Scale  # noqa: E402
from risk.models import Measure  # noqa: E402
from risk.services.imports import Preview, apply_import, preview_import, start_import  # noqa: E402
from risk.services.imports.parse.rows import unfold  # noqa: E402
from risk.services.imports.recognise.registers import recognise  # noqa: E402
from risk.services.plans.making import create_plan  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402

ROWS, ROUNDS = 15_000, 3
FILENAME = "registro.xlsx"
PEAK = "--peak"
COUNTED = ("COPY", "SELECT", "INSERT", "UPDATE", "DELETE")
WRITING = ("COPY", "INSERT", "UPDATE", "DELETE")
MEASURES = 5


class Body:
    """An invented body of middle size, its editions, and the register to take into them."""

    def __init__(self) -> None:
        self.first = make_synthetic_body(profile="M", ipa_code="sintetico")
        body = self.first.administration
        rpct = Membership.objects.select_related("user").get(administration=body, role="rpct")
        self.rpct: User = rpct.user
        self.method = self.first.methods.get().method
        self.offices = [annex.office for annex in self.first.annexes.select_related("office")]

    def content(self) -> bytes:
        """Return the register as a file."""
        body = self.first.administration
        functions = Macroprocess.objects.filter(administration=body).select_related("function")
        levels = self.method.levels.filter(scale=Scale.OVERALL)
        return workbook(
            register(
                ROWS,
                offices=[office.name for office in self.offices],
                macroprocesses=[str(row) for row in functions],
                measures=[str(row) for row in Measure.objects.offered_to(body)[:MEASURES]],
                levels=[level.label for level in levels],
            )
        )

    def catalogue(self) -> bytes:
        """Return as many processes without risks as a file: each row is one of the register."""
        body = self.first.administration
        functions = Macroprocess.objects.filter(administration=body).select_related("function")
        return catalogue(
            ROWS,
            offices=[office.name for office in self.offices],
            macroprocesses=[str(row) for row in functions],
        )

    def edition(self, n: int) -> Plan:
        """Return a new edition with an empty annex of every office."""
        plan = create_plan(
            administration=self.first.administration,
            title=f"Edizione {n}",
            first_year=2027,
            last_year=2029,
            methods=[self.method],
            default_method=self.method,
            by=self.rpct,
        )
        for office in self.offices:
            open_annex(plan=plan, office=office, by=self.rpct)
        return plan


def spent() -> float:
    """Return the seconds of processor of this process and of the one that serves it, if any."""
    seconds = time.process_time()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (server,) = cursor.fetchone()
        # its name, in brackets, may hold blanks; user and system time are the 14th and 15th
        told = Path(f"/proc/{server}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        seconds += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds some work takes, and what it returns."""
    gc.collect()
    started = spent()
    found = work()
    return spent() - started, found


def peak_mb(body: Body, plan: Plan, content: bytes) -> float:
    """Return the most memory that a process of its own has for one import."""
    file = Path(os.environ["PTPCT_VAR_DIR"]) / FILENAME
    file.write_bytes(content)
    command = [sys.executable, __file__, PEAK, str(file), plan.title, body.rpct.username]
    found = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(found.stdout)


def import_alone(file: str, plan: str, by: str) -> None:
    """Take a file in as the command does, and print the peak of this process."""
    try:
        call_command("import_register", file, plan=plan, by=by, stdout=io.StringIO())
    except SystemExit as ended:
        if ended.code:
            raise
    # not getrusage: there a new process begins with the peak of the one that started it
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(round(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024, 1))


def parsed_by_openpyxl(content: bytes) -> int:
    """Read every cell as openpyxl does in its fastest way; return the rows."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    count = sum(1 for sheet in book.worksheets for _row in sheet.iter_rows(values_only=True))
    book.close()
    return count


@without_collecting()
def unfolded(content: bytes) -> int:
    """Read a register with its merged cells unfolded, as an import does; return its rows."""
    return len(unfold(recognise(read_workbook(content, FILENAME))).rows)


def expect(*, preview: Preview, added: bool) -> None:
    """Stop when a preview is not what the measurement is about."""
    if preview.problems or preview.questions or bool(preview.changes.added) is not added:
        told = [*preview.problems[:3], *preview.questions[:3]]
        raise SystemExit(f"anteprima inattesa: {len(preview.changes.added)} {told}")


class Round:
    """One round over one new edition."""

    def __init__(self, body: Body, plan: Plan, content: bytes, model: Any = Phase) -> None:
        self.body, self.plan, self.content, self.model = body, plan, content, model
        self.seconds: dict[str, float] = {}
        self.statements = 0

    def run(self, *, count: bool) -> None:
        """Measure everything once; counting statements takes time, so that round has no times."""
        time_of = self._counted if count else self._timed
        time_of("openpyxl", lambda: parsed_by_openpyxl(self.content))
        if time_of("read", lambda: unfolded(self.content)) != ROWS:
            raise SystemExit("righe perse nella lettura")
        preview = time_of("dry_run", self._preview)
        expect(preview=preview, added=True)
        digest = preview.digest
        del preview
        taken = start_import(
            plan=self.plan,
            office=None,
            filename=FILENAME,
            content=self.content,
            layout="auto",
            by=self.body.rpct,
        )
        by = self.body.rpct
        time_of("commit", lambda: apply_import(register_import=taken, digest=digest, by=by))
        self._check_commit()
        expect(preview=time_of("unchanged", self._preview), added=False)

    def _preview(self) -> Preview:
        return preview_import(
            plan=self.plan, content=self.content, filename=FILENAME, by=self.body.rpct
        )

    def _timed(self, name: str, work: Callable[[], Any]) -> Any:
        self.seconds[name], found = timed(work)
        return found

    def _counted(self, name: str, work: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as captured:
            found = work()
        told = [query["sql"] for query in captured]
        if name == "unchanged" and any(sql.startswith(WRITING) for sql in told):
            raise SystemExit("lo stesso file ha scritto qualcosa")
        if name == "commit":
            self.statements = sum(
                sql.startswith(COUNTED) and "pg_advisory" not in sql for sql in told
            )
        return found

    def _check_commit(self) -> None:
        to_plan = "annex__plan" if self.model is Process else "process__annex__plan"
        written = self.model.objects.filter(**{to_plan: self.plan}).count()
        record = TrailRecord.objects.filter(kind="import").order_by("-pk")[0]
        if written != ROWS or record.row_count < ROWS:
            raise SystemExit(f"importate {written} righe, {record.row_count} nella registrazione")


def ratios(rounds: Sequence[Round], *names: str) -> dict[str, float]:
    """Return the best time of each kind of work as a multiple of openpyxl's best."""
    best = {name: min(one.seconds[name] for one in rounds) for name in rounds[0].seconds}
    return {f"{name}_vs_openpyxl": round(best[name] / best["openpyxl"], 2) for name in names}


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    if sys.argv[1] == PEAK:
        import_alone(*sys.argv[2:])
        return 0
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    body = Body()
    content = body.content()
    counting = Round(body, body.edition(0), content)
    counting.run(count=True)
    rounds = [Round(body, body.edition(n), content) for n in range(1, ROUNDS + 1)]
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    for one in rounds:
        one.run(count=False)
        print("  ".join(f"{key} {value:.2f} s" for key, value in one.seconds.items()), flush=True)
    found = ratios(rounds, "read", "dry_run", "commit", "unchanged")
    plain = Round(body, body.edition(ROUNDS + 2), body.catalogue(), Process)
    plain.run(count=False)
    found["commit_catalogue_vs_openpyxl"] = ratios([plain], "commit")["commit_vs_openpyxl"]
    found["import_queries_per_1000_rows"] = round(counting.statements / (ROWS / 1000), 2)
    found["import_peak_mb"] = peak_mb(body, body.edition(ROUNDS + 1), content)
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
