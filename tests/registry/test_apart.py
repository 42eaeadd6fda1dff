"""Work in a process of its own: whatever it does, it ends, and the next one is done."""

import os
import signal
import time

import pytest

from registry import apart
from registry.apart import ProcessPool, StoppedError
from tests import works

MEGABYTES = 1_024
LONG = 300
"""Seconds no work of these tests takes: a slow machine is not what is tested."""


@pytest.fixture(scope="module")
def pool():
    """One process, so that each test finds what the one before has left."""
    pool = ProcessPool(most=1, megabytes=MEGABYTES)
    yield pool
    pool.end()


@pytest.fixture(autouse=True)
def _next_work_is_done(pool):
    yield
    assert pool.run(works.double, 4, seconds=LONG) == 8


def test_what_is_returned_and_raised_comes_back(pool):
    assert pool.run(works.double, 4, seconds=LONG) == 8
    process = pool.run(works.number_of_process, seconds=LONG)
    with pytest.raises(ValueError, match="non si può"):
        pool.run(works.refuse, "non si può", seconds=LONG)
    assert process != os.getpid()
    assert pool.run(works.number_of_process, seconds=LONG) == process


def test_after_so_many_works_another_goes_on(pool, monkeypatch):
    monkeypatch.setattr(apart, "WORKS_PER_PROCESS", 2)
    pool.end()
    processes = [pool.run(works.number_of_process, seconds=LONG) for _work in range(3)]
    assert processes[0] == processes[1] != processes[2]


def test_all_are_copies_of_one_that_has_loaded_the_application(pool):
    begun = pool.run(works.number_of_beginning, seconds=LONG)
    first = pool.run(works.number_of_process, seconds=LONG)
    pool.end()
    assert pool.run(works.number_of_process, seconds=LONG) != first
    assert pool.run(works.number_of_beginning, seconds=LONG) == begun != os.getpid()


def test_one_that_has_grown_is_replaced(pool, monkeypatch):
    first = pool.run(works.number_of_process, seconds=LONG)
    assert pool.run(works.number_of_process, seconds=LONG) == first
    monkeypatch.setattr(apart, "GROWN_MEGABYTES", 1)
    assert pool.run(works.number_of_process, seconds=LONG) != first


def test_when_what_they_are_copies_of_is_killed_the_next_work_is_done(pool):
    begun = pool.run(works.number_of_beginning, seconds=LONG)
    os.kill(begun, signal.SIGKILL)
    pool.end()
    assert pool.run(works.number_of_beginning, seconds=LONG) != begun


def test_a_process_that_dies_at_work_is_said(pool):
    with pytest.raises(StoppedError) as stopped:
        pool.run(works.die, seconds=LONG)
    assert stopped.value.reason == "died"


def test_one_that_was_killed_meanwhile_is_not_noticed(pool):
    os.kill(pool.run(works.number_of_process, seconds=LONG), signal.SIGKILL)
    assert pool.run(works.double, 4, seconds=LONG) == 8


def test_no_more_memory_than_its_limit(pool):
    with pytest.raises(StoppedError) as stopped:
        pool.run(works.take, 2 * MEGABYTES, seconds=LONG)
    assert stopped.value.reason == "memory"


def test_no_more_time_than_its_limit_and_where_it_was(pool):
    pool.run(works.double, 4, seconds=LONG)
    with pytest.raises(StoppedError) as stopped:
        pool.run(works.wait, "l’obiettivo", seconds=0.5, place=works.name_in_hand)
    assert (stopped.value.reason, stopped.value.place) == ("time", "l’obiettivo")


def test_a_process_that_is_slow_to_begin_is_left_to_the_next_work(pool):
    """The first is: what all are copies of has to load the application before."""
    os.kill(pool.run(works.number_of_beginning, seconds=LONG), signal.SIGKILL)
    pool.end()
    with pytest.raises(StoppedError) as stopped:
        pool.run(works.double, 4, seconds=0.05)
    assert stopped.value.reason == "time"
    process = pool._free[-1]._process
    assert pool.run(works.number_of_process, seconds=LONG) == process.pid


def test_work_nobody_wants_any_more_stops(pool):
    process = pool.run(works.number_of_process, seconds=LONG)

    def gone() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        pool.run(works.wait, "", seconds=LONG, watch=gone)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_whoever_waits_for_a_process_waits_no_longer_than_said(pool):
    begun = time.monotonic()
    with pool._process(time.monotonic() + LONG, lambda: None), pytest.raises(StoppedError):
        pool.run(works.double, 4, seconds=0.5)
    assert time.monotonic() - begun < LONG


def test_no_more_wait_for_a_process_than_may():
    pool = ProcessPool(most=1, megabytes=MEGABYTES, waiting=0)
    with pool._process(time.monotonic() + LONG, lambda: None), pytest.raises(StoppedError) as told:
        pool.run(works.double, 4, seconds=LONG)
    assert told.value.reason == "busy"
