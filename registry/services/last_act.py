"""The last act of a person on an annex: what one button, or Ctrl+Z, takes back.

Which acts there are is read from the trail, where each has its record. One that was taken back
counts no more, nor does what took it back: the next time the one before comes.
"""

import datetime
from collections.abc import Callable, Set
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import ended_so_far
from registry.enums import TrailOutcome
from registry.models import Administration, Annex, TrailRecord
from registry.services.undo import UNDONE, NotUndoable
from registry.trail.subjects import annex_subject
from registry.trail.words import word_of

UNDOABLE = frozenset(
    {
        *("add", "paste", "duplicate", "process", "phase", "action", "library"),
        *("edit", "describe", "step", "behaviour", "words", "cover", "coverage", "assess"),
        *("treat", "measure", "programme", "bulk-area", "bulk-level", "bulk-measure"),
        "unite-measures",
        *("bulk-macroprocess", "bulk-kind", "bulk-presence", "bulk-executor"),
        *("bulk-judgement", "copy-judgement", "reconfirm", "bulk-reconfirm"),
        *("move", "renumber", "split", "merge", "remove", "retire", "restore"),
    }
)
"""The kinds of act that change what an annex says: moves of the annex itself are not taken back.
An import is named by its own record, and taken back by the service that keeps its state."""
OF_KEPT = frozenset(
    {"office", "list-entry", "people", "annex", "objective", "chapter", "unite-plan-measures"}
)
"""The kinds that change what an RPCT keeps of a body: offices, lists, roles, annexes opened,
objectives, chapters and measures of a plan."""
IMPORT = "import"
_AT_ONE_SITTING = datetime.timedelta(hours=12)
"""An act of another day is no slip of the hand."""
_LOOKED_AT = 200


def last_act(
    *, annex: Annex, by: Any, imports: Any = (), is_of_annex: Callable[[TrailRecord], bool] = bool
) -> tuple[TrailRecord, set[str]]:
    """Return the act to take back, and the uids of those that cancel each other since.

    `imports` are the uids of acts that may have touched the annex among others, `is_of_annex` tells
    whether one has. Raises `NotUndoable` when there is none, or it is of a kind that is not taken
    back. One query.
    """
    cancelled: set[str] = set()
    records = TrailRecord.objects.filter(
        Q(subject=annex_subject(annex)) | Q(uid__in=imports),
        person=by.trail_token,
        outcome=TrailOutcome.DONE,
        row_count__gt=0,
        at__gte=clock.now() - _AT_ONE_SITTING,
    )
    for record in records.order_by("-pk")[:_LOOKED_AT]:
        if record.kind == "undo":
            cancelled |= {str(record.uid), record.detail.get(UNDONE, "")}
        elif record.kind == IMPORT:
            if is_of_annex(record):
                return record, cancelled
        elif str(record.uid) not in cancelled:
            if record.kind not in UNDOABLE:
                raise NotUndoable(
                    _("L’ultima operazione («%(what)s») non si annulla da qui.")
                    % {"what": word_of(record.kind)}
                )
            return record, cancelled
    raise NotUndoable(_("Non c’è nulla di tuo da annullare in questo allegato."))


def act_named(*, annex: Annex, by: Any, uid: UUID) -> tuple[TrailRecord, set[str]] | None:
    """Return an act of a person by its uid, and the uids of those that cancel each other since.

    None where there is none of theirs, or of a kind that is not taken back; raises `NotUndoable`
    where it has been taken back already. Two queries.
    """
    record = _done_by(by).filter(uid=uid, kind__in=UNDOABLE).first()
    return None if record is None else (record, _cancelled(record, annex_subject(annex), by))


def kept_act_named(
    *, body: Administration, by: Any, uid: UUID
) -> tuple[TrailRecord, set[str]] | None:
    """Return an act of a person on what an RPCT keeps of a body, as `act_named` one on an annex."""
    done = _done_by(by).filter(uid=uid, kind__in=OF_KEPT, chain=body.ipa_code)
    record = done.first()
    return None if record is None else (record, _cancelled(record, record.subject, by))


def _done_by(by: Any) -> QuerySet[TrailRecord]:
    return TrailRecord.objects.filter(person=by.trail_token, outcome=TrailOutcome.DONE)


def _cancelled(record: TrailRecord, subject: str, by: Any) -> set[str]:
    """Return the uids of acts that cancel each other since; raises `NotUndoable` if this one is."""
    cancelled: set[str] = set()
    later = _done_by(by).filter(subject=subject, kind="undo", pk__gt=record.pk)
    for undoing in later.order_by("-pk")[:_LOOKED_AT]:
        cancelled |= {str(undoing.uid), undoing.detail.get(UNDONE, "")}
    if str(record.uid) in cancelled:
        raise NotUndoable(_("Questa operazione è già annullata."))
    return cancelled


def act_just_done(kinds: Set[str] = UNDOABLE) -> UUID | None:
    """Return the last act of this request that can be taken back, None where there is none."""
    return next((act.uid for act in reversed(ended_so_far()) if act.kind in kinds), None)


def told(record: TrailRecord) -> str:
    """Return what an act was, in the one sentence by which it is taken back."""
    when = timezone.localtime(record.at)
    return _("«%(what)s», delle %(when)s") % {
        "what": word_of(record.kind),
        "when": f"{when:%H:%M}",
    }
