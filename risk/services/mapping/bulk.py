"""One act on many rows of an annex: an area, a level with its motivation, a measure.

Each act is proposed first: what would change, row by row, with a digest of exactly that. Applying
asks for the digest, so that a person confirms what they were shown, whatever happened meanwhile.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from registry.acts import Act, act
from registry.enums import RiskPresence
from registry.models import Annex, Process, RiskArea
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.ordering import lock_open_annex
from risk.enums import MeasureScope, Moment
from risk.models import Assessment, Level, Measure, RiskBehaviour
from risk.services.treatment.measures import plan_measure


class ProposalChangedError(Exception):
    """Something moved between preview and confirmation; `proposal` is what would change now."""

    def __init__(self, proposal: "BulkProposal") -> None:
        super().__init__("the rows have changed since the preview")
        self.proposal = proposal


@dataclass(frozen=True)
class BulkChange:
    """What happens to one row; `refusal` says why nothing does."""

    row: Model
    before: str = ""
    after: str = ""
    refusal: str = ""

    @property
    def changes(self) -> bool:
        return not self.refusal and self.before != self.after


@dataclass(frozen=True)
class BulkProposal:
    """All changes of one act, in the order of the rows, and their digest."""

    changes: tuple[BulkChange, ...]

    @property
    def count(self) -> int:
        return sum(change.changes for change in self.changes)

    @property
    def refused(self) -> int:
        """How many rows nothing happens to, and why is said."""
        return sum(bool(change.refusal) for change in self.changes)

    @property
    def as_before(self) -> int:
        """How many rows are so already."""
        return len(self.changes) - self.count - self.refused

    @property
    def digest(self) -> str:
        parts = [
            f"{change.row.uid}|{change.row.version}|{change.before}|{change.after}|{change.refusal}"
            for change in self.changes
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def propose_area(*, processes: Sequence[Process], area: RiskArea) -> BulkProposal:
    """Say what giving one area to many processes changes."""
    return BulkProposal(
        tuple(
            BulkChange(row, before=str(row.risk_area or "—"), after=area.printed)
            for row in processes
        )
    )


def apply_area(
    *, annex: Annex, processes: Sequence[Process], area: RiskArea, digest: str, by: Any
) -> Act:
    """Give one area to the processes; one act. Raises `ProposalChangedError`, `ValidationError`."""
    with act("bulk-area", by=by) as opened:
        lock_open_annex(annex)
        if area.administration_id not in (None, annex.plan.administration_id):
            raise ValidationError(_("La voce scelta appartiene a un’altra amministrazione."))
        changes = _confirmed(propose_area(processes=processes, area=area), digest)
        for change in changes:
            change.row.risk_area = area
        update_in_bulk([change.row for change in changes], fields=["risk_area"], opened=opened)
        return opened


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
) -> Act:
    """Judge the rows at `level` by its method, inherent risk; one act.

    Raises `ValidationError` without a motivation, `ProposalChangedError` when stale.
    """
    if not motivation.strip():
        raise ValidationError(_("Un livello senza motivazione non si può salvare."))
    with act("bulk-level", by=by) as opened:
        lock_open_annex(annex)
        proposal = propose_level(subjects=subjects, level=level, motivation=motivation)
        changes = _confirmed(proposal, digest)
        current = _assessments(subjects, level)
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
        return opened


def propose_measure(*, targets: Sequence[Model], measure: Measure) -> BulkProposal:
    """Say what programming one measure for many rows changes: one programming, many targets."""
    treated = set(
        type(targets[0])
        ._default_manager.filter(
            pk__in=[row.pk for row in targets], measure_targets__planned_measure__measure=measure
        )
        .values_list("pk", flat=True)
        if targets
        else ()
    )
    already = _("la misura è già prevista")
    return BulkProposal(
        tuple(
            BulkChange(row, refusal=already)
            if row.pk in treated
            else BulkChange(row, before="—", after=measure.label)
            for row in targets
        )
    )


def apply_measure(
    *,
    annex: Annex,
    scope: MeasureScope,
    targets: Sequence[Model],
    measure: Measure,
    digest: str,
    by: Any,
) -> Act:
    """Programme the measure once for all the rows that do not have it; one act."""
    with act("bulk-measure", by=by) as opened:
        changes = _confirmed(propose_measure(targets=targets, measure=measure), digest)
        plan_measure(
            measure=measure,
            scope=scope,
            annex=annex,
            targets=[change.row for change in changes],
            by=by,
        )
        return opened


def _confirmed(proposal: BulkProposal, digest: str) -> list[BulkChange]:
    """Return what is to be done, once it is sure that it is what the person saw."""
    if proposal.digest != digest:
        raise ProposalChangedError(proposal)
    changes = [change for change in proposal.changes if change.changes]
    if not changes:
        raise ValidationError(_("Nessuna delle righe scelte cambierebbe."))
    return changes


def _assessments(subjects: Sequence[Model], level: Level) -> dict[int, Assessment]:
    """Return inherent assessments of the rows by the level's method, by the key of the row."""
    if not subjects:
        return {}
    column = "process" if isinstance(subjects[0], Process) else "behaviour"
    rows = Assessment.objects.filter(
        method=level.method, moment=Moment.INHERENT, **{f"{column}__in": list(subjects)}
    ).select_related("level")
    return {getattr(row, f"{column}_id"): row for row in rows}


def _level_change(
    row: Model, current: Assessment | None, level: Level, motivation: str
) -> BulkChange:
    process = row.process if isinstance(row, RiskBehaviour) else row
    if process.risk_presence != RiskPresence.PRESENT:
        state = process.get_risk_presence_display()
        return BulkChange(
            row, refusal=_("il rischio è %(state)s: non si valuta") % {"state": state}
        )
    before = "—"
    if current is not None and current.level_id:
        before = _judgement(current.level, current.motivation)
    return BulkChange(row, before=before, after=_judgement(level, motivation))


def _judgement(level: Level, motivation: str) -> str:
    return f"{level.label}: {motivation}" if motivation else level.label
