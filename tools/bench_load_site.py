"""A version of the site, served by gunicorn, and what it costs of processor with its database."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import requests
from bench_before_checkout import ROOT, Checkout

HOST = "127.0.0.1"
CORES = 2
LONGEST_START = 120
"""Seconds a site may take to answer for the first time."""
SAME_LINE = ("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "120")
"""For the earlier version, which had no line of its own: as many processes and threads."""


class Site:
    """The site of a version at work; `environment` names its folder and its database."""

    def __init__(self, checkout: Checkout, environment: Mapping[str, str]) -> None:
        deployed = checkout.folder / "deploy" / "gunicorn.conf.py"
        line = ("--config", str(deployed)) if deployed.exists() else SAME_LINE
        with socket.create_server((HOST, 0)) as taken:
            port = taken.getsockname()[1]
        self.address = f"http://{HOST}:{port}"
        at = ("--bind", f"{HOST}:{port}", "--log-level", "error")
        self.process = subprocess.Popen(  # noqa: S603
            [checkout.python, "-m", "gunicorn", "ptpct.wsgi", *line, *at],
            cwd=checkout.folder,
            env=os.environ | dict(environment),
        )
        self._wait()

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(requests.ConnectionError):
                requests.get(f"{self.address}/salute/", timeout=LONGEST_START)
                return
            time.sleep(0.1)
        self.process.kill()
        raise SystemExit(f"{ROOT.name}: il sito non risponde")


def on_two_cores(*processes: int) -> None:
    """Let these processes, and all they have started, use two cores of those of the machine."""
    cores = sorted(os.sched_getaffinity(0))[:CORES]
    for root in processes:
        for process in tree_of(root):
            with suppress(ProcessLookupError):
                os.sched_setaffinity(process, cores)


def seconds_of(*processes: int) -> float:
    """Return the seconds of processor of processes and of all they have started, even ended."""
    ticks = 0
    for root in processes:
        for process in tree_of(root):
            # user and system time, of itself and of children that have ended
            ticks += sum(map(int, _stat(process)[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def tree_of(root: int) -> list[int]:
    """Return a process and those under it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (told := _stat(int(folder.name))):
            children.setdefault(int(told[1]), []).append(int(folder.name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def parent_of(process: int) -> int:
    """Return the process that has started one."""
    return int(_stat(process)[1])


def _stat(process: int) -> list[str]:
    """Return what the system tells of a process after its name, which may hold blanks."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return told.rpartition(")")[2].split()
