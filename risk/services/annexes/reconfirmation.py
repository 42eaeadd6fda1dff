"""Confirming what was copied from the edition before: one process with what was looked at, or many.

Whether the person may is the caller's question; that the annex is open, and the process still what
the person saw, is asked under the lock. One act each, taken back as any other.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from registry import clock
from registry.acts import RuleRefused, act
from registry.models import Annex, Plan, Process
from registry.services.bulk import create_in_bulk
from registry.services.ordering import lock_open_annex
from risk.content.same_texts import SameTexts, same_texts
from risk.enums import ReconfirmationState
from risk.models import Reconfirmation
from risk.services.annexes.contents import kept_annex
from risk.services.completeness.reconfirmation import Standing, may_ask, standings_of
from risk.services.mapping.bulk import BulkChange, BulkDone, BulkProposal
from risk.services.mapping.bulk.proposals import confirmed, read_again

ONE, MANY = "reconfirm", "bulk-reconfirm"
"""The kinds of the acts."""

_STOPPED = {
    ReconfirmationState.NEW: _l("non viene da un’altra edizione"),
    ReconfirmationState.CHANGED: _l("è già modificato: non serve riconfermarlo"),
    ReconfirmationState.CONFIRMED: _l("è già riconfermato"),
}


def standing_of(process: Process) -> Standing | None:
    """Return how one process stands to the edition before; None where its annex does not ask.

    `process` is read with the names of its annex. No statement for one that is no copy.
    """
    if not process.origin_uid or process.is_retired or not may_ask(process.annex):
        return None
    rows = standings_of([kept_annex(process.annex)], only={process.pk})
    return next(iter(rows.get(process.annex_id, [])), None)


def annex_standings(annex: Annex) -> list[Standing]:
    """Return how the processes of an annex stand, in their order; none where it does not ask."""
    if not may_ask(annex):
        return []
    return standings_of([kept_annex(annex)]).get(annex.pk, [])


def editions_of(annex: Annex) -> dict[int, str]:
    """Return by key the plans of a body in which words may have changed last; one query."""
    plans = Plan.objects.filter(administration=annex.plan.administration_id)
    return dict(plans.order_by("first_year", "pk").values_list("pk", "title"))


@dataclass(frozen=True)
class Reread:
    """How much of an annex was read again, in numbers of processes; `same` are texts."""

    to_confirm: int
    caused: int
    in_block: int
    one_by_one: int
    changed: int
    new: int
    same: SameTexts


def reread_of(annex: Annex) -> Reread | None:
    """Return how much of an annex was read again; None where it does not ask."""
    rows = annex_standings(annex)
    if not rows:
        return None
    states = Counter(row.state for row in rows)
    confirmed = [row.given for row in rows if row.state == ReconfirmationState.CONFIRMED]
    in_block = sum(given is not None and given.in_block for given in confirmed)
    return Reread(
        to_confirm=states[ReconfirmationState.TO_CONFIRM],
        caused=sum(row.has_cause for row in rows),
        in_block=in_block,
        one_by_one=len(confirmed) - in_block,
        changed=states[ReconfirmationState.CHANGED],
        new=states[ReconfirmationState.NEW],
        same=same_texts(annex),
    )


def confirm_process(*, process: Process, seen: str, reason: str, by: Any) -> Reconfirmation:
    """Say that a copied process still holds as it was `seen` (`Standing`); return what says so.

    Where something has moved the reason says what was looked at; where somebody has confirmed it
    before that, this takes the place of what they said, and what they looked at counts on. Raises
    `RuleRefused` where there is nothing to confirm, or it is another than was seen,
    `ValidationError` for a missing reason.
    """
    with act(ONE, by=by):
        annex = lock_open_annex(process.annex_id)
        row = _standings(annex).get(process.pk)
        _refuse_other(row, seen)
        if row.causes and not reason.strip():
            raise ValidationError(
                {"reason": _("Scrivi che cosa hai guardato: qualcosa è cambiato da allora.")}
            )
        given = _given(row, by=by, at=clock.now(), reason=reason.strip())
        if row.given is not None:
            # what was written is never changed: the new one takes its place
            row.given.delete()
        return create_in_bulk([given], kind=ONE, by=by)[0]


def propose_reconfirmation(*, processes: Sequence[Process]) -> BulkProposal:
    """Say which of some processes of one annex would be confirmed, and why the others would not."""
    if not processes:
        return BulkProposal(())
    return _proposal(processes, _standings(processes[0].annex))


def apply_reconfirmation(
    *, annex: Annex, processes: Sequence[Process], digest: str, by: Any
) -> BulkDone:
    """Confirm the processes in block as they were shown, in one act.

    Raises `ProposalChangedError`, `ValidationError`.
    """
    with act(MANY, by=by) as opened:
        locked = lock_open_annex(annex)
        standings = _standings(locked)
        proposal = _proposal(read_again(processes, annex=locked), standings)
        changes, left = confirmed(proposal, digest)
        at = clock.now()
        given = [_given(standings[one.row.pk], by=by, at=at, in_block=True) for one in changes]
        create_in_bulk(given, kind=MANY, by=by)
        return BulkDone(opened, len(changes), left)


def _standings(annex: Annex) -> dict[int, Standing]:
    named = Annex.objects.with_names().get(pk=annex.pk)
    return {row.kept.pk: row for row in annex_standings(named)}


def _refuse_other(row: Standing | None, seen: str) -> None:
    if row is None:
        raise RuleRefused(_("Qui non c’è nulla da riconfermare."), code="not_asked")
    if not row.is_open:
        sentence = _("Il processo %(state)s.") % {"state": _STOPPED[row.state]}
        raise RuleRefused(sentence, code="not_open")
    if row.seen != seen:
        raise RuleRefused(
            _("Il processo è cambiato da quando la pagina è aperta: rileggilo, poi riconferma."),
            code="changed",
        )
    if row.needs_change:
        raise RuleRefused(_told(row), code="needs_change")


def _proposal(rows: Sequence[Process], standings: dict[int, Standing]) -> BulkProposal:
    return BulkProposal(tuple(_change(row, standings.get(row.pk)) for row in rows))


def _change(process: Process, row: Standing | None) -> BulkChange:
    if row is None:
        return BulkChange(process, refusal=_("qui non c’è nulla da riconfermare"))
    if not row.is_open:
        return BulkChange(process, refusal=str(_STOPPED[row.state]))
    if row.causes:
        return BulkChange(
            process, refusal=_("si decide da solo, sulla sua scheda: %(why)s") % {"why": _why(row)}
        )
    before = str(row.state.label)
    after = _("riconfermato in blocco, senza modifiche")
    return BulkChange(process, before=before, after=after, state=row.kept.digest)


def _told(row: Standing) -> str:
    return _("Non basta riconfermarlo: %(why)s.") % {
        "why": "; ".join(one.detail for one in row.causes if one.cause.needs_change)
    }


def _why(row: Standing) -> str:
    return "; ".join(one.detail for one in row.new_causes)


def _given(
    row: Standing, *, by: Any, at: datetime.datetime, in_block: bool = False, reason: str = ""
) -> Reconfirmation:
    return Reconfirmation(
        process_id=row.kept.pk,
        words=row.kept.words,
        in_block=in_block,
        causes=_looked_at(row),
        reason=reason,
        by=by,
        at=at,
        version=1,
    )


def _looked_at(row: Standing) -> dict[str, Any]:
    """Return the causes of a process as they are kept, with those of a confirmation before."""
    causes = dict(row.given.causes) if row.given is not None else {}
    for one in row.causes:
        known = causes.get(one.cause.code)
        marks = {*one.marks, *(known["marks"] if isinstance(known, dict) else ())}
        causes[one.cause.code] = {"label": str(one.cause.label), "marks": sorted(marks)}
    return causes
