"""The processes in which this one lets drawings be made and files be read, within limits."""

import functools

from django.conf import settings

from registry.apart import ProcessPool

PROCESSES = 2
"""Works at once, so that one person's long one leaves room for somebody else's."""


@functools.cache
def limited_processes() -> ProcessPool:
    """Return the processes of this one; they begin when they are needed."""
    return ProcessPool(most=PROCESSES, megabytes=settings.DRAWING_MEGABYTES)
