"""One level, with one motivation, for many processes or behaviours."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import RiskPresence
from registry.models import Annex, Process
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.ordering import lock_open_annex
from risk.enums import Moment
from risk.models import Assessment, Level, RiskBehaviour
from risk.services.mapping.bulk.proposals import (
    NOTHING,
    BulkChange,
    BulkDone,
    BulkProposal,
    confirmed,
    read_again,
)


def propose_level(*, subjects: Sequence[Model], level: Level, motivation: str) -> BulkProposal:
    """Say what judging many processes or behaviours at one level, for one reason, changes.

    Only where the risk is present is it assessed (docs/decisions/0021).
    """
    current = _assessments(subjects, level)
    return BulkProposal(
        tuple(_level_change(row, current.get(row.pk), level, motivation) for row in subjects)
    )


def apply_level(
    *,
    annex: Annex,
    subjects: Sequence[Model],
    level: Level,
    motivation: str,
    digest: str,
    by: Any,
) -> BulkDone:
    """Judge the rows at `level` by its method, inherent risk; one act.

    Raises `ValidationError` without a motivation, `ProposalChangedError` when stale.
    """
    if not motivation.strip():
        raise ValidationError(_("Un livello senza motivazione non si può salvare."))
    with act("bulk-level", by=by) as opened:
        lock_open_annex(annex)
        now = subjects_again(subjects, annex=annex)
        proposal = propose_level(subjects=now, level=level, motivation=motivation)
        changes, left = confirmed(proposal, digest)
        current = _assessments(now, level)
        created, changed = [], []
        for change in changes:
            row = current.get(change.row.pk)
            if row is None:
                column = "process" if isinstance(change.row, Process) else "behaviour"
                row = Assessment(method=level.method, **{column: change.row})
                created.append(row)
            else:
                changed.append(row)
            row.level, row.motivation = level, motivation
        # a bulk insert does not count versions by itself
        for row in created:
            row.version = 1
        create_in_bulk(created, kind="bulk-level", by=by)
        update_in_bulk(changed, fields=["level", "motivation"], opened=opened)
        return BulkDone(opened, len(changes), left)


def subjects_again(subjects: Sequence[Model], *, annex: Annex) -> list[Model]:
    """Return processes, or behaviours with theirs, as they are now (`read_again`)."""
    is_process = bool(subjects) and isinstance(subjects[0], Process)
    return read_again(subjects, annex=annex, related=() if is_process else ("process",))


def _assessments(subjects: Sequence[Model], level: Level) -> dict[int, Assessment]:
    """Return inherent assessments of the rows by the level's method, by the key of the row."""
    if not subjects:
        return {}
    column = "process" if isinstance(subjects[0], Process) else "behaviour"
    rows = Assessment.objects.filter(
        method=level.method, moment=Moment.INHERENT, **{f"{column}__in": list(subjects)}
    ).select_related("level")
    return {getattr(row, f"{column}_id"): row for row in rows}


def absence_refusal(row: Model) -> str:
    """Return why a process or behaviour is not judged, "" where its risk is present."""
    process = row.process if isinstance(row, RiskBehaviour) else row
    if process.risk_presence == RiskPresence.PRESENT:
        return ""
    state = process.get_risk_presence_display()
    return _("il rischio è %(state)s: non si valuta") % {"state": state}


def _level_change(
    row: Model, current: Assessment | None, level: Level, motivation: str
) -> BulkChange:
    refusal = absence_refusal(row)
    if refusal:
        return BulkChange(row, refusal=refusal)
    before = NOTHING
    if current is not None and current.level_id:
        before = _judgement(current.level, current.motivation)
    return BulkChange(row, before=before, after=_judgement(level, motivation))


def _judgement(level: Level, motivation: str) -> str:
    return f"{level.label}: {motivation}" if motivation else level.label
