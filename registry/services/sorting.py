"""A list sorted by the head that was clicked: by which and which way stands in the address.

The head is a link, so that it works without scripts; the address of the list alone has the list in
its own order. Ties are in that order too, whichever way the head sorts (docs/decisions/0058).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, TextField, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import NullIf
from django.http import QueryDict

from registry.services.row_pages import PLACES

SORTED = "ordina"
Terms = Sequence[Any]
"""What a head sorts by: names of columns, or expressions, the first one first."""
Heads = Mapping[str, Terms]
"""The heads of a list, by the word the address has for each."""


@dataclass(frozen=True)
class Head:
    """One head of a list: where a click on it leads, and which way it sorts now."""

    href: str
    state: str
    """As `aria-sort` says it, "" where the list is sorted by another."""
    key: str = ""
    """The word the address has for it."""


class Sorting:
    """By which head a list is sorted, as its address asks; a head there is not sorts nothing.

    `name` is the word of the address, where a page has several lists; `base` the address of the
    list, where the page that shows it may have another.
    """

    def __init__(
        self, asked: QueryDict, heads: Heads, *, name: str = SORTED, base: str = ""
    ) -> None:
        given = asked.get(name, "")
        key = given.removeprefix("-")
        self.key = key if key in heads else ""
        self.descending = bool(self.key) and given.startswith("-")
        self.name, self._heads, self._asked, self.base = name, heads, asked, base

    def __getitem__(self, key: str) -> Head:
        """Return a head; raises `KeyError` where the list has none of that name."""
        if key not in self._heads:
            raise KeyError(key)
        if key != self.key:
            return Head(self._to(key), "", key)
        if self.descending:
            return Head(self._to(key), "descending", key)
        return Head(self._to(f"-{key}"), "ascending", key)

    @property
    def value(self) -> str:
        """What the address says, "" for the order of the list itself."""
        return f"-{self.key}" if self.descending else self.key

    @property
    def own_order(self) -> str:
        """Where the list is in its own order."""
        return self._to("")

    def apply(self, rows: QuerySet, *, within: int = 0) -> QuerySet:
        """Return the rows sorted; what is empty comes last, whichever way. No statement.

        The first `within` terms of their own order stay before: rows of one plan stay together.
        """
        if not self.key:
            return rows
        own = list(rows.query.order_by or rows.model._meta.ordering)
        terms: list[Any] = []
        for number, term in enumerate(self._heads[self.key]):
            if not isinstance(term, str):
                term_name = f"sorted_{number}"
                rows, term = rows.annotate(**{term_name: term}), term_name
            terms.append(OrderBy(F(term), descending=self.descending, nulls_last=True))
        return rows.order_by(*own[:within], *terms, *own[within:])

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What of the address stays, whatever the list is sorted by."""
        return [(name, value) for name, values in self._kept().lists() for value in values]

    def _kept(self) -> QueryDict:
        query = self._asked.copy()
        for name in (*PLACES, self.name):
            query.pop(name, None)
        return query

    def _to(self, value: str) -> str:
        query = self._kept()
        if value:
            query[self.name] = value
        return f"{self.base}?{query.urlencode()}"


def in_order_of(field: str, values: Iterable[Any]) -> Case:
    """Return the place of a column's value among `values`; empty for any other value.

    The values of an enum are in the order in which forms offer them.
    """
    whens = [When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)]
    return Case(*whens, default=None, output_field=IntegerField())


def in_order_of_words(field: str, choices: Iterable[tuple[Any, Any]]) -> Case:
    """Return the place of a column's value among its words, in the order of the alphabet."""
    words = sorted(choices, key=lambda one: str(one[1]).casefold())
    return in_order_of(field, [value for value, _word in words])


def text_of(field: str) -> NullIf:
    """Return a column of text that may be blank, which then is empty."""
    return NullIf(F(field), Value(""), output_field=TextField())
