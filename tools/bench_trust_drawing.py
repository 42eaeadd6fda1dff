"""Measure what any text costs to draw: ``bench_trust_drawing.py FILE``; writes its figures there.

`worst_case_vs_plain`: an annex with each field full of a text without a blank, drawn in each
layout, ÷ the same with ordinary words, both in processor seconds per character; the worst of all
texts and layouts.
"""

import json
import os
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from risk.content.values import AnnexDocument  # noqa: E402
from risk.enums import Layout  # noqa: E402
from risk.paper.html import render_pdf  # noqa: E402
from tests.risk.paper.filled import ODD_TEXTS, PLAIN, filled, repeated  # noqa: E402

LENGTH = 3_000
"""Characters of a field: enough that what grows faster than the text would show."""


def main() -> int:
    """Draw them all, write the worst ratio and print each."""
    seconds(filled("Prova"), Layout.SHEETS)
    ratios = {}
    for layout in (Layout.CATALOGUE, Layout.RISK_TABLE, Layout.SHEETS):
        plain = seconds(filled(repeated(PLAIN, LENGTH)), layout)
        for name, piece in ODD_TEXTS.items():
            ratios[layout, name] = seconds(filled(repeated(piece, LENGTH)), layout) / plain
            print(f"{layout:<12}{name:<22}{ratios[layout, name]:>6.2f}", flush=True)
    found = {"worst_case_vs_plain": round(max(ratios.values()), 2)}
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


def seconds(document: AnnexDocument, layout: Layout) -> float:
    """Return the processor seconds one drawing takes."""
    begun = process_time()
    render_pdf(document, layout=layout)
    return process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
