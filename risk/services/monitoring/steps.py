"""What an office says of the steps of a measure: on which day each was done, or how far it is."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import User
from registry.services.editing import Saved, save_fields
from registry.services.rows import store
from risk.enums import StepProgress
from risk.models import ImplementationStep, RoundItem, StepState
from risk.services.monitoring.answers import KIND, last_author, writing_answer
from risk.services.monitoring.rounds import wrong_day

TOLD = ("progress", "done_on", "note")
"""Fields of what is said of a step."""


def save_step(
    *,
    item: RoundItem,
    step: ImplementationStep,
    values: Mapping[str, Any],
    version: int,
    by: User,
) -> Saved:
    """Write what is said of a step, last seen at `version`, 0 where nothing was. One act.

    Raises `RuleRefused` where nothing is written any more, `ValidationError` for what may not be
    said, `registry.services.editing.StaleRow` when the same was changed meanwhile.
    """
    with writing_answer(item, by=by) as locked:
        if wrong := wrong_step(locked, values):
            raise ValidationError(wrong)
        row = StepState.objects.filter(item=locked, step=step).first()
        if row is not None:
            # what the caller has read of its measure is not asked again
            row.item, row.step = item, step
            return save_fields(row=row, values=values, version=version, kind=KIND, by=by)
        row = StepState(item=locked, step=step, **values)
        written = tuple(name for name in values if getattr(row, name))
        if written:
            with act(KIND, by=by):
                store(row, sure={"item", "step"})
        return Saved(row=row, written=written)


def wrong_step(item: RoundItem, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with what is said of a step of a measure, by field."""
    progress, done_on = values.get("progress", ""), values.get("done_on")
    if progress == StepProgress.DONE and done_on is None:
        return {"done_on": _("Scrivi il giorno in cui la fase è stata fatta.")}
    if done_on is not None and progress != StepProgress.DONE:
        return {"done_on": _("Il giorno si scrive di una fase fatta.")}
    if done_on is not None and (told := wrong_day(item.round, done_on)):
        return {"done_on": told}
    return {}


def with_progress(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same; a day written of a step says that it is done."""
    if values.get("done_on") and not values.get("progress"):
        return {**values, "progress": StepProgress.DONE.value}
    return dict(values)


def states_of(item: RoundItem) -> dict[int, StepState]:
    """Return what is said of the steps of a measure, by their keys.

    Its states are read, or its steps have them as plain values in `said`
    (`risk.services.monitoring.page`).
    """
    rows: Any = item
    steps: list[Any] = list(rows.planned_measure.steps.all())
    if not steps or hasattr(steps[0], "said"):
        return {one.pk: _told(one, item) for one in steps if one.said}
    return {one.step_id: one for one in rows.step_states.all()}


def _told(step: Any, item: RoundItem) -> StepState:
    said = dict(step.said)
    day = said.pop("done_on")
    done_on = datetime.date.fromisoformat(day) if day else None
    return StepState(item=item, step=step, done_on=done_on, **said)


def days_of_steps(item: RoundItem, on: datetime.date) -> int:
    """Return since how many days a step is due that its office says is not done; 0 where none is.

    One of which nothing is said counts for nothing: nobody knows. Steps and states are read.
    """
    states, planned = states_of(item), item.planned_measure
    undone = (StepProgress.IN_PROGRESS, StepProgress.NOT_BEGUN)
    days = [
        one.due_on
        for one in planned.steps.all()
        if one.due_on and one.pk in states and states[one.pk].progress in undone
    ]
    return max((on - min(days)).days, 0) if days else 0


def stepped_by(person: User, items: Collection[int], *, undone: Collection[UUID] = ()) -> set[int]:
    """Return, of some measures, those a step of which this person was the last to tell of."""
    rows = StepState.objects.filter(item__in=items)
    rows = rows.annotate(author=last_author(StepState, undone))
    return set(rows.filter(author=person.pk).values_list("item", flat=True))
