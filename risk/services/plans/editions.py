"""The next edition: a plan copied from an adopted one, row by row, each linked to its ancestor."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import AnnexState, PlanKind
from registry.models import Action, Phase, Plan, Process
from registry.services import plans as registry_plans
from registry.services.bulk import create_in_bulk, link_in_bulk
from registry.services.jobs import Progress, no_progress
from registry.services.rows import copy_of
from registry.trail.subjects import plan_subject
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

KIND = "plan-copy"
COPIED_AT_ONCE = 2000
"""Processes and phases, together, that are copied in about two seconds.

Measured with all that hangs on them, processor time: 2,548 of a synthetic body took 2.0 s on SQLite
and 2.5 s on PostgreSQL without its server; 7,000 took 4.2 and 3.8 s.
"""

Made = dict[int, Any]
"""What was made, by the key of the row it was copied from."""


def copy_plan(
    *,
    plan: Plan,
    title: str,
    first_year: int,
    last_year: int,
    kind: str,
    by: Any,
    progress: Progress = no_progress,
) -> Plan:
    """Make the next edition, or an update, of an adopted plan; return it, in preparation.

    Annexes of offices still in use, with all that is theirs, come over as drafts with their
    places and numbers; what was retired, the names printed on the annexes and the exemptions stay
    behind. Every row remembers its ancestor. One act in history and trail; the number of
    statements does not grow with the rows, but for the batches the engine asks for.

    `progress` is told outside the transaction.

    Raises `ValidationError` as `check_copy`; then there is no new plan.
    """
    check_copy(plan=plan, title=title, first_year=first_year, last_year=last_year, kind=kind)
    progress(0, 1, _("Copio gli allegati"))
    body = plan.administration
    subject = plan_subject(body, title)
    with act(KIND, by=by, subject=subject, detail={"from": plan.title}):
        made = registry_plans.create_plan(
            administration=body,
            title=title,
            first_year=first_year,
            last_year=last_year,
            document=plan.document,
            kind=kind,
            origin=plan,
            by=by,
        )
        rows = plan.annexes.filter(office__retired_on__isnull=True)
        copy = EditionCopy(source=plan, annexes=rows, target=made, by=by)
        copy.frame()
        copy.annexes_whole()
        return made


def check_copy(*, plan: Plan, title: str, first_year: int, last_year: int, kind: str) -> None:
    """Refuse an edition that cannot be copied.

    Raises `ValidationError` when the plan is not adopted, the body already has a plan with this
    title, or an update changes the triennium (docs/decisions/0020).
    """
    if not plan.is_adopted:
        raise ValidationError(_("Si parte da un piano adottato."), code="not_adopted")
    if kind == PlanKind.UPDATE and (first_year, last_year) != (plan.first_year, plan.last_year):
        raise ValidationError(
            {"first_year": _("Un aggiornamento ha il triennio del piano che aggiorna.")},
            code="years",
        )
    if Plan.objects.filter(administration=plan.administration_id, title=title).exists():
        raise ValidationError({"title": _("Un altro piano ha già questo titolo.")}, code="title")


def is_large(plan: Plan) -> bool:
    """Tell whether copying a plan takes more than about two seconds."""
    within = {"annex__plan": plan, "retired_on": None}
    processes = Process.objects.filter(**within)
    phases = Phase.objects.filter(process__in=processes.order_by().values("pk"))
    return processes.count() + phases.count() > COPIED_AT_ONCE


def copied_since(*, plan: Plan, title: str, by: Any, since: datetime.datetime) -> Plan | None:
    """Return the edition this person has copied from a plan since a moment, under this title."""
    made = Plan.objects.filter(
        administration=plan.administration_id, origin=plan, title=title
    ).first()
    begun = made and made.history.filter(history_type="+", history_user=by).first()
    return made if begun and begun.history_date >= since else None


@dataclass
class EditionCopy:
    """One copy under way, from some annexes of `source` to `target`, inside an open act."""

    source: Plan
    annexes: QuerySet
    target: Plan
    by: Any
    remembers: bool = True
    """Whether the copies remember the rows they were made from as their ancestors."""
    made: dict[type[Model], Made] = field(default_factory=lambda: defaultdict(dict))
    """All that was made so far, by model."""

    def frame(self) -> None:
        """Copy what is no annex’s: methods, texts, chapters, objectives, the plan’s measures."""
        for model in (PlanMethod, TextBlock):
            rows = model.objects.filter(plan=self.source).order_by("pk")
            copies = [copy_of(row, plan=self.target) for row in rows]
            create_in_bulk(copies, kind=KIND, by=self.by)
        # whoever opens the edition reads each again
        chapters = Chapter.objects.filter(plan=self.source)
        self._copy(chapters, {}, plan=self.target, reread_on=None)
        rows = Objective.objects.filter(plan=self.source, retired_on__isnull=True)
        objectives = self._copy(rows, {}, plan=self.target)
        if objectives:
            of = {"objective__in": rows.order_by().values("pk")}
            self._copy(ObjectiveIndicator.objects.filter(**of), {"objective": objectives})
        self._programming(PlannedMeasure.objects.filter(plan=self.source, annex=None), {}, {})

    def annexes_whole(self) -> Made:
        """Copy the annexes with all that hangs on them; return the new processes."""
        blank = dict.fromkeys(("office_name", "head_title", "head_surname", "head_name"), "")
        annexes = self._copy(self.annexes, {}, plan=self.target, state=AnnexState.DRAFT, **blank)
        within = Q(annex__in=self.annexes.order_by().values("pk"), retired_on__isnull=True)
        processes = self._copy(Process.objects.filter(within), {"annex": annexes})
        of = {"process__in": Process.objects.filter(within).order_by().values("pk")}
        phases = self._copy(Phase.objects.filter(**of), {"process": processes})
        in_phase = {f"phase__{name}": value for name, value in of.items()}
        actions = self._copy(Action.objects.filter(**in_phase), {"phase": phases})
        behaviours = self._behaviours(of, processes)
        of_behaviour = {f"behaviour__{name}": value for name, value in of.items()}
        steps = {"phase": phases, "action": actions}
        self._copy(Coverage.objects.filter(**of_behaviour), {"behaviour": behaviours, **steps})
        subjects = {"process": processes, "behaviour": behaviours}
        rows = Assessment.objects.filter(Q(**of) | Q(**of_behaviour))
        assessments = self._copy(rows, subjects)
        ratings = Rating.objects.filter(assessment__in=rows.order_by().values("pk"))
        self._copy(ratings, {"assessment": assessments})
        measures = PlannedMeasure.objects.filter(annex__in=self.annexes.order_by().values("pk"))
        self._programming(measures, {"annex": annexes}, {**subjects, **steps})
        return processes

    def _behaviours(self, of: dict[str, Any], processes: Made) -> Made:
        rows = RiskBehaviour.objects.filter(**of)
        made = self._copy(rows, {"process": processes})
        links: dict[str, dict[Any, list[int]]] = {}
        for name in ("categories", "factors"):
            kept = RiskBehaviour._meta.get_field(name)
            far = f"{kept.m2m_reverse_field_name()}_id"
            chosen: dict[int, list[int]] = defaultdict(list)
            through = kept.remote_field.through.objects
            within = through.filter(riskbehaviour__in=rows.order_by().values("pk"))
            for key, value in within.order_by("pk").values_list("riskbehaviour_id", far):
                chosen[key].append(value)
            links[name] = {made[key]: values for key, values in chosen.items()}
        link_in_bulk(links, kind=KIND, by=self.by)
        return made

    def _programming(self, rows: QuerySet, annexes: Mapping[str, Made], reach: Mapping) -> None:
        """Copy planned measures with targets, steps and indicators."""
        measures = self._copy(rows, annexes, plan=self.target)
        of = {"planned_measure__in": rows.order_by().values("pk")}
        parents = {"planned_measure": measures}
        if reach:
            self._copy(MeasureTarget.objects.filter(**of), {**parents, **reach})
        steps = self._copy(ImplementationStep.objects.filter(**of), parents)
        self._copy(ProgressIndicator.objects.filter(**of), {**parents, "step": steps})

    def _copy(self, rows: QuerySet, parents: Mapping[str, Made], **changes: Any) -> Made:
        """Copy rows under the copies of their `parents`; what hangs on a row left behind stays."""
        made: dict[int, Model] = {}
        for row in rows.order_by("pk"):
            keys = {name: getattr(row, f"{name}_id") for name in parents}
            if any(key is not None and key not in parents[name] for name, key in keys.items()):
                continue
            under = {name: parents[name][key] for name, key in keys.items() if key is not None}
            made[row.pk] = self._copy_of(row, {**under, **changes})
        created = create_in_bulk(list(made.values()), kind=KIND, by=self.by)
        copies = dict(zip(made, created, strict=True))
        self.made[rows.model] |= copies
        return copies

    def _copy_of(self, row: Any, changes: dict[str, Any]) -> Any:
        if isinstance(row, PlannedMeasure) and row.objective_id:
            # one that serves what was retired is copied as well, and serves nothing
            changes["objective"] = self.made[Objective].get(row.objective_id)
        if hasattr(row, "origin_uid"):
            changes |= {
                "origin": row if self.remembers else None,
                "origin_uid": row.uid if self.remembers else None,
            }
        return copy_of(row, **changes)
