"""One measure programmed many times, made one programming with many objects.

Offered is what says the same: the same measure, or another entry of the same words, on the same
kind of objects, with the same responsible, steps, days and indicators. So nothing that somebody
wrote is lost: what differs by a word stays by itself (docs/decisions/0022).
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, Prefetch, QuerySet
from django.utils.translation import gettext as _

from registry.acts import RuleRefused, act
from registry.models import Annex, Plan
from registry.normalise import fold
from registry.services.bulk import create_in_bulk, update_in_bulk
from registry.services.bulk_removal import delete_in_bulk
from registry.services.ordering import lock_open_annex, next_value
from registry.services.plans import said_of_adopted
from registry.trail.subjects import plan_subject
from risk.content.earlier_rows import of_measures_before, plans_before
from risk.enums import MeasureScope
from risk.judgements import PROPOSING
from risk.models import (
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    RoundItem,
    Suitability,
)
from risk.scoring.outcomes import CAME_OUT_BADLY

IN_ANNEX, IN_PLAN = "unite-measures", "unite-plan-measures"
"""The kinds of the two acts."""
_DIGITS = 32
_ROWS: tuple[tuple[type[Model], str], ...] = (
    (MeasureTarget, "targets"),
    (ImplementationStep, "steps"),
    (ProgressIndicator, "progress_indicators"),
)
"""What hangs on a programming, and by which name."""


class RepeatedChangedError(Exception):
    """The programmings are not any more what the person was shown; nothing was done."""


@dataclass(frozen=True)
class Repeated:
    """Programmings that say the same: one is `kept`, the others would go into it."""

    kept: PlannedMeasure
    gone: tuple[PlannedMeasure, ...]

    @property
    def rows(self) -> tuple[PlannedMeasure, ...]:
        return (self.kept, *self.gone)

    @property
    def count(self) -> int:
        """How many times it is programmed."""
        return len(self.rows)

    @property
    def objects(self) -> list[str]:
        """What the one would cover, each once, as it is called; nothing of a whole office."""
        targets = (target for row in self.rows for target in row.targets.all())
        return list({_object(target): _called(target) for target in targets}.values())

    @property
    def offices(self) -> list[str]:
        """The offices it is programmed in."""
        return list(dict.fromkeys(row.annex.printed_office_name for row in self.rows))

    @property
    def gone_steps(self) -> int:
        """How many steps go, each said by the kept one as well."""
        return sum(len(row.steps.all()) for row in self.gone)

    @property
    def gone_indicators(self) -> int:
        return sum(len(row.progress_indicators.all()) for row in self.gone)

    @property
    def digest(self) -> str:
        """What a person confirms: each row and all that hangs on it, by uid and version."""
        shown = sorted(
            f"{one.uid}:{one.version}"
            for row in self.rows
            for one in (row, *(part for _m, name in _ROWS for part in getattr(row, name).all()))
        )
        return hashlib.sha256(" ".join(shown).encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class RepeatedInPlan:
    """The same measure of whole offices, and what stands against saying it once for the plan."""

    repeated: Repeated
    others: tuple[str, ...]
    """Offices that do not have it, and would."""
    closed: tuple[str, ...]
    """Offices whose annex is not open: while there are any it cannot be done."""


def repeated_in(annex: Annex) -> list[Repeated]:
    """Return what an annex programmes more than once, in its order.

    Two statements, and seven more where there is any, whatever the number of measures.
    """
    return _groups(PlannedMeasure.objects.filter(annex=annex), lambda row: row.scope)


def repeated_in_plan(plan: Plan) -> list[RepeatedInPlan]:
    """Return what several offices programme alike for all of the office, each with who answers.

    One without a responsible is answered for by the office of its annex: it would be by nobody.
    Offices the plan goes without are left out.
    """
    # whether an annex is open depends on its plan
    named = _awaited(plan).select_related("office", "plan")
    annexes = list(named.order_by("office__folded"))
    rows = PlannedMeasure.objects.filter(annex__in=annexes, scope=MeasureScope.ANNEX)
    rows = rows.exclude(responsible_office=None, responsible_role=None)
    groups = _groups(rows, lambda row: "")
    closed = tuple(row.printed_office_name for row in annexes if not row.is_open)
    return [
        RepeatedInPlan(group, _others(annexes, group), closed)
        for group in groups
        if len({row.annex_id for row in group.rows}) > 1
    ]


def count_repeated(plan: Plan) -> dict[Annex, int]:
    """Return the annexes of a plan that programme measures more than once, with how many.

    Without those it goes without. As many statements for many annexes as for one.
    """
    rows = PlannedMeasure.objects.filter(annex__in=_awaited(plan))
    counts: dict[Annex, int] = defaultdict(int)
    for group in _groups(rows, lambda row: (row.annex_id, row.scope)):
        counts[group.kept.annex] += 1
    return dict(sorted(counts.items(), key=lambda one: one[0].office.folded))


def unite_in_annex(*, annex: Annex, digest: str, by: Any) -> Repeated:
    """Make what was shown with `digest` one programming with all the objects. One act.

    Raises `RepeatedChangedError` where it is not any more what was shown, `RuleRefused` where the
    annex is closed.
    """
    with act(IN_ANNEX, by=by) as opened:
        group = _shown(repeated_in(lock_open_annex(annex)), digest)
        column = MeasureTarget.COLUMNS.get(MeasureScope(group.kept.scope))
        if column is not None:
            held = {_object(target) for target in group.kept.targets.all()}
            more = {_object(one): one for row in group.gone for one in row.targets.all()}
            targets = [
                MeasureTarget(planned_measure=group.kept, version=1, **{f"{column}_id": key[1]})
                for key in more
                if key not in held
            ]
            _delete(group.gone, opened)
            create_in_bulk(targets, kind=IN_ANNEX, by=by)
        else:
            _delete(group.gone, opened)
        return group


def unite_in_plan(*, plan: Plan, digest: str, by: Any) -> Repeated:
    """Say once for the whole plan what was shown with `digest`, instead of in each office. One act.

    Raises `RepeatedChangedError`, `RuleRefused` where the plan is adopted or an annex closed.
    """
    with act(IN_PLAN, by=by, subject=plan_subject(plan.administration, plan.title)) as opened:
        _lock_all(plan)
        every = repeated_in_plan(plan)
        group = _shown([one.repeated for one in every], digest)
        _delete(group.gone, opened)
        kept = group.kept
        kept.position = next_value(PlannedMeasure.objects.filter(plan=plan, annex=None))
        kept.annex, kept.scope = None, MeasureScope.PLAN
        update_in_bulk([kept], fields=["annex", "scope", "position"], opened=opened)
        return group


def _lock_all(plan: Plan) -> None:
    """Hold the annexes of a plan, then the plan; raise `RuleRefused` where any of it is closed."""
    rows = _awaited(plan).select_related("plan").select_for_update(of=("self",))
    annexes = list(rows.order_by("pk"))
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if locked.is_adopted:
        raise RuleRefused(
            said_of_adopted(),
            code="plan_adopted",
        )
    if not all(row.is_open for row in annexes):
        raise RuleRefused(
            _("Un allegato non è aperto: si può fare quando tutti sono in bozza o restituiti."),
            code="annex_not_open",
        )


def _awaited(plan: Plan) -> QuerySet[Annex]:
    """Return the annexes of a plan that it does not go without."""
    return Annex.objects.filter(plan=plan, exemption=None)


def _others(annexes: Iterable[Annex], group: Repeated) -> tuple[str, ...]:
    have = {row.annex_id for row in group.rows}
    return tuple(row.printed_office_name for row in annexes if row.pk not in have)


def _shown(groups: Sequence[Repeated], digest: str) -> Repeated:
    for group in groups:
        if group.digest == digest:
            return group
    raise RepeatedChangedError


def _delete(rows: Sequence[PlannedMeasure], opened: Any) -> None:
    """Delete programmings with all that hangs on them, however many."""
    keys: dict[type[Model], list[int]] = {PlannedMeasure: [row.pk for row in rows]}
    for model, name in _ROWS:
        if parts := [part.pk for row in rows for part in getattr(row, name).all()]:
            keys[model] = parts
    delete_in_bulk(keys, known=keys, opened=opened)


def _groups(rows: QuerySet[PlannedMeasure], place: Callable[[Any], Hashable]) -> list[Repeated]:
    """Return the rows that say the same in one place, what comes from before kept first.

    What has the same words and responsible is looked for first: of hundreds of measures few are
    read whole.
    """
    alike: dict[Hashable, list[int]] = defaultdict(list)
    columns = ("annex_id", "scope", "measure__label", "responsible_office", "responsible_role")
    for row in rows.order_by().values_list("pk", *columns, named=True):
        who = (row.responsible_office, row.responsible_role)
        alike[place(row), fold(row.measure__label), who].append(row.pk)
    keys = [key for some in alike.values() if len(some) > 1 for key in some]
    groups: dict[Hashable, list[PlannedMeasure]] = defaultdict(list)
    for row in _read(keys):
        groups[place(row), _said(row)].append(row)
    several = [some for some in groups.values() if len(some) > 1]
    told = _told_of([row for some in several for row in some])
    found = []
    for some in several:
        kept, *others = sorted(some, key=lambda row: (row.pk not in told, *_first(row)))
        if gone := tuple(row for row in others if row.pk not in told):
            found.append(Repeated(kept, gone))
    return found


def _first(row: PlannedMeasure) -> tuple[bool, int, int]:
    return row.origin_uid is None, row.position, row.pk


def _told_of(rows: Sequence[PlannedMeasure]) -> set[int]:
    """Return the rows of whose ancestors it was found that they came out badly or are to change.

    Their processes are told so through them: only one of such rows is kept, the others stay by
    themselves. Two statements; none where nothing was copied.
    """
    copied = [row.pk for row in rows if row.origin_uid]
    before = plans_before(rows[0].plan) if copied else ()
    if not before:
        return set()
    ancestors = of_measures_before(len(before))
    judged = Suitability.objects.filter(ancestors, replaced_by=None, judgement__in=PROPOSING)
    badly = RoundItem.objects.filter(ancestors, outcome__in=CAME_OUT_BADLY)
    told = PlannedMeasure.objects.filter(Exists(judged) | Exists(badly), pk__in=copied)
    return set(told.order_by().values_list("pk", flat=True))


def _read(keys: Sequence[int]) -> Iterable[PlannedMeasure]:
    if not keys:
        return ()
    rows = PlannedMeasure.objects.filter(pk__in=keys).order_by("annex", "position", "pk")
    rows = rows.select_related(
        *("measure", "responsible_office", "responsible_role", "annex__office", "objective"),
        "plan",
    )
    targets = MeasureTarget.objects.select_related(*MeasureTarget.PROCESS_PATHS)
    return rows.prefetch_related(
        "steps", "progress_indicators", Prefetch("targets", queryset=targets.order_by("pk"))
    )


def _said(row: PlannedMeasure) -> Hashable:
    """Return all that a programming says but for what it covers; spelling and case count not."""
    steps = list(row.steps.all())
    places = {step.pk: place for place, step in enumerate(steps)}
    return (
        *(row.measure.character, fold(row.measure.label), row.start_state, fold(row.notes)),
        *(row.responsible_office_id, row.responsible_role_id, row.objective_id),
        *(fold(row.monitoring_mode), row.monitoring_frequency),
        tuple(
            (
                *(fold(step.description), fold(step.timing), step.due_on),
                *(step.responsible_office_id, step.responsible_role_id),
            )
            for step in steps
        ),
        tuple(
            (
                *(fold(one.label), one.kind, fold(one.unit), one.baseline, one.baseline_on),
                *(one.target, one.target_on, one.is_master, places.get(one.step_id)),
            )
            for one in row.progress_indicators.all()
        ),
    )


def _object(target: MeasureTarget) -> tuple[str, int]:
    """Return which row a target is of: its kind and its key."""
    column = next(c for c in MeasureTarget.COLUMNS.values() if getattr(target, f"{c}_id"))
    return column, getattr(target, f"{column}_id")


def _called(target: MeasureTarget) -> str:
    if target.process_id:
        return target.process.printed
    row = target.phase or target.action or target.behaviour
    process = row.phase.process if target.action_id else row.process
    return _("n. %(number)s: %(row)s") % {"number": process.number, "row": row}
