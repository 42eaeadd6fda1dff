"""Measure what an annex of the demo costs as PDF: ``bench_paper_demo.py FILE``; writes it there.

``gare_vs_chromium``: the processor seconds of a process that begins, with an empty store, and draws
the whole annex “Gare e contratti”, all it starts included, ÷ those of a headless Chromium that
prints the page it is laid out from, the best of three each. Writes the two annexes that are looked
at to ``out/``, and how many pages they have.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench_paper_annex import ROOT, printed
from bench_paper_cold import drawn_cold

PREPARES = "--prepare"
LOOKED_AT = {"gare": "gare-e-contratti", "servizi": "servizi-informativi"}
"""By the name of its figures, the annex: words of the name of its office."""
ROUNDS = 3


def main() -> int:
    """Print, draw and write the figures; with `--prepare` be the process that loads the demo."""
    if sys.argv[1] == PREPARES:
        return prepared(Path(sys.argv[2]))
    found = Path(sys.argv[1])
    folder = found.parent / "demo"
    folder.mkdir()
    command = [sys.executable, __file__, PREPARES, str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    seconds = min(drawn_cold(folder / "gare")[0] for _round in range(ROUNDS))
    drawn_cold(folder / "servizi")
    # before the browser writes its own print of that page beside it
    counted = {f"{name}_pages": pages(folder / name, LOOKED_AT[name]) for name in LOOKED_AT}
    browser, _wall = printed(folder / "gare" / "allegato.html")
    figures = {"gare_vs_chromium": round(seconds / browser, 3)}
    figures |= {"gare_seconds": seconds, "gare_chromium_seconds": round(browser, 3)}
    figures |= counted
    print(figures, flush=True)
    found.write_text(json.dumps(figures), encoding="utf-8")
    return 0


def pages(folder: Path, name: str) -> int:
    """Put what was drawn where people look, and return its pages."""
    import pikepdf  # noqa: PLC0415

    shutil.copy(folder / "allegato.pdf", ROOT / "out" / f"{name}-completo.pdf")
    with pikepdf.open(folder / "allegato.pdf") as book:
        return len(book.pages)


def prepared(folder: Path) -> int:
    """Load the demo and write its two annexes, as data and as pages."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")
    django.setup()
    from bench_paper_page import write  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from registry.models import Annex  # noqa: PLC0415
    from risk.services.annexes.documents import document_of  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("load_demo", verbosity=0)
    for name, office in LOOKED_AT.items():
        folded = office.replace("-", " ")
        annexes = Annex.objects.with_names().filter(office__folded=folded)
        annex = annexes.order_by("-plan__first_year", "-pk")[0]
        (folder / name).mkdir()
        write(document_of(annex), folder / name / "allegato.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
