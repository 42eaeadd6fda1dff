"""Writing a previewed import, whole, as one act; and taking it back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, JSONField, Value
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import act
from registry.gc_paused import without_collecting
from registry.models import Annex, Plan
from registry.permissions import is_rpct_of_plan
from registry.services.merged_json import MergedJson
from registry.services.undo import NotUndoable, undo
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports.apply.lists import make_lists
from risk.services.imports.apply.rows import write_rows
from risk.services.imports.preview import Preview, preview_of
from risk.services.imports.refusals import ImportRefusedError
from risk.services.imports.subjects import import_subject

_SAID = ("answers", "report", "state", "tables", "act_uid", "taken_at")
"""What applying says of a file; the rest stays as it came."""


@without_collecting()
def apply_import(*, register_import: RegisterImport, digest: str, by: Any) -> None:
    """Write what the preview with this `digest` said.

    In one transaction: the plan and its annexes are locked, the file is compared again; rows of
    lists a person called new are made, spellings remembered; all rows are written with their
    history, and one record on the trail. Nothing is ever deleted.

    Raises `ImportRefusedError` when the import was taken already, is not ready, or would do
    something else than was shown.
    """
    subject = import_subject(register_import)
    detail = {"file": register_import.filename, "file_digest": register_import.digest}
    try:
        with act("import", by=by, subject=subject, detail=detail) as opened:
            rows = RegisterImport.objects.select_for_update().defer("report")
            taken = rows.get(pk=register_import.pk)
            if taken.state != ImportState.UPLOADED:
                raise ImportRefusedError(_("Il file è già stato importato o scartato."))
            # annexes before their plan, as everybody: two who wait for each other never end
            list(Annex.objects.select_for_update().filter(plan=taken.plan_id).order_by("pk"))
            Plan.objects.select_for_update().get(pk=taken.plan_id)
            preview = _preview(taken, by)
            if not preview.is_ready:
                raise ImportRefusedError(_("Restano domande aperte o righe da correggere."))
            if preview.digest != digest:
                raise ImportRefusedError(
                    _("Il registro è cambiato dopo l’anteprima: guardala di nuovo.")
                )
            has_made = make_lists(preview.lists, preview.changes, taken, opened)
            if has_made:
                preview = _preview(taken, by, read=preview)
            opened.detail.update(_counts(preview))
            told = {"annexes": _touched(taken, preview), "has_made_lists": has_made}
            # all that was shown of a large file is in it: it is not read to be written again
            taken.report = MergedJson(F("report"), Value(told, output_field=JSONField()))
            taken.state, taken.tables = ImportState.TAKEN, b""
            taken.act_uid, taken.taken_at = opened.uid, clock.now()
            # not the bytes of the file again
            taken.save(update_fields=_SAID)
            changes = preview.changes
            # what was read and shown would be in memory beside all that writing needs
            changes.forget_told()
            del preview
            write_rows(changes, opened)
    except ValidationError as refused:
        raise ImportRefusedError(refused.messages[0]) from refused
    except IntegrityError as error:
        raise ImportRefusedError(
            _("Qualcun altro ha scritto le stesse righe nello stesso momento: riprova.")
        ) from error


@without_collecting()
def undo_import(*, register_import: RegisterImport, by: Any) -> None:
    """Take an import back as one act, while nothing newer touched its rows.

    Raises `registry.services.undo.NotUndoable`, and `ImportRefusedError` when it is not taken, or
    `by` may no longer change one of its annexes.
    """
    try:
        with act("import-undo", by=by, subject=import_subject(register_import)):
            rows = RegisterImport.objects.select_for_update().defer("content", "tables")
            taken = rows.get(pk=register_import.pk)
            if taken.state != ImportState.TAKEN:
                raise ImportRefusedError(_("Solo un’importazione eseguita si annulla."))
            if not may_undo(taken, by):
                raise ImportRefusedError(
                    _("Gli allegati toccati dall’importazione non si possono più modificare.")
                )
            undo(uid=taken.act_uid, at=taken.taken_at, by=by)
            taken.state = ImportState.UNDONE
            taken.save(update_fields=["state"])
    except ValidationError as refused:
        # an office does not take back what has become the RPCT's
        raise NotUndoable(refused.messages[0]) from refused


def may_undo(register_import: RegisterImport, by: Any) -> bool:
    """Return whether every annex an import has touched may still be changed by a person.

    Rows of lists, methods and annexes it has made are the RPCT's, to make and to take away.
    """
    if register_import.report.get("has_made_lists") and not is_rpct_of_plan(
        by, register_import.plan
    ):
        return False
    return all(by.has_perm("registry.change_annex", one) for one in annexes_of(register_import))


def annexes_of(register_import: RegisterImport) -> list[Annex]:
    """Return the annexes an import has touched, whatever their offices are called by now."""
    uids = register_import.report.get("annexes", [])
    rows = Annex.objects.with_names().filter(plan=register_import.plan_id, uid__in=uids)
    return list(rows.order_by("office__folded"))


def _touched(taken: RegisterImport, preview: Preview) -> list[str]:
    """Return the uids of the annexes whose rows are written, which outlast the offices’ names."""
    offices = {row.office for row in [*preview.changes.added, *preview.changes.changed]}
    rows = Annex.objects.filter(plan=taken.plan_id, office__name__in=offices).order_by("pk")
    return [str(uid) for uid in rows.values_list("uid", flat=True)]


def _preview(taken: RegisterImport, by: Any, *, read: Preview | None = None) -> Preview:
    workbook = read.recognised.workbook if read and read.recognised else None
    return preview_of(register_import=taken, by=by, workbook=workbook)


def _counts(preview: Preview) -> dict[str, int]:
    return {
        "rows": preview.rows,
        "added": len(preview.changes.added),
        "changed": len(preview.changes.changed),
        "unchanged": preview.changes.unchanged,
    }
