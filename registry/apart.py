"""Work in a process of its own, with a limit of memory and of time: what it may do to us is end.

A function and its arguments are sent there and what it returns or raises comes back. Whatever
happens to the process, a kill from outside included, the next work finds a new one.
"""

import importlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep
from traceback import walk_tb
from types import FrameType
from typing import Any, Literal

from django.conf import settings

logger = logging.getLogger(__name__)

WORKS_PER_PROCESS = 50
"""Then it is replaced, as one that has grown: an engine keeps what its largest document took."""
GROWN_MEGABYTES = 240
LOOK_SECONDS = 0.25
"""Between two looks at whether the work is still wanted."""
PLACE_SECONDS = 2
"""How long a process that has used up its time may take to say where it was."""

Reason = Literal["time", "memory", "died", "busy"]
Place = Callable[[list[FrameType]], str]
"""Tells from the frames of a work, the innermost first, where it is; for a person."""


class StoppedError(RuntimeError):
    """The work was ended from outside: its time or memory was used up, or its process died.

    Or it was not begun ("busy"), since as many as may were waiting already.
    """

    def __init__(self, reason: Reason, place: str = "") -> None:
        super().__init__(f"{reason} {place}".strip())
        self.reason = reason
        self.place = place


def still_wanted() -> None:
    """Tell that somebody still waits for a work; one that is not wanted raises instead."""


def nowhere(_frames: list[FrameType]) -> str:
    """Tell nothing about where a work is."""
    return ""


