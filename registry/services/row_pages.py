"""A long list read page by page: each page from a row onwards, whatever lies before it.

The address of a page names the row it goes on from (`dopo`, or `prima` on the way back) beside the
number that people read (`pagina`). An address that has the number alone, as those kept from before,
is answered too, and so is one whose row is no longer on the list (docs/decisions/0054).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

NUMBER, AFTER, BEFORE = "pagina", "dopo", "prima"
PLACES = (NUMBER, AFTER, BEFORE)
"""What an address says about the page: not part of what is asked for."""
MOST_COUNTED = 10_000
"""Rows that are counted: that there are more is enough to know, and counting reads each."""
_MOST_SKIPPED = 10**9


@dataclass(frozen=True)
class Term:
    """One thing a list is sorted by. `nulls_first` is said always: engines disagree.

    What never is empty is asked without a word about it: only so do the engines use an index.
    """

    value: Any
    descending: bool
    nulls_first: bool
    may_be_empty: bool = True

    @property
    def order(self) -> OrderBy:
        """What the database is asked to sort by; said short where it is what the engine does."""
        if self.nulls_first == _nulls_first(self.descending):
            return OrderBy(self.value, descending=self.descending)
        nulls = {"nulls_first": True} if self.nulls_first else {"nulls_last": True}
        return OrderBy(self.value, descending=self.descending, **nulls)

    @property
    def turned(self) -> "Term":
        """The same the other way round."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def beyond(self, value: Any) -> Q | None:
        """Return which rows stand after those of a value; None for no row at all."""
        if value is None:
            return Q(IsNull(self.value, False)) if self.nulls_first else None
        after = Q((LessThan if self.descending else GreaterThan)(self.value, value))
        return self._or_empty(after)

    def not_before(self, value: Any) -> Q:
        """Return which rows stand beside or after those of a value: what an index is asked."""
        if value is None:
            return Q() if self.nulls_first else Q(IsNull(self.value, True))
        here = Q((LessThanOrEqual if self.descending else GreaterThanOrEqual)(self.value, value))
        return self._or_empty(here)

    def same(self, value: Any) -> Q:
        """Return which rows have a value."""
        return Q(IsNull(self.value, True)) if value is None else Q(Exact(self.value, value))

    def _or_empty(self, rows: Q) -> Q:
        if self.nulls_first or not self.may_be_empty:
            return rows
        return rows | Q(IsNull(self.value, True))


