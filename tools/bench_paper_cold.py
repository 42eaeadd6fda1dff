"""A process that begins and draws what is kept in a folder: ``bench_paper_cold.py FOLDER``.

Its last line are the processor seconds of all its processes, from their start, and the most
megabytes that one of them has had.
"""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

from bench_paper_annex import ROOT, Peak, tree_seconds


def main() -> int:
    """Draw `document` to `allegato.pdf`, as the site does."""
    peak = Peak()
    folder = Path(sys.argv[1])
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")
    django.setup()
    from risk.enums import Layout  # noqa: PLC0415
    from risk.services.printing.pieces import pdf_of_draft  # noqa: PLC0415

    document = pickle.loads((folder / "document").read_bytes())  # noqa: S301 (ours)
    (folder / "allegato.pdf").write_bytes(pdf_of_draft(document, layout=Layout.COMPLETE))
    print(tree_seconds(), peak.ended())
    return 0


def drawn_cold(folder: Path) -> tuple[float, float]:
    """Draw with an empty store; return the seconds and the megabytes."""
    shutil.rmtree(Path(os.environ["PTPCT_VAR_DIR"]) / "jobs", ignore_errors=True)
    command = [sys.executable, __file__, str(folder)]
    ran = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    seconds, megabytes = map(float, ran.stdout.strip().rpartition("\n")[2].split())
    return seconds, megabytes


if __name__ == "__main__":
    sys.exit(main())
