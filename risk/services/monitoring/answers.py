"""What an office writes of one measure of a round: its answer, measurements, evidence."""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.models import User
from registry.permissions import reach_of
from registry.services.bulk import update_in_bulk
from registry.services.holding import hold
from registry.services.rows import store
from risk.enums import DeclaredOutcome, ImportState, ItemState, ProgressKind
from risk.models import (
    Measurement,
    MonitoringRound,
    ProgressIndicator,
    RegisterImport,
    RoundAnswer,
    RoundItem,
)
from risk.scoring.outcomes import REASONED_OUTCOMES
from risk.services.monitoring.rounds import record_rows, subject_of_round, wrong_day
from risk.workflow import ANSWERABLE, ITEM_MOVES

KIND = "round-answer"
BOOKS = "round-books"
"""The act of taking many answers in from workbooks (`risk.services.answer_books`)."""


def answers_for(user: User, item: RoundItem) -> bool:
    """Tell whether a person writes the answer of a measure: whoever works in its office."""
    return item.office_id in reach_of(user).own_offices


def may_answer(user: User, item: RoundItem) -> bool:
    """Tell the same, and whether it may be written now."""
    return answers_for(user, item) and item.round.is_answering and item.state in ANSWERABLE


def why_closed(item: RoundItem) -> str:
    """Return why nothing is written of a measure now; "" where something may be."""
    if not item.round.is_answering:
        state = item.round.get_state_display()
        return _("Il monitoraggio è %(state)s: non si risponde più.") % {"state": state}
    if item.state not in ANSWERABLE:
        state = item.get_state_display()
        return _("La risposta è %(state)s: cambia solo se torna all’ufficio.") % {"state": state}
    return ""


@contextmanager
def writing_answer(item: RoundItem, *, by: User) -> Iterator[RoundItem]:
    """Open an act on what an office says of a measure, and give its row, locked.

    One that was sent back is compiled again by whatever is added to it: often a proof is all that
    was asked for.

    Raises `RuleRefused` for who does not answer for it, or where nothing is written now.
    """
    with act(KIND, by=by, subject=subject_of_round(item.round)):
        locked = lock_item(item)
        if not answers_for(by, locked):
            raise RuleRefused(_("Risponde chi lavora nell’ufficio."))
        if why := why_closed(locked):
            raise RuleRefused(why)
        yield locked
        if locked.state == ItemState.RETURNED:
            _take_up(locked, by=by)


def lock_item(item: RoundItem) -> RoundItem:
    """Return a measure of a round as it is now, locked until the act ends; its round is held.

    The round first, as its moves do: who moves it waits for all that is being written, or was
    first. Others write of other measures meanwhile.
    """
    hold(MonitoringRound, item.round_id)
    rows = RoundItem.objects.select_related("round__plan__administration")
    return rows.select_for_update(of=("self",)).get(pk=item.pk)


def settle(item: RoundItem, answer: RoundAnswer, *, by: User) -> None:
    """Put a measure, which is locked, in the state its answer, just written, has brought it to."""
    state = settled_state(item, answer)
    if item.state != state:
        item.state = state
        with act(KIND, by=by) as opened:
            # nobody else has it: that it is there need not be asked again
            update_in_bulk([item], fields=["state"], opened=opened)


def _take_up(item: RoundItem, *, by: User) -> None:
    answer = RoundAnswer.objects.filter(item=item).first()
    if answer is not None:
        settle(item, answer, by=by)


def settled_state(item: RoundItem, answer: RoundAnswer) -> str:
    """Return the state an answer brings its measure to, where the table of moves has it so."""
    state = ItemState.TO_ANSWER if missing_of(answer) else ItemState.ANSWERED
    return state if state in ITEM_MOVES[ItemState(item.state)] else item.state


def with_author(
    rows: QuerySet[RoundAnswer], *, undone: Collection[UUID] = ()
) -> QuerySet[RoundAnswer]:
    """Return answers with `author`, the key of who wrote each last; None where nobody has.

    Whoever takes a workbook of answers in is the author of what it says; `undone` are the acts of
    those that were taken back: whose words stand again is who wrote them before.
    """
    return rows.annotate(author=last_author(RoundAnswer, undone))


def last_author(model: Any, undone: Collection[UUID] = ()) -> Subquery:
    """Return the key of who wrote a row of an answer last, as `with_author` tells it."""
    marks = Q(history_change_reason__startswith=f"{KIND}:")
    marks |= Q(history_change_reason__startswith=f"{BOOKS}:")
    written = model.history.filter(marks, id=OuterRef("pk"))
    if undone:
        written = written.exclude(history_change_reason__in=[f"{BOOKS}:{uid}" for uid in undone])
    return Subquery(written.order_by("-history_id").values("history_user")[:1])


