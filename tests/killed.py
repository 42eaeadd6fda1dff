"""An act of a process that is killed in the middle, as when the power is cut.

The process is a copy of that of the test, with a connection of its own: it kills itself as soon
as a statement of the act has been carried out.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE")
"""How the statements begin that change something."""
RECORD = ('INSERT INTO "registry_trailrecord"',)
"""How the last statement of an act begins: after it nothing comes but its commit."""


def kill_in(act: Callable[[], Any], *, after: int, of: tuple[str, ...] = WRITES) -> bool:
    """Let another process do an act, and kill it after so many statements that begin so.

    Returns whether it was killed: an act that does not have so many comes to its end.
    """
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            with _struck(after, of):
                act()
        finally:
            # what the test opened is not to be closed here, as its database at the end
            os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


@contextmanager
def _struck(after: int, of: tuple[str, ...]) -> Iterator[None]:
    left = after

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        result = execute(sql, params, many, context)
        left -= sql.startswith(of)
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(watch):
        yield
