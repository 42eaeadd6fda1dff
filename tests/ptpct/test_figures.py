"""What the ended processes of the site have counted stays, their files do not."""

import os
import subprocess
import sys

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.multiprocess import MultiProcessCollector

from ptpct.figures import fold_ended


@pytest.fixture
def gone() -> int:
    """A process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def written(file, **counts: int) -> None:
    figures = MmapedDict(str(file))
    for view, count in counts.items():
        figures.write_value(mmap_key("prova", "prova_total", ["view"], [view], "."), count, 0.0)
    figures.close()


def total(folder) -> dict[str, str]:
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))
    lines = generate_latest(registry).decode().splitlines()
    return dict(line.split(" ") for line in lines if not line.startswith("#"))


def test_the_sums_are_the_same_with_fewer_files(tmp_path, gone):
    written(tmp_path / f"counter_{gone}.db", una=2, altra=1)
    written(tmp_path / f"counter_{os.getpid()}.db", una=3)
    # somebody else's, who still counts
    written(tmp_path / f"counter_{os.getppid()}.db", una=5)
    before = total(tmp_path)
    assert before['prova_total{view="una"}'] == "10.0"

    fold_ended(tmp_path)

    names = {file.name for file in tmp_path.glob("*.db")}
    assert names == {"counter_ended.db", f"counter_{os.getppid()}.db"}
    assert total(tmp_path) == before
    # and once more, onto those that had ended
    written(tmp_path / f"counter_{gone}.db", una=1)
    fold_ended(tmp_path)
    assert total(tmp_path)['prova_total{view="una"}'] == "11.0"
    assert not (tmp_path / f"counter_{gone}.db").exists()
