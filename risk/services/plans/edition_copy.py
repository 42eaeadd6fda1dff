"""The rows of an edition made from those of another, table by table; each remembers its ancestor.

What an annex has goes to the annex of the same office, or where the changes of offices say
(`risk.services.plans.homes`). Statements do not grow with the rows, but for engine batches.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q, QuerySet

from registry.acts import act
from registry.enums import AnnexState
from registry.models import Action, Annex, Phase, Plan, Process
from registry.services.bulk import create_in_bulk
from registry.services.bulk_copies import (
    Columns,
    Made,
    count_of,
    insert_copies,
    insert_lists,
    read_columns,
    those_at,
    under,
)
from registry.services.rows import copy_of
from risk.enums import MeasureScope
from risk.models import (
    Assessment,
    Chapter,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    Objective,
    ObjectiveIndicator,
    PlanMethod,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
    TextBlock,
)
from risk.services.plans.edition_heads import follows, heads_of
from risk.services.plans.homes import AS_THEY_ARE, Homes
from risk.services.plans.moved_days import moved_days, moved_targets

KIND = "plan-copy"
_ON = tuple(MeasureTarget.COLUMNS.values())
"""The columns of a target that say what the measure is on."""


@dataclass
class EditionCopy:
    """One copy under way, from some annexes of `source` to `target`, inside an open act."""

    source: Plan
    annexes: QuerySet
    target: Plan
    by: Any
    remembers: bool = True
    """Whether the copies remember the rows they were made from as their ancestors."""
    homes: Homes = AS_THEY_ARE
    composed: dict[int, list[Annex]] = field(default_factory=dict, init=False)
    """The annexes each new one is made of, by its office."""
    made: dict[type[Model], Made] = field(default_factory=lambda: defaultdict(dict))
    """All that was made so far, by model; of what was made twice the first."""

    @property
    def years(self) -> int:
        """How many years later the triennium begins."""
        return self.target.first_year - self.source.first_year

    def frame(self) -> None:
        """Copy what is no annex’s: methods, texts, chapters, objectives, the plan’s measures."""
        for model in (PlanMethod, TextBlock):
            rows = model.objects.filter(plan=self.source).order_by("pk")
            copies = [copy_of(row, plan=self.target) for row in rows]
            create_in_bulk(copies, kind=KIND, by=self.by)
        self._chapters()
        rows = Objective.objects.filter(plan=self.source, retired_on__isnull=True)
        objectives = self._copy(rows, {}, plan_id=self.target.pk)
        if objectives:
            of = {"objective__in": rows.order_by().values("pk")}
            targets = moved_targets(self.years)
            self._copy(
                ObjectiveIndicator.objects.filter(**of), {"objective": objectives}, also=targets
            )
        wide = PlannedMeasure.objects.filter(plan=self.source, annex=None)
        columns = read_columns(wide)
        self._programming(wide, columns, [None] * count_of(columns))

    def _chapters(self) -> None:
        """Copy the chapters of the plan; whoever opens the edition reads each again."""
        copies = []
        for row in Chapter.objects.filter(plan=self.source).order_by("pk"):
            copy = copy_of(row, plan=self.target, reread_on=None, origin=None, origin_uid=None)
            if self.remembers:
                copy.origin, copy.origin_uid = row, row.uid
            copies.append(copy)
        create_in_bulk(copies, kind=KIND, by=self.by)

    def annexes_whole(self) -> Made:
        """Copy the annexes with all that hangs on them; return the new processes."""
        annexes = self._annexes()
        rows = self.annexes.order_by().values("pk")
        within = Q(annex__in=rows, retired_on__isnull=True)
        processes = self._processes(Process.objects.filter(within), annexes)
        of = {"process__in": Process.objects.filter(within).order_by().values("pk")}
        home = {new: self.office_of[self.annex_of[old]] for old, new in processes.items()}
        of_phase: dict[int, int | None] = {}
        executed = self._executed("process_id", home, of_phase)
        phases = self._copy(Phase.objects.filter(**of), {"process": processes}, also=executed)
        in_phase = {f"phase__{name}": value for name, value in of.items()}
        executed = self._executed("phase_id", {new: of_phase[old] for old, new in phases.items()})
        actions = self._copy(Action.objects.filter(**in_phase), {"phase": phases}, also=executed)
        behaviours = self._behaviours(of, processes)
        of_behaviour = {f"behaviour__{name}": value for name, value in of.items()}
        steps = {"phase": phases, "action": actions}
        self._copy(Coverage.objects.filter(**of_behaviour), {"behaviour": behaviours, **steps})
        subjects = {"process": processes, "behaviour": behaviours}
        judged = Assessment.objects.filter(Q(**of) | Q(**of_behaviour))
        assessments = self._copy(judged, subjects)
        ratings = Rating.objects.filter(assessment__in=judged.order_by().values("pk"))
        self._copy(ratings, {"assessment": assessments})
        self._measures(annexes)
        return processes

    def _annexes(self) -> dict[int, Annex]:
        """Make the annexes, of each office one, and return them by the key of their office."""
        old = list(self.annexes.select_related("office").order_by("pk"))
        live = Process.objects.filter(annex__in=old, retired_on__isnull=True)
        self.sources = {row.pk: row for row in old}
        self.composed = self.homes.composed(old, live if self.homes.processes else None)
        heads = heads_of(self.composed)
        rows = []
        for office, sources in self.composed.items():
            first = sources[0]
            annex = Annex(plan=self.target, office_id=office, state=AnnexState.DRAFT)
            if self.remembers:
                annex.origin, annex.origin_uid = first, first.uid
            head = heads.get(office)
            if head is not None:
                annex.head_title = head.title
                annex.head_surname, annex.head_name = head.user.last_name, head.user.first_name
            rows.append(annex)
        made = create_in_bulk(rows, kind=KIND, by=self.by)
        for annex in made:
            for source in self.composed[annex.office_id]:
                self.made[Annex].setdefault(source.pk, annex.pk)
        return {annex.office_id: annex for annex in made}

    def _processes(self, rows: QuerySet, annexes: Mapping[int, Annex]) -> Made:
        """Copy processes to the annexes they go to; where several come together, renumber them."""

        def placed(columns: Columns) -> None:
            old = [self.sources[key] for key in columns["annex_id"]]
            offices = [
                self.homes.office_of(process, annex.office_id)
                for process, annex in zip(columns["id"], old, strict=True)
            ]
            places = self.homes.places(columns, [row.office for row in old], offices)
            for place, number in places.items():
                columns["position"][place] = columns["number"][place] = number
            columns["annex_id"] = [annexes[office].pk for office in offices]
            columns["responsible"] = [
                follows(text, annex, annexes[office])
                for text, annex, office in zip(columns["responsible"], old, offices, strict=True)
            ]

        columns = read_columns(rows)
        sources = list(columns["annex_id"])
        placed(columns)
        self.annex_of = dict(zip(columns["id"], columns["annex_id"], strict=True))
        self.office_of = {annex.pk: office for office, annex in annexes.items()}
        made = self._insert(Process, columns)
        self.together = defaultdict(list)
        for new, source, home in zip(made.values(), sources, columns["annex_id"], strict=True):
            self.together[source, home].append(new)
        return made

    def _behaviours(self, of: dict[str, Any], processes: Made) -> Made:
        rows = RiskBehaviour.objects.filter(**of)
        histories: dict[int, int] = {}
        made = self._copy(rows, {"process": processes}, histories=histories)
        for name in ("categories", "factors"):
            kept = RiskBehaviour._meta.get_field(name)
            far = f"{kept.m2m_reverse_field_name()}_id"
            through = kept.remote_field.through.objects
            within = through.filter(riskbehaviour__in=rows.order_by().values("pk"))
            chosen = within.order_by("pk").values_list("riskbehaviour_id", far)
            pairs = [(made[key], value) for key, value in chosen]
            with act(KIND, by=self.by) as opened:
                insert_lists(RiskBehaviour, name, pairs, histories, opened=opened)
        return made

    def _measures(self, annexes: Mapping[int, Annex]) -> None:
        """Copy the measures of the annexes: one with targets in two of the new ones, into both.

        One that is on archived processes alone stays behind with them: it would be on nothing.
        """
        rows = PlannedMeasure.objects.filter(annex__in=self.annexes.order_by().values("pk"))
        rows = rows.on_sheets()
        columns = read_columns(rows)
        places: list[int] = []
        homes: list[int | None] = []
        reached = self._reached(rows) if self.homes.processes else {}
        for place, (key, annex) in enumerate(zip(columns["id"], columns["annex_id"], strict=True)):
            whole = columns["scope"][place] == MeasureScope.ANNEX
            offices = self.homes.offices_of(self.sources[annex], self.composed)
            all_of_it = [annexes[office].pk for office in offices]
            some = all_of_it if whole else reached.get(key) or all_of_it[:1]
            places += [place] * len(some)
            homes += some
        self._programming(rows, those_at(columns, places), homes)

    def _reached(self, rows: QuerySet) -> dict[int, list[int]]:
        """Return the new annexes in which a measure has targets, in their order, by its key."""
        targets = MeasureTarget.objects.filter(planned_measure__in=rows.order_by().values("pk"))
        found: dict[int, list[int]] = defaultdict(list)
        process = targets.order_by("pk").values_list(
            "planned_measure_id", *MeasureTarget.PROCESS_PATHS
        )
        for measure, *keys in process:
            key = next((one for one in keys if one is not None), None)
            annex = self.annex_of.get(key)
            if annex is not None and annex not in found[measure]:
                found[measure].append(annex)
        return found

    def _programming(self, rows: QuerySet, columns: Columns, homes: list[int | None]) -> None:
        """Copy planned measures into their annexes, with targets, steps and indicators."""
        if not count_of(columns):
            return
        of = {"planned_measure__in": rows.order_by().values("pk")}
        narrowed = self._narrowed(columns, homes)
        columns["plan_id"] = [self.target.pk] * len(homes)
        columns["annex_id"] = list(homes)
        serves = self.made[Objective]
        # one that serves what was retired is copied as well, and serves nothing
        columns["objective_id"] = [key and serves.get(key) for key in columns["objective_id"]]
        self._answered(columns, homes)
        old = list(columns["id"])
        keys = self._inserted(PlannedMeasure, columns)
        for key, new in zip(old, keys, strict=True):
            self.made[PlannedMeasure].setdefault(key, new)
        copies: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
        for key, new, home in zip(old, keys, homes, strict=True):
            copies[key].append((new, home))
        if homes[0] is not None:
            self._targets(MeasureTarget.objects.filter(**of), copies)
        targets = [
            MeasureTarget(planned_measure_id=keys[place], process_id=process)
            for place, processes in narrowed.items()
            for process in processes
        ]
        create_in_bulk(targets, kind=KIND, by=self.by)
        steps = self._terms(ImplementationStep.objects.filter(**of), copies, {})
        self._terms(ProgressIndicator.objects.filter(**of), copies, steps)

    def _narrowed(self, columns: Columns, homes: list[int | None]) -> dict[int, list[int]]:
        """Let a measure of a whole office that joined others stay on what was of that office.

        Returns the new processes it is on, by its place in `columns`.
        """
        found = {}
        for place, (scope, home) in enumerate(zip(columns["scope"], homes, strict=True)):
            if home is None or scope != MeasureScope.ANNEX:
                continue
            if len(self.composed[self.office_of[home]]) > 1:
                columns["scope"][place] = MeasureScope.PROCESSES.value
                found[place] = self.together[columns["annex_id"][place], home]
        return found

    def _targets(self, rows: QuerySet, copies: Mapping[int, list[tuple[int, int | None]]]) -> None:
        """Copy what measures are on: each target to the copy in whose annex it lies."""
        on = {"process": Process, "phase": Phase, "action": Action, "behaviour": RiskBehaviour}
        columns = under(read_columns(rows), {name: self.made[on[name]] for name in _ON})
        annexes = self._annexes_of_targets(columns)
        columns["planned_measure_id"] = [
            next((new for new, home in copies[key] if home == annex), copies[key][0][0])
            for key, annex in zip(columns["planned_measure_id"], annexes, strict=True)
        ]
        self._insert(MeasureTarget, columns)

    def _annexes_of_targets(self, columns: Columns) -> list[int | None]:
        """Return the new annex of each target; asked only where a measure may be in several."""
        if not self.homes.processes:
            return [None] * count_of(columns)
        found: list[int | None] = [None] * count_of(columns)
        within = {"annex__plan": self.target}
        for name, model, way in (
            ("process", Process, ""),
            ("phase", Phase, "process__"),
            ("action", Action, "phase__process__"),
            ("behaviour", RiskBehaviour, "process__"),
        ):
            asked = model.objects.filter(**{f"{way}{k}": v for k, v in within.items()})
            annex_of = dict(asked.order_by().values_list("pk", f"{way}annex_id"))
            for place, key in enumerate(columns[f"{name}_id"]):
                if key is not None:
                    found[place] = annex_of[key]
        return found

    def _terms(
        self,
        rows: QuerySet,
        copies: Mapping[int, list[tuple[int, int | None]]],
        steps: Mapping[tuple[int, int], int],
    ) -> dict[tuple[int, int], int]:
        """Copy steps or indicators to each copy of their measure; return them by old key and it."""
        columns = read_columns(rows)
        places, measures, homes = [], [], []
        for place, key in enumerate(columns["planned_measure_id"]):
            for new, home in copies[key]:
                places.append(place)
                measures.append(new)
                homes.append(home)
        columns = those_at(columns, places)
        old = list(columns["id"])
        columns["planned_measure_id"] = measures
        if "step_id" in columns:
            columns["step_id"] = [
                key and steps[key, measure]
                for key, measure in zip(columns["step_id"], measures, strict=True)
            ]
        else:
            self._answered(columns, homes)
        moved_days(rows.model, columns, self.years)
        keys = self._inserted(rows.model, columns)
        return dict(zip(zip(old, measures, strict=True), keys, strict=True))

    def _executed(
        self,
        parent: str,
        home: Mapping[int, int | None],
        found: dict[int, int | None] | None = None,
    ) -> Callable[[Columns], None]:
        """Let an office that carries a step out be the one that took its place.

        `home` are the offices by the `parent` of a step, `found` gets them by the step of before.
        """

        def executed(columns: Columns) -> None:
            offices = [home[key] for key in columns[parent]]
            columns["executor_office_id"] = self._instead(columns["executor_office_id"], offices)
            if found is not None:
                found.update(zip(columns["id"], offices, strict=True))

        return executed

    def _answered(self, columns: Columns, homes: list[int | None]) -> None:
        """Let who answers be the office that took the place."""
        offices = [self.office_of.get(home) if home else None for home in homes]
        columns["responsible_office_id"] = self._instead(columns["responsible_office_id"], offices)

    def _instead(self, offices: list[int | None], homes: list[int | None]) -> list[int | None]:
        came = {(new, old.office_id) for new, rows in self.composed.items() for old in rows}
        return self.homes.instead(offices, homes, came)

    def _copy(
        self,
        rows: QuerySet,
        parents: Mapping[str, Made],
        *,
        also: Callable[[Columns], None] | None = None,
        histories: dict[int, int] | None = None,
        **values: Any,
    ) -> Made:
        """Copy rows under the copies of their `parents`; what hangs on a row left behind stays."""
        columns = under(read_columns(rows), parents)
        for name, value in values.items():
            columns[name] = [value] * count_of(columns)
        if also is not None:
            also(columns)
        return self._insert(rows.model, columns, histories)

    def _insert(
        self, model: type[Model], columns: Columns, histories: dict[int, int] | None = None
    ) -> Made:
        old = list(columns["id"])
        keys = self._inserted(model, columns, histories)
        made = dict(zip(old, keys, strict=True))
        self.made[model] |= made
        return made

    def _inserted(
        self, model: type[Model], columns: Columns, histories: dict[int, int] | None = None
    ) -> list[int]:
        if "origin_uid" in columns:
            none = [None] * count_of(columns)
            columns["origin_id"] = list(columns["id"]) if self.remembers else none
            columns["origin_uid"] = list(columns["uid"]) if self.remembers else none
        with act(KIND, by=self.by) as opened:
            keys, records = insert_copies(model, columns, opened=opened)
        if histories is not None:
            histories |= dict(zip(keys, records, strict=True))
        return keys
