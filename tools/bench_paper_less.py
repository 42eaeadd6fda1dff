"""Measure how much less is printed than before: ``bench_paper_less.py FILE``; writes it there.

``s_less_printing``: the processor seconds of a headless Chromium that prints the page of the paper
of the first annex of S (28 processes, `bench_paper_page.py`) ÷ those for the page that commit
2799581 makes of the same annex, the best of ``ROUNDS`` in turns.
"""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

from bench_before_checkout import ROOT, Checkout, prepared

ROUNDS = 3
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    """Write both pages, print them in turns, and write the figure."""
    found = Path(sys.argv[1])
    pages = {
        version: page_of(version, checkout, found.parent)
        for version, checkout in (
            ("before", prepared()),
            ("now", Checkout(ROOT, sys.executable)),
        )
    }
    # what a browser leaves behind is ours, and counted
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    seconds = in_turns(pages)
    before, now = seconds["before"], seconds["now"]
    figures = {"s_less_printing": round(now / before, 3)}
    figures |= {"s_printing_seconds_before": before, "s_printing_seconds": now}
    figures |= {
        f"s_printing_kilobytes{of}": round(pages[version].stat().st_size / 1e3)
        for version, of in (("before", "_before"), ("now", ""))
    }
    print(figures, flush=True)
    found.write_text(json.dumps(figures), encoding="utf-8")
    return 0


def page_of(version: str, checkout: Checkout, folder: Path) -> Path:
    """Let a version write its page, with a database of its own."""
    var = folder / version
    var.mkdir()
    page = var / "allegato.html"
    script = str(ROOT / "tools" / "bench_paper_page.py")
    command = [checkout.python, script, version, "S", str(page)]
    place = os.environ | {"PTPCT_VAR_DIR": str(var)}
    subprocess.run(command, check=True, cwd=checkout.folder, env=place)  # noqa: S603
    return page


def in_turns(pages: dict[str, Path]) -> dict[str, float]:
    """Return the fewest processor seconds in which a browser prints each page."""
    from bench_paper_join import chromium, printing, seconds_of  # noqa: PLC0415

    seconds: dict[str, list[float]] = {version: [] for version in pages}
    for _turn in range(ROUNDS):
        for version, page in pages.items():
            seconds[version].append(seconds_of([chromium(), *printing(page)]))
    return {version: round(min(one), 3) for version, one in seconds.items()}


if __name__ == "__main__":
    sys.exit(main())
