"""Saving all that the page of a sheet holds, at once: the way of who runs no scripts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.forms.saving import control_text
from registry.forms.whole_page import even
from registry.models import Process
from registry.services.phases import move_action, move_phase
from registry.views.whole_page import say_gone, say_not_all, way_on_asked
from risk.enums import RowKind
from risk.forms.process_sheet.sheet import PlaceForm
from risk.forms.process_sheet.whole import WholeNewBehaviour, WholeNewStep
from risk.services.mapping.behaviours import move_behaviour
from risk.services.process_sheet.acts import (
    add_action,
    add_behaviour,
    add_phase,
    change_coverage,
    change_words,
)
from risk.services.process_sheet.page import rows_of_kind
from risk.services.process_sheet.row_keys import key_of
from risk.services.process_sheet.shown_texts import TEXTS, as_shown, kinds_of
from risk.services.process_sheet.unsaved import UnsavedSheet
from risk.views.annexes.undo import say_done
from risk.views.process_sheet.boxes import SHOWN, TICKED, boxes_sent, words_sent
from risk.views.process_sheet.parts import DESCRIPTION, form_of_part, whole_page
from risk.views.process_sheet.rows import ROW_FORMS, first_message

MOVES: dict[RowKind, tuple[Callable[..., Any], str]] = {
    RowKind.PHASE: (move_phase, "phase"),
    RowKind.ACTION: (move_action, "action"),
    RowKind.BEHAVIOUR: (move_behaviour, "behaviour"),
}
QUESTIONS = {"dividi": "split", "unisci": "merge", "elimina": "remove"}
"""What asks before it acts on a row: the word of its button, and the end of its address's name."""


def save_all(request, process: Process) -> HttpResponse:
    """Save what was typed since the page was shown; what is refused stays as typed, and is told."""
    sheet = _WholeSheet(request, process)
    sheet.save()
    if sheet.unsaved:
        say_not_all(request)
        return whole_page(request, process, unsaved=sheet.unsaved)
    way_on = way_on_asked(request)
    if not sheet.is_moved and (sheet.is_touched or not (way_on or "vai" in request.POST)):
        messages.success(request, _("Salvato."))
    return redirect(way_on or sheet.way_on)


