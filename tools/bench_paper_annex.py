"""Measure what one annex costs as PDF: ``bench_paper_annex.py FILE``; writes its figures there.

The first annex of the synthetic body S (28 processes; with ``PROFILE=A300`` one of 300), each
figure ÷ a headless Chromium that prints the page it is laid out from (`bench_paper_page.py`), the
best of ``ROUNDS``. ``…_cold``: a worker begins, with an empty store, and draws it; all its
processes from their start, ``…_wall`` by the clock on the wall. ``…_one_edit``: the title of one
process is another, which stands in every part; ``…_unchanged``: nothing is; ``…_ready``: a person
has edited it, it was quiet (for ``QUIET`` seconds, not the sixty of a site) and `draw_ahead` has
run. All are asked of that worker as long as it runs. ``worker_peak_mb``: the most memory that one
of its processes has had at any time. ``…_vs_exported`` are ÷ a browser that prints what people
export, nearly twice as long; ``…_vs_typst`` is ÷ Typst, which sets the words of that page plainly
(`bench_paper_typst.py`).
"""

import ctypes
import json
import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic

from bench_paper_page import EXPORTED
from bench_paper_typst import seconds_of_typst

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORKS = "--work"
FIGURES = {"S": "s", "A300": "m"}
QUIET = 1
ROUNDS = int(os.environ.get("ROUNDS", "3"))
"""How often a browser prints; the fewest seconds count."""
_PR_SET_CHILD_SUBREAPER = 36
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print, draw and write the figures; with `--work` be the worker that draws."""
    if sys.argv[1] == WORKS:
        return worked(Path(sys.argv[2]))
    found = Path(sys.argv[1])
    profile = os.environ.get("PROFILE", "S")
    name = FIGURES[profile]
    folder = found.parent / "annex"
    folder.mkdir()
    page = prepared(profile, folder)
    browser, browser_wall = printed(page)
    exported, _wall = printed(folder / EXPORTED)
    typst = seconds_of_typst(page)
    begun = monotonic()
    subprocess.run([sys.executable, __file__, WORKS, str(folder)], check=True)  # noqa: S603
    told = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    figures = {
        f"{name}_cold_vs_chromium": told["cold"] / browser,
        f"{name}_cold_wall_vs_chromium": (told["cold_ended"] - begun) / browser_wall,
        f"{name}_one_edit_vs_chromium": told["one_edit"] / browser,
        f"{name}_unchanged_vs_chromium": told["unchanged"] / browser,
        f"{name}_ready_vs_chromium": told["ready"] / browser,
        f"{name}_cold_vs_exported": told["cold"] / exported,
        f"{name}_one_edit_vs_exported": told["one_edit"] / exported,
        "worker_peak_mb" if name == "s" else f"{name}_worker_peak_mb": told["peak_mb"],
        f"{name}_cold_vs_typst": told["cold"] / typst,
        f"{name}_chromium_seconds": browser,
        f"{name}_typst_seconds": typst,
        f"{name}_exported_seconds": exported,
        f"{name}_megabytes": told["megabytes"],
    }
    figures = {key: round(value, 3) for key, value in figures.items()}
    print(figures, flush=True)
    found.write_text(json.dumps(figures), encoding="utf-8")
    return 0


def prepared(profile: str, folder: Path, *, var: Path | None = None) -> Path:
    """Keep what is drawn, and return the page that is printed; in a process that ends.

    The body is made in the database of this process, or in one of its own in `var`.
    """
    page = folder / "allegato.html"
    script = str(ROOT / "tools" / "bench_paper_page.py")
    command = [sys.executable, script, "now", profile, str(page)]
    place = os.environ | ({"PTPCT_VAR_DIR": str(var)} if var else {})
    subprocess.run(command, check=True, cwd=ROOT, env=place)  # noqa: S603
    return page


def printed(page: Path) -> tuple[float, float]:
    """Return the processor seconds and those on the wall of a browser that prints a page."""
    from bench_paper_join import chromium, printing, seconds_of  # noqa: PLC0415

    # what a browser leaves behind is ours, and counted
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    seconds, walls = [], []
    for _time in range(ROUNDS):
        begun = monotonic()
        seconds.append(seconds_of([chromium(), *printing(page)]))
        walls.append(monotonic() - begun)
    return min(seconds), min(walls)


def worked(folder: Path) -> int:
    """Be the worker: draw the annex, once more after an edit, and once more as it is."""
    peak = Peak()
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")
    django.setup()
    from risk.enums import Layout  # noqa: PLC0415
    from risk.services.printing.pieces import pdf_of_draft  # noqa: PLC0415

    document = pickle.loads((folder / "document").read_bytes())  # noqa: S301 (ours)
    drawn = pdf_of_draft(document, layout=Layout.COMPLETE)
    told: dict[str, float] = {"cold": tree_seconds(), "cold_ended": monotonic()}
    other = edited(document)
    told["one_edit"] = spent(lambda: pdf_of_draft(other, layout=Layout.COMPLETE))
    told["unchanged"] = spent(lambda: pdf_of_draft(other, layout=Layout.COMPLETE))
    told["ready"] = spent_on_ready()
    told["peak_mb"], told["megabytes"] = peak.ended(), len(drawn) / 1e6
    (folder / "found.json").write_text(json.dumps(told), encoding="utf-8")
    return 0


def spent_on_ready() -> float:
    """Let a person edit the annex and the command draw it; return what asking for it then takes."""
    from bench_way import holder  # noqa: PLC0415

    from registry.models import Annex, Process  # noqa: PLC0415
    from registry.services.editing import save_fields  # noqa: PLC0415
    from risk.enums import Layout  # noqa: PLC0415
    from risk.services.annexes.documents import document_of  # noqa: PLC0415
    from risk.services.printing.pieces import pdf_of_draft  # noqa: PLC0415

    annex = Annex.objects.with_names().order_by("pk")[0]
    processes = Process.objects.filter(annex=annex).order_by("pk")
    process = processes[processes.count() // 3]
    title = {"title": f"{process.title}, riveduto"}
    by = holder(annex.plan, "rpct")
    save_fields(row=process, values=title, version=process.version, kind="process", by=by)
    time.sleep(QUIET + 1)
    command = [sys.executable, "manage.py", "draw_ahead"]
    told = os.environ | {"PTPCT_DRAW_AHEAD_SECONDS": str(QUIET)}
    while True:
        ran = subprocess.run(  # noqa: S603
            command, check=True, cwd=ROOT, env=told, capture_output=True, text=True
        )
        print(ran.stdout.strip(), flush=True)
        if "rimandati: 0" in ran.stdout:
            break
    return spent(lambda: pdf_of_draft(document_of(annex), layout=Layout.COMPLETE))


def edited(document):
    """Return the annex with another title of a process in its middle."""
    place = len(document.sheets) // 2
    title = f"{document.sheets[place].title}, prova"
    rows = {}
    for field in ("catalogue", "table", "sheets"):
        before = getattr(document, field)
        one = replace(before[place], title=title)
        rows[field] = (*before[:place], one, *before[place + 1 :])
    return replace(document, **rows)


def spent(work: Callable[[], object]) -> float:
    """Return the processor seconds of a work and of all processes that help."""
    before = tree_seconds()
    work()
    return tree_seconds() - before


def tree() -> Iterator[int]:
    """Yield this process and all below it that are there."""
    waiting = [os.getpid()]
    while waiting:
        process = waiting.pop()
        yield process
        with suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())


def tree_seconds() -> float:
    """Return the processor seconds of this process and of all below, those that ended included."""
    ticks = 0
    for process in tree():
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            # user and system time, and that of the children it has waited for (proc(5))
            ticks += sum(map(int, fields[11:15]))
    return ticks / _TICKS


class Peak:
    """Looks at the memory of this process and of those below it until it is told to end."""

    def __init__(self) -> None:
        self.kilobytes = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self) -> None:
        while not self.is_over.wait(0.1):
            for process in tree():
                with suppress(OSError, StopIteration):
                    status = Path(f"/proc/{process}/status").read_text().splitlines()
                    line = next(one for one in status if one.startswith("VmHWM"))
                    self.kilobytes = max(self.kilobytes, int(line.split()[1]))

    def ended(self) -> float:
        """Return the megabytes of the largest."""
        self.is_over.set()
        self.thread.join()
        return self.kilobytes / 1024


if __name__ == "__main__":
    sys.exit(main())