class RowPaginator(Paginator):
    """Counts rows up to `MOST_COUNTED`; `is_capped` says that there are more."""

    def __init__(self, reader: "PageReader") -> None:
        super().__init__((), reader.size)
        self._reader = reader

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST_COUNTED`."""
        return min(self._counted, MOST_COUNTED)

    def validate_number(self, number: int) -> int:
        """Take any number for a page: past what is counted, there may be one."""
        return int(number)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._counted > MOST_COUNTED

    def count_rows(self) -> None:
        """Count now what would be counted when somebody looks."""
        _ = self._counted

    @cached_property
    def _counted(self) -> int:
        return self._reader.count(MOST_COUNTED + 1)


class RowPage(Page):
    """A page of rows; `onwards` and `back` are how the addresses beside it name their place."""

    def __init__(
        self, rows: Sequence, number: int, paginator: Paginator, *, onwards: str, back: str
    ) -> None:
        super().__init__(rows, number, paginator)
        self.onwards, self.back, self.query = onwards, back, ""

    def has_next(self) -> bool:
        """Tell whether rows come after these."""
        return bool(self.onwards)

    def has_previous(self) -> bool:
        """Tell whether rows come before these."""
        return bool(self.back)


def page_of_rows(
    rows: QuerySet, asked: Mapping[str, str], *, size: int, key: str = "pk"
) -> RowPage:
    """Return the page of a sorted query that an address (`request.GET`) asks for.

    Its rows, a statement that counts them up to a limit and, past the first page, one that finds
    the place. `key` is a unique column that names a row in the address; ties of the order are
    parted by it. The query may be of rows, or of keys alone (`values_list(key, flat=True)`).
    """
    return _RowReader(rows, size, key).read(asked)


def query_without_place(asked: Any) -> str:
    """Return what an address asks for, but for the page: what the links of a list begin with."""
    query = asked.copy()
    for name in PLACES:
        query.pop(name, None)
    return query.urlencode() if hasattr(query, "urlencode") else ""


class PageReader(ABC):
    """Reads pages of a list; what kind of list it is, those below say."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.paginator = RowPaginator(self)

    @abstractmethod
    def count(self, limit: int) -> int:
        """Return how many rows there are, at most `limit`."""

    @abstractmethod
    def find(self, named: str) -> Any:
        """Return the place of the row an address names; None where it is not on the list."""

    @abstractmethod
    def beyond(self, place: Any, limit: int) -> list:
        """Return the first rows after a place, at most `limit`."""

    @abstractmethod
    def before(self, place: Any, limit: int) -> list:
        """Return the last rows before a place, the nearest first, at most `limit`."""

    @abstractmethod
    def part(self, start: int, stop: int) -> list:
        """Return the rows from one number to another: what lies before them is read too."""

    @abstractmethod
    def tail(self, limit: int) -> list:
        """Return the last rows, the very last first, at most `limit`."""

    @abstractmethod
    def name(self, row: Any) -> str:
        """Return how an address names a row."""

    def read(self, asked: Mapping[str, str]) -> RowPage:
        """Return the page an address asks for."""
        page = self._asked(asked)
        page.query = query_without_place(asked)
        # always, or a list would ask more as soon as it has a second page
        self.paginator.count_rows()
        return page

    def _asked(self, asked: Mapping[str, str]) -> RowPage:
        for name, read in ((AFTER, self._after), (BEFORE, self._before)):
            named = asked.get(name, "")
            if named and (place := self.find(named)) is not None:
                return read(place, _number(asked))
        return self._numbered(_number(asked))

    def _after(self, place: Any, number: int) -> RowPage:
        rows = self.beyond(place, self.size + 1)
        if not rows:
            return self._last()
        number, more = max(number, 2), len(rows) > self.size
        if not self.paginator.is_capped:
            # the number of an address may be any: that of the last page is known
            last = self.paginator.num_pages
            number = min(number, max(last - 1, 1)) if more else last
        return self._page(rows[: self.size], number, more=more, first=False)

    def _before(self, place: Any, number: int) -> RowPage:
        rows = self.before(place, self.size + 1)
        if len(rows) <= self.size:
            return self._numbered(1)
        return self._page(rows[: self.size][::-1], max(number, 2), more=True, first=False)

    def _numbered(self, number: int) -> RowPage:
        if number != 1 and not self.paginator.is_capped:
            last = self.paginator.num_pages
            number = number if 1 <= number <= last else last
        start = (number - 1) * self.size
        if not 0 <= start <= _MOST_SKIPPED:
            return self._last()
        rows = self.part(start, start + self.size + 1)
        if not rows and number > 1:
            return self._last()
        return self._page(rows[: self.size], number, more=len(rows) > self.size, first=number == 1)

    def _last(self) -> RowPage:
        over = 0 if self.paginator.is_capped else self.paginator.count % self.size
        number = self.paginator.num_pages
        rows = self.tail(over or self.size)[::-1]
        return self._page(rows, number, more=False, first=number == 1)

    def _page(self, rows: list, number: int, *, more: bool, first: bool) -> RowPage:
        onwards = f"{NUMBER}={number + 1}&{AFTER}={self.name(rows[-1])}" if more else ""
        back = ""
        if not first and rows:
            back = f"{NUMBER}={max(number - 1, 1)}&{BEFORE}={self.name(rows[0])}"
        return RowPage(rows, number, self.paginator, onwards=onwards, back=back)


class _RowReader(PageReader):
    """Reads pages of a query."""

    def __init__(self, rows: QuerySet, size: int, key: str) -> None:
        super().__init__(size)
        self.terms = terms_of(rows, key)
        self.turned = [term.turned for term in self.terms]
        self.rows, self.key = rows.order_by(*(term.order for term in self.terms)), key

    def count(self, limit: int) -> int:
        return self.rows.order_by().values("pk")[:limit].count()

    def find(self, named: str) -> tuple | None:
        values = {f"sorted_by_{n}": term.value for n, term in enumerate(self.terms)}
        try:
            found = self.rows.order_by().filter(**{self.key: named})
            return found.annotate(**values).values_list(*values).first()
        except (ValueError, OverflowError, ValidationError):
            return None

    def beyond(self, place: tuple, limit: int) -> list:
        return list(self.rows.filter(rows_after(self.terms, place))[:limit])

    def before(self, place: tuple, limit: int) -> list:
        return list(self._turned.filter(rows_after(self.turned, place))[:limit])

    def part(self, start: int, stop: int) -> list:
        return list(self.rows[start:stop])

    def tail(self, limit: int) -> list:
        return list(self._turned[:limit])

    def name(self, row: Any) -> str:
        return str(getattr(row, self.key) if isinstance(row, Model) else row)

    @property
    def _turned(self) -> QuerySet:
        return self.rows.order_by(*(term.order for term in self.turned))


def rows_after(terms: Sequence[Term], place: Sequence) -> Q:
    """Return the filter for the rows that stand after a place in an order that has no ties."""
    after, same = Q(pk__in=()), Q()
    for term, value in zip(terms, place, strict=True):
        beyond = term.beyond(value)
        if beyond is not None:
            after |= same & beyond
        same &= term.same(value)
    return terms[0].not_before(place[0]) & after


def terms_of(rows: QuerySet, key: str = "pk") -> list[Term]:
    """Return by what a query is sorted, and at last by what no two rows have alike."""
    given = rows.query.order_by or rows.query.get_meta().ordering
    terms = [term for one in given for term in _terms(rows.model, one)]
    unique = {key, "pk", rows.model._meta.pk.name}
    if not any(isinstance(term.value, F) and term.value.name in unique for term in terms):
        terms.append(Term(F(key), False, _nulls_first(False), may_be_empty=False))
    return terms


def _terms(model: type[Model], one: Any) -> Iterator[Term]:
    if isinstance(one, str):
        descending = one.startswith("-")
        yield from _named(model, one.removeprefix("-"), descending)
        return
    order = one if isinstance(one, OrderBy) else OrderBy(one)
    value = order.expression
    if isinstance(value, F) and not (order.nulls_first or order.nulls_last):
        yield from _named(model, value.name, order.descending)
        return
    nulls_first = _nulls_first(order.descending)
    if order.nulls_first or order.nulls_last:
        nulls_first = bool(order.nulls_first)
    may_be_empty = not isinstance(value, F) or _way(model, value.name)[1]
    yield Term(value, order.descending, nulls_first, may_be_empty)


def _named(model: type[Model], path: str, descending: bool) -> Iterator[Term]:
    """Yield the terms of a column; a related row is sorted as its own model is."""
    related, may_be_empty = _way(model, path)
    if related is None or not related._meta.ordering:
        yield Term(F(path), descending, _nulls_first(descending), may_be_empty)
        return
    for one in related._meta.ordering:
        for term in _terms(related, one):
            value = F(f"{path}__{term.value.name}") if isinstance(term.value, F) else term.value
            empty = may_be_empty or term.may_be_empty
            inner = replace(term, value=value, may_be_empty=empty)
            yield inner.turned if descending else inner


def _way(model: type[Model], path: str) -> tuple[type[Model] | None, bool]:
    """Return the model a path ends at, None where it ends at a column, and whether it may be empty.

    What is no column, as what was counted for the list, may be.
    """
    may_be_empty = False
    for step in path.split("__"):
        fields = {field.name: field for field in model._meta.fields}
        fields |= {field.attname: field for field in model._meta.fields if step == field.attname}
        field = model._meta.pk if step == "pk" else fields.get(step)
        if field is None:
            return None, True
        may_be_empty = may_be_empty or field.null
        if field.related_model is None or step == field.attname:
            return None, may_be_empty
        model = field.related_model
    return model, may_be_empty


def _nulls_first(descending: bool) -> bool:
    """Return where the engine puts what is empty, when nothing else is said."""
    return connection.features.order_by_nulls_first != descending


def _number(asked: Mapping[str, str]) -> int:
    try:
        return int(asked.get(NUMBER, "1"))
    except ValueError:
        return 1
