"""Acts of the process sheet: cut and join phases, tick the matrix and the words of a behaviour.

The caller has checked the right to change the process; every act is one act in the history.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Action, Phase, Process
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.ordering import count_again, lock_open_annex
from registry.services.phases import create_action, create_phase
from registry.services.rows import copy_of, store
from risk.models import Coverage, EnablingFactor, EventCategory, MeasureTarget, RiskBehaviour
from risk.services.mapping.behaviours import check_touch, create_behaviour, is_added_ex_officio
from risk.services.process_sheet.row_keys import key_of

WORDS: dict[str, type[Model]] = {"categories": EventCategory, "factors": EnablingFactor}

Pair = tuple[uuid.UUID | str, uuid.UUID | str]
"""A box of the matrix: a behaviour, and a phase or action, each by its uid or its key."""


class StalePhase(Exception):
    """The phase was changed after the page with the question was made; nothing was done."""


@dataclass(frozen=True)
class Half:
    """What one half of a cut phase says."""

    title: str
    description: str = ""


def add_phase(*, process: Process, uid: uuid.UUID, title: str, by: Any) -> Phase:
    """Add a phase at the end, under the uid its form came with: a second click adds nothing."""
    create = partial(create_phase, process=process, title=title, uid=uid, by=by)
    return _once(Phase, create, uid=uid, process=process)


def add_action(*, phase: Phase, uid: uuid.UUID, title: str, by: Any) -> Action:
    """Add an action at the end of a phase; as `add_phase`."""
    create = partial(create_action, phase=phase, title=title, uid=uid, by=by)
    return _once(Action, create, uid=uid, phase=phase)


def add_behaviour(*, process: Process, uid: uuid.UUID, text: str, by: Any) -> RiskBehaviour:
    """Add a behaviour at the end; as `add_phase`. What the RPCT adds is marked ex officio."""
    ex_officio = is_added_ex_officio(process=process, by=by)
    create = partial(
        create_behaviour, process=process, text=text, uid=uid, by=by, is_ex_officio=ex_officio
    )
    return _once(RiskBehaviour, create, uid=uid, process=process)


def _once(model: type[Model], create: Callable[[], Any], *, uid: uuid.UUID, **parent: Model) -> Any:
    """Create a row, or return the one a first click has made, also a moment ago."""
    made = _made(model, uid, **parent)
    if made is not None:
        return made
    try:
        return create()
    except IntegrityError:
        made = _made(model, uid, **parent)
        if made is None:
            raise
        return made


def _made(model: type[Model], uid: uuid.UUID, **parent: Model) -> Any:
    """Return the row with this uid, if any; ValidationError when it hangs elsewhere."""
    row = model._default_manager.filter(uid=uid).first()
    if row is not None and any(
        getattr(row, f"{name}_id") != value.pk for name, value in parent.items()
    ):
        raise ValidationError(_("La pagina non è più valida: ricaricala e riprova."))
    return row


def split_phase(
    *,
    phase: Phase,
    version: int,
    first: Half,
    second: Half,
    second_uid: uuid.UUID,
    actions_from: int = 0,
    by: Any,
) -> Phase:
    """Cut a phase in two; return the second half, which follows the first.

    The second half has the same executor, is covered by the same behaviours and reached by the same
    measures, because nobody has said which half they meant. Actions from position `actions_from`
    on go with it (0: none). A second half that exists already is returned: a second click cuts
    nothing more. Raises `StalePhase`, `ValidationError`.
    """
    with act("split", by=by) as opened:
        lock_open_annex(phase.process.annex_id)
        made = Phase.objects.filter(process=phase.process_id, uid=second_uid).first()
        if made is not None:
            return made
        phase = _unchanged(phase, version)
        phases = list(Phase.objects.filter(process=phase.process_id).order_by("position"))
        fresh = {"uid": second_uid, "origin_id": None, "origin_uid": None}
        words = {"title": second.title, "description": second.description}
        half = store(copy_of(phase, **fresh, **words, position=phases[-1].position + 1))
        at = next(place for place, row in enumerate(phases, start=1) if row.pk == phase.pk)
        in_order = [*phases[:at], half, *phases[at:]]
        count_again(in_order, column="position", kind="split", by=by)
        phase.title, phase.description = first.title, first.description
        store(phase)
        if actions_from:
            moving = list(phase.actions.filter(position__gte=actions_from).order_by("position"))
            _move_actions(moving, half, start=1, opened=opened)
        for model, parent in ((Coverage, "behaviour"), (MeasureTarget, "planned_measure")):
            rows = model.objects.filter(phase=phase).select_related(parent)
            copies = [copy_of(row, uid=uuid.uuid4(), phase_id=half.pk) for row in rows]
            create_in_bulk(copies, kind="split", by=by)
        return half


def merge_phases(
    *, phase: Phase, version: int, following_uid: uuid.UUID, joined: Half, by: Any
) -> Phase:
    """Join a phase with the one after it, under the texts of `joined`; return it.

    The actions of the second go after those of the first; behaviours and measures of either are of
    the joined phase. An executor the first lacks is taken from the second. When the second is gone
    already nothing happens. Raises `StalePhase`, also when another phase has come between, and
    `ValidationError`.
    """
    with act("merge", by=by) as opened:
        lock_open_annex(phase.process.annex_id)
        rows = list(Phase.objects.filter(process=phase.process_id).order_by("position"))
        following = next((row for row in rows if row.uid == following_uid), None)
        if following is None:
            return phase
        phase = _unchanged(phase, version)
        if following.position != phase.position + 1:
            raise StalePhase
        start = phase.actions.count() + 1
        _move_actions(list(following.actions.order_by("position")), phase, start, opened=opened)
        _take_over(Coverage, "behaviour_id", following, phase, opened)
        _take_over(MeasureTarget, "planned_measure_id", following, phase, opened)
        phase.title, phase.description = joined.title, joined.description
        if not phase.executor_role_id and not phase.executor_office_id:
            phase.executor_role_id = following.executor_role_id
            phase.executor_office_id = following.executor_office_id
        store(phase)
        # what it still covers the joined phase covers as well
        Phase.objects.get(pk=following.pk).delete()
        left = [row for row in rows if row.pk != following.pk]
        count_again(left, column="position", kind="merge", by=by)
        return phase


def _unchanged(phase: Phase, version: int) -> Phase:
    current = Phase.objects.get(pk=phase.pk)
    if current.version != version:
        raise StalePhase
    return current


def _move_actions(actions: list[Action], phase: Phase, start: int, *, opened: Any) -> None:
    """Hang actions on another phase of the process, numbered on from `start`."""
    for position, action in enumerate(actions, start=start):
        action.phase, action.position = phase, position
    update_in_bulk(actions, fields=["phase", "position"], opened=opened)


def _take_over(model: type[Model], owner: str, source: Phase, target: Phase, opened: Any) -> None:
    """Point rows of `source` at `target`, where their owner has no such row yet."""
    there = set(model._default_manager.filter(phase=target).values_list(owner, flat=True))
    rows = model._default_manager.filter(phase=source)
    taken = [row for row in rows if getattr(row, owner) not in there]
    for row in taken:
        row.phase = target
    update_in_bulk(taken, fields=["phase"], opened=opened)


def change_coverage(
    *, process: Process, added: Iterable[Pair], removed: Iterable[Pair], by: Any
) -> bool:
    """Tick and untick boxes of the matrix; tell whether anything changed.

    Only the boxes named are touched: what somebody else ticked meanwhile stays. Unticking what is
    gone is no error. Raises `ValidationError` when a behaviour, phase or action to tick is not (or
    no longer) of this process; then nothing is written.
    """
    with act("cover", by=by):
        lock_open_annex(process.annex_id)
        # nothing to read where the caller has read the rows already
        prefetch_related_objects([process], "phases__actions", "behaviours")
        behaviours = _by_name((row, row.pk) for row in process.behaviours.all())
        phases = process.phases.all()
        steps = _by_name((row, {"phase_id": row.pk}) for row in phases)
        actions = (row for phase in phases for row in phase.actions.all())
        steps |= _by_name((row, {"action_id": row.pk}) for row in actions)
        there = {
            (row.behaviour_id, row.phase_id, row.action_id): row
            for row in Coverage.objects.filter(behaviour__process=process)
        }

        def key(pair: Pair) -> tuple[int | None, int | None, int | None]:
            step = steps.get(pair[1], {})
            return behaviours.get(pair[0]), step.get("phase_id"), step.get("action_id")

        boxes = dict.fromkeys(map(key, added))
        if any(None in (behaviour, phase or action) for behaviour, phase, action in boxes):
            raise ValidationError(
                _("Una fase, un’azione o un comportamento non è di questo processo, o non c’è più.")
            )
        new = [
            Coverage(behaviour_id=behaviour, phase_id=phase, action_id=action)
            for behaviour, phase, action in boxes
            if (behaviour, phase, action) not in there
        ]
        old = [there[box] for box in dict.fromkeys(map(key, removed)) if box in there]
        touched = {row.behaviour_id for row in (*new, *old)}
        for behaviour in process.behaviours.all():
            if behaviour.pk in touched:
                behaviour.process = process
                check_touch(behaviour=behaviour, by=by)
        create_in_bulk(new, kind="cover", by=by)
        for row in old:
            row.delete()
        return bool(new or old)


def _by_name(rows: Iterable[tuple[Any, Any]]) -> dict[uuid.UUID | str, Any]:
    """Return what is said of rows by their uid and by their key."""
    return {name: said for row, said in rows for name in (row.uid, key_of(row.uid))}


def change_words(
    *,
    behaviour: RiskBehaviour,
    added: Mapping[str, set[str]],
    removed: Mapping[str, set[str]],
    by: Any,
) -> bool:
    """Tick and untick categories and factors of a behaviour, by code; tell whether any changed.

    The keys are those of `WORDS`. Raises `ValidationError` for a code the administration is not
    offered, and `RuleRefused` where the annex is not open: then nothing is written.
    """
    changed = False
    with act("words", by=by):
        administration = lock_open_annex(behaviour.process.annex_id).plan.administration_id
        if any(added.values()) or any(removed.values()):
            check_touch(behaviour=behaviour, by=by)
        for name, model in WORDS.items():
            new, old = added.get(name, set()), removed.get(name, set())
            if new:
                offered = _offered(model, administration, new)
                if set(offered) != new:
                    raise ValidationError({name: _("Una delle voci scelte non è in elenco.")})
                getattr(behaviour, name).add(*offered.values())
            if old:
                getattr(behaviour, name).remove(*getattr(behaviour, name).filter(code__in=old))
            changed = changed or bool(new or old)
    return changed


def _offered(model: type[Model], administration: int, codes: set[str]) -> dict[str, Model]:
    """Return the rows offered under these codes, the body's own before the national ones."""
    rows = model._default_manager.in_use().filter(
        Q(administration__isnull=True) | Q(administration=administration), code__in=codes
    )
    own_last = sorted(rows, key=lambda row: row.administration_id is not None)
    return {row.code: row for row in own_last}
