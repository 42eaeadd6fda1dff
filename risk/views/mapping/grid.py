"""What the page of the process map shows: one page of rows, with what a person typed in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from registry.enums import AliasKind
from registry.kept_statements import KeptStatement
from registry.models import Annex, Macroprocess, Process, RiskArea
from registry.responses.shown_at import is_shown_at
from registry.services.lookup import Index
from registry.services.sorting import SORTED, Sorting
from risk.content.levels import default_levels, with_level
from risk.forms.mapping import copied
from risk.forms.mapping.rows import NONE, MapFilter, NewProcessForm, ProcessRowForm
from risk.forms.mapping.whole import (
    ABOVE,
    AFTER,
    BELOW,
    WHOLE,
    UnsavedMap,
    WholeNewProcess,
)
from risk.models import Level, RiskBehaviour
from risk.services.annexes.reconfirmation import annex_standings, editions_of
from risk.services.annexes.row_ages import NOBODY_KNOWS, other_editions
from risk.services.annexes.weighed import missing_now
from risk.services.completeness.reconfirmation import Standing
from risk.services.mapping.processes import place_of
from risk.services.process_sheet.shown_texts import digest_of
from risk.services.reporting.list_heads import map_heads
from risk.views.mapping.cells import ShownCell, cells_of, cells_to_add, form_of, texts_of

ROWS_A_PAGE = 30
"""As on the screen of an annex: then a map of 300 costs what one of 28 does."""
NO_ROW = UUID(int=0)
"""Stands for the uid of a row in the menu that the script writes out for each."""


@dataclass(frozen=True)
class ShownRow:
    """One row of the grid; `form` only when what was typed is not saved."""

    process: Process
    cells: dict[str, ShownCell]
    form: ProcessRowForm | None = None
    level: Level | None = None
    note: str = ""
    standing: Standing | None = None
    """How it stands to the edition before, where that is asked."""
    since: str = ""
    """The edition in which its words changed last, where that is asked."""
    parts: str = ""
    """Other editions some of its rows are of, where there are any."""

    @property
    def uid(self) -> str:
        """The uid of the process, as addresses and ids have it."""
        return str(self.process.uid)

    def as_copy(
        self, standing: Standing, editions: Mapping[int, str], others: Collection[int | None]
    ) -> "ShownRow":
        """Return the row with how it stands, and the editions its words are of.

        `editions` are titles by the key of a plan, in their order, `others` what its rows are of.
        """
        told = [title for key, title in editions.items() if key in others]
        if None in others:
            told.append(str(NOBODY_KNOWS))
        since = editions.get(standing.kept.since, str(NOBODY_KNOWS))
        return replace(self, standing=standing, since=since, parts=", ".join(told))

    @property
    def version(self) -> int:
        """The version the row's next save starts from."""
        return self.form["version"].value() if self.form else self.process.version

    @property
    def form_id(self) -> str:
        """The id of the form its cells are of."""
        return form_of(self.process)

    @property
    def speaks(self) -> bool:
        """Whether something is to be said of the whole row, below it."""
        form = self.form
        return bool(self.note or (form and (form.clashes or form.non_field_errors())))


