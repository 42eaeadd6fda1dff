"""The lines of all histories with the acts they carry the mark of, some hundreds in memory."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter

from django.apps import apps
from django.db.models import F, QuerySet

from registry.trail.records import history_lines, ordered_digest

_MARK = re.compile(r":([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")
AT_ONCE = 200
"""Rows of a history that are in memory at the same time; some have long texts."""


def marked_lines() -> Iterator[tuple[str, str]]:
    """Yield (uid of the act, canonical line) of all history rows that carry the mark of one."""
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model._meta, "simple_history_manager_attribute"):
            rows = model.history.model._base_manager.annotate(mark=F("history_change_reason"))
        elif hasattr(model, "m2m_history_id"):
            # a kept list, tied to the history row of its owner
            rows = model._base_manager.annotate(mark=F("history__history_change_reason"))
        else:
            continue
        yield from lines_of(rows.exclude(mark=None))


def lines_of(rows: QuerySet) -> Iterator[tuple[str, str]]:
    """Yield the same of the rows of one history, each with its `mark`."""
    names = [field.attname for field in rows.model._meta.concrete_fields]
    found = rows.values_list("mark", *names).iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        marked = [(mark[1], row[1:]) for row in some if (mark := _MARK.search(row[0]))]
        if marked:
            uids, values = zip(*marked, strict=True)
            columns = dict(zip(names, map(list, zip(*values, strict=True)), strict=True))
            yield from zip(uids, history_lines(rows.model, columns), strict=True)


def counted_by_act(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Yield (uid, how many lines, digest of them as that of an act) of lines sorted by act."""
    for uid, rows in groupby(lines, itemgetter(0)):
        yield (uid, *counted(row[1] for row in rows))


def counted(lines: Iterable[str]) -> tuple[int, str]:
    """Return how many sorted lines there are, and the digest of them as that of an act."""
    count = 0

    def counting() -> Iterator[str]:
        nonlocal count
        for line in lines:
            count += 1
            yield line

    digest = ordered_digest(counting())
    return count, digest
