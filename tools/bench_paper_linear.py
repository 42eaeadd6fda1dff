"""Measure whether paper grows with its processes: ``bench_paper_linear.py FILE``; written there.

``seconds_per_process_1000_vs_28``: the processor seconds per process in which an annex of a
thousand is drawn, with an empty store and all it starts included, ÷ those of one of 28 as dense.
``SIZES=A28,A300`` in the environment compares others, whose figure has their names.
"""

import json
import os
import sys
from pathlib import Path

from bench_before_names import PROFILES
from bench_paper_annex import prepared
from bench_paper_cold import drawn_cold

ROUNDS = 2
"""Of the small one; the large one takes long enough to be drawn once."""
_PROCESSES = 1


def main() -> int:
    """Draw both, and write the figures."""
    found = Path(sys.argv[1])
    small, large = os.environ.get("SIZES", "A28,A1000").split(",")
    each, peaks = {}, {}
    for profile, rounds in ((small, ROUNDS), (large, 1)):
        folder = found.parent / profile
        folder.mkdir()
        prepared(profile, folder, var=folder)
        costs = [drawn_cold(folder) for _round in range(rounds)]
        each[profile] = min(costs)[0] / PROFILES[profile][_PROCESSES]
        peaks[profile] = max(megabytes for _seconds, megabytes in costs)
    number = {profile: PROFILES[profile][_PROCESSES] for profile in each}
    figures = {
        f"seconds_per_process_{number[large]}_vs_{number[small]}": each[large] / each[small],
        f"seconds_per_process_{number[small]}": each[small],
        f"seconds_per_process_{number[large]}": each[large],
        f"worker_peak_mb_{number[large]}": peaks[large],
    }
    figures = {key: round(value, 3) for key, value in figures.items()}
    print(figures, flush=True)
    found.write_text(json.dumps(figures), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
