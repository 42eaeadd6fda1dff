"""Measure what taking an import back costs: ``bench_growth_undo.py FILE``; writes its figures.

Started by ``bench_growth.py`` once for each engine, with an empty database. A register of 15,000
rows (``ROWS`` of the environment: any other number) is taken into a new edition and the import
undone, twice.

``undo_vs_take``: the best undo ÷ the best taking, seconds of processor, the server's included.
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bench_spreadsheets_import as imports  # noqa: E402
from bench_clock import measured  # noqa: E402
from django.core.management import call_command  # noqa: E402

from risk.services.imports import (  # noqa: E402
    apply_import,
    preview_import,
    start_import,
    undo_import,
)

ROUNDS = 2


def costs(body: imports.Body, n: int, content: bytes) -> tuple[float, float]:
    """Take the register into a new edition and back; return what each cost."""
    plan, by = body.edition(n), body.rpct
    preview = preview_import(plan=plan, content=content, filename=imports.FILENAME, by=by)
    imports.expect(preview=preview, added=True)
    upload = start_import(
        plan=plan, office=None, filename=imports.FILENAME, content=content, layout="auto", by=by
    )
    with measured() as take:
        apply_import(register_import=upload, digest=preview.digest, by=by)
    with measured() as undo:
        undo_import(register_import=upload, by=by)
    told = f"presa {take.processor:.2f} s, {take.statements}"
    print(f"  {told}; annullata {undo.processor:.2f} s, {undo.statements}", flush=True)
    return take.processor, undo.processor


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    imports.ROWS = int(os.environ.get("ROWS", str(imports.ROWS)))
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    body = imports.Body()
    content = body.content()
    takes, undos = zip(*(costs(body, n, content) for n in range(ROUNDS)), strict=True)
    found = {"undo_vs_take": round(min(undos) / min(takes), 2)}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
