"""Reading what a file of an annex, or of a whole plan, is drawn from.

Rows are read as tuples, in a number of queries that does not grow: a plan of 15,000 phases is to
cost little beside the writing of its cells.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.enums import AnnexState, ProcessKind, RiskPresence
from registry.models import (
    Action,
    Administration,
    Annex,
    ExecutorRole,
    Macroprocess,
    Office,
    Phase,
    Plan,
    Process,
    RiskArea,
)
from risk.content.adopted_names import adopted_body_name, adopted_office_names
from risk.enums import Layout, MeasureScope, Moment, Scale
from risk.models import (
    Assessment,
    Coverage,
    Level,
    MeasureTarget,
    PlanMethod,
    PlannedMeasure,
    RiskBehaviour,
)
from risk.models.assessments import text_digest
from risk.workbooks.books import LAYOUTS
from risk.workbooks.content import (
    PROSE,
    FileAnnex,
    FileBehaviour,
    FileContent,
    FileProcess,
    FileStep,
    Judgement,
    Lists,
)


def content_of(plan: Plan, annexes: Sequence[Annex], layout: Layout) -> FileContent:
    """Return what a file of some annexes of one plan says, and what its drop-downs offer."""
    reader = _ContentReader(plan, annexes, is_whole=LAYOUTS[layout].needs_rows)
    return FileContent(
        plan=plan.title,
        body=adopted_body_name(plan),
        ipa_code=plan.administration.ipa_code,
        annexes=[
            FileAnnex(
                office=annex.printed_office_name,
                processes=list(reader.processes(annex)),
                is_draft=annex.state != AnnexState.ISSUED,
                is_open=annex.is_open,
            )
            for annex in annexes
        ],
        lists=lists_of(plan),
    )


def form_of(plan: Plan, office: Office | None = None) -> FileContent:
    """Return the content of an empty file: the lists are there, the processes are not."""
    annex = FileAnnex(office=office.name if office else "", processes=(), is_draft=False)
    return FileContent(
        plan=plan.title,
        body=plan.administration.name,
        ipa_code=plan.administration.ipa_code,
        annexes=[annex],
        lists=lists_of(plan),
        is_form=True,
    )


def lists_of(plan: Plan) -> Lists:
    """Return what the drop-downs of a plan's files offer."""
    body = plan.administration
    methods = PlanMethod.objects.filter(plan=plan).order_by("-is_default", "method__code")
    levels = Level.objects.filter(
        method__in=methods.values("method"), scale=Scale.OVERALL
    ).values_list("method_id", "label")
    by_method: dict[int, list[str]] = defaultdict(list)
    for method, label in levels.order_by("ordinal"):
        by_method[method].append(label)
    offices = Office.objects.in_use().filter(administration=body).order_by("folded")
    names = adopted_office_names(plan)
    return Lists(
        process_kinds=[str(label) for label in ProcessKind.labels],
        macroprocesses=_offered(Macroprocess.objects.select_related("function"), body),
        risk_areas=_offered(RiskArea.objects.all(), body),
        executors=_offered(ExecutorRole.objects.all(), body),
        levels=list(
            dict.fromkeys(
                label
                for method in methods.values_list("method_id", flat=True)
                for label in by_method[method]
            )
        ),
        offices=[names.get(pk, name) for pk, name in offices.values_list("pk", "name")],
    )


def _offered(rows: Any, body: Administration) -> list[str]:
    offered = rows.offered_to(body).order_by("position", "code")
    return list(dict.fromkeys(str(row) for row in offered))


