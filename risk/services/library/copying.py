"""The library of typical processes: reading it and copying from it into an annex."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Prefetch, QuerySet, Value
from django.utils.translation import gettext as _

from registry.acts import act
from registry.models import Action, Annex, Macroprocess, Phase, Process, RiskArea
from registry.normalise import fold
from registry.permissions import reach_of
from registry.roles import EDITING
from registry.services.bulk import create_in_bulk, link_in_bulk
from registry.services.ordering import lock_open_annex, next_value
from risk.enums import MeasureScope
from risk.models import (
    Coverage,
    LibraryAction,
    LibraryBehaviour,
    LibraryCopy,
    LibraryPhase,
    LibraryProcess,
    Measure,
    MeasureTarget,
    PlannedMeasure,
    RiskBehaviour,
)
from risk.models.library import NATIONAL

KIND = "library"
TEXTS = ("kind", "objective", "description", "input", "output")
"""Columns a typical process and a process of an annex have in common."""
LISTS = ("categories", "factors", "phases", "actions", "measures")
"""What a typical behaviour is like, covers, and is treated by."""


@dataclass(frozen=True)
class Copied:
    """What a copy has made: the act's uid and the processes, in the order of the annex."""

    act: uuid.UUID | None
    """None when nothing was copied because the same request had already been served."""
    processes: tuple[Process, ...]


def with_steps(rows: QuerySet) -> QuerySet:
    """Return typical processes with their phases, actions and bare behaviours, in four queries."""
    actions = LibraryAction.objects.select_related("executor_role").order_by("position")
    phases = LibraryPhase.objects.select_related("executor_role").order_by("position")
    behaviours = LibraryBehaviour.objects.order_by("position")
    return rows.select_related(
        "administration", "risk_area", "macroprocess__function"
    ).prefetch_related(
        Prefetch("phases", phases.prefetch_related(Prefetch("actions", actions))),
        Prefetch("behaviours", behaviours),
    )


def with_parts(rows: QuerySet) -> QuerySet:
    """Return typical processes with all that is theirs, in nine queries."""
    return with_steps(rows).prefetch_related(*(f"behaviours__{name}" for name in LISTS))


def words_of(row: LibraryProcess) -> dict[int, dict[str, list[str]]]:
    """Return what the lists of its behaviours say, by behaviour and name of the list. One query."""
    labels = {"phases": "title", "actions": "title"}
    queries = []
    for name in LISTS:
        field = LibraryBehaviour._meta.get_field(name)
        far = field.m2m_reverse_field_name()
        rows = field.remote_field.through.objects.filter(librarybehaviour__process=row).order_by()
        queries.append(
            rows.values_list(
                "librarybehaviour_id",
                Value(name, output_field=CharField()),
                f"{far}__position",
                f"{far}__{labels.get(name, 'label')}",
            )
        )
    words: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for behaviour, name, _position, label in sorted(queries[0].union(*queries[1:], all=True)):
        words[behaviour][name].append(label)
    return words


def owned_by(rows: QuerySet, owner_slug: str) -> QuerySet:
    """Return the rows an address means by the name of their owner (`LibraryProcess.owner_slug`)."""
    if owner_slug == NATIONAL:
        return rows.filter(administration__isnull=True)
    return rows.filter(administration__ipa_code=owner_slug)


def by_keys(rows: QuerySet, keys: Iterable[str]) -> list[LibraryProcess]:
    """Return the rows named by `LibraryProcess.key`, in the order of the library."""
    asked = set(keys)
    codes = {key.partition("/")[2] for key in asked}
    candidates = rows.filter(code__in=codes).select_related("administration")
    return [row for row in candidates if row.key in asked]


def annexes_to_fill(user: Any) -> QuerySet:
    """Return the open annexes a person may write in: of their offices, or of a whole body."""
    reach = reach_of(user)
    rows = Annex.objects.with_names().open()
    own = rows.filter(office__in=reach.offices(EDITING))
    return own | rows.filter(plan__administration__in=reach.bodies(EDITING))


