"""The measures of a file beside those of the register: programmings, targets, steps, indicators.

The same measure with the same programme is one programming with several targets; with another term,
person or indicator it is a second one (docs/decisions/0022).
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.models import Annex, Process
from registry.readable import readable
from registry.services.new_rows import new_row
from risk.enums import MeasureScope, StartState
from risk.models import ImplementationStep, MeasureTarget, PlannedMeasure, ProgressIndicator
from risk.services.imports.compare.changes import ChangeSet, made_or_none
from risk.services.imports.compare.register import NO_PROGRAMME, Register
from risk.services.imports.ledger import QUOTED
from risk.services.imports.parse.parsed import ParsedProgrammeStep, ParsedProgressIndicator
from risk.services.imports.resolve.resolved import ResolvedMeasure, ResolvedProcess

Behaviours = Mapping[str, Any]
"""The row of each behaviour of a process in the file, by its folded text."""


class MeasureComparison:
    """Compares the measures of one process after the other."""

    def __init__(self, register: Register, changes: ChangeSet) -> None:
        self._register = register
        self._changes = changes
        self._planned: dict[Any, PlannedMeasure] = {}
        self._names: dict[int, tuple[Any, Any]] = {}
        """By the identity of a measure of the file what tells it from others."""

    def compare(
        self,
        process: Process,
        said: ResolvedProcess,
        annex: Annex,
        behaviours: Behaviours,
        is_new: bool,
    ) -> None:
        """Add what has to be written of the measures of a process."""
        done: set[Any] = set()
        printed = process.printed if said.measures else ""
        for one in said.measures:
            name = self._names.get(id(one))
            if name is None:
                name = self._names[id(one)] = self._key(one)
            rows = [behaviours[key] for key in one.parsed.behaviours if key in behaviours]
            for row in rows or [process]:
                key = (name, id(row))
                if key in done:
                    continue
                done.add(key)
                if self._is_there(one, name[0], row, process, annex, is_new):
                    continue
                scope = MeasureScope.PROCESSES if row is process else MeasureScope.BEHAVIOURS
                planned = self._programming(one, name, scope, said, annex)
                relations = ("planned_measure", MeasureTarget.COLUMNS[scope])
                label = printed if row is process else row.text
                self._changes.tie(MeasureTarget, relations, (planned, row), said, label)

    def _is_there(
        self,
        one: ResolvedMeasure,
        measure: Any,
        row: Any,
        process: Process,
        annex: Annex,
        is_new: bool,
    ) -> bool:
        """Return whether a measure of the list, by its key, is on a row in the register already."""
        if measure is one.measure or not self._register.has_measure(
            annex, None if is_new else process, row, measure
        ):
            return False
        if one.says_programme:
            self._programme_there(one, process, row)
        return True

    def _programme_there(self, one: ResolvedMeasure, process: Process, row: Any) -> None:
        """Note where the register programmes a measure otherwise than the file: it is kept."""
        there = self._register.programmes_of(process, row, one.measure.pk)
        if there and self._words(one) in there:
            self._changes.unchanged += 1
            return
        reason = _(
            "«%(measure)s» è già programmata per «%(process)s»: termini, responsabili e indicatori "
            "del file non cambiano quelli del registro."
        ) % {"measure": str(one.measure)[:QUOTED], "process": process.title[:QUOTED]}
        self._changes.ledger.note(one.parsed.cell, reason)
        for cell in one.parsed.cells:
            kept = _("la misura ha già un’altra programmazione nel registro")
            self._changes.ledger.leave_out(cell, _("Programma della misura"), kept)

    def _programming(
        self,
        one: ResolvedMeasure,
        name: tuple[Any, Any],
        scope: MeasureScope,
        said: ResolvedProcess,
        annex: Annex,
    ) -> PlannedMeasure:
        """Return the programming a target is added to: that of the file or the register, or new.

        `name` is what tells it from others of the file.
        """
        key = (said.office.pk, scope, name)
        planned = self._planned.get(key)
        if planned is not None:
            return planned
        place = annex.pk or -said.office.pk
        if name[0] is not one.measure:
            planned = self._register.programming(place, name[0], scope, name[1])
        if planned is None:
            planned = self._new(one, scope, said, annex, place)
        self._planned[key] = planned
        return planned

    def _new(
        self,
        one: ResolvedMeasure,
        scope: MeasureScope,
        said: ResolvedProcess,
        annex: Annex,
        place: int,
    ) -> PlannedMeasure:
        self._register.last_place[place] += 1
        planned = PlannedMeasure(
            plan=self._register.plan,
            annex=annex,
            scope=scope,
            position=self._register.last_place[place],
            start_state=one.state or StartState.UNKNOWN,
            monitoring_mode=one.monitoring,
            monitoring_frequency=one.frequency,
            **_answered_for(one.responsible),
        )
        if isinstance(one.measure, Model):
            planned.measure = one.measure
        label = getattr(one.measure, "text", "") or str(one.measure)
        if person := one.parsed.responsible:
            label = f"{label} – {person.text}"
        self._changes.create(planned, said, label)
        self._add_programme(planned, one, said)
        return planned

    def _add_programme(
        self, planned: PlannedMeasure, one: ResolvedMeasure, said: ResolvedProcess
    ) -> None:
        for position, (step, person) in enumerate(zip(one.parsed.steps, one.steps, strict=True), 1):
            row = new_row(
                ImplementationStep,
                planned_measure=planned,
                position=position,
                description=step.description,
                timing=step.timing,
                due_on=step.due,
                **_answered_for(person),
            )
            self._changes.create(row, said, _step_label(step))
        for position, indicator in enumerate(one.parsed.indicators, 1):
            row = new_row(
                ProgressIndicator,
                planned_measure=planned,
                position=position,
                label=indicator.label,
                kind=indicator.kind,
                unit=indicator.unit,
                baseline=indicator.baseline,
                target=indicator.target,
                target_on=_end_of(indicator.year),
                is_master=position == 1,
            )
            self._changes.create(row, said, _indicator_label(indicator))

    def _key(self, one: ResolvedMeasure) -> tuple[Any, Any]:
        """Return what tells one programming of the file from another: its measure, its words.

        The measure is the key of a row of the list, or what is to become one.
        """
        return (getattr(one.measure, "pk", None) or one.measure, self._words(one))

    def _words(self, one: ResolvedMeasure) -> tuple[Any, ...]:
        """Return a programme as it is compared with those of the register."""
        if not one.says_programme:
            return NO_PROGRAMME
        steps = tuple(
            (step.description, step.timing, step.due, *_keys(person))
            for step, person in zip(one.parsed.steps, one.steps, strict=True)
        )
        indicators = tuple(
            (row.label, row.kind, row.target, _end_of(row.year)) for row in one.parsed.indicators
        )
        return (_keys(one.responsible), steps, indicators)


def _keys(person: tuple[Any, Any]) -> tuple[Any, ...]:
    """Return the keys of a role and an office, a new role by its text."""
    return tuple(getattr(one, "pk", one) for one in person)


def _answered_for(person: tuple[Any, Any]) -> dict[str, Any]:
    role, office = person
    return {"responsible_role": made_or_none(role), "responsible_office": made_or_none(office)}


def _end_of(year: int) -> datetime.date | None:
    return datetime.date(year, 12, 31) if year else None


def _step_label(step: ParsedProgrammeStep) -> str:
    when = step.timing
    if step.due:
        when = _("entro il %(day)s") % {"day": f"{step.due:%d/%m/%Y}"}
    return " – ".join(filter(None, (step.description[:120], when)))


def _indicator_label(indicator: ParsedProgressIndicator) -> str:
    parts = [indicator.label[:120]]
    if indicator.target is not None:
        parts.append(f"{readable(indicator.target)} {indicator.unit}".strip())
    if indicator.year:
        parts.append(str(indicator.year))
    return " – ".join(parts)
