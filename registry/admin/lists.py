"""A list of the back office as a file: its columns and rows, as filtered, searched and sorted."""

import datetime
from decimal import Decimal

from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.responses.list_files import asked_format, list_file
from registry.services.list_files import FORMAT
from registry.services.listings import ROWS_AT_ONCE, moment
from registry.services.row_pages import PLACES
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import LIST_FORMATS


class ListFiles:
    """Gives the list of a page of the back office as a file, to whoever sees the page."""

    gives_list = True
    """Whether the page has links to the files: not where it has an export of its own."""

    def changelist_view(self, request, extra_context=None):
        """Show the list, or answer with it when a format is asked for."""
        if not self.gives_list:
            return super().changelist_view(request, extra_context)
        if suffix := asked_format(request):
            return self._answer(request, suffix)
        context = {**(extra_context or {}), "downloads": downloads_of(request)}
        return super().changelist_view(request, context)

    def _answer(self, request, suffix: str) -> FileResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        # the format is no filter: the list would not know it
        request.GET = query_of(request)
        table = self._table(self.get_changelist_instance(request))
        subject = f"list {self.opts.label_lower}"
        return list_file(request, table, suffix, name="back office", subject=subject)

    def _table(self, page) -> Table:
        names = [name for name in page.list_display if name != "action_checkbox"]
        heads = [str(capfirst(label_for_field(name, self.model, self))) for name in names]
        rows = page.queryset.iterator(chunk_size=ROWS_AT_ONCE)
        cells = ([self._cell(name, row) for name in names] for row in rows)
        title = str(self.opts.verbose_name_plural)
        return Table(title, tuple(heads), cells, page.queryset.count)

    def _cell(self, name: str, row):
        """Return what a column shows of a row: numbers and days as such, the rest as words."""
        field, _attribute, value = lookup_field(name, row, self)
        if getattr(field, "flatchoices", None):
            return str(dict(field.flatchoices).get(value, value or ""))
        if isinstance(value, bool):
            return _("sì") if value else _("no")
        if isinstance(value, datetime.datetime):
            return moment(value)
        if isinstance(value, Decimal):
            return float(value)
        if value is None or isinstance(value, int | float | datetime.date):
            return value
        return str(value)


def downloads_of(request) -> list[tuple[str, str]]:
    """Return the links to the files of a page: their names and where they lead."""
    return [
        (row.label, f"?{query_of(request, suffix).urlencode()}")
        for suffix, row in LIST_FORMATS.items()
    ]


def query_of(request, suffix: str = ""):
    """Return what the address of a page asks for, without page and format, or with this one."""
    query = request.GET.copy()
    for name in (FORMAT, PAGE_VAR, *PLACES):
        query.pop(name, None)
    if suffix:
        query[FORMAT] = suffix
    return query
