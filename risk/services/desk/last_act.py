"""The last act of a person on an annex, imports too: what its button says and takes back."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry.models import Annex, TrailRecord
from registry.services.last_act import act_named, last_act, told
from risk.enums import ImportState
from risk.models import RegisterImport


@dataclass(frozen=True)
class LastAct:
    """What is taken back next: its record, the acts that cancel each other since, its import."""

    record: TrailRecord
    cancelled: Set[str]
    upload: RegisterImport | None = None

    @property
    def sentence(self) -> str:
        """What is taken back, in one sentence."""
        if self.upload is None:
            return told(self.record)
        return f"{told(self.record)} ({self.upload.filename})"


def act_by_uid(*, annex: Annex, by: Any, uid: UUID) -> LastAct | None:
    """Return an act of a person, as the message that told of it names it; None of no such act.

    Raises `registry.services.undo.NotUndoable` where it has been taken back already.
    """
    found = act_named(annex=annex, by=by, uid=uid)
    return LastAct(*found) if found else None


def act_to_take_back(*, annex: Annex, by: Any) -> LastAct:
    """Return the last act of a person on an annex: one query, one more where it is an import.

    Raises `registry.services.undo.NotUndoable` when there is none.
    """
    taken = RegisterImport.objects.filter(plan=annex.plan_id, state=ImportState.TAKEN)
    uploads: dict[Any, RegisterImport] = {}

    def is_of_annex(record: TrailRecord) -> bool:
        upload = taken.defer("content", "tables").filter(act_uid=record.uid).first()
        if upload is None or str(annex.uid) not in upload.report.get("annexes", ()):
            return False
        uploads[record.uid] = upload
        return True

    record, cancelled = last_act(
        annex=annex, by=by, imports=taken.values("act_uid"), is_of_annex=is_of_annex
    )
    return LastAct(record, cancelled, uploads.get(record.uid))
