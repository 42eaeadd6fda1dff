"""The same judgement as another row, for many processes or behaviours (docs/decisions/0064)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Annex
from registry.services.ordering import lock_open_annex
from risk.enums import Moment
from risk.models import Method
from risk.services.assessment.assessments import Subject
from risk.services.assessment.copying import (
    RatedAssessment,
    grade_of,
    judgements_of,
    source_of,
    write_copies,
)
from risk.services.assessment.sources import JudgedRow
from risk.services.mapping.bulk.levels import absence_refusal, subjects_again
from risk.services.mapping.bulk.proposals import (
    NOTHING,
    BulkChange,
    BulkDone,
    BulkProposal,
    confirmed,
)


def propose_judgement(
    *, subjects: Sequence[Subject], source: JudgedRow, method: Method
) -> BulkProposal:
    """Say what judging many rows as another one changes: inherent risk, by one method."""
    found = source_of(source, method=method, moment=Moment.INHERENT)
    known = judgements_of(subjects, method=method, moment=Moment.INHERENT)
    return _proposal(subjects, source=source, found=found, known=known)


def apply_judgement(
    *,
    annex: Annex,
    subjects: Sequence[Subject],
    source: JudgedRow,
    method: Method,
    digest: str,
    by: Any,
) -> BulkDone:
    """Judge the rows as another one, its motivations as drafts; one act.

    Raises `ProposalChangedError`, `ValidationError`.
    """
    with act("bulk-judgement", by=by) as opened:
        lock_open_annex(annex)
        now = subjects_again(subjects, annex=annex)
        found = source_of(source, method=method, moment=Moment.INHERENT)
        known = judgements_of(now, method=method, moment=Moment.INHERENT)
        proposal = _proposal(now, source=source, found=found, known=known)
        changes, left = confirmed(proposal, digest)
        rows = [change.row for change in changes]
        write_copies(rows, source=found, known=known, opened=opened)
        return BulkDone(opened, len(changes), left)


def _proposal(
    subjects: Sequence[Subject],
    *,
    source: JudgedRow,
    found: RatedAssessment,
    known: Mapping[int, RatedAssessment],
) -> BulkProposal:
    return BulkProposal(
        tuple(_change(row, source, found, known.get(row.pk, RatedAssessment())) for row in subjects)
    )


def _change(
    row: Subject, source: JudgedRow, found: RatedAssessment, current: RatedAssessment
) -> BulkChange:
    refusal = absence_refusal(row)
    if row.uid == source.uid:
        refusal = _("è la riga da cui si copia")
    elif not found.has_level:
        refusal = _("non c’è nulla da copiare")
    if refusal:
        return BulkChange(row, refusal=refusal)
    before = _told(current)
    if current.is_as(found):
        return BulkChange(row, before=before, after=before)
    after = _("%(judgement)s (bozza da rileggere)") % {"judgement": _told(found)}
    state = f"{current.version}|{found.version}"
    return BulkChange(row, before=before, after=after, state=state)


def _told(judgement: RatedAssessment) -> str:
    """Return a judgement in one sentence: level, motivation, and what was graded."""
    row = judgement.assessment
    if row is None:
        return NOTHING
    level = row.level.label if row.level else NOTHING
    told = f"{level}: {row.motivation}" if row.motivation else level
    grades = [f"{one.indicator.label}: {grade_of(one)}" for one in judgement.grades.values()]
    return f"{told} [{'; '.join(grades)}]" if grades else told