class LimitedProcess:
    """One process that works for this one; a work at a time."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self._works = 0
        self._is_busy = False
        self._has_begun = False
        self._process: Any = None
        self._connection: Connection
        self._starting: threading.Thread

    def run(self, work: tuple, *, until: float, watch: Callable[[], None], place: Place) -> Any:
        """Return what `work`, a function with its arguments, returns; raise what it raises.

        `until` is a moment of the monotonic clock. Raises `StoppedError`, and whatever `watch`
        raises when the work is no longer wanted; then the process is gone.
        """
        if not self._is_ready():
            self._begin()
        is_new, self._works = self._works == 0, self._works + 1
        try:
            self._wait_for_start(until, watch)
            self._connection.send((*work, place))
            return self._answer(until, watch)
        except (EOFError, BrokenPipeError, ConnectionResetError) as gone:
            self.end()
            if not is_new:
                # it may have been dying of something else: once more, in a new one
                return self.run(work, until=until, watch=watch, place=place)
            raise StoppedError("died") from gone
        except BaseException:
            if self._is_busy:
                self.end()
            raise

    def end(self) -> None:
        """End the process at once, whatever it does; the next work begins another."""
        if self._process is not None:
            self._starting.join()
            if self._process.pid:
                self._process.kill()
                self._process.join()
            self._connection.close()
            self._process = None

    def _is_ready(self) -> bool:
        """Tell whether there is a process that works, or one that is about to."""
        if self._process is None:
            return False
        if self._starting.is_alive():
            return True
        return self._process.is_alive() and not self._is_worn()

    def _is_worn(self) -> bool:
        return self._works >= WORKS_PER_PROCESS or _megabytes_of(self._process) > GROWN_MEGABYTES

    def _begin(self) -> None:
        self.end()
        # a copy of this process would inherit its database connections; copies of a process that
        # has loaded the application and nothing else begin at once
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([settings.APART_BEGINNING])
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._megabytes), name="apart", daemon=True
        )
        # until the application is loaded for the first of them it does not come back
        self._starting = threading.Thread(target=self._start, args=(theirs,), daemon=True)
        self._starting.start()
        self._works, self._is_busy, self._has_begun = 0, False, False

    def _start(self, theirs: Connection) -> None:
        with theirs:
            try:
                self._process.start()
            except (OSError, EOFError):
                # what all are copies of was ending just now: it is begun again
                sleep(LOOK_SECONDS)
                self._process.start()

    def _wait_for_start(self, until: float, watch: Callable[[], None]) -> None:
        """Wait until a new process can work; who waits no longer leaves it to the next work."""
        while not self._has_begun:
            if self._connection.poll(min(LOOK_SECONDS, max(0, until - monotonic()))):
                self._connection.recv()
                self._has_begun = True
            elif monotonic() >= until:
                raise StoppedError("time")
            watch()

    def _answer(self, until: float, watch: Callable[[], None]) -> Any:
        self._is_busy = True
        while not self._connection.poll(min(LOOK_SECONDS, max(0, until - monotonic()))):
            if monotonic() >= until:
                raise StoppedError("time", self._place())
            watch()
        kind, value = self._connection.recv()
        self._is_busy = False
        if kind == "done":
            return value
        if kind == "memory":
            self.end()
            raise StoppedError("memory", value)
        raise value

    def _place(self) -> str:
        """Return where the work is that has used up its time; "" when it does not say."""
        with suppress(EOFError, OSError):
            os.kill(self._process.pid, signal.SIGUSR1)
            if self._connection.poll(PLACE_SECONDS):
                kind, value = self._connection.recv()
                return value if kind == "at" else ""
        return ""


class ProcessPool:
    """So many limited processes, begun when they are needed; `waiting` may wait for one."""

    def __init__(self, *, most: int, megabytes: int, waiting: int | None = None) -> None:
        self._megabytes = megabytes
        self._most = most
        self._free = [LimitedProcess(megabytes) for _number in range(most)]
        self._most_waiting, self._waiting = waiting, 0
        self._changed = threading.Condition()

    def widen(self, most: int) -> None:
        """Have at least so many processes from now on."""
        with self._changed:
            more = [LimitedProcess(self._megabytes) for _number in range(self._most, most)]
            self._most += len(more)
            # those used last stay at the end
            self._free = more + self._free
            self._changed.notify_all()

    def run(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        seconds: float,
        watch: Callable[[], None] = still_wanted,
        place: Place = nowhere,
        **named: Any,
    ) -> Any:
        """Return what the work returns; the seconds are those of whoever waits, the queue included.

        Raises what the work raises, what `watch` raises, and `StoppedError`.
        """
        until = monotonic() + seconds
        with self._process(until, watch) as process:
            return process.run((work, arguments, named), until=until, watch=watch, place=place)

    def end(self) -> None:
        """End the processes that do nothing now."""
        with self._changed:
            for process in self._free:
                process.end()

    @contextmanager
    def _process(self, until: float, watch: Callable[[], None]) -> Iterator[LimitedProcess]:
        with self._changed:
            if not self._free and self._waiting == self._most_waiting:
                raise StoppedError("busy")
            self._waiting += 1
            try:
                while not self._free and monotonic() < until:
                    watch()
                    self._changed.wait(LOOK_SECONDS)
            finally:
                self._waiting -= 1
            if monotonic() >= until:
                raise StoppedError("time")
            # the one used last: the others need not be begun
            process = self._free.pop()
        try:
            yield process
        finally:
            with self._changed:
                self._free.append(process)
                self._changed.notify()


def _megabytes_of(process: Any) -> float:
    """Return the memory a process holds; 0 when it is gone."""
    try:
        pages = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize() / 2**20


def _serve(connection: Connection, megabytes: int) -> None:
    """Work for the other process until it is gone."""
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    # the copies of a process that had loaded it find it loaded
    importlib.import_module(settings.APART_BEGINNING)
    _send(connection, ("begun", None))
    while True:
        try:
            work, arguments, named, place = connection.recv()
        except EOFError:
            return
        _tell_place_when_asked(connection, place)
        try:
            answer = ("done", work(*arguments, **named))
        except MemoryError as error:
            frames = [frame for frame, _line in walk_tb(error.__traceback__)]
            answer = ("memory", place(frames[::-1]))
            del error, frames
        except Exception as error:  # noqa: BLE001 (whoever asked gets it)
            answer = ("raised", error)
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        _send(connection, answer)


def _send(connection: Connection, answer: tuple[str, Any]) -> None:
    try:
        connection.send(answer)
    except OSError:
        sys.exit(1)
    except Exception as error:
        logger.exception("what came of a work cannot be sent")
        connection.send(("raised", RuntimeError(str(error))))


def _tell_place_when_asked(connection: Connection, place: Place) -> None:
    def tell(_signal: int, frame: FrameType | None) -> None:
        frames = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        connection.send(("at", place(frames)))

    signal.signal(signal.SIGUSR1, tell)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
