"""From typed or pasted text to the row of a list it stands for.

People write "S", "S)", "S) Agenda Digitale… (specifica)", only the label, or a spelling met in an
old file (`Alias`). All are compared folded; then again without blanks and punctuation, because a
narrow column leaves "INFORM ATIVI". What fits two rows, or none, is never guessed: `NoMatch` names
the rows it may have been.
"""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.enums import AliasKind
from registry.kept_statements import KeptStatement
from registry.models import (
    Administration,
    Alias,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Office,
    RiskArea,
)
from registry.normalise import fold

KINDS: dict[str, type[Model]] = {
    AliasKind.OFFICE: Office,
    AliasKind.RISK_AREA: RiskArea,
    AliasKind.FUNCTION: InstitutionalFunction,
    AliasKind.MACROPROCESS: Macroprocess,
    AliasKind.EXECUTOR_ROLE: ExecutorRole,
}
SUGGESTIONS = 3
MOST_OFFERED = 20
"""Rows a page is given while somebody types: more nobody reads."""
CLOSE_ENOUGH = 0.55
LONGEST = 700
"""A longer text is no label: it is not compared with every row."""

_NOT_WORD = re.compile(r"[\W_]+")
_TAIL = re.compile(r"\s*\([^()]*\)$")


class NoMatch(LookupError):
    """The text stands for no row, or for more than one (`ambiguous`). Rows in `suggestions`."""

    def __init__(
        self, *, kind: str, text: str, suggestions: Iterable[Model] = (), ambiguous: bool = False
    ) -> None:
        self.kind = kind
        self.text = text
        self.suggestions = tuple(suggestions)
        self.ambiguous = ambiguous
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """What a person reads beside the field; never longer than a few lines."""
        shown = self.text if len(self.text) <= 80 else f"{self.text[:79]}…"
        names = "; ".join(f"«{row}»" for row in self.suggestions)
        if self.ambiguous:
            return _("«%(text)s» può essere: %(names)s.") % {"text": shown, "names": names}
        if names:
            return _("«%(text)s» non è in elenco. Forse: %(names)s.") % {
                "text": shown,
                "names": names,
            }
        return _("«%(text)s» non è in elenco.") % {"text": shown}


def bare(text: str) -> str:
    """Return `text` folded, letters and digits only."""
    return _NOT_WORD.sub("", fold(text))


class Index:
    """The lists of one administration, read once each: a thousand cells cost no more queries.

    `kind` is an `AliasKind`, or the class of any catalogue (a model with administration, code,
    label). A body's own rows hide the national rows with the same code
    (docs/decisions/0024).
    """

    def __init__(self, *, administration: Administration) -> None:
        self.administration = administration
        self._lists: dict[Any, _List] = {}

    def rows(self, kind: str | type[Model]) -> tuple[Model, ...]:
        """Return the rows offered today, in their order: what a `<datalist>` holds."""
        return self._list(kind).rows

    def match(self, kind: str | type[Model], text: str) -> Model:
        """Return the row `text` stands for; raises `NoMatch`, also for the empty text."""
        return self._list(kind).match(text)

    def _list(self, kind: str | type[Model]) -> "_List":
        if kind not in self._lists:
            model = kind if isinstance(kind, type) else KINDS[kind]
            alias_kind = next((key for key, value in KINDS.items() if value is model), "")
            rows = _offered(model, self.administration)
            self._lists[kind] = _List(kind=alias_kind, rows=rows, read_aliases=self._aliases)
        return self._lists[kind]

    def _aliases(self, kind: str) -> list[tuple[str, int]]:
        """Return the other spellings of a kind: folded text and the row's identifier."""
        return self._all_aliases[kind] if kind else []

    @cached_property
    def _all_aliases(self) -> dict[str, list[tuple[str, int]]]:
        aliases: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for alias in Alias.objects.filter(administration=self.administration).order_by():
            column = Alias.TARGETS[AliasKind(alias.kind)]
            aliases[alias.kind].append((alias.folded, getattr(alias, f"{column}_id")))
        return aliases


def match(kind: str | type[Model], text: str, *, administration: Administration) -> Model:
    """Return the row one text stands for (see `Index.match`); two queries."""
    return Index(administration=administration).match(kind, text)


@dataclass(frozen=True)
class OfferedRow:
    """A row of a list offered while somebody types: `short` is its label where no other has it."""

    text: str
    short: str