class _ContentReader:
    """The rows of some annexes by what they hang on; `is_whole` reads more than the processes."""

    def __init__(self, plan: Plan, annexes: Iterable[Annex], *, is_whole: bool) -> None:
        keys = [annex.pk for annex in annexes]
        self._offices = adopted_office_names(plan)
        rows = Process.objects.in_use().filter(annex__in=keys).order_by("annex_id", "position")
        self._processes: dict[int, list[Process]] = defaultdict(list)
        for row in rows.select_related("macroprocess__function", "risk_area"):
            self._processes[row.annex_id].append(row)
        self._default = (
            PlanMethod.objects.filter(plan=plan, is_default=True)
            .values_list("method_id", flat=True)
            .first()
        )
        self._phases: dict[int, list[FileStep]] = defaultdict(list)
        self._uncovered: dict[int, list[FileBehaviour]] = defaultdict(list)
        self._judgements: dict[int, Judgement] = {}
        self._measures: dict[int, dict[int, str]] = defaultdict(dict)
        if is_whole:
            self._read_steps(keys)
            self._read_judgements(keys)
            self._read_measures(plan, keys)

    def processes(self, annex: Annex) -> Iterator[FileProcess]:
        """Yield the processes in use of an annex, in their order."""
        for row in self._processes[annex.pk]:
            macroprocess = row.macroprocess
            function = macroprocess.function if macroprocess else None
            yield FileProcess(
                uid=row.uid,
                version=row.version,
                number=row.number,
                title=row.title,
                code=row.code,
                kind=str(ProcessKind(row.kind).label) if row.kind else "",
                function=function.label if function else "",
                macroprocess=macroprocess.printed if macroprocess else "",
                risk_area=row.risk_area.printed if row.risk_area else "",
                responsible=row.responsible,
                prose={name: getattr(row, column) for name, column in PROSE.items()},
                phases=tuple(self._phases[row.pk]),
                uncovered=tuple(self._uncovered[row.pk]),
                measures=tuple(self._measures[row.pk].values()),
                judgement=self._judgements.get(row.pk),
            )

    def _read_steps(self, keys: Collection[int]) -> None:
        of_phase, of_action = self._read_behaviours(keys)
        executed = ("executor_role__label", "executor_office__name", "executor_office_id")
        named = ("uid", "version", "position", "title", *executed)
        actions: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = Action.objects.filter(phase__process__annex__in=keys).order_by("position")
        for pk, parent, *row in rows.values_list("pk", "phase_id", *named):
            actions[parent].append((pk, *row))
        phases = Phase.objects.filter(process__annex__in=keys).order_by("process_id", "position")
        for pk, parent, *row in phases.values_list("pk", "process_id", *named):
            number = str(row[2])
            steps = tuple(
                self._step(one[1:], f"{number}.{one[3]}", of_action.get(one[0], ()))
                for one in actions.get(pk, ())
            )
            self._phases[parent].append(self._step(row, number, of_phase.get(pk, ()), steps))

    def _read_behaviours(
        self, keys: Collection[int]
    ) -> tuple[dict[int, list[FileBehaviour]], dict[int, list[FileBehaviour]]]:
        """Return the behaviours that cover each phase and each action, in their order."""
        covered: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
        pairs = Coverage.objects.filter(behaviour__process__annex__in=keys).order_by()
        for behaviour, phase, action in pairs.values_list("behaviour_id", "phase_id", "action_id"):
            covered[behaviour].append((phase, action))
        of_phase: dict[int, list[FileBehaviour]] = defaultdict(list)
        of_action: dict[int, list[FileBehaviour]] = defaultdict(list)
        rows = RiskBehaviour.objects.filter(process__annex__in=keys).order_by("position")
        for pk, process, *row_of in rows.values_list(
            "pk", "process_id", "uid", "version", "position", "text"
        ):
            row = FileBehaviour(*row_of)
            if pk not in covered:
                self._uncovered[process].append(row)
            for phase, action in covered.get(pk, ()):
                if phase:
                    of_phase[phase].append(row)
                else:
                    of_action[action or 0].append(row)
        return of_phase, of_action

    def _read_judgements(self, keys: Collection[int]) -> None:
        """Keep for each process its own inherent level, else the highest of its behaviours'."""
        judged = Assessment.objects.filter(moment=Moment.INHERENT)
        own: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = judged.filter(process__annex__in=keys).values_list(
            *("process_id", "method_id", "method__code", "method__edition"),
            *("uid", "version", "level__label", "motivation", "copied_digest"),
        )
        for process, method, code, edition, uid, version, level, motivation, copied in rows:
            place = (level is None, method != self._default, code, edition)
            is_draft = bool(copied) and copied == text_digest(motivation)
            row = Judgement(level or "", motivation, uid, version, is_draft)
            own[process].append((place, row))
        levels: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = judged.filter(behaviour__process__annex__in=keys, level__isnull=False).values_list(
            *("behaviour__process_id", "method_id", "method__code", "method__edition"),
            *("level__ordinal", "level__label"),
        )
        for process, method, code, edition, ordinal, label in rows:
            place = (method != self._default, code, edition, -ordinal)
            levels[process].append((place, _("%(level)s (derivato)") % {"level": label}))
        for process, judgements in levels.items():
            self._judgements[process] = Judgement(min(judgements)[1])
        for process, judgements in own.items():
            best = min(judgements, key=lambda one: one[0])[1]
            derived = self._judgements.get(process)
            if not best.level and derived:
                best = replace(best, level=derived.level)
            self._judgements[process] = best

    def _read_measures(self, plan: Plan, keys: Collection[int]) -> None:
        """Keep for each process the labels of the measures that reach it, each once."""
        programmed = PlannedMeasure.objects.filter(plan=plan).order_by("position", "pk")
        planned = programmed.values_list("pk", "annex_id", "scope", "measure_id", "measure__label")
        reached: dict[int, set[int]] = defaultdict(set)
        rows = MeasureTarget.objects.filter(planned_measure__annex__in=keys).values_list(
            *("planned_measure_id", "process_id", "phase__process_id"),
            *("action__phase__process_id", "behaviour__process_id"),
        )
        for measure, *targets in rows:
            reached[measure].add(next(key for key in targets if key))
        # Sorted here: the two databases put the rows without an annex at opposite ends.
        for pk, annex, scope, measure, label in sorted(planned, key=lambda row: row[1] or 0):
            if scope in (MeasureScope.PLAN, MeasureScope.ANNEX):
                annexes = keys if annex is None else [annex]
                processes: Iterable[int] = (
                    row.pk
                    for key in annexes
                    for row in self._processes.get(key, ())
                    # where the risk is found absent no treatment follows
                    if row.risk_presence != RiskPresence.ABSENT
                )
            else:
                processes = reached.get(pk, ())
            for process in processes:
                self._measures[process].setdefault(measure, label)

    def _step(
        self,
        row: Sequence[Any],
        number: str,
        behaviours: Iterable[FileBehaviour],
        actions: tuple[FileStep, ...] = (),
    ) -> FileStep:
        uid: UUID = row[0]
        role, office, key = row[4:7]
        executor = ", ".join(part for part in (role, self._offices.get(key, office)) if part)
        return FileStep(uid, row[1], number, row[3], executor, tuple(behaviours), actions)
