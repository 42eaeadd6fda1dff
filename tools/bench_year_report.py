"""Measure the public report of a round of monitoring as PDF: ``bench_year_report.py FILE``.

Of a round of 8,000 invented measures over 300 offices: how it was held, outcomes by area, typology
and office, what was not done, not answered, not monitored. No database is asked: what is drawn is
made of the canonical data of its issue. Seconds of processor ÷ those of a headless Chromium that
prints the same page, the best of ``ROUNDS`` (3).

- ``report_cold_vs_chromium``: a worker begins, with an empty store, and draws it in pieces.
- ``report_unchanged_vs_chromium``: the same again in that worker, nothing changed.
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

from bench_engines import keep
from bench_paper_annex import ROOT, printed, spent, tree_seconds

sys.path.insert(0, str(ROOT))
WORKS = "--work"
MEASURES, OFFICES, AREAS, TYPOLOGIES = 8_000, 300, 12, 12
SHARES = {
    "done": 46,
    "unproven": 8,
    "in_progress": 16,
    "partly": 6,
    "not_done": 7,
    "no_answer": 9,
    "not_measured": 5,
    "no_case": 3,
}
"""Of a hundred measures how many came out how."""


def main() -> int:
    """Write the page, print and draw it, write the figures; with `--work` be the worker."""
    if sys.argv[1] == WORKS:
        return worked(Path(sys.argv[2]))
    found = Path(sys.argv[1])
    folder = found.parent / "report"
    folder.mkdir()
    subprocess.run([sys.executable, __file__, WORKS, str(folder / "page")], check=True)  # noqa: S603
    browser, _wall = printed(folder / "page.html")
    subprocess.run([sys.executable, __file__, WORKS, str(folder)], check=True)  # noqa: S603
    told = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    figures = {
        "report_cold_vs_chromium": told["cold"] / browser,
        "report_unchanged_vs_chromium": told["unchanged"] / browser,
        "report_cold_s": told["cold"],
        "report_unchanged_s": told["unchanged"],
        "report_chromium_s": browser,
        "report_pages": told["pages"],
    }
    keep(found, {name: round(value, 3) for name, value in figures.items()})
    return 0


def worked(folder: Path) -> int:
    """Draw the report, and draw it again; or only write its page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")
    import django  # noqa: PLC0415

    django.setup()
    from risk.content.round_parts import parts_of  # noqa: PLC0415
    from risk.content.round_values import restore_round  # noqa: PLC0415
    from risk.paper.joining import pages_of  # noqa: PLC0415
    from risk.paper.round_report import report_html  # noqa: PLC0415
    from risk.services.monitoring.report import drawn_report, head_of_report  # noqa: PLC0415

    report = restore_round(data())
    head = head_of_report(report, None)
    if folder.name == "page":
        page = report_html(head, parts_of(report))
        folder.with_suffix(".html").write_text(page, encoding="utf-8")
        return 0
    pdf = drawn_report(report, head)
    told: dict[str, float] = {"cold": tree_seconds()}
    told["unchanged"] = spent(lambda: drawn_report(report, head))
    told["pages"] = pages_of(pdf)
    (folder / "found.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


def data() -> str:
    """Return the public data of an invented round, always the same."""
    from risk.content.round_values import public_content, written  # noqa: PLC0415

    chance = random.Random(8_000)  # noqa: S311 (no secret)
    outcomes = [one for one, share in SHARES.items() for _n in range(share)]
    content = {
        "body": "Ente di prova",
        "plan": "PTPCT 2026/2028",
        "label": "Monitoraggio finale 2026",
        "kind": "final",
        "situation_on": "2026-12-31",
        "answers_by": "2027-01-15",
        "checks_by": "2027-01-31",
        "coverage": "all",
        "criteria": "Tutte le misure del piano, ciascuna chiesta all’ufficio che ne risponde.",
        "planned": MEASURES,
        "measures": [measure(n, chance, outcomes) for n in range(MEASURES)],
    }
    return written(public_content(content))


def measure(n: int, chance: random.Random, outcomes: list[str]) -> dict:
    """Return one measure as the data tell it."""
    outcome = chance.choice(outcomes)
    declared = "late" if outcome in ("partly", "not_done") else "done"
    return {
        "uid": f"{n:08d}-0000-4000-8000-000000000000",
        "planned": f"{n:08d}-0000-4000-8000-000000000001",
        "measure": f"Misura {n}: controllo a campione delle pratiche concluse nel periodo",
        "office": f"Ufficio {n % OFFICES + 1} della Direzione {n % OFFICES // 10 + 1}",
        "areas": [f"{chr(65 + n % AREAS)}) Area di rischio {n % AREAS + 1} (generale)"],
        "typologies": [f"Misure della tipologia {n % TYPOLOGIES + 1}"],
        "declared": "" if outcome == "no_answer" else declared,
        "cause": "resources" if declared == "late" else "",
        "proposed_on": "2027-03-31" if declared == "late" else "",
        "done": "",
        "measurements": [],
        "check": "",
        "outcome": outcome,
        "outcome_reason": "Il valore atteso è raggiunto al 60 %, dovuto da 45 giorni.",
    }


if __name__ == "__main__":
    sys.exit(main())
