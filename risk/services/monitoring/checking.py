"""What a head confirms, and what the RPCT finds: an answer goes on, or back to its office."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import RuleRefused, act
from registry.models import User
from registry.permissions import is_rpct_of_plan, reach_of
from registry.services.bulk import update_in_bulk
from registry.services.rows import store
from risk.enums import ItemState
from risk.models import Measurement, MonitoringRound, RoundAnswer, RoundCheck, RoundItem
from risk.services.monitoring.answers import (
    lock_item,
    missing_of,
    settled_state,
    undone_books,
    with_author,
)
from risk.services.monitoring.rounds import locked_round, record_rows, subject_of_round
from risk.services.monitoring.seen import changed_sentence, stamps_of
from risk.services.monitoring.steps import stepped_by
from risk.workflow import ITEM_MOVES


@dataclass(frozen=True)
class Confirmed:
    """How many answers a head confirmed, how many they had written themselves, which had moved."""

    confirmed: int
    own: int
    moved: tuple[str, ...] = ()
    """The measures whose answers were no longer as they had been read."""


def confirm_answers(
    *,
    row: MonitoringRound,
    office: int,
    uids: Collection[str],
    by: User,
    seen: Mapping[str, str] | None = None,
) -> Confirmed:
    """Confirm the compiled answers of an office among `uids`; four eyes. One act.

    Whoever wrote an answer last, how far a step of it is, or a measurement of it that counts, does
    not confirm it, but in a body of one person. `seen` is by uid the stamp of each as the person
    had it on the page (`risk.services.monitoring.seen`): those that have changed since stay as
    they are. Raises `RuleRefused` for who does not head the office, or when no answer may be
    confirmed.
    """
    with locked_round(row, kind="round-confirm", by=by) as locked:
        if office not in reach_of(by).headed_offices:
            raise RuleRefused(_("Conferma il responsabile dell’ufficio."))
        if not locked.is_answering:
            raise RuleRefused(_("Il monitoraggio non riceve più risposte."))
        undone = undone_books(locked.plan_id)
        alone = locked.plan.administration.is_one_person
        found = _asked(locked, office, uids, undone)
        own = set() if alone else _own(found, by, undone)
        moved = {} if seen is None else _moved(found, seen, by, alone=alone)
        names = tuple(name for key, name in moved.items() if key not in own)
        ready = [
            one
            for one in found
            if one.item.state == ItemState.ANSWERED
            and one.item_id not in {*own, *moved}
            and not missing_of(one)
        ]
        if not ready:
            raise RuleRefused(_why_none(own, names))
        _confirm(ready, by)
        return Confirmed(confirmed=len(ready), own=len(own), moved=names)


def _why_none(own: Collection[int], moved: Collection[str]) -> str:
    """Return why none of the answers that were chosen is confirmed."""
    if moved:
        return changed_sentence(moved)
    if own:
        return _("Nessuna da confermare: chi l’ha scritta o misurata per ultimo non la conferma.")
    return _("Scegli le risposte da confermare.")


_UNCONFIRMED = (ItemState.ANSWERED, ItemState.TO_ANSWER, ItemState.RETURNED)


def _asked(
    row: MonitoringRound, office: int, uids: Collection[str], undone: Collection[UUID]
) -> list[Any]:
    """Return the answers of an office that were chosen and are not confirmed, locked."""
    answers = RoundAnswer.objects.select_for_update(of=("self",))
    rows = with_author(answers, undone=undone).select_related("item__planned_measure__measure")
    of_office = {"item__round": row, "item__office": office, "item__state__in": _UNCONFIRMED}
    return [one for one in rows.filter(**of_office).order_by("pk") if str(one.item.uid) in uids]


def _own(answers: Collection[Any], by: User, undone: Collection[UUID]) -> set[int]:
    """Return the measures, of compiled answers, this person wrote of: they do not confirm them."""
    found = [one for one in answers if one.item.state == ItemState.ANSWERED]
    keys = [one.item_id for one in found]
    wrote = {one.item_id for one in found if one.author == by.pk}
    measured = Measurement.objects.filter(item__in=keys, replaced_by=None, by=by).order_by()
    return (
        wrote | stepped_by(by, keys, undone=undone) | set(measured.values_list("item", flat=True))
    )


def _moved(
    answers: Collection[Any], seen: Mapping[str, str], by: User, *, alone: bool
) -> dict[int, str]:
    """Return those that are no longer as they were seen: key and name of their measures.

    Who is alone in a body has read what they wrote themselves.
    """
    now = stamps_of(RoundItem.objects.filter(pk__in=[one.item_id for one in answers]), by)
    return {
        one.item_id: one.item.planned_measure.measure.label
        for one in answers
        if one.item.state != ItemState.ANSWERED
        or (seen.get(str(one.item.uid)) != now[one.item_id] and not (alone and one.author == by.pk))
    }


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
    seen: str = "",
) -> RoundCheck:
    """Write what the RPCT found in an answer, or what is asked of its office. One act.

    With a `request` the answer goes back to its office, which may have been asked before its head
    has confirmed. `seen` is the stamp of what was on the page, checks included
    (`risk.services.monitoring.seen`). Raises `RuleRefused` for who is not the RPCT, for a check of
    an answer that is not confirmed, and of one that is no longer as it was read.
    """
    with act("round-checked", by=by, subject=subject_of_round(item.round)) as opened:
        locked = lock_item(item)
        _refuse_others(locked, by)
        state = ItemState.RETURNED if request.strip() else ItemState.VERIFIED
        _refuse_moved(locked, state, by, seen)
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


def _refuse_moved(item: RoundItem, state: ItemState, by: User, seen: str) -> None:
    """Refuse a check of an answer that does not wait for it, or is no longer as it was `seen`."""
    if state not in ITEM_MOVES[ItemState(item.state)]:
        told = item.get_state_display()
        raise RuleRefused(_("La risposta è %(state)s: ora non si verifica.") % {"state": told})
    if not seen:
        return
    now = stamps_of(RoundItem.objects.filter(pk=item.pk), by, checks=True)
    if seen != now[item.pk]:
        raise RuleRefused(changed_since())


def changed_since() -> str:
    """Return what is said to who checks an answer that is no longer as it was read."""
    return _("La risposta, o la sua verifica, è cambiata da quando l’hai letta: rileggila.")


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
