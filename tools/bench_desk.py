"""Measure the pages of the daily work at two sizes on both engines: ``bench_desk.py``.

Makes an invented body of size S and one of size L in new databases, asks for each page in turn,
and writes ``out/bench-desk.json``: for each page and engine the statements on rows, the median and
95th percentile in milliseconds at size L, and the ratio of L to S. Then compares with commit
2799581 (``bench_before.py``, ``bench_desk_paint.py``). Exit code 1 when a limit of the project is
broken: 12 statements a page, 15 an act, 1.5 for the ratio, `TO_BEFORE` for the comparison.
"""

import sys

from bench_engines import ENGINES, BrokenOffError, beyond, judged, measured, written
from bench_engines import table as table_of_limits

PAGES = ("start", "map", "sheet", "list", "heatmap", "save")
ACTS = ("save",)
PAGE_LIMIT, ACT_LIMIT, RATIO_LIMIT = 12, 15, 1.5
TO_BEFORE = {
    "map_ms_vs_before": 0.5,
    "save_ms_vs_before": 0.6,
    "sheet_first_paint_vs_before": 0.6,
}
"""At most, of what it was at the earlier commit."""
COMPARING = ("bench_before.py", "bench_desk_paint.py")


def broken_limits(results: dict[str, float]) -> list[str]:
    """Return a sentence for each limit that a result breaks."""
    found = []
    for key, value in sorted(results.items()):
        name = key.partition("@")[0]
        page, _line, figure = name.partition("_")
        limit = {
            "queries": ACT_LIMIT if page in ACTS else PAGE_LIMIT,
            "l_vs_s": RATIO_LIMIT,
        }.get(figure)
        if limit is not None and value > limit:
            found.append(f"{key}: {value} > {limit}")
    return found


def table(results: dict[str, float]) -> str:
    """Return the results as lines of text, a page and engine each."""
    lines = [f"{'pagina':<10}{'motore':<12}{'istruzioni':>10}{'ms':>9}{'p95':>9}{'L/S':>7}"]
    for page in PAGES:
        for engine in ENGINES:
            queries, median, slow, ratio = (
                results[f"{page}_{figure}@{engine}"]
                for figure in ("queries", "ms", "p95_ms", "l_vs_s")
            )
            lines.append(
                f"{page:<10}{engine:<12}{queries:>10}{median:>9.1f}{slow:>9.1f}{ratio:>7.2f}"
            )
    return "\n".join(lines)


def main() -> int:
    """Measure on every engine, write the file, print the table and judge."""
    results: dict[str, float] = {}
    for engine in ENGINES:
        print(f"— {engine}", flush=True)
        found = measured(engine, "bench_desk_pages.py")
        results |= {f"{key}@{engine}": value for key, value in found.items()}
    compared = to_before()
    written("bench-desk.json", results | compared)
    print(table(results))
    print(table_of_limits(TO_BEFORE, compared))
    missing = [
        f"{name}@{engine}: —"
        for name in TO_BEFORE
        for engine in ENGINES
        if f"{name}@{engine}" not in compared
    ]
    return judged(broken_limits(results) + beyond(TO_BEFORE, compared) + missing)


def to_before() -> dict[str, float]:
    """Return the figures that compare with the earlier commit; one that breaks off leaves some."""
    results: dict[str, float] = {}
    for engine in ENGINES:
        for script in COMPARING:
            print(f"— {engine}: {script}", flush=True)
            try:
                found = measured(engine, script, {"COMPARE": "desk"})
            except BrokenOffError as error:
                print(error, file=sys.stderr)
                found = error.found
            results |= {f"{key}@{engine}": value for key, value in found.items()}
    return results


if __name__ == "__main__":
    sys.exit(main())
