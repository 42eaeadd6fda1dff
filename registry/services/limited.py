"""The processes in which this one lets drawings be made and files be read, within limits."""

import functools

from django.conf import settings

from registry.apart import ProcessPool

PROCESSES = 2
"""Works at once in a process of the site: one person's leaves room for somebody else's."""


@functools.cache
def limited_processes() -> ProcessPool:
    """Return the processes of this one; they begin when they are needed."""
    return ProcessPool(most=PROCESSES, megabytes=settings.DRAWING_MEGABYTES)


def make_room(most: int) -> None:
    """Let so many works be done at once, where more are done than in a process of the site."""
    limited_processes().widen(most)


@functools.cache
def strangers_process() -> ProcessPool:
    """Return the process in which this one reads files that anybody may bring.

    It is of its own, so that they delay nobody's drawing; one more may wait, the others are told
    so at once, or a few files would hold every thread of the site.
    """
    return ProcessPool(most=1, megabytes=settings.VERIFICATION_MEGABYTES, waiting=1)
