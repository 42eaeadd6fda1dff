"""From a process of an annex to a typical process of the body."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Action, Phase, Process
from registry.normalise import fold
from registry.services.bulk import create_in_bulk, link_in_bulk
from registry.services.codes import free_code
from registry.services.ordering import next_value
from registry.services.rows import store
from registry.trail.subjects import body_subject
from risk.models import (
    LibraryAction,
    LibraryBehaviour,
    LibraryPhase,
    LibraryProcess,
    MeasureTarget,
    RiskBehaviour,
)
from risk.services.library.copying import KIND, TEXTS


def save_to_library(*, process: Process, by: Any = None) -> LibraryProcess:
    """Keep a process, with phases, actions, behaviours and their measures, as a typical one.

    It becomes a row of the body, with a code made from its title, in one act. What belongs to one
    office or edition stays behind: executing offices, assessments, the programming of the measures.

    Raises `ValidationError` when the body already has a typical process with this title in use: so
    asking twice keeps it once.
    """
    body = process.annex.plan.administration
    label = process.title[: LibraryProcess._meta.get_field("label").max_length]
    own = LibraryProcess.objects.select_for_update().filter(administration=body)
    with act(KIND, by=by, subject=body_subject(body)):
        if own.in_use().filter(folded=fold(label)).exists():
            raise ValidationError(
                _("Fra i processi tipo dell’amministrazione c’è già «%(label)s»."),
                code="exists",
                params={"label": label},
            )
        row = store(
            LibraryProcess(
                administration=body,
                code=free_code(
                    label,
                    taken=set(own.values_list("code", flat=True)),
                    otherwise="PROCESSO",
                ),
                label=label,
                position=next_value(own),
                source=str(process.annex)[: LibraryProcess._meta.get_field("source").max_length],
                risk_area=process.risk_area,
                macroprocess=process.macroprocess,
                process_code=process.code,
                **{name: getattr(process, name) for name in TEXTS},
            )
        )
        _save_parts(row, process, by)
        return row


def _save_parts(row: LibraryProcess, process: Process, by: Any) -> None:
    phases = list(
        Phase.objects.filter(process=process)
        .order_by("position")
        .prefetch_related(Prefetch("actions", Action.objects.order_by("position")))
    )
    kept = create_in_bulk(
        [
            LibraryPhase(
                process=row,
                position=place,
                title=phase.title,
                executor_role_id=phase.executor_role_id,
            )
            for place, phase in enumerate(phases, start=1)
        ],
        kind=KIND,
        by=by,
    )
    of_phase = {phase.pk: copy for phase, copy in zip(phases, kept, strict=True)}
    actions = [(phase, action) for phase in phases for action in phase.actions.all()]
    kept_actions = create_in_bulk(
        [
            LibraryAction(
                phase=of_phase[phase.pk],
                position=action.position,
                title=action.title,
                executor_role_id=action.executor_role_id,
            )
            for phase, action in actions
        ],
        kind=KIND,
        by=by,
    )
    of_action = {
        action.pk: copy for (_phase, action), copy in zip(actions, kept_actions, strict=True)
    }
    _save_behaviours(row, process, of_phase, of_action, by)


def _save_behaviours(row, process: Process, of_phase: dict, of_action: dict, by: Any) -> None:
    behaviours = list(
        RiskBehaviour.objects.filter(process=process)
        .order_by("position")
        .prefetch_related("categories", "factors", "coverages")
    )
    kept = create_in_bulk(
        [
            LibraryBehaviour(process=row, position=place, text=behaviour.text)
            for place, behaviour in enumerate(behaviours, start=1)
        ],
        kind=KIND,
        by=by,
    )
    measures = _measures_of(process)
    links: dict[str, dict] = defaultdict(dict)
    for behaviour, copy in zip(behaviours, kept, strict=True):
        covered = list(behaviour.coverages.all())
        links["categories"][copy] = [item.pk for item in behaviour.categories.all()]
        links["factors"][copy] = [item.pk for item in behaviour.factors.all()]
        links["phases"][copy] = [of_phase[c.phase_id].pk for c in covered if c.phase_id]
        links["actions"][copy] = [of_action[c.action_id].pk for c in covered if c.action_id]
        links["measures"][copy] = sorted(measures[behaviour.pk] | measures[None])
    link_in_bulk(links, kind=KIND, by=by)


def _measures_of(process: Process) -> dict[int | None, set[int]]:
    """Return the measures on each behaviour, and under None those on the whole process."""
    measures: dict[int | None, set[int]] = defaultdict(set)
    own = MeasureTarget.objects.filter(behaviour__process=process)
    whole = MeasureTarget.objects.filter(process=process)
    for behaviour, measure in own.values_list("behaviour_id", "planned_measure__measure_id"):
        measures[behaviour].add(measure)
    measures[None].update(whole.values_list("planned_measure__measure_id", flat=True))
    return measures
