"""A block of phases pasted into one process."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.enums import AliasKind
from registry.models import Phase, Process
from registry.models.processes import TITLE_LENGTH
from registry.services.bulk import create_in_bulk
from registry.services.lookup import Index, NoMatch
from registry.services.ordering import lock_open_annex, next_value
from registry.validators import PROSE_LENGTH
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    CHANGED_MEANWHILE,
    Arrangement,
    PastedCell,
    PastedColumn,
    PastePreview,
    PasteRefused,
    text_cell,
    understand,
)

ORDER = ("title", "description", "executor")
# "1. Rilevazione", "2) Collaudo", "Fase 3: …": the number on paper is the position.
_NUMBERED = re.compile(r"(?:fase\s+)?\d{1,3}\s*[.):\-–]\s*(?=\S)", re.IGNORECASE)

Executor = tuple[Any, Any]


def phase_columns(process: Process) -> tuple[PastedColumn, ...]:
    """Return the columns a block of phases may have."""
    return _columns(Index(administration=process.annex.plan.administration))


def preview_phases(
    *, process: Process, text: str, arrangement: Arrangement = AS_IT_STANDS
) -> PastePreview:
    """Return what a pasted text would become among the phases of `process`; nothing is written.

    Columns: title, description, executor (a role, an office, or "role, office"). Raises
    `PasteRefused` when the text cannot be read at all.
    """
    preview = understand(
        text,
        columns=phase_columns(process),
        order=ORDER,
        scope=f"phases:{process.uid}:{_first(process)}",
        arrangement=arrangement,
    )
    if not any(column.key == "title" for column in preview.columns):
        raise PasteRefused(_("Manca la colonna «fase»: senza, le righe non hanno un nome."))
    return preview


def take_phases(
    *, process: Process, text: str, digest: str, arrangement: Arrangement = AS_IT_STANDS, by: Any
) -> list[Phase]:
    """Write a previewed block after the last phase, whole, in one act; return the phases.

    Raises `PasteRefused` when any cell has a problem, or when the outcome is no longer the one
    with this `digest`: then nothing is written.
    """
    with act("paste", by=by):
        lock_open_annex(process.annex_id)
        preview = preview_phases(process=process, text=text, arrangement=arrangement)
        if preview.digest != digest:
            raise PasteRefused(str(CHANGED_MEANWHILE))
        if preview.problems:
            raise PasteRefused(_("Ci sono celle da correggere: nulla è stato salvato."))
        rows = []
        for position, line in enumerate(preview.lines, start=_first(process)):
            role, office = line.value("executor") or (None, None)
            rows.append(
                Phase(
                    process=process,
                    position=position,
                    title=line.value("title"),
                    description=line.value("description") or "",
                    executor_role=role,
                    executor_office=office,
                )
            )
        return create_in_bulk(rows, kind="paste", by=by)


def _first(process: Process) -> int:
    """Return the place of the first phase to be added."""
    return next_value(process.phases.all())


def _columns(index: Index) -> tuple[PastedColumn, ...]:
    return (
        PastedColumn(
            key="title",
            label=gettext_lazy("fase"),
            read=_read_title,
            heads=("fasi", "principali fasi", "titolo", "attivita"),
        ),
        PastedColumn(
            key="description",
            label=gettext_lazy("descrizione"),
            read=_read_description,
            heads=("descrizione della fase",),
        ),
        PastedColumn(
            key="executor",
            label=gettext_lazy("esecutore"),
            read=_read_executor(index),
            heads=("esecutori", "responsabile", "chi", "ruolo", "ufficio"),
        ),
    )


def _read_title(text: str) -> PastedCell:
    title = _NUMBERED.sub("", " ".join(text.split()), count=1)
    cell = text_cell(title, longest=TITLE_LENGTH, required=_("Manca il nome della fase."))
    return replace(cell, text=text)


def _read_description(text: str) -> PastedCell:
    return text_cell(text, longest=PROSE_LENGTH, one_line=False)


def _read_executor(index: Index) -> Callable[[str], PastedCell]:
    known: dict[str, PastedCell] = {}

    def read(text: str) -> PastedCell:
        if not text or text in {"—", "-"}:
            return PastedCell(text=text)
        if text not in known:
            known[text] = _look_up(index, text)
        return known[text]

    return read


def _look_up(index: Index, text: str) -> PastedCell:
    """Return the role, the office, or both with a comma between them."""
    try:
        role, office = _role_or_office(index, text)
    except NoMatch as refused:
        before, comma, after = text.rpartition(",")
        if not comma:
            return PastedCell(text=text, problem=refused.message)
        try:
            role = index.match(AliasKind.EXECUTOR_ROLE, before)
            office = index.match(AliasKind.OFFICE, after)
        except NoMatch:
            return PastedCell(text=text, problem=refused.message)
    shown = ", ".join(str(part) for part in (role, office) if part is not None)
    return PastedCell(text=text, value=(role, office), shown=shown)


def _role_or_office(index: Index, text: str) -> Executor:
    try:
        return index.match(AliasKind.EXECUTOR_ROLE, text), None
    except NoMatch as refused:
        try:
            return None, index.match(AliasKind.OFFICE, text)
        except NoMatch as other:
            raise (refused if refused.suggestions else other) from other
