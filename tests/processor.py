"""How long a work takes by the processor: by the clock it depends on what else the machine does."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_most_seconds(most: float) -> Iterator[None]:
    """Fail when the block takes this thread as many seconds of processor time, or more."""
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < most
