"""What an office writes of one measure of a round: its answer, measurements, evidence."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.models import User
from registry.permissions import reach_of
from registry.services.holding import hold
from registry.services.rows import store
from risk.enums import ItemState, ProgressKind
from risk.models import (
    Measurement,
    MonitoringRound,
    ProgressIndicator,
    RoundAnswer,
    RoundItem,
)
from risk.scoring.outcomes import REASONED_OUTCOMES
from risk.services.monitoring.rounds import record_row, subject_of_round
from risk.workflow import ANSWERABLE, ITEM_MOVES

KIND = "round-answer"


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

    Raises `RuleRefused` for who does not answer for it, or where nothing is written now.
    """
    with act(KIND, by=by, subject=subject_of_round(item.round)):
        locked = lock_item(item)
        if not answers_for(by, locked):
            raise RuleRefused(_("Risponde chi lavora nell’ufficio."))
        if why := why_closed(locked):
            raise RuleRefused(why)
        yield locked


def lock_item(item: RoundItem) -> RoundItem:
    """Return a measure of a round as it is now, locked until the act ends; its round is held.

    The round first, as its moves do: who moves it waits for all that is being written, or was
    first. Others write of other measures meanwhile.
    """
    hold(MonitoringRound, item.round_id)
    rows = RoundItem.objects.select_related("round__plan__administration")
    return rows.select_for_update(of=("self",)).get(pk=item.pk)


def settle(item: RoundItem, answer: RoundAnswer) -> None:
    """Put a measure in the state its answer, just written, has brought it to."""
    set_state(item, ItemState.TO_ANSWER if missing_of(answer) else ItemState.ANSWERED)


def with_author(rows: QuerySet[RoundAnswer]) -> QuerySet[RoundAnswer]:
    """Return answers with `author`, the key of who wrote each last; None where nobody has."""
    written = RoundAnswer.history.filter(
        id=OuterRef("pk"), history_change_reason__startswith=f"{KIND}:"
    )
    last = written.order_by("-history_id").values("history_user")[:1]
    return rows.annotate(author=Subquery(last))


def set_state(item: RoundItem, state: ItemState) -> None:
    """Put a measure in another state, where the table of moves has it so."""
    if item.state == state or state not in ITEM_MOVES[ItemState(item.state)]:
        return
    item.state = state
    item.save()


def missing_of(answer: RoundAnswer) -> list[str]:
    """Return what an answer still misses, a sentence each (`answer-reason`)."""
    missing = []
    if not answer.declared:
        missing.append(_("Scegli l’esito."))
    if answer.declared and not answer.done and answer.declared not in REASONED_OUTCOMES:
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

    Raises `ValidationError` for values that are none, for a correction without its reason and for
    a day after that of the situation.
    """
    with writing_answer(item, by=by) as locked:
        before = last_measurement(locked, indicator)
        is_percent = indicator.kind == ProgressKind.PERCENTAGE
        if is_percent and (numerator is None or denominator is None):
            raise ValidationError({"numerator": _("Servono numeratore e denominatore.")})
        if not is_percent and value is None:
            raise ValidationError({"value": _("Scrivi il valore.")})
        if measured_on > locked.round.situation_on:
            raise ValidationError(
                {"measured_on": _("Il monitoraggio dice la situazione a un giorno precedente.")}
            )
        if before is not None and not correction_reason.strip():
            raise ValidationError(
                {"correction_reason": _("C’è già una misurazione: scrivi perché la correggi.")}
            )
        row = Measurement(
            item=locked,
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
        store(row, sure={"item", "indicator", "by", "replaces"})
        record_row(row, of=locked.round, kind=KIND, by=by)
        return row


def last_measurement(item: RoundItem, indicator: ProgressIndicator) -> Measurement | None:
    """Return the measurement of an indicator that counts in a round; None where there is none."""
    rows = Measurement.objects.filter(item=item, indicator=indicator, replaced_by=None)
    return rows.order_by("-pk").first()
