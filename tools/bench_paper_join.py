"""Measure what joining a plan costs: ``bench_paper_join.py FILE``; writes its figures there.

The first annex of the synthetic body S (28 processes) is drawn once, and stands ten times in a plan
under ten digests, as ten annexes would. ``plan_join_vs_chromium``: the processor seconds of a
process that makes the plan of them, its start and front matter included, ÷ those of a headless
Chromium that prints the HTML of the ten. ``join_peak_mb``: the most memory that process has had.
"""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

import pikepdf  # noqa: E402
from django.core.management import call_command  # noqa: E402

from registry.models import Annex  # noqa: E402
from risk.content.plan_values import BoundPlan  # noqa: E402
from risk.enums import Layout  # noqa: E402
from risk.paper.bound_plan import BoundPart, render_bound_plan  # noqa: E402
from risk.paper.html import render_html, render_pdf  # noqa: E402
from risk.paper.joining import pages_of  # noqa: E402
from risk.paper.name_trees import own_names  # noqa: E402
from risk.paper.tags import signable  # noqa: E402
from risk.services.annexes.documents import document_of  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402

ANNEXES = 10
JOINS = "--join"
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Draw, join, print and write the figures; with `--join` be the process that joins."""
    if sys.argv[1] == JOINS:
        return joined(Path(sys.argv[2]))
    found = Path(sys.argv[1])
    folder = found.parent / "join"
    folder.mkdir()
    document = drawn_once(folder)
    # what a browser leaves behind is ours, and counted
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    page = folder / "allegato.html"
    page.write_text(render_html(document, layout=Layout.COMPLETE), encoding="utf-8")
    browser = seconds_of([chromium(), *printing(page)])
    own = seconds_of([sys.executable, __file__, JOINS, str(folder)])
    told = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    figures = {
        "plan_join_vs_chromium": round(own / (ANNEXES * browser), 3),
        "join_peak_mb": told["peak_mb"],
        "join_pages": told["pages"],
        "join_seconds": round(own, 2),
        "join_megabytes": told["megabytes"],
    }
    print(f"{browser:.2f} s Chromium for one annex", figures, flush=True)
    found.write_text(json.dumps(figures), encoding="utf-8")
    return 0


def drawn_once(folder: Path):
    """Draw the annex, keep it under ten digests, and return what was drawn."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = make_synthetic_body(profile="S", ipa_code="sintetico")
    annex = Annex.objects.with_names().filter(plan=plan).order_by("pk").first()
    document = document_of(annex)
    pdf = render_pdf(document, layout=Layout.COMPLETE)
    taken: set[str] = set()
    for number in range(ANNEXES):
        with pikepdf.open(BytesIO(pdf)) as book:
            taken |= own_names(book, b"%d" % number, taken | own_names(book, b"", ()))
            (folder / f"{number}.pdf").write_bytes(signable(book))
    return document


def joined(folder: Path) -> int:
    """Make the plan of the PDFs of a folder, and write what it took."""
    files = sorted(folder.glob("?.pdf"))
    pdfs = [file.read_bytes() for file in files]
    parts = [
        BoundPart(f"Allegato {number}", "Responsabile: —", pdf, pages_of(pdf))
        for number, pdf in enumerate(pdfs, start=1)
    ]
    plan = BoundPlan("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    whole = render_bound_plan(plan, parts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"peak_mb": round(peak), "pages": pages_of(whole), "megabytes": len(whole) / 1e6}
    (folder / "found.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


def printing(page: Path) -> list[str]:
    """Return what a browser is told to print a page."""
    return [
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
        *(
            f"--user-data-dir={page.parent / 'profile'}",
            f"--print-to-pdf={page.with_suffix('.pdf')}",
        ),
        page.as_uri(),
    ]


def chromium() -> str:
    """Return the browser that prints."""
    path = os.environ.get("BROWSER") or shutil.which("chromium-headless-shell")
    if not path:
        raise SystemExit("Manca chromium-headless-shell, o un altro browser indicato in BROWSER.")
    return path


def seconds_of(command: list[str]) -> float:
    """Return the processor seconds of a command and of all it has started. Raises what it does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