def suggestions(
    kind: str, typed: str, *, administration: Administration
) -> tuple[list[OfferedRow], int]:
    """Return the first `MOST_OFFERED` rows with all the words of `typed`, and how many have them.

    Upper case and accents do not matter; without words all rows have them. Whatever is offered is
    found again by `match`, in either form.
    """
    rows = _offered(KINDS[kind], administration)
    labels = Counter(getattr(row, "label", None) or row.name for row in rows)
    words = fold(typed[:LONGEST]).split()
    found = [row for row in rows if all(word in fold(str(row)) for word in words)]
    offered = []
    for row in found[:MOST_OFFERED]:
        label = getattr(row, "label", None) or row.name
        offered.append(OfferedRow(str(row), label if labels[label] == 1 else str(row)))
    return offered, len(found)


def _offered(model: type[Model], administration: Administration) -> tuple[Model, ...]:
    offered = _offered_to(model)(administration.pk)
    if model is Office:
        return tuple(offered)
    own_codes = {row.code for row in offered if row.administration_id is not None}
    return tuple(
        row for row in offered if row.administration_id is not None or row.code not in own_codes
    )


@cache
def _offered_to(model: type[Model]) -> KeptStatement:
    if model is Office:
        offices = Office.objects.in_use().order_by("folded")
        return KeptStatement(lambda body: offices.filter(administration=body))
    rows = model._default_manager.order_by("position", "code")
    if model is Macroprocess:
        rows = rows.select_related("function")
    return KeptStatement(rows.offered_to)


class _List:
    """One list and the ways its rows may be written, nearest way first."""

    def __init__(self, *, kind: str, rows: tuple[Model, ...], read_aliases: Any) -> None:
        self.kind = kind
        self.rows = rows
        self._read_aliases = read_aliases

    def match(self, text: str) -> Model:
        folded = fold(text[: LONGEST + 1])
        if not folded or len(text) > LONGEST:
            raise NoMatch(kind=self.kind, text=text)
        # An old file may have another kind in brackets than the list: "(specificata)".
        without_tail = _TAIL.sub("", folded)
        # by name, so that the other spellings are read only where the list itself has no answer
        for way, key in (
            ("_by_code", folded),
            ("_by_label", folded),
            ("_by_alias", folded),
            ("_by_bare", bare(folded)),
            ("_by_label", without_tail),
            ("_by_bare", bare(without_tail)),
        ):
            matches = _preferred(getattr(self, way).get(key, ()))
            if len(matches) == 1:
                return matches[0]
            if matches:
                rows = matches[:SUGGESTIONS]
                raise NoMatch(kind=self.kind, text=text, suggestions=rows, ambiguous=True)
        raise NoMatch(kind=self.kind, text=text, suggestions=self._near(folded))

    def _near(self, folded: str) -> list[Model]:
        """Return the rows most like the text: those that contain it, then by difflib."""
        inside = [row for row in self.rows if len(folded) > 2 and folded in fold(str(row))]
        names = difflib.get_close_matches(
            folded, list(self._by_label), n=SUGGESTIONS * 2, cutoff=CLOSE_ENOUGH
        )
        like = [row for name in names for row in self._by_label[name]]
        return list(dict.fromkeys([*inside, *like]))[:SUGGESTIONS]

    @cached_property
    def _by_code(self) -> dict[str, list[Model]]:
        return _grouped(
            (key, row) for row in self.rows for key in (fold(row.code), f"{fold(row.code)})")
        )

    @cached_property
    def _by_label(self) -> dict[str, list[Model]]:
        return _grouped((fold(name), row) for row in self.rows for name in _names(row))

    @cached_property
    def _by_alias(self) -> dict[str, list[Model]]:
        by_pk = {row.pk: row for row in self.rows}
        aliases = self._read_aliases(self.kind)
        return _grouped((text, by_pk[pk]) for text, pk in aliases if pk in by_pk)

    @cached_property
    def _by_bare(self) -> dict[str, list[Model]]:
        ways = (self._by_code, self._by_label, self._by_alias)
        return _grouped(
            (bare(key), row) for way in ways for key, rows in way.items() for row in rows
        )


def _names(row: Model) -> set[str]:
    """Return the texts under which a row is known: its label, as printed, with and without code."""
    label = getattr(row, "label", None) or row.name
    printed = str(row)
    names = {label, printed, f"{row.code} {label}", f"{row.code}) {label}", f"{row.code} {printed}"}
    return names | {_TAIL.sub("", printed)}


def _grouped(pairs: Iterable[tuple[str, Model]]) -> dict[str, list[Model]]:
    rows_by_key: dict[str, list[Model]] = defaultdict(list)
    for key, row in pairs:
        if key and row not in rows_by_key[key]:
            rows_by_key[key].append(row)
    return dict(rows_by_key)


def _preferred(rows: Iterable[Model]) -> list[Model]:
    """Return the rows that count: the body's own ones when there are any."""
    rows = list(rows)
    return [row for row in rows if getattr(row, "administration_id", None) is not None] or rows