def undone_books(plan: int) -> list[UUID]:
    """Return the acts, of answers taken in from workbooks for a plan, that were taken back."""
    rows = RegisterImport.objects.filter(plan=plan, state=ImportState.UNDONE)
    return [uid for uid in rows.values_list("act_uid", flat=True) if uid]


def missing_of(answer: RoundAnswer) -> list[str]:
    """Return what an answer still misses, a sentence each (`answer-reason`)."""
    missing = []
    if not answer.declared:
        missing.append(_("Scegli l’esito."))
    if answer.declared == DeclaredOutcome.NO_CASE and not answer.done:
        missing.append(_("Scrivi, in «Che cosa è stato fatto», da dove risulta che i casi sono 0."))
    elif answer.declared and not answer.done and answer.declared not in REASONED_OUTCOMES:
        missing.append(_("Scrivi che cosa è stato fatto."))
    if answer.declared in REASONED_OUTCOMES:
        if not answer.reason:
            missing.append(_("Scrivi il motivo."))
        if not answer.cause:
            missing.append(_("Scegli la causa."))
    return missing


def add_measurement(
    *,
    item: RoundItem,
    indicator: ProgressIndicator,
    measured_on: datetime.date,
    source: str,
    by: User,
    value: Decimal | None = None,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
    correction_reason: str = "",
) -> Measurement:
    """Write a measurement of an indicator; it replaces the last one of the round. One act.

    Raises as `checked_measurement`.
    """
    with writing_answer(item, by=by) as locked:
        row = checked_measurement(
            item=locked,
            indicator=indicator,
            before=last_measurement(locked, indicator),
            measured_on=measured_on,
            source=source,
            value=value,
            numerator=numerator,
            denominator=denominator,
            correction_reason=correction_reason,
            by=by,
        )
        store(row, sure={"item", "indicator", "by", "replaces"})
        record_rows(row, of=locked.round, kind=KIND, by=by)
        return row


def checked_measurement(
    *,
    item: RoundItem,
    indicator: ProgressIndicator,
    before: Measurement | None,
    measured_on: datetime.date,
    source: str,
    by: User,
    value: Decimal | None,
    numerator: Decimal | None,
    denominator: Decimal | None,
    correction_reason: str,
) -> Measurement:
    """Return a measurement that may be stored, in place of the one `before`; no statement.

    Raises `ValidationError`, by field, for values that are none, for a correction without its
    reason and for a day that is still to come, or after that of the situation.
    """
    is_percent = indicator.kind == ProgressKind.PERCENTAGE
    wrong = _wrong_parts(numerator, denominator) if is_percent else _wrong_value(indicator, value)
    if told := wrong_day(item.round, measured_on):
        wrong["measured_on"] = told
    if before is not None and not correction_reason.strip():
        wrong["correction_reason"] = _("C’è già una misurazione: scrivi perché la correggi.")
    if wrong:
        raise ValidationError(wrong)
    row = Measurement(
        item=item,
        indicator=indicator,
        measured_on=measured_on,
        source=source,
        value=None if is_percent else value,
        numerator=numerator if is_percent else None,
        denominator=denominator if is_percent else None,
        replaces=before,
        correction_reason=correction_reason.strip(),
        by=by,
    )
    row.clean_fields(exclude={"item", "indicator", "by", "replaces"})
    return row


def _wrong_parts(numerator: Decimal | None, denominator: Decimal | None) -> dict[str, str]:
    """Return what is wrong with the parts of a percent, by field, in the words of the model."""
    if numerator is None or denominator is None:
        return {"numerator": _("Servono numeratore e denominatore.")}
    if denominator <= 0:
        return {"denominator": _("Il denominatore è maggiore di zero.")}
    if not 0 <= numerator <= denominator:
        return {"numerator": _("Il numeratore va da zero al denominatore.")}
    return {}


def _wrong_value(indicator: ProgressIndicator, value: Decimal | None) -> dict[str, str]:
    if value is None:
        return {"value": _("Scrivi il valore.")}
    if indicator.kind == ProgressKind.ON_OFF and value not in (0, 1):
        return {"value": _("Di questo indicatore si dice sì o no.")}
    return {}


def last_measurement(item: RoundItem, indicator: ProgressIndicator) -> Measurement | None:
    """Return the measurement of an indicator that counts in a round; None where there is none."""
    rows = Measurement.objects.filter(item=item, indicator=indicator, replaced_by=None)
    return rows.order_by("-pk").first()