class MapGrid:
    """The map of one annex for one request."""

    def __init__(
        self,
        request,
        annex: Annex,
        *,
        unsaved: UnsavedMap | None = None,
        index: Index | None = None,
        message: str = "",
        shown: Process | None = None,
        keep_focus: bool = False,
    ) -> None:
        """`unsaved` is what could not be saved; `message` is announced, `shown` is the row to
        look at."""
        self.request = request
        self.annex = annex
        self.unsaved = unsaved or UnsavedMap()
        self.index = index or Index(administration=annex.plan.administration)
        self.message = message
        self.shown = shown
        self.keep_focus = keep_focus
        self.way_back = ""
        self.may_edit = request.user.has_perm("registry.change_annex", annex)

    def page(self) -> HttpResponse:
        """Return the whole page."""
        return render(self.request, "risk/mapping/page.html", self.context())

    def answer(self) -> HttpResponse:
        """Return the grid alone to htmx, the whole page to a browser without it."""
        if self.request.htmx:
            return render(self.request, "risk/mapping/_answer.html", self.context())
        return self.page()

    def context(self) -> dict[str, Any]:
        page = self._page()
        rows, new = self._rows(page), self.unsaved.new
        return {
            "annex": self.annex,
            "may_edit": self.may_edit,
            "form": self.filter,
            "filtered": bool(self.filter.values),
            "archived": "archivio" in self.filter.values,
            "page": page,
            "sorting": self.sorting,
            "pages": page.paginator.get_elided_page_range(page.number, on_ends=1),
            "rows": rows,
            "adding": cells_to_add(new.get(BELOW) or self._empty(), self.owner),
            "adding_above": new.get(ABOVE),
            "adding_after": new.get(AFTER),
            "owner": self.owner,
            "shown_rows": self._shown(rows) if self.owner else "",
            "reason": self.unsaved.reason,
            "areas": [(str(row), "") for row in self.index.rows(AliasKind.RISK_AREA)],
            "query": self._query(),
            "message": self.message,
            "way": self.way_back,
            "focus": self._focus(),
            "opened": self.unsaved.opened or self.request.GET.get("riga", ""),
            "no_row": NO_ROW,
            "with_row": self._with_row(),
            "here": self._here(),
        }

    @cached_property
    def filter(self) -> MapFilter:
        # after an act that shows a row, a filter that hides it would be in the way
        data = {} if self.shown is not None and not self.keep_focus else self.request.GET
        since = {row.kept.since for row in self.standings.values()}
        since.update(*self.other_editions.values())
        editions = [(str(key), title) for key, title in self.editions.items() if key in since]
        return MapFilter(data, index=self.index, levels=self.levels, editions=editions)

    @cached_property
    def editions(self) -> dict[int, str]:
        """The editions whose words may still be there; none where nothing is asked."""
        return editions_of(self.annex) if self.standings else {}

    @cached_property
    def other_editions(self) -> dict[int, set[int | None]]:
        """The editions of rows of another age than their process, by its key."""
        return other_editions(self.annex) if self.standings else {}

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """How the processes stand to the edition before, by key; none where nothing is asked."""
        return {row.kept.pk: row for row in annex_standings(self.annex)}

    @cached_property
    def sorting(self) -> Sorting:
        base = reverse("risk:mapping", args=[self.annex.uid])
        return Sorting(self.request.GET, map_heads(self.levels), base=base)

    @cached_property
    def levels(self) -> list[Level]:
        return default_levels(self.annex.plan)

    @property
    def _method_id(self) -> int | None:
        return self.levels[0].method_id if self.levels else None

    def filtered_rows(self):
        """Return the rows that answer to the filter, of all pages."""
        rows = self.filter.apply(_rows_of(self.annex.pk, self._method_id))
        if "manca" in self.filter.values:
            groups = missing_now(self.annex).groups
            lacking = {group.process.pk for group in groups if group.process}
            rows = rows.filter(pk__in=lacking)
        if wanted := self.filter.values.get("riconferma"):
            rows = rows.filter(
                pk__in=copied.keys_of(wanted, self.standings.values(), annex=self.annex)
            )
        if age := self.filter.values.get("testo"):
            since = None if age == NONE else int(age)
            keys = [
                key
                for key, row in self.standings.items()
                if since in (row.kept.since, *self.other_editions.get(key, ()))
            ]
            rows = rows.filter(pk__in=keys)
        rows = rows.select_related("macroprocess__function", "risk_area").order_by("position")
        return self.sorting.apply(rows)

    def _page(self):
        number = self.request.GET.get("pagina")
        if self._is_plain:
            rows = self._with_lists(_FIRST(self.annex.pk, self._method_id))
            return _FirstPage(rows, of_all=rows[0].of_all if rows else 0).get_page(1)
        rows = self.filtered_rows()
        if self.shown is not None and not self.filter.values:
            number = self._page_sorted(rows) if self.sorting.key else page_of(self.shown)
        return Paginator(rows, ROWS_A_PAGE).get_page(number)

    @property
    def _is_plain(self) -> bool:
        """Whether the map is asked for as it begins, in its own order: nearly always."""
        narrowed = self.filter.values or self.sorting.key or self.shown is not None
        return bool(self.levels and not narrowed and not self.request.GET.get("pagina"))

    def _with_lists(self, rows: list[Process]) -> list[Process]:
        """Give processes their areas and macroprocesses: read once each, not once a process."""
        areas = {row.pk: row for row in self.index.rows(AliasKind.RISK_AREA)}
        if missing := {row.risk_area_id for row in rows} - areas.keys() - {None}:
            areas |= RiskArea.objects.in_bulk(missing)
        wanted = {row.macroprocess_id for row in rows} - {None}
        macroprocesses = {row.pk: row for row in _MACROPROCESSES(wanted)}
        for row in rows:
            row.risk_area = areas.get(row.risk_area_id)
            row.macroprocess = macroprocesses.get(row.macroprocess_id)
        return rows

    def _page_sorted(self, rows) -> int:
        """Return the page of the row to look at, where the map is not in its own order."""
        keys = list(rows.values_list("pk", flat=True))
        place = keys.index(self.shown.pk) if self.shown.pk in keys else 0
        return place // ROWS_A_PAGE + 1

    def _rows(self, page) -> list[ShownRow]:
        levels = {level.pk: level for level in self.levels}
        rows = []
        for process in page:
            process.annex = self.annex
            form = self.unsaved.rows.get(process.pk)
            note = self.unsaved.notes.get(str(process.uid), "")
            level = levels.get(process.level_id)
            shown = self.row(process, form=form, level=level, note=note, owner=self.owner)
            if standing := self.standings.get(process.pk):
                others = self.other_editions.get(process.pk, ())
                shown = shown.as_copy(standing, self.editions, others)
            rows.append(shown)
        # somebody else's change took rows out of the filter: what was typed is still shown
        here = {row.process.pk for row in rows}
        gone = [form for key, form in self.unsaved.rows.items() if key not in here]
        return [self.row(form.instance, form=form, owner=self.owner) for form in gone] + rows

    @staticmethod
    def row(process: Process, *, form=None, level=None, note="", owner="") -> ShownRow:
        """Return one row: as saved, or as typed when `form` could not be saved."""
        cells = cells_of(process, form, owner)
        return ShownRow(process=process, cells=cells, form=form, level=level, note=note)

    @cached_property
    def owner(self) -> str:
        """The form all cells are of; what is put into the page with a script has one each row."""
        is_typed_in = self.may_edit and "archivio" not in self.filter.values
        return WHOLE if is_typed_in and not self.request.htmx else ""

    def _empty(self) -> NewProcessForm:
        """Return the form of the row to add, of which nothing is typed."""
        if self.owner:
            return WholeNewProcess(index=self.index, prefix=BELOW)
        return NewProcessForm(index=self.index)

    def _shown(self, rows: list[ShownRow]) -> str:
        """Say what stands in the rows, in short: rows sent as shown need not be looked up.

        Of a row that was refused nothing is said that it could be sent as: it is asked again.
        """
        return " ".join(
            f"{row.process.pk}.{'' if row.form else digest_of(texts_of(row.process))}"
            for row in rows
        )

    def _query(self) -> str:
        """Return the filters and the page for the addresses of the acts."""
        query = self.request.GET.copy()
        query.pop("riga", None)
        if not self.filter.values and self.shown is not None:
            query.clear()
            if self.sorting.key:
                query[SORTED] = self.sorting.value
        return query.urlencode()

    def _with_row(self) -> str:
        """Return what comes after the question mark in the address of the map at a row."""
        query = self.request.GET.copy()
        query.pop("riga", None)
        return "&".join(filter(None, (query.urlencode(), "riga=")))

    def _here(self) -> str:
        """Return the address of the map; empty where the page has it already."""
        address = reverse("risk:mapping", args=[self.annex.uid])
        return "" if is_shown_at(self.request, address) else address

    def _focus(self) -> str:
        if self.keep_focus or self.shown is None:
            return ""
        return f"c-{self.shown.uid}-title"


