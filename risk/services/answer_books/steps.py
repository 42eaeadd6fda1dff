"""What workbooks that came back say of steps, beside what the register says of them now."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from risk.enums import StepProgress
from risk.models import ImplementationStep, RoundItem, StepState
from risk.services.answer_books.cells import choice_of, day_of
from risk.services.answer_books.proposal import ChangedStep, WrongRow, values_read
from risk.services.answer_books.read import BroughtCell, BroughtRow
from risk.services.monitoring.steps import TOLD, with_progress, wrong_step

CHANGED_SINCE = "changed"
"""Instead of a change: somebody has told something else of the step meanwhile."""


class KnownSteps:
    """The steps of the measures of a round that files may speak of, and what is said of each."""

    def __init__(self, items: Iterable[RoundItem], rows: Iterable[BroughtRow]) -> None:
        """Read them: three statements at most; `rows` are those of the files."""
        of_measure = {one.planned_measure_id: one for one in items}
        asked = {one.uid: one.version for one in rows if one.kind == "step"}
        self.readers = _readers()
        steps = ImplementationStep.objects.filter(uid__in=list(asked)) if asked else ()
        self.steps: dict[UUID, tuple[ImplementationStep, RoundItem]] = {
            one.uid: (one, of_measure[one.planned_measure_id])
            for one in steps
            if one.planned_measure_id in of_measure
        }
        keys = [item.pk for _step, item in self.steps.values()]
        states = StepState.objects.filter(item__in=keys) if keys else ()
        self.states = {one.step_id: one for one in states}
        self.past = self._past(asked)

    def _past(self, asked: Mapping[UUID, int]) -> dict[tuple[int, int], StepState]:
        """Return how states were when their files were written, where they have changed since."""
        stale = [
            self.states[step.pk].pk
            for uid, (step, _item) in self.steps.items()
            if step.pk in self.states and self.states[step.pk].version != asked[uid]
        ]
        if not stale:
            return {}
        records = StepState.history.filter(id__in=stale).order_by("history_id")
        return {(one.id, one.version): one.instance for one in records}

    def change(
        self, one: BroughtRow, step: ImplementationStep, item: RoundItem
    ) -> tuple[ChangedStep | None, str]:
        """Return what a row changes, None where nothing; and `CHANGED_SINCE` instead, or "".

        Raises `WrongRow` for what may not be said.
        """
        # a day alone is that of one that is done
        values = with_progress(values_read(one.filled, self.readers))
        state = self.states.get(step.pk) or StepState(item=item, step=step)
        state.item, state.step = item, step
        if all(getattr(state, name) == new for name, new in values.items()):
            return None, ""
        if one.version != state.version:
            shown = self.past.get((state.pk, one.version)) or StepState()
            is_as_given = all(getattr(shown, name) == new for name, new in values.items())
            return None, "" if is_as_given else CHANGED_SINCE
        new = copy(state)
        new.__dict__.update(values)
        said = {name: getattr(new, name) for name in TOLD}
        if wrong := wrong_step(item, said):
            raise WrongRow(wrong)
        try:
            new.clean_fields(exclude={one.name for one in new._meta.fields} - {"note"})
        except ValidationError as error:
            raise WrongRow.of(error) from error
        return ChangedStep(new, state), ""


def _readers() -> dict[str, Callable[[BroughtCell], Any]]:
    return {
        "progress": choice_of(dict(StepProgress.choices), _("un modo di dire a che punto è")),
        "done_on": day_of,
        "note": lambda cell: " ".join(cell.text.split()),
    }
