"""Remarks on the rows of an annex: made, answered, closed, whatever the state of the annex.

A remark is no edit: it is no part of the content that is approved and printed. `by` is the acting
person; who may is asked here, because page and command obey the same rule.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.kept_statements import KeptStatement
from registry.models import Action, Annex, Phase, Process
from registry.permissions import roles_on
from registry.roles import GOVERNING, REMARKING
from registry.services.rows import store
from registry.trail.subjects import annex_subject
from risk.enums import MeasureScope, RowKind, Verb
from risk.models import Assessment, PlannedMeasure, Remark, RemarkAnswer, RiskBehaviour
from risk.services.treatment.programming import targets_on

LABEL_LENGTH = 300


def may_remark(*, annex: Annex, process: Process | None, by: Any) -> bool:
    """Return whether a person may remark and answer: all who read it, but those who only read.

    `process` is the one the row belongs to, None for a row of the whole annex: offices that execute
    a part of a process remark on that process (docs/decisions/0019).
    """
    roles = roles_on(by, annex)
    if roles & REMARKING:
        return True
    executed = Process.objects.executed_by(by)
    return process is not None and executed.filter(pk=process.pk).exists()


def may_close(*, remark: Remark, by: Any) -> bool:
    """Return whether a person may close a remark: who made it, while they may remark, or the RPCT.

    `remark` comes with its annex.
    """
    is_rpct = bool(roles_on(by, remark.annex) & GOVERNING)
    mine = remark.by_id == by.pk
    return is_rpct or (mine and may_remark(annex=remark.annex, process=remark.process, by=by))


def find_row(*, process: Process, kind: str, uid: Any) -> Model | None:
    """Return a row that hangs on a process, or the process itself; None when there is none.

    A measure hangs on the process when it was said for the whole annex or for a part of the
    process; those of the whole plan are nobody's annex.
    """
    of_process = {
        RowKind.PROCESS: lambda: Process.objects.filter(pk=process.pk),
        RowKind.PHASE: lambda: Phase.objects.filter(process=process),
        RowKind.ACTION: lambda: Action.objects.filter(phase__process=process),
        RowKind.BEHAVIOUR: lambda: RiskBehaviour.objects.filter(process=process),
        RowKind.ASSESSMENT: lambda: Assessment.objects.filter(
            Q(process=process) | Q(behaviour__process=process)
        ).select_related("level", "method"),
        RowKind.MEASURE: lambda: _measures_of(process),
    }
    rows = of_process.get(RowKind(kind))
    return rows().filter(uid=uid).first() if rows else None


def _measures_of(process: Process) -> Any:
    treating = targets_on(process).order_by().values("planned_measure")
    return PlannedMeasure.objects.filter(
        Q(annex=process.annex_id, scope=MeasureScope.ANNEX) | Q(pk__in=treating)
    ).select_related("measure")


def add_remark(
    *,
    annex: Annex,
    row: Model,
    kind: str,
    text: str,
    process: Process | None = None,
    blocks: str = "",
    by: Any,
) -> Remark:
    """Make a remark on a row of an annex, and return it.

    `kind` is a `RowKind`, `process` the one the row belongs to, `blocks` a `Verb` that cannot be
    made while the remark is open. The words of the row are kept with it.

    Raises `ValidationError` when the text is empty, the step is unknown or the person may only
    read; then nothing is written.
    """
    subject = annex_subject(annex)
    detail = {"row": f"{kind} {row.uid}", "blocks": blocks}
    with act("remark", by=by, subject=subject, detail=detail) as opened:
        _check_may(annex, process, by)
        remark = Remark(
            annex=annex,
            process=process,
            row_kind=kind,
            row_uid=row.uid,
            row_label=label_of(row)[:LABEL_LENGTH],
            text=text.strip(),
            blocks=blocks,
            by=by,
        )
        store(remark, sure=("annex", "process", "by", "uid", "row_uid"))
        opened.detail["remark"] = str(remark.uid)
        return remark


def answer_remark(*, remark: Remark, text: str, by: Any) -> RemarkAnswer:
    """Answer an open remark, and return the answer; it is never changed.

    Raises `ValidationError` when the text is empty, the remark closed or the person may only read.
    """
    subject = annex_subject(remark.annex)
    with act("remark-answer", by=by, subject=subject):
        current = _locked(remark)
        _check_may(current.annex, current.process, by)
        answer = RemarkAnswer(remark=current, text=text.strip(), by=by)
        store(answer, sure=("remark", "by", "uid"))
        # an answer has no history of its own: it is written once
        detail = {"remark": str(current.uid), "answer": str(answer.uid)}
        trail.bind_row(detail, answer)
        trail.write(kind="remark-answer", by=by, subject=subject, detail=detail)
        return answer


def close_remark(*, remark: Remark, by: Any) -> Remark:
    """Close a remark, for ever, and return it.

    Raises `ValidationError` when it is closed already, or the person has not made it and is not the
    RPCT.
    """
    subject, detail = annex_subject(remark.annex), {"remark": str(remark.uid)}
    with act("remark-close", by=by, subject=subject, detail=detail):
        current = _locked(remark)
        if not may_close(remark=current, by=by):
            raise RuleRefused(_("Un’osservazione la chiude chi l’ha fatta, o il RPCT."))
        current.closed_by, current.closed_at = by, clock.now()
        current.save()
        return current


def label_of(row: Model) -> str:
    """Return the words by which a row is recognised when it is gone."""
    if isinstance(row, Annex):
        return row.printed_office_name
    if isinstance(row, Assessment):
        return f"{row.method}: {row.level.label if row.level else '—'}"
    if isinstance(row, PlannedMeasure):
        return str(row.measure)
    return " ".join(str(row).split())


def remarks_of(process: Process) -> dict[str, list[Remark]]:
    """Return the open remarks on a process and its rows, by the uid of the row; one query.

    Those on assessments and measures stand under their kind: one part of the sheet shows them all.
    """
    return by_row(_OPEN_ON(process.pk))


def _open_on(process: int) -> QuerySet[Remark]:
    return Remark.objects.filter(process=process).open().select_related("by").order_by("pk")


_OPEN_ON = KeptStatement(_open_on)


def by_row(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """Return remarks by the uid of the row they are on, or by its kind; see `remarks_of`."""
    found: dict[str, list[Remark]] = {}
    for row in remarks:
        together = row.row_kind in (RowKind.ASSESSMENT, RowKind.MEASURE)
        found.setdefault(row.row_kind if together else str(row.row_uid), []).append(row)
    return found


def counts_of(annex: Annex) -> dict[str, Any]:
    """Return how many remarks of an annex are `open`, and how many of them block each step."""
    rows = Remark.objects.filter(annex=annex).open().order_by()
    by_step = dict(rows.values_list("blocks").annotate(n=Count("pk")))
    steps = [(verb.label, by_step[verb]) for verb in Verb if verb in by_step]
    return {"open": sum(by_step.values()), "steps": steps}


def _check_may(annex: Annex, process: Process | None, by: Any) -> None:
    if not may_remark(annex=annex, process=process, by=by):
        raise RuleRefused(_("Il tuo ruolo permette di leggere le osservazioni, non di farne."))


def _locked(remark: Remark) -> Remark:
    """Return the remark as it is now, its annex too; `RuleRefused` once it is closed."""
    rows = Remark.objects.select_for_update(of=("self",))
    current = rows.select_related("annex__office", "annex__plan", "process").get(pk=remark.pk)
    if not current.is_open:
        raise RuleRefused(_("L’osservazione è già chiusa."), code="closed")
    return current
