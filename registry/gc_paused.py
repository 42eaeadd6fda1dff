"""Large imports make a million small objects at once, none of them in cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let Python's search for cycles rest; it would visit all objects again and again.

    What is in no cycle is freed as always. Inside another such block, go on with that one.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
