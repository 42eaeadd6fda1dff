"""One measure for many rows: one programming, many targets (docs/decisions/0022)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Annex
from registry.services.ordering import lock_open_annex
from risk.enums import MeasureScope
from risk.models import Measure
from risk.services.mapping.bulk.proposals import (
    NOTHING,
    BulkChange,
    BulkDone,
    BulkProposal,
    confirmed,
    read_again,
)
from risk.services.treatment.measures import plan_measure


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
            else BulkChange(row, before=NOTHING, after=measure.label)
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
) -> BulkDone:
    """Programme the measure once for all the rows that do not have it; one act.

    Raises `ProposalChangedError`, `ValidationError`.
    """
    with act("bulk-measure", by=by) as opened:
        lock_open_annex(annex)
        now = read_again(targets, annex=annex)
        changes, left = confirmed(propose_measure(targets=now, measure=measure), digest)
        plan_measure(
            measure=measure,
            scope=scope,
            annex=annex,
            targets=[change.row for change in changes],
            by=by,
        )
        return BulkDone(opened, len(changes), left)
