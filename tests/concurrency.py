"""Two people at the same instant: real threads, each with connections of its own."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

LONGEST_WAIT = 180
"""Seconds after which a race that somebody never joined is given up."""

Go = Callable[[], None]
"""Waits until all are there, and a random blink more, so that no two rounds are alike; once."""


def race(*acts: Callable[[Go], Any], blink: float = 0.02) -> list[Any]:
    """Run the acts together; return what each returned, or the exception it raised, in order.

    Each act is given `go` and calls it when it stands at the line. A `blink` is how many
    seconds somebody may start late.
    """
    line = threading.Barrier(len(acts), timeout=LONGEST_WAIT)
    ends: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        started = False

        def go() -> None:
            nonlocal started
            if started:
                return
            started = True
            line.wait()
            time.sleep(random.uniform(0, blink))  # noqa: S311 - no secret

        try:
            ends[place] = acts[place](go)
        except Exception as error:
            ends[place] = error
        finally:
            if not started:
                # the others need not wait for one who never comes
                line.abort()
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends
