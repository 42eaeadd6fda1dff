"""Write a plan of 15,000 rows as a workbook and time it: ``bench_spreadsheets_export.py FILE``.

Started by ``bench_spreadsheets.py`` once for each engine, with an empty database. The export is
measured whole, from the database to the bytes, in turns with a bare xlsxwriter that writes the same
cells, merges and ids from memory; the best of the rounds counts, so that noise of the machine
spoils neither side. The peak of memory is that of a process that does nothing but one export.
"""

import gc
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

import xlsxwriter  # noqa: E402
from django.core.management import call_command  # noqa: E402

from registry.models import Annex, Plan  # noqa: E402
from risk.enums import Layout  # noqa: E402
from risk.services.sample_data.synthetic import bodies as synthetic  # noqa: E402
from risk.services.workbooks.contents import content_of  # noqa: E402
from risk.services.workbooks.files import plan_workbook  # noqa: E402
from risk.workbooks import rowids  # noqa: E402
from risk.workbooks.books import draw_book  # noqa: E402
from risk.workbooks.drawing import BookDrawing  # noqa: E402

ROWS, MERGES, ROUNDS = 15_000, 12_000, 4
IPA_CODE = "sintetico"
PEAK = "--peak"
SIZE = synthetic.Profile(
    offices=40,
    processes=1_600,
    phases=ROWS,
    actions=ROWS,
    behaviours=6_000,
    targets=8_000,
    people=6,
)
"""One body whose table has as many rows and merged cells as the figure is about."""


def annexes() -> list[Annex]:
    """Return the annexes of the body, as the page would read them."""
    plan = Plan.objects.get(administration__ipa_code=IPA_CODE)
    return list(Annex.objects.filter(plan=plan).with_names().order_by("pk"))


def exported() -> bytes:
    """Write the whole plan: what is measured."""
    found = annexes()
    return plan_workbook(plan=found[0].plan, layout=Layout.RISK_TABLE, annexes=found)


def written_plainly(book: BookDrawing) -> bytes:
    """Write the same cells with nothing but xlsxwriter: what it is compared with."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        form = workbook.add_format({"text_wrap": True, "border": 1, "valign": "top"})
        for drawn in book.sheets:
            sheet = workbook.add_worksheet(drawn.name)
            merged = set()
            for block in drawn.blocks:
                text = drawn.lines[block.top].cells[block.left]
                place = (block.top, block.left, block.bottom, block.right)
                sheet.merge_range(*place, text, form)
                for row in range(block.top, block.bottom + 1):
                    for column in range(block.left, block.right + 1):
                        merged.add((row, column))
            for row, line in enumerate(drawn.lines):
                for column, value in enumerate(line.cells):
                    if (row, column) in merged:
                        continue
                    if isinstance(value, str):
                        sheet.write_string(row, column, value, form)
                    elif value is None:
                        sheet.write_blank(row, column, None, form)
                    else:
                        sheet.write_number(row, column, value, form)
        hidden = workbook.add_worksheet(rowids.SHEET)
        for row, cells in enumerate(rowids.lines(book.origin, book.ids)):
            for column, value in enumerate(cells):
                if isinstance(value, str):
                    hidden.write_string(row, column, value)
                else:
                    hidden.write_number(row, column, value)
    return out.getvalue()


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds of computing some work takes: others use the machine too."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def drawn() -> BookDrawing:
    """Return the cells to write, and stop when they are not what the figure is about."""
    found = annexes()
    book = draw_book(content_of(found[0].plan, found, Layout.RISK_TABLE), Layout.RISK_TABLE)
    rows = sum(len(sheet.lines) for sheet in book.sheets)
    merges = sum(len(sheet.blocks) for sheet in book.sheets)
    print(f"{rows} righe, {merges} celle unite, {len(book.ids)} identificativi", flush=True)
    if rows < ROWS or merges < MERGES:
        raise SystemExit("il foglio è più piccolo di quello da misurare")
    return book


def peak_mb() -> float:
    """Return the most memory a fresh process held while it exported."""
    told = subprocess.run(  # noqa: S603 - this very script
        [sys.executable, __file__, PEAK], check=True, capture_output=True, text=True
    )
    return float(told.stdout.split()[-1])


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    if sys.argv[1] == PEAK:
        exported()
        # not getrusage: there a new process begins with the peak of the one that started it
        status = Path("/proc/self/status").read_text(encoding="ascii")
        print(round(int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024, 1))
        return 0
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    synthetic.PROFILES["export"] = SIZE
    synthetic.make_synthetic_body(profile="export", ipa_code=IPA_CODE)
    book = drawn()
    rounds = [(timed(exported), timed(lambda: written_plainly(book))) for _n in range(ROUNDS)]
    for ours, plain in rounds:
        print(f"  registro {ours:.2f} s  xlsxwriter {plain:.2f} s", flush=True)
    ours, plain = (min(seconds) for seconds in zip(*rounds, strict=True))
    found = {"export_vs_xlsxwriter": round(ours / plain, 2), "export_peak_mb": peak_mb()}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
