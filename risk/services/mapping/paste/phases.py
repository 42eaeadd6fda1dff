"""A block of phases pasted into one process."""

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.enums import AliasKind
from registry.models import Phase, Process
from registry.models.processes import TITLE_LENGTH
from registry.services.bulk import create_in_bulk
from registry.services.lookup import Index
from registry.services.ordering import lock_open_annex, next_value
from registry.validators import PROSE_LENGTH
from risk.services.mapping.paste.blocks import (
    AS_IT_STANDS,
    Arrangement,
    PastedCell,
    PastedColumn,
    PastedRow,
    PastePreview,
    PasteRefused,
    sure,
    understand,
)
from risk.services.mapping.paste.cells import executor, matched, text_cell

ORDER = ("title", "description", "executor")
SHOWN = ("title", "role", "office")
"""The columns of the sheet that are typed in, as they stand on the screen."""
# "1. Rilevazione", "2) Collaudo", "Fase 3: …": the number on paper is the position.
_NUMBERED = re.compile(r"(?:fase\s+)?\d{1,3}\s*[.):\-–]\s*(?=\S)", re.IGNORECASE)


def phase_columns(process: Process) -> tuple[PastedColumn, ...]:
    """Return the columns a block of phases may have."""
    return _columns(Index(administration=process.annex.plan.administration))


def phase_order(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the columns of a block without titles: from the cell on, else as they are told."""
    return SHOWN[SHOWN.index(arrangement.start) :] if arrangement.start in SHOWN else ORDER


def understood_phases(
    process: Process, text: str, *, scope: str, arrangement: Arrangement
) -> PastePreview:
    """Return a pasted text as phases.

    Columns: title, description, executor (a role, an office, or "role, office"), or the role and
    the office each by itself. Raises `PasteRefused` when the text cannot be read at all.
    """
    columns, order = phase_columns(process), phase_order(arrangement)
    preview = understand(text, columns=columns, order=order, scope=scope, arrangement=arrangement)
    keys = {column.key for column in preview.columns}
    if keys >= {"executor", "office"} and "role" not in keys and not arrangement.chosen:
        return _as_on_the_sheet(preview, text, columns=columns, scope=scope)
    if "executor" in keys and keys & {"role", "office"}:
        raise PasteRefused(
            _("Chi esegue è detto due volte: scegli «esecutore», oppure «ruolo» e «ufficio».")
        )
    return preview


def _as_on_the_sheet(
    preview: PastePreview, text: str, *, columns: tuple[PastedColumn, ...], scope: str
) -> PastePreview:
    """Return a block again whose «esecutore» stands beside «ufficio esecutore»: it is the role."""
    found = dict(zip(preview.places, preview.columns, strict=True))
    keys = [found[place].key if place in found else "" for place in range(max(found) + 1)]
    chosen = tuple("role" if key == "executor" else key for key in keys)
    arrangement = Arrangement(chosen=chosen, has_titles=preview.has_header)
    return understand(text, columns=columns, order=(), scope=scope, arrangement=arrangement)


def preview_phases(
    *, process: Process, text: str, arrangement: Arrangement = AS_IT_STANDS
) -> PastePreview:
    """Return what a pasted text would become among the phases of `process`; nothing is written.

    Raises `PasteRefused` when the text cannot be read at all, or names no phases.
    """
    scope = f"phases:{process.uid}:{_first(process)}"
    preview = understood_phases(process, text, scope=scope, arrangement=arrangement)
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
        shown = preview_phases(process=process, text=text, arrangement=arrangement)
        lines = enumerate(sure(shown, digest).lines, start=_first(process))
        rows = [_phase(line, process, position) for position, line in lines]
        return create_in_bulk(rows, kind="paste", by=by)


def _phase(line: PastedRow, process: Process, position: int) -> Phase:
    role, office = line.value("executor") or (line.value("role"), line.value("office"))
    return Phase(
        process=process,
        position=position,
        title=line.value("title"),
        description=line.value("description") or "",
        executor_role=role,
        executor_office=office,
    )


def _first(process: Process) -> int:
    """Return the place of the first phase to be added."""
    return next_value(process.phases.all())


def _columns(index: Index) -> tuple[PastedColumn, ...]:
    def of(key, label, read, *heads):
        return PastedColumn(key=key, label=label, read=read, heads=heads)

    return (
        of(
            "title",
            gettext_lazy("fase"),
            _read_title,
            *("fasi", "principali fasi", "titolo", "attivita", "fase o azione"),
        ),
        of(
            "description",
            gettext_lazy("descrizione"),
            _read_description,
            "descrizione della fase",
        ),
        of(
            "executor",
            gettext_lazy("esecutore"),
            executor(index),
            *("esecutori", "responsabile", "chi", "ufficio"),
        ),
        of(
            "role",
            gettext_lazy("ruolo"),
            matched(index, AliasKind.EXECUTOR_ROLE),
            *("ruolo esecutore", "ruoli"),
        ),
        of(
            "office",
            gettext_lazy("ufficio esecutore"),
            matched(index, AliasKind.OFFICE),
            "uffici esecutori",
        ),
    )


def _read_title(text: str) -> PastedCell:
    title = _NUMBERED.sub("", " ".join(text.split()), count=1)
    cell = text_cell(title, longest=TITLE_LENGTH, required=_("Manca il nome della fase."))
    return replace(cell, text=text)


def _read_description(text: str) -> PastedCell:
    return text_cell(text, longest=PROSE_LENGTH, one_line=False)
