"""Works for another process: each does one thing a work may do to the process it is in."""

import os
import signal
import time


def double(number: int) -> int:
    return 2 * number


def refuse(words: str) -> None:
    raise ValueError(words)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def take(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))


def wait(box: str, seconds: int = 600) -> None:
    """Wait with a name in hand."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.05)


def number_of_process() -> int:
    return os.getpid()


def name_in_hand(frames) -> str:
    return next((str(frame.f_locals["box"]) for frame in frames if "box" in frame.f_locals), "")


def number_of_beginning() -> int:
    return os.getppid()