def _rows_of(annex: int, method: int | None) -> QuerySet[Process]:
    """Return the processes of an annex with level, by a method, and what came ex officio."""
    rows = with_level(Process.objects.filter(annex=annex), method)
    ex_officio = RiskBehaviour.objects.filter(process=OuterRef("pk"), is_ex_officio=True)
    return rows.annotate(has_ex_officio=Exists(ex_officio))


class _FirstPage(Paginator):
    """The first page of a list, whose rows have been read with their number."""

    def __init__(self, rows: list[Process], *, of_all: int) -> None:
        super().__init__(rows, ROWS_A_PAGE)
        self.count = of_all


def _first_rows(annex: int, method: int) -> QuerySet[Process]:
    """Return the rows of the map as it begins; each knows of how many it is (`of_all`)."""
    rows = _rows_of(annex, method).filter(retired_on__isnull=True)
    all_rows = Process.objects.filter(annex=annex, retired_on__isnull=True).order_by()
    counted = all_rows.values("annex").annotate(n=Count("pk")).values("n")
    return rows.annotate(of_all=Subquery(counted)).order_by("position")[:ROWS_A_PAGE]


def _macroprocesses(keys: Collection[int]) -> QuerySet[Macroprocess]:
    return Macroprocess.objects.select_related("function").filter(pk__in=keys)


_FIRST, _MACROPROCESSES = KeptStatement(_first_rows), KeptStatement(_macroprocesses)


def page_of(process: Process) -> int:
    """Return the page of the unfiltered map on which a process stands."""
    return (place_of(process) - 1) // ROWS_A_PAGE + 1