def copied_into(annex: Annex) -> dict[int, list[int]]:
    """Return, by key of a typical process, the numbers of its copies in an annex. One query."""
    rows = LibraryCopy.objects.filter(process__annex=annex, process__retired_on__isnull=True)
    numbers: dict[int, list[int]] = defaultdict(list)
    for key, number in rows.order_by("process__number").values_list(
        "library_process_id", "process__number"
    ):
        numbers[key].append(number)
    return numbers


def copy_to_annex(
    *, processes: Collection[LibraryProcess], annex: Annex, request: uuid.UUID, by: Any = None
) -> Copied:
    """Copy typical processes, with all that is theirs, to the end of an annex, in one act.

    Numbers follow the last in use. Areas, macroprocesses and measures become the body's own rows
    of the same code, where it has them. A measure of the behaviours is programmed once for all the
    behaviours it treats, unless it already covers the whole office or plan. Whether the risk is
    present stays to be said. Each copy remembers its typical process.

    `request` names the request: asking again with the same one copies nothing and returns what was
    copied the first time. The number of statements does not grow with the processes.

    Raises `ValidationError` when the annex is not open, a typical process belongs to another body
    or is no longer in use, or none is named.
    """
    with act(KIND, by=by) as opened:
        locked = lock_open_annex(annex)
        body = locked.plan.administration_id
        _check(processes, body)
        uids = {row.pk: uuid.uuid5(request, row.key) for row in processes}
        if done := tuple(Process.objects.filter(uid__in=uids.values(), annex=locked)):
            return Copied(act=None, processes=done)
        sources = list(with_parts(LibraryProcess.objects.filter(pk__in=uids)))
        copy = _Copy(annex=locked, body=body, by=by, uids=uids)
        return Copied(act=opened.uid, processes=tuple(copy.write(sources)))


def _check(processes: Collection[LibraryProcess], body: int) -> None:
    if not processes:
        raise ValidationError(_("Scegli almeno un processo tipo."), code="required")
    for row in processes:
        if row.administration_id not in (None, body):
            raise ValidationError(
                _("Il processo tipo «%(row)s» appartiene a un’altra amministrazione."),
                code="other_body",
                params={"row": row},
            )
        if row.is_retired:
            raise ValidationError(
                _("Il processo tipo «%(row)s» non è più in uso."),
                code="retired",
                params={"row": row},
            )


