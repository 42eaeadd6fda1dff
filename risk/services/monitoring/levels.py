"""The levels of the processes of a plan: initial, expected, actual, by its method's arithmetic.

Nothing of it is stored, and none of it changes what was judged (docs/decisions/0096).
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from registry.models import Plan, Process
from risk.content.year_levels import LevelOfProcess, LevelsOfYear
from risk.enums import MeasureCharacter, Moment, Scale
from risk.models import Assessment, MeasureTarget, Method
from risk.scoring.mitigation import LevelArithmetic, level_arithmetics


@dataclass(frozen=True, slots=True)
class JudgedLevel:
    """A level that was judged, by its place in the scale: of a process, or of one behaviour."""

    behaviour: int | None
    ordinal: int
    on: datetime.date | None


@dataclass
class MeasuresOn:
    """The measures put on a process, by key, with whether they are specific.

    A measure on nothing but behaviours of it lowers these alone.
    """

    whole: dict[int, bool] = field(default_factory=dict)
    of_behaviour: dict[int, dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))

    def lowering(self, judged: JudgedLevel) -> dict[int, bool]:
        """Return those that lower a level."""
        if judged.behaviour is not None:
            return {**self.whole, **self.of_behaviour[judged.behaviour]}
        return self.all

    @property
    def all(self) -> dict[int, bool]:
        """All of them."""
        found = dict(self.whole)
        for some in self.of_behaviour.values():
            found.update(some)
        return found


@dataclass(frozen=True)
class LevelScale:
    """How levels of a method are lowered on a day: its arithmetic, and its levels by place."""

    arithmetic: LevelArithmetic
    labels: dict[int, str]
    on: datetime.date

    def lowered(
        self, judged: Iterable[JudgedLevel], put: MeasuresOn, counting: Collection[int]
    ) -> str:
        """Return the level a process comes to: the highest of those judged, as in an annex."""
        lowest, places = min(self.labels), []
        for one in judged:
            kinds = [kind for key, kind in put.lowering(one).items() if key in counting]
            specific = sum(kinds)
            places.append(
                self.arithmetic.lowered(
                    one.ordinal,
                    general=len(kinds) - specific,
                    specific=specific,
                    lowest=lowest,
                )
            )
        return self.labels.get(max(places), "")

    def row(
        self, process: Process, judged: list[JudgedLevel], put: MeasuresOn, done: Collection[int]
    ) -> LevelOfProcess:
        """Return the three levels of a process; a judgement that is too old makes two void."""
        keys = set(put.all)
        days = [one.on for one in judged]
        oldest = min((day for day in days if day is not None), default=None)
        row = LevelOfProcess(
            process=process.printed,
            office=process.annex.printed_office_name,
            initial=self.labels.get(max(one.ordinal for one in judged), ""),
            judged_on=f"{oldest:%d/%m/%Y}" if oldest and None not in days else "",
            planned=len(keys),
            done=len(keys & set(done)),
        )
        if any(self.arithmetic.is_void(day, self.on) for day in days):
            return row
        return replace(
            row,
            expected=self.lowered(judged, put, keys),
            actual=self.lowered(judged, put, keys & set(done)),
        )


def levels_of_year(plan: Plan, on: datetime.date, done: Collection[int]) -> LevelsOfYear | None:
    """Return the levels of the processes of a plan on a day; None where no method of it has them.

    `done` are the keys of the planned measures that were carried out. Measures of a whole office
    or plan count for none: they lower every level alike. Six statements.
    """
    known = level_arithmetics()
    methods = Method.objects.filter(plan_methods__plan=plan, code__in=list(known))
    method = methods.order_by("-plan_methods__is_default", "pk").first()
    if method is None:
        return None
    labels = dict(method.levels.filter(scale=Scale.OVERALL).values_list("ordinal", "label"))
    scale = LevelScale(known[method.code], labels, on)
    judged, put = _judged(plan, method), _put(plan)
    processes = Process.objects.filter(annex__plan=plan, retired_on=None).select_related(
        "annex__office"
    )
    rows = [one for one in processes.order_by("annex", "number", "pk") if one.pk in judged]
    told = tuple(scale.row(one, judged[one.pk], put[one.pk], done) for one in rows)
    return LevelsOfYear(method.name, scale.arithmetic, told)


def _judged(plan: Plan, method: Method) -> dict[int, list[JudgedLevel]]:
    """Return what was judged of each process: its own level, else those of its behaviours."""
    rows = Assessment.objects.filter(method=method, moment=Moment.INHERENT, level__isnull=False)
    own = rows.filter(process__annex__plan=plan).order_by()
    columns = ("level__ordinal", "assessed_on")
    found = {
        process: [JudgedLevel(None, ordinal, on)]
        for process, ordinal, on in own.values_list("process", *columns)
    }
    of_behaviours: dict[int, list[JudgedLevel]] = defaultdict(list)
    further = rows.filter(behaviour__process__annex__plan=plan).order_by("behaviour")
    for process, *judged in further.values_list("behaviour__process", "behaviour", *columns):
        of_behaviours[process].append(JudgedLevel(*judged))
    return {**of_behaviours, **found}


def _put(plan: Plan) -> dict[int, MeasuresOn]:
    """Return the measures that are put on each process, or on anything of it."""
    found: dict[int, MeasuresOn] = defaultdict(MeasuresOn)
    rows = MeasureTarget.objects.filter(planned_measure__plan=plan).order_by()
    columns = ("planned_measure", "planned_measure__measure__character", "behaviour")
    told = rows.values_list(*columns, *MeasureTarget.PROCESS_PATHS)
    for key, character, behaviour, *ways in told:
        is_specific = character == MeasureCharacter.SPECIFIC
        for process in filter(None, ways):
            on = found[process]
            some = on.whole if behaviour is None else on.of_behaviour[behaviour]
            some[key] = is_specific
    return found