class _WholeSheet:
    """A sheet that was sent as one form, while it is saved."""

    def __init__(self, request, process: Process) -> None:
        self.request, self.process, self.by = request, process, request.user
        self.data = even(request.POST)
        self.unsaved = UnsavedSheet()
        self.is_touched = self.is_moved = False
        self.anchor = ""
        self.shown = kinds_of(self.data.get("mostrate", "").split())
        self.read: dict[RowKind, dict[str, Any]] = {}

    def save(self) -> None:
        """Save part after part, row after row: each an act of its own, as when they save alone."""
        self._save_parts()
        for key in self.shown:
            if self._is_row_typed(key):
                self._save_row(key)
        self._save_boxes()
        for prefix in [name[:-4] for name in self.data if name.endswith(":uid")]:
            self._add(prefix)
        for key in [name[:-6] for name in self.data if name.endswith(":posto")]:
            self._move(key)

    def _row(self, key: str) -> tuple[RowKind, Any]:
        """Return a row that was shown, as it is now, with its kind; None where it is gone.

        The rows of a kind are read when one of them is asked for.
        """
        kind, _said = self.shown.get(key, (RowKind.PROCESS, ""))
        if kind not in TEXTS:
            return kind, None
        if kind not in self.read:
            rows = rows_of_kind(self.process, kind)
            self.read[kind] = {key_of(row.uid): row for row in rows}
        return kind, self.read[kind].get(key)

    def _is_row_typed(self, key: str) -> bool:
        """Return whether a row is not sent as it was shown."""
        kind, said = self.shown[key]
        texts = [self.data.get(f"{key}:{name}", "") for name in TEXTS[kind]]
        added, removed = words_sent(self.data, f"{key}:")
        is_ticked = any(added.values()) or any(removed.values())
        return is_ticked or as_shown(kind, key, texts) != said

    def _save_parts(self) -> None:
        sent = [part for part in DESCRIPTION if f"{part}:version" in self.data]
        forms = {part: form_of_part(part, self.process, self.data, is_whole=True) for part in sent}
        touched = {part: form for part, form in forms.items() if self._is_typed(form)}
        for part, form in touched.items():
            self._submit(form, self.unsaved.parts, part)

    def _is_typed(self, form) -> bool:
        """Return whether a part was typed in: what is as it is saved costs nothing."""
        return any(
            self._differs(form.add_prefix(name), control_text(field, form.initial.get(name)))
            for name, field in form.fields.items()
            if name != "version"
        )

    def _differs(self, name: str, saved: str) -> bool:
        return name in self.data and self.data[name] != saved.replace("\r\n", "\n")

    def _submit(self, form, refused: dict[str, Any], prefix: str) -> None:
        self.is_touched = True
        form.submit(by=self.by)
        if form.errors or form.clashes:
            refused[prefix] = form

    def _save_row(self, prefix: str) -> None:
        kind, row = self._row(prefix)
        if row is None:
            self._say_gone(prefix)
            return
        _own, form_of = ROW_FORMS[kind]
        body = self.process.annex.plan.administration
        form = None
        texts = {name: getattr(row, name) for name in TEXTS[kind]}
        if any(self._differs(f"{prefix}:{name}", str(text or "")) for name, text in texts.items()):
            form = form_of(self.data, instance=row, administration=body, prefix=prefix)
            self._submit(form, self.unsaved.rows, prefix)
        added, removed = words_sent(self.data, f"{prefix}:")
        if kind == RowKind.BEHAVIOUR and (any(added.values()) or any(removed.values())):
            self.is_touched = True
            try:
                change_words(behaviour=row, added=added, removed=removed, by=self.by)
            except ValidationError as error:
                form = form or form_of(self.data, instance=row, administration=body, prefix=prefix)
                form.add_error(None, first_message(error))
                self.unsaved.rows[prefix] = form

    def _say_gone(self, prefix: str) -> None:
        """Say what was typed in a row that somebody has taken away: it has no field any more."""
        names = ("title", "text", "description", "executor_role", "executor_office")
        say_gone(self.request, [self.data.get(f"{prefix}:{name}", "") for name in names])

    def _save_boxes(self) -> None:
        if SHOWN not in self.data:
            return
        try:
            now, shown = boxes_sent(self.data, TICKED), boxes_sent(self.data, SHOWN)
            self.unsaved.ticked, self.unsaved.unticked = now - shown, shown - now
            if now != shown:
                self.is_touched = True
                change_coverage(
                    process=self.process, added=now - shown, removed=shown - now, by=self.by
                )
        except ValidationError as error:
            self.unsaved.matrix = first_message(error)

    def _add(self, prefix: str) -> None:
        """Add the row of a list that was typed, or that its button was pressed for."""
        is_behaviour = prefix == RowKind.BEHAVIOUR.word
        typed = self.data.get(f"{prefix}:{'text' if is_behaviour else 'title'}", "").strip()
        if not typed and self.data.get("aggiungi") != prefix:
            return
        act, kind = self._adding(prefix)
        form = (WholeNewBehaviour if is_behaviour else WholeNewStep)(self.data, prefix=prefix)
        self.is_touched = True
        if act is None:
            self._say_gone(prefix)
        elif form.is_valid():
            try:
                row = act(**form.cleaned_data, by=self.by)
                self.anchor = f"#{kind.word}-{row.uid}"
            except ValidationError as error:
                form.add_error(None, first_message(error))
        if form.errors:
            self.unsaved.new[prefix] = form

    def _adding(self, prefix: str) -> tuple[Callable[..., Any] | None, RowKind]:
        """Return what adds a row to the list with a word, and its kind; None where it is gone."""
        if prefix == RowKind.BEHAVIOUR.word:
            return partial(add_behaviour, process=self.process), RowKind.BEHAVIOUR
        if prefix == RowKind.PHASE.word:
            return partial(add_phase, process=self.process), RowKind.PHASE
        kind, row = self._row(prefix.removeprefix("azione-"))
        if row is None or kind != RowKind.PHASE:
            return None, RowKind.ACTION
        return partial(add_action, phase=row), RowKind.ACTION

    def _move(self, key: str) -> None:
        kind, row = self._row(key)
        place = PlaceForm({"posto": self.data[f"{key}:posto"]})
        if row is not None and place.is_valid():
            move, role = MOVES[kind]
            move(**{role: row}, position=place.cleaned_data["posto"], by=self.by)
            say_done(self.request, self.process.annex, _("Riga spostata."))
            self.is_moved = True
            self.anchor = f"#{kind.word}-{row.uid}"

    @property
    def way_on(self) -> str:
        """Where the button that was pressed leads to, once all is saved."""
        address = reverse("risk:process_sheet", args=[self.process.uid])
        word, _colon, key = self.data.get("vai", "").partition(":")
        kind, row = self._row(key)
        if row is None:
            return f"{address}{self.anchor}"
        if word == "riga":
            return f"{address}?riga={row.uid}#{kind.word}-{row.uid}"
        if word == "aperta":
            return f"{address}?aperta={row.uid}#nuova-{key}"
        if word not in QUESTIONS or (word != "elimina" and kind != RowKind.PHASE):
            return address
        return reverse(f"risk:{kind}_{QUESTIONS[word]}", args=[self.process.uid, row.uid])
