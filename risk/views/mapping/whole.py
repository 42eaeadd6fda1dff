"""The page of the map, and saving all that it holds at once: the way of who runs no scripts."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.forms.whole_page import even
from registry.models import Annex, Process
from registry.responses.named_row import uid_or_404
from registry.services.lookup import Index
from registry.views.whole_page import say_gone, say_not_all, way_on_asked
from risk.forms.mapping.rows import typed_as
from risk.forms.mapping.whole import (
    ABOVE,
    AFTER,
    BELOW,
    UnsavedMap,
    WholeNewProcess,
    WholeProcessRow,
)
from risk.services.process_sheet.shown_texts import digest_of
from risk.views.annexes.undo import say_done
from risk.views.mapping.cells import COLUMNS
from risk.views.mapping.grid import MapGrid
from risk.views.mapping.page import (
    ROW_ACTS,
    add_typed,
    annex_to_change,
    archive,
    go_to,
    map_url,
    process_to_change,
    renumber,
    rows_to_save,
    save_row,
    show,
)

LONGEST_KEY = 18
"""Digits of the key of a row: no database has longer ones."""


@require_http_methods(["GET", "HEAD", "POST"])
def page(request, uid):
    """Show the map, or save all that is typed in it."""
    if request.method == "POST":
        return _save_all(request, uid)
    return show(request, uid)


def _save_all(request, uid) -> HttpResponse:
    """Save what was typed since the page was shown; what is refused stays as typed, and is told.

    Then do what the button that was pressed asks for.
    """
    whole = _WholeMap(request, uid)
    whole.save()
    answer = whole.act()
    if whole.unsaved:
        say_not_all(request)
        return MapGrid(request, whole.annex, index=whole.index, unsaved=whole.unsaved).page()
    way_on = way_on_asked(request)
    if whole.is_touched or not (whole.added or answer or way_on or "vai" in request.POST):
        messages.success(request, _("Salvato."))
    return answer or (redirect(way_on) if way_on else whole.way_on())


class _WholeMap:
    """A map that was sent as one form, while it is saved."""

    def __init__(self, request, uid) -> None:
        self.request, self.by = request, request.user
        self.data = even(request.POST)
        self.typed = list(self._typed_rows())
        self.found = self._read(uid) if self.typed else {}
        self.annex = self._annex(uid)
        self.index = Index(administration=self.annex.plan.administration)
        self.unsaved = UnsavedMap()
        self.is_touched = False
        self.added: Process | None = None

    def save(self) -> None:
        """Save row after row, each an act of its own, as when they save alone; then add."""
        for key in self.typed:
            if key in self.found:
                self._save_row(self.found[key])
            else:
                written = [column.name for column in COLUMNS if not column.choices]
                say_gone(self.request, [self.data.get(f"f{key}:{name}", "") for name in written])
        for word in (ABOVE, BELOW, AFTER):
            if self._is_to_add(word):
                self._add(word)
        self._keep_reason()

    def _typed_rows(self) -> Iterator[int]:
        """Find the rows that are not sent as they were shown."""
        for said in self.data.get("mostrate", "").split():
            key, _dot, digest = said.partition(".")
            # of anything else than the page's own words there is no such field
            is_key = key.isdecimal() and key.isascii() and len(key) <= LONGEST_KEY
            is_sent = is_key and f"f{key}:version" in self.data
            if is_sent and digest_of(self._texts(f"f{key}")) != digest:
                yield int(key)

    def _texts(self, prefix: str) -> list[str]:
        return [self.data.get(f"{prefix}:{column.name}", "") for column in COLUMNS]

    def _read(self, uid) -> dict[int, Process]:
        rows = rows_to_save(self.by).filter(annex__uid=uid, pk__in=self.typed)
        return {row.pk: row for row in rows}

    def _annex(self, uid) -> Annex:
        """Return the annex, which the rows that were typed in have read along."""
        if not self.found:
            return annex_to_change(self.request, uid)
        annex = next(iter(self.found.values())).annex
        if not self.by.has_perm("registry.change_annex", annex):
            raise PermissionDenied
        for row in self.found.values():
            row.annex = annex
        return annex

    def _save_row(self, row: Process) -> None:
        self.is_touched = True
        form = WholeProcessRow(self.data, instance=row, index=self.index, prefix=f"f{row.pk}")
        if save_row(form, by=self.by) is None:
            self.unsaved.rows[row.pk] = form

    def _is_to_add(self, word: str) -> bool:
        """Return whether a process to add was typed, or its button was pressed."""
        if self.data.get("aggiungi") == word:
            return True
        empty = WholeNewProcess(index=self.index, prefix=word)
        return any(
            self.data.get(f"{word}:{column.name}", shown).strip() != shown
            for column in COLUMNS
            for shown in [typed_as(empty[column.name].value())]
        )

    def _add(self, word: str) -> None:
        form = WholeNewProcess(self.data, index=self.index, annex=self.annex, prefix=word)
        after = None
        if word == AFTER:
            rows = Process.objects.filter(annex=self.annex)
            after = get_object_or_404(rows, uid=uid_or_404(self.data.get(f"{AFTER}:uid", "")))
        process = add_typed(form, annex=self.annex, after=after, by=self.by)
        if process is None:
            self.unsaved.new[word] = form
            return
        self.added = process
        text = _("Aggiunto: n. %(number)s.") % {"number": process.number}
        say_done(self.request, self.annex, text)

    def _keep_reason(self) -> None:
        """Keep the reason to archive a row where another button was pressed than that."""
        self.unsaved.opened = self.data.get(f"{AFTER}:uid", "")
        self.unsaved.reason = self.data.get("motivo", "")
        if self.unsaved.reason.strip() and not self.data.get("atto", "").startswith("archivia:"):
            text = _("Il motivo è scritto, ma il processo non è in archivio: premi «Archivia».")
            self.unsaved.notes[self.unsaved.opened] = text

    def act(self) -> HttpResponse | None:
        """Do the act of a row, or on all of them, whose button was pressed."""
        verb, _colon, uid = self.data.get("atto", "").partition(":")
        if verb == "numera":
            return renumber(self.request, self.annex)
        if not verb:
            return None
        if verb not in ROW_ACTS:
            raise Http404
        process = process_to_change(self.request, uid_or_404(uid))
        if verb == "archivia":
            return archive(self.request, process, unsaved=self.unsaved)
        return ROW_ACTS[verb](self.request, process)

    def way_on(self) -> HttpResponse:
        """Go where the button that was pressed leads to, once all is saved."""
        if self.added is not None:
            return go_to(self.annex, self.added)
        opened = self.data.get("vai", "")
        return redirect(
            map_url(self.request, self.annex, opened=uid_or_404(opened) if opened else None)
        )