@dataclass
class _Copy:
    """One copy under way: what is written, and what each source row became."""

    annex: Annex
    body: int
    by: Any
    uids: dict[int, uuid.UUID]

    def write(self, sources: list[LibraryProcess]) -> list[Process]:
        processes = self._processes(sources)
        phases = self._phases(sources, processes)
        actions = self._actions(sources, phases)
        behaviours = self._behaviours(sources, processes)
        self._coverage(sources, behaviours, phases, actions)
        self._measures(sources, behaviours)
        LibraryCopy.objects.bulk_create(
            LibraryCopy(process=processes[row.pk], library_process=row, label=row.label)
            for row in sources
        )
        return [processes[row.pk] for row in sources]

    def _create(self, rows: dict[int, Model]) -> dict[int, Any]:
        """Create the rows, by the key of their source; a bulk insert counts no versions itself."""
        for row in rows.values():
            row.version = 1
        made = create_in_bulk(list(rows.values()), kind=KIND, by=self.by)
        return dict(zip(rows, made, strict=True))

    def _processes(self, sources: list[LibraryProcess]) -> dict[int, Process]:
        areas = self._own(RiskArea, {row.risk_area for row in sources})
        groups = self._own(Macroprocess, {row.macroprocess for row in sources})
        number = next_value(self.annex.processes.all(), "number")
        position = next_value(self.annex.processes.all())
        return self._create(
            {
                row.pk: Process(
                    uid=self.uids[row.pk],
                    annex=self.annex,
                    number=number + index,
                    position=position + index,
                    title=row.label,
                    risk_area=areas.get(row.risk_area_id),
                    macroprocess=groups.get(row.macroprocess_id),
                    code=row.process_code,
                    **{name: getattr(row, name) for name in TEXTS},
                )
                for index, row in enumerate(sources)
            }
        )

    def _phases(self, sources, processes) -> dict[int, Phase]:
        return self._create(
            {
                phase.pk: Phase(
                    process=processes[row.pk],
                    position=place,
                    title=phase.title,
                    executor_role=phase.executor_role,
                )
                for row in sources
                for place, phase in enumerate(row.phases.all(), start=1)
            }
        )

    def _actions(self, sources, phases) -> dict[int, Action]:
        return self._create(
            {
                action.pk: Action(
                    phase=phases[phase.pk],
                    position=place,
                    title=action.title,
                    executor_role=action.executor_role,
                )
                for row in sources
                for phase in row.phases.all()
                for place, action in enumerate(phase.actions.all(), start=1)
            }
        )

    def _behaviours(self, sources, processes) -> dict[int, RiskBehaviour]:
        by_source = {item.pk: (row, place, item) for row, place, item in _behaviours_of(sources)}
        made = self._create(
            {
                key: RiskBehaviour(process=processes[row.pk], position=place, text=item.text)
                for key, (row, place, item) in by_source.items()
            }
        )
        links = {
            name: {
                made[key]: [value.pk for value in getattr(item, name).all()]
                for key, (_row, _place, item) in by_source.items()
            }
            for name in ("categories", "factors")
        }
        link_in_bulk(links, kind=KIND, by=self.by)
        return made

    def _coverage(self, sources, behaviours, phases, actions) -> None:
        rows = [
            Coverage(behaviour=behaviours[item.pk], version=1, **{column: made[covered.pk]})
            for _row, _place, item in _behaviours_of(sources)
            for column, made, covers in (
                ("phase", phases, item.phases.all()),
                ("action", actions, item.actions.all()),
            )
            for covered in covers
        ]
        create_in_bulk(rows, kind=KIND, by=self.by)

    def _measures(self, sources, behaviours) -> None:
        treated: dict[int, list[RiskBehaviour]] = defaultdict(list)
        measures: dict[int, Measure] = {}
        for _row, _place, item in _behaviours_of(sources):
            for measure in item.measures.all():
                measures[measure.pk] = measure
                treated[measure.pk].append(behaviours[item.pk])
        own = self._own(Measure, measures.values())
        everywhere = set(
            PlannedMeasure.objects.of_annex(self.annex)
            .filter(scope__in=(MeasureScope.PLAN, MeasureScope.ANNEX))
            .values_list("measure_id", flat=True)
        )
        to_plan = {key: row for key, row in own.items() if row.pk not in everywhere}
        position = next_value(PlannedMeasure.objects.filter(annex=self.annex))
        planned = self._create(
            {
                key: PlannedMeasure(
                    plan_id=self.annex.plan_id,
                    annex=self.annex,
                    measure=row,
                    scope=MeasureScope.BEHAVIOURS,
                    position=position + index,
                )
                for index, (key, row) in enumerate(sorted(to_plan.items(), key=_by_code))
            }
        )
        targets = [
            MeasureTarget(planned_measure=row, behaviour=behaviour, version=1)
            for key, row in planned.items()
            for behaviour in treated[key]
        ]
        create_in_bulk(targets, kind=KIND, by=self.by)

    def _own(self, model: type[Model], rows: Iterable[Any]) -> dict[int, Any]:
        """Return what the body uses in place of catalogue rows: its own of the same code.

        Where it has none, the row itself; where that is no longer in use, nothing.
        """
        by_key = {row.pk: row for row in rows if row is not None}
        if not by_key:
            return {}
        codes = {row.code for row in by_key.values()}
        in_use = model.objects.in_use().filter(administration=self.body, code__in=codes)
        own = {row.code: row for row in in_use}
        chosen = {key: own.get(row.code, row) for key, row in by_key.items()}
        return {key: row for key, row in chosen.items() if not row.is_retired}


def _behaviours_of(sources: list[LibraryProcess]):
    for row in sources:
        for place, item in enumerate(row.behaviours.all(), start=1):
            yield row, place, item


def _by_code(entry: tuple[int, Measure]) -> tuple[str, int]:
    return entry[1].code, entry[0]


def search(rows: QuerySet, text: str) -> QuerySet:
    """Return the typical processes whose title has all the words, folded."""
    for word in fold(text).split():
        rows = rows.filter(folded__contains=word)
    return rows
