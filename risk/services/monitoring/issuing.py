"""Issuing a round: its reports are kept for ever; what is found later stands beside them.

They are drawn from canonical data alone, outside any transaction; then one short transaction
compares the content again and stores both, that of the body and the public one.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import Act, RuleRefused, act
from registry.models import User
from registry.permissions import is_rpct_of_plan
from registry.services.anchors import anchor_now
from registry.services.jobs import Progress, no_progress
from risk.content.canonical import digest_of
from risk.content.round_values import public_content, restore_round, written
from risk.enums import RoundState, RoundVerb
from risk.models import MonitoringRound, RoundCorrection, RoundIssue, RoundItem
from risk.models.packed import intact, packed_bytes, packed_text
from risk.services.monitoring.report import drawn_report, head_of_report
from risk.services.monitoring.report_data import round_content
from risk.services.monitoring.rounds import check_round_move, move_round, subject_of_round

CORRECTED = "round-corrected"


def issue_round(*, row: MonitoringRound, by: User, progress: Progress = no_progress) -> RoundIssue:
    """Issue a closed round: its reports, for the body and public, are kept for ever. One act.

    Returns that of the body. Raises `RuleRefused` for who is not its RPCT, for a move that is not
    the next, or where something changed meanwhile; `risk.paper.pdf.PaperError`.
    """
    with act(f"round-{RoundVerb.ISSUE}", by=by, subject=subject_of_round(row)):
        check_round_move(row=row, verb=RoundVerb.ISSUE, by=by)
    progress(0, 1, _("Leggo le risposte"))
    content = round_content(row)
    made = _made(row, content, 0, by, progress)

    def keep(locked: MonitoringRound, opened: Act) -> None:
        if written(round_content(locked)) != written(content):
            raise RuleRefused(_("Qualcosa è cambiato durante l’emissione: riprova."))
        _store(made, locked, opened.detail)

    move_round(row=row, verb=RoundVerb.ISSUE, by=by, before=keep)
    return made[0]


def correct_round(
    *,
    row: MonitoringRound,
    said: str,
    reason: str,
    by: User,
    item: RoundItem | None = None,
    outcome: str = "",
    progress: Progress = no_progress,
) -> RoundIssue:
    """Write what was found to be otherwise in an issued round, and issue its reports anew. One act.

    What was issued stays as it is. Raises `RuleRefused` for who is not the RPCT, for a round that
    is not issued, or where another correction was written meanwhile; `ValidationError` for what the
    model refuses; `risk.paper.pdf.PaperError`.
    """
    correction = RoundCorrection(
        round=row, item=item, outcome=outcome, said=said.strip(), reason=reason.strip(), by=by
    )
    subject = subject_of_round(row)
    with act(CORRECTED, by=by, subject=subject):
        check_correction(row, by)
        correction.full_clean(exclude=["round", "item", "by"])
    first, last = _first_and_last(row)
    content = _corrected(first, last, correction)
    made = _made(row, content, last.earlier + 1, by, progress)
    with act(CORRECTED, by=by, subject=subject):
        locked = MonitoringRound.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if _first_and_last(row)[1].pk != last.pk:
            raise RuleRefused(_("Un’altra rettifica è stata scritta intanto: riprova."))
        correction.save(force_insert=True)
        detail: dict[str, Any] = {"round": str(row.uid)}
        trail.bind_row(detail, correction)
        _store(made, locked, detail)
        trail.write(kind=CORRECTED, by=by, subject=subject, detail=detail)
    return made[0]


def corrected_since(
    row: MonitoringRound,
    since: datetime.datetime,
    *,
    said: str,
    reason: str,
    by: User,
    item: RoundItem | None,
    outcome: str,
) -> bool:
    """Tell whether this person has written this correction of a round since a moment."""
    told = {"said": said.strip(), "reason": reason.strip(), "outcome": outcome}
    rows = RoundCorrection.objects.filter(round=row, item=item, by=by, at__gte=since, **told)
    return rows.exists()


def check_correction(row: MonitoringRound, by: User) -> None:
    """Raise `RuleRefused` for who may not correct a round, or for one that is not issued."""
    if not is_rpct_of_plan(by, row.plan):
        raise RuleRefused(_("La rettifica spetta al RPCT dell’amministrazione."))
    if row.state != RoundState.ISSUED:
        raise RuleRefused(_("Si rettifica un monitoraggio emesso."))


def _first_and_last(row: MonitoringRound) -> tuple[RoundIssue, RoundIssue]:
    rows = RoundIssue.objects.filter(round=row, is_public=False).defer("pdf").order_by("earlier")
    found = list(rows)
    return found[0], found[-1]


def _corrected(first: RoundIssue, last: RoundIssue, correction: RoundCorrection) -> dict[str, Any]:
    """Return the content of the last issue with one correction more."""
    content = json.loads(intact(last, "data"))["round"]
    item = correction.item
    known = {one["uid"]: one for one in content["measures"]}
    about = known.get(str(item.uid), {}) if item else {}
    said = {
        "on": str(clock.today()),
        "said": correction.said,
        "reason": correction.reason,
        "measure": about.get("measure", ""),
        "office": about.get("office", ""),
        "item": about.get("uid", ""),
        "outcome": correction.outcome,
        "was": about.get("outcome", "") if correction.outcome else "",
    }
    corrections = [*content.get("corrections", ()), said]
    return {**content, "corrections": corrections, "corrects": first.data_digest}


def _made(
    row: MonitoringRound, content: Mapping[str, Any], earlier: int, by: User, progress: Progress
) -> list[RoundIssue]:
    """Return both reports of a content, drawn and not stored."""
    moment, anchor = clock.now().replace(microsecond=0), anchor_now(row.plan.administration)
    made = []
    for is_public in (False, True):
        data = written(public_content(content) if is_public else content)
        issue = RoundIssue(
            round=row,
            earlier=earlier,
            is_public=is_public,
            issued_at=moment,
            by=by,
            data=packed_text(data),
            data_digest=digest_of(data),
            anchor=anchor,
        )
        report = restore_round(data)
        pdf = drawn_report(report, head_of_report(report, issue), progress)
        issue.pdf, issue.pdf_digest = packed_bytes(pdf), hashlib.sha256(pdf).hexdigest()
        made.append(issue)
    return made


def _store(made: list[RoundIssue], row: MonitoringRound, detail: dict[str, Any]) -> None:
    for issue in made:
        issue.round = row
        issue.save(force_insert=True)
        trail.bind_row(detail, issue)
    detail["digest"] = made[0].data_digest
