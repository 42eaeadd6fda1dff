"""A process by its address, among those somebody may see, with what its page names."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from registry.kept_statements import KeptStatement
from registry.models import Process
from registry.permissions import reach_of

Shape = Callable[[QuerySet[Process]], QuerySet[Process]]
"""Adds to a query of processes what is to be read with them."""


class ProcessLookup:
    """Finds one process by its uid, read in one `shape`; the statement is put together once."""

    def __init__(self, shape: Shape) -> None:
        self._visible = KeptStatement(partial(_visible, shape))
        self._readable = KeptStatement(partial(_readable, shape))

    def __call__(self, user: Any, uid: Any, *, to_read: bool = False) -> Process:
        """Return a process of the person's. Raises `Http404` where there is none.

        `to_read` finds those of other offices too, of which the person's offices execute a part.
        """
        reach = reach_of(user)
        find = self._readable if to_read else self._visible
        for process in find(UUID(str(uid)), reach.own_offices, reach.whole_bodies):
            return process
        raise Http404


def _visible(shape: Shape, uid: UUID, offices: Any, bodies: Any) -> QuerySet[Process]:
    return shape(Process.objects.visible_within(offices, bodies)).filter(uid=uid)


def _readable(shape: Shape, uid: UUID, offices: Any, bodies: Any) -> QuerySet[Process]:
    return shape(Process.objects.readable_within(offices, bodies)).filter(uid=uid)
