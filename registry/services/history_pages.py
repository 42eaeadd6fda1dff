"""Histories by page: what happened to a row, or to all that hangs on one, the last save first.

Which saves are on a page the database says, in one statement over all histories they are in; only
those are read (docs/decisions/0054).
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, Value

from registry.services.history import HistoryEntry, logged, telling, told_saves
from registry.services.row_pages import PageReader, RowPage, page_of_rows

SAVES_A_PAGE = 50
SAVES_AT_ONCE = 500
MOST_DIGITS = 18
"""Of a number that both engines can compare."""
Place = tuple[datetime.datetime, int, int]
"""Where a save stands: when it was, in which part of the history, by which number."""
Narrow = Callable[[int, QuerySet], QuerySet]
_ORDER = ("-history_date", "part", "-history_id")
_TURNED = ("history_date", "-part", "history_id")


class History(Protocol):
    """What happened, the last save first."""

    def page(self, asked: Mapping[str, str]) -> RowPage:
        """Return the page of `HistoryEntry` an address asks for."""

    def entries(self) -> Iterator[HistoryEntry]:
        """Yield every save, some read at a time."""

    def count(self) -> int:
        """Return how many saves there are."""


def history_of(row: Model) -> History:
    """Return the history of one row; of a model that keeps none, what the admin wrote down."""
    if not hasattr(row, "history"):
        return LoggedHistory(row)
    return SavedHistory([(type(row), row.history.all())], tells_which=False)


class SavedHistory:
    """The saves in some history tables: queries of their rows, each with the model they tell of.

    `tells_which` says whether each save tells of which row it is; `is_oldest_first`, which may be
    set until something is read, that they are told the other way round.
    """

    def __init__(self, parts: Sequence[tuple[Any, QuerySet]], *, tells_which: bool = True) -> None:
        self.parts, self.tells_which, self.is_oldest_first = parts, tells_which, False

    def page(self, asked: Mapping[str, str]) -> RowPage:
        """Return the page of `HistoryEntry` an address asks for: a constant number of statements.

        An address names a save by its model and its number.
        """
        page = _SaveReader(self, SAVES_A_PAGE).read(asked)
        page.object_list = self._told(page.object_list)
        return page

    def entries(self) -> Iterator[HistoryEntry]:
        """Yield every save, some read at a time."""
        reader = _SaveReader(self, SAVES_AT_ONCE)
        places = reader.part(0, SAVES_AT_ONCE)
        while places:
            yield from self._told(places)
            places = reader.beyond(places[-1], SAVES_AT_ONCE)

    def count(self) -> int:
        """Return how many saves there are."""
        return self.places(_all).count()

    def since(self, moment: datetime.datetime, limit: int) -> list[HistoryEntry]:
        """Return the saves made after a moment, the last one first, at most so many."""
        places = self.places(lambda _part, records: records.filter(history_date__gt=moment))
        return self._told(list(places.order_by(*_ORDER)[:limit]))

    def places(self, narrow: Narrow) -> QuerySet:
        """Return the places of the saves that say something, each part narrowed before."""
        queries = [
            telling(model, records, narrow(part, records))
            .order_by()
            .annotate(part=Value(part))
            .values_list("history_date", "part", "history_id")
            for part, (model, records) in enumerate(self.parts)
        ]
        return queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]

    def _told(self, places: Sequence[Place]) -> list[HistoryEntry]:
        numbers = defaultdict(list)
        for _at, part, number in places:
            numbers[part].append(number)
        told = {part: told_saves(*self.parts[part], wanted) for part, wanted in numbers.items()}
        entries = [told[part][number] for _at, part, number in places if number in told[part]]
        if not self.tells_which:
            for entry in entries:
                entry.subject = ""
        return entries


class LoggedHistory:
    """What the admin has written down of a row whose model keeps no history of its own."""

    def __init__(self, row: Model) -> None:
        kind = ContentType.objects.get_for_model(row)
        logs = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
        self.logs = logs.select_related("user").order_by("-action_time", "-pk")

    def page(self, asked: Mapping[str, str]) -> RowPage:
        """Return the page of `HistoryEntry` an address asks for."""
        page = page_of_rows(self.logs, asked, size=SAVES_A_PAGE)
        page.object_list = [logged(log) for log in page]
        return page

    def entries(self) -> Iterator[HistoryEntry]:
        """Yield every save, some read at a time."""
        return map(logged, self.logs.iterator(chunk_size=SAVES_AT_ONCE))

    def count(self) -> int:
        """Return how many saves there are."""
        return self.logs.count()


class _SaveReader(PageReader):
    """Reads which saves are on a page."""

    def __init__(self, history: SavedHistory, size: int) -> None:
        super().__init__(size)
        self.history = history
        self._on, self._back = (_older, _ORDER), (_newer, _TURNED)
        if history.is_oldest_first:
            self._on, self._back = self._back, self._on

    def count(self, limit: int) -> int:
        return self.history.places(_all)[:limit].count()

    def find(self, named: str) -> Place | None:
        name, _dash, number = named.rpartition("-")
        if not number.isdecimal() or len(number) > MOST_DIGITS:
            return None
        for part, (model, records) in enumerate(self.history.parts):
            if model._meta.model_name == name:
                found = records.filter(history_id=number).values_list("history_date", flat=True)
                at = found.first()
                return None if at is None else (at, part, int(number))
        return None

    def beyond(self, place: Place, limit: int) -> list[Place]:
        beyond, order = self._on
        return self._read(partial(beyond, place), order, 0, limit)

    def before(self, place: Place, limit: int) -> list[Place]:
        before, order = self._back
        return self._read(partial(before, place), order, 0, limit)

    def part(self, start: int, stop: int) -> list[Place]:
        return self._read(_all, self._on[1], start, stop)

    def tail(self, limit: int) -> list[Place]:
        return self._read(_all, self._back[1], 0, limit)

    def name(self, row: Place) -> str:
        _at, part, number = row
        return f"{self.history.parts[part][0]._meta.model_name}-{number}"

    def _read(self, narrow: Narrow, order: Sequence[str], start: int, stop: int) -> list[Place]:
        return list(self.history.places(narrow).order_by(*order)[start:stop])


def _all(_part: int, records: QuerySet) -> QuerySet:
    return records


def _older(place: Place, part: int, records: QuerySet) -> QuerySet:
    """Return the saves of a part that stand after a place: older, or of a later part."""
    at, here, number = place
    if part == here:
        same = Q(history_date=at, history_id__lt=number)
        return records.filter(Q(history_date__lt=at) | same, history_date__lte=at)
    return records.filter(**{"history_date__lte" if part > here else "history_date__lt": at})


def _newer(place: Place, part: int, records: QuerySet) -> QuerySet:
    """Return the saves of a part that stand before a place."""
    at, here, number = place
    if part == here:
        same = Q(history_date=at, history_id__gt=number)
        return records.filter(Q(history_date__gt=at) | same, history_date__gte=at)
    return records.filter(**{"history_date__gte" if part < here else "history_date__gt": at})
