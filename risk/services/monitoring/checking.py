"""What a head confirms, and what the RPCT finds: an answer goes on, or back to its office."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.models import User
from registry.permissions import is_rpct_of_plan, reach_of
from registry.services.bulk import update_in_bulk
from registry.services.rows import store
from risk.enums import ItemState
from risk.models import MonitoringRound, RoundAnswer, RoundCheck, RoundItem
from risk.services.monitoring.answers import (
    lock_item,
    missing_of,
    settled_state,
    undone_books,
    with_author,
)
from risk.services.monitoring.rounds import locked_round, record_rows, subject_of_round
from risk.services.monitoring.steps import stepped_by
from risk.workflow import ITEM_MOVES


@dataclass(frozen=True)
class Confirmed:
    """How many answers a head confirmed, and how many they had written themselves."""

    confirmed: int
    own: int


def confirm_answers(
    *, row: MonitoringRound, office: int, uids: Collection[str], by: User
) -> Confirmed:
    """Confirm the compiled answers of an office among `uids`; four eyes. One act.

    Whoever wrote an answer last, or how far a step of it is, does not confirm it, but in a body of
    one person. Raises
    `RuleRefused` for who does not head the office, or when no answer may be confirmed.
    """
    with locked_round(row, kind="round-confirm", by=by) as locked:
        if office not in reach_of(by).headed_offices:
            raise RuleRefused(_("Conferma il responsabile dell’ufficio."))
        if not locked.is_answering:
            raise RuleRefused(_("Il monitoraggio non riceve più risposte."))
        answers = RoundAnswer.objects.select_for_update(of=("self",))
        undone = undone_books(locked.plan_id)
        rows = with_author(answers, undone=undone)
        rows = rows.select_related("item").order_by("pk")
        found = [
            one
            for one in rows.filter(
                item__round=locked, item__office=office, item__state=ItemState.ANSWERED
            )
            if str(one.item.uid) in uids
        ]
        alone = locked.plan.administration.is_one_person
        keys = [one.item_id for one in found]
        stepped = set() if alone else stepped_by(by, keys, undone=undone)
        free = [one for one in found if alone or by.pk != one.author and one.item_id not in stepped]
        ready = [one for one in free if not missing_of(one)]
        if not ready:
            raise RuleRefused(
                _("Nessuna risposta da confermare: chi l’ha scritta per ultimo non la conferma.")
                if found
                else _("Scegli le risposte da confermare.")
            )
        _confirm(ready, by)
        return Confirmed(confirmed=len(ready), own=len(found) - len(free))


def _confirm(answers: list[RoundAnswer], by: User) -> None:
    now = clock.now()
    with act("round-confirm", by=by) as opened:
        items = []
        for answer in answers:
            answer.confirmed_by, answer.confirmed_at = by, now
            answer.item.state = ItemState.CONFIRMED
            items.append(answer.item)
        update_in_bulk(answers, fields=["confirmed_by", "confirmed_at"], opened=opened)
        update_in_bulk(items, fields=["state"], opened=opened)


def check_answer(
    *,
    item: RoundItem,
    by: User,
    outcome: str = "",
    looked_at: str = "",
    finding: str = "",
    request: str = "",
    request_by: datetime.date | None = None,
) -> RoundCheck:
    """Write what the RPCT found in an answer, or what is asked of its office. One act.

    With a `request` the answer goes back to its office, which may have been asked before its head
    has confirmed. Raises `RuleRefused` for who is not the RPCT, and for a check of an answer that
    is not confirmed.
    """
    with act("round-checked", by=by, subject=subject_of_round(item.round)) as opened:
        locked = lock_item(item)
        _refuse_others(locked, by)
        state = ItemState.RETURNED if request.strip() else ItemState.VERIFIED
        if state not in ITEM_MOVES[ItemState(locked.state)]:
            told = locked.get_state_display()
            raise RuleRefused(_("La risposta è %(state)s: ora non si verifica.") % {"state": told})
        row = RoundCheck(
            item=locked,
            outcome="" if request.strip() else outcome,
            looked_at=looked_at.strip(),
            finding=finding.strip(),
            request=request.strip(),
            request_by=request_by,
            by=by,
        )
        store(row, sure={"item", "by"})
        if locked.state == state:
            record_rows(row, of=locked.round, kind="round-checked", by=by)
            return row
        trail.bind_row(opened.detail, row)
        locked.state = state
        locked.save()
        return row


def set_not_due(*, item: RoundItem, reason: str, by: User) -> None:
    """Say that a measure was not due in the period, with the reason; "" takes it back. One act.

    What its office had answered before counts again. Raises `RuleRefused`: confirmed, or due
    already.
    """
    with act("round-checked", by=by, subject=subject_of_round(item.round)):
        locked: Any = lock_item(item)
        _refuse_others(locked, by)
        if reason.strip():
            if ItemState.NOT_DUE not in ITEM_MOVES[ItemState(locked.state)]:
                raise RuleRefused(_("Solo di una misura non ancora confermata si dice così."))
            locked.state = ItemState.NOT_DUE
        else:
            if locked.state != ItemState.NOT_DUE:
                raise RuleRefused(_("Questa misura è già dovuta: non c’è niente da togliere."))
            locked.state = ItemState.TO_ANSWER
            if answer := RoundAnswer.objects.filter(item=locked).first():
                locked.state = settled_state(locked, answer)
        locked.not_due_reason = reason.strip()
        locked.save()


def _refuse_others(item: RoundItem, by: User) -> None:
    if not is_rpct_of_plan(by, item.round.plan):
        raise RuleRefused(_("La verifica spetta al RPCT dell’amministrazione."))
    if not item.round.is_answering:
        raise RuleRefused(_("Il monitoraggio è chiuso: non si verifica più."))
