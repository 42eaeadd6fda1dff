"""What a file says beside what the register holds: rows to write, and why some cannot be."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from registry.enums import RiskPresence
from registry.models import Action, Annex, Phase, Process
from registry.normalise import fold
from registry.services.bulk import new_row
from risk.enums import MeasureScope
from risk.models import Coverage, MeasureTarget, PlannedMeasure, RiskBehaviour
from risk.services.imports.judging import Judging
from risk.services.imports.noting import Noting, plain
from risk.services.imports.proposing import NEW, are_unlike
from risk.services.imports.register import Register, by_folded
from risk.services.imports.shapes import (
    Choice,
    Preview,
    Question,
    QuestionKind,
    RowChange,
)
from risk.services.imports.values import Values
from risk.services.imports.wanted import WantedBehaviour, WantedPhase, WantedProcess
from risk.services.imports.words import Words
from risk.workbooks.shapes import FileRow


class Comparing(Noting):
    """Compares one process of the file after the other, and fills the preview."""

    def __init__(
        self,
        *,
        preview: Preview,
        register: Register,
        values: Values,
        answers: Mapping[str, Any],
        may_change: Callable[[Annex], bool],
        may_open: bool,
        has_actions: bool = True,
    ) -> None:
        super().__init__(preview=preview, answers=answers)
        self.register = register
        self._may_change = may_change
        self._may_open = may_open
        self._has_actions = has_actions
        self._judging = Judging(self, values)
        self._words = Words(self)
        self._refused: set[int] = set()
        self._named: dict[int, dict[UUID, FileRow]] = defaultdict(dict)
        self._numbers: dict[int, set[int]] = {}
        self._last_number: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self._by_uid: dict[int, dict[Any, Process]] = {}
        self._by_number: dict[int, dict[int, Process]] = {}
        self._by_title: dict[int, dict[str, Process]] = {}

    def compare(self, processes: list[WantedProcess]) -> None:
        """Compare all processes of the file."""
        self.read_bases(self.register.rows(), _versions(processes))
        for wanted in processes:
            annex = self._annex(wanted)
            if annex is not None:
                self._process(wanted, annex)
        for office, annex in self.register.annexes.items():
            if self._named[office]:
                for process in self.register.processes[annex.pk]:
                    if process.retired_on is None and process.uid not in self._named[office]:
                        self.preview.only_in_register.append(
                            RowChange("process", process.printed, annex.office.name)
                        )

    # annexes and processes

    def _annex(self, wanted: WantedProcess) -> Annex | None:
        office = wanted.office
        if office.pk in self._refused:
            return None
        annex = self.register.annexes.get(office.pk)
        reason = ""
        if annex is None:
            if not self._may_open:
                reason = _("L’ufficio «%(office)s» non ha un allegato: lo apre il RPCT.")
            else:
                annex = Annex(plan=self.register.plan, office=office)
                self.writes.annexes.append(annex)
                self.register.annexes[office.pk] = annex
        elif not annex.is_open:
            reason = _("L’allegato di «%(office)s» non è aperto: non si può modificare.")
        elif not self._may_change(annex):
            reason = _("L’allegato di «%(office)s» non è fra quelli che puoi modificare.")
        if reason:
            self._refused.add(office.pk)
            self.refuse(wanted, reason % {"office": office.name}, "office")
            return None
        if office.pk not in self._places:
            self._index(office.pk, annex)
        return annex

    def _index(self, office: int, annex: Annex) -> None:
        rows = self.register.processes[annex.pk] if annex.pk else []
        in_use = [row for row in rows if row.retired_on is None]
        self._numbers[office] = {row.number for row in rows}
        self._last_number[office] = max(self._numbers[office], default=0)
        self._places[office] = max((row.position for row in rows), default=0)
        self._by_uid[office] = {row.uid: row for row in in_use}
        self._by_number[office] = {row.number: row for row in in_use}
        self._by_title[office] = by_folded(in_use)

    def _process(self, wanted: WantedProcess, annex: Annex) -> None:
        self.office = wanted.office.name
        process, is_known = self._found(wanted)
        if not is_known:
            return
        is_new = process is None
        if is_new:
            process = self._new_process(wanted, annex)
        elif first := self._named[wanted.office.pk].get(process.uid):
            self.refuse(
                wanted,
                _(
                    "Il processo «%(title)s» è scritto due volte nel file: la prima in "
                    "«%(sheet)s», riga %(row)d."
                )
                % {"title": wanted.title[:120], "sheet": first.sheet, "row": first.row},
                "process_title",
            )
            return
        self._named[wanted.office.pk][process.uid] = wanted.row
        if not is_new:
            self._fields(process, wanted)
        steps = self._steps(process, wanted, is_new)
        self._behaviours(process, wanted, steps, is_new)
        self._measures(process, wanted, annex, is_new)
        self._judging.judge("process", process, wanted.assessment, wanted, is_new)

    def _found(self, wanted: WantedProcess) -> tuple[Process | None, bool]:
        """Return the process meant, None for a new one; False while a person has to say which."""
        office = wanted.office.pk
        if wanted.uid and wanted.uid in self._by_uid[office]:
            return self._by_uid[office][wanted.uid], True
        same_number = self._by_number[office].get(wanted.number) if wanted.number else None
        same_title = self._by_title[office].get(fold(wanted.title))
        if same_number is not None and same_number.folded == fold(wanted.title):
            return same_number, True
        if same_title is not None:
            return same_title, True
        if same_number is None:
            return None, True
        value = f"n. {wanted.number} {wanted.title}"
        answer = self._answers.get(QuestionKind.PROCESS, {}).get(value, {})
        if answer.get("new"):
            return None, True
        if answer.get("is") == str(same_number.uid):
            wanted.values["title"] = wanted.title
            return same_number, True
        self.preview.questions.append(
            Question(
                kind=QuestionKind.PROCESS,
                value=value,
                reason=_("Il numero %(number)d è già di «%(title)s»: è lo stesso processo?")
                % {"number": wanted.number, "title": same_number.title[:120]},
                suggestions=(Choice(str(same_number.uid), same_number.printed),),
                place=wanted.row.key,
                may_be_new=True,
                proposed=NEW if are_unlike(wanted.title, same_number.title) else "",
            )
        )
        return None, False

    def _new_process(self, wanted: WantedProcess, annex: Annex) -> Process:
        office = wanted.office.pk
        number = wanted.number
        if number is None or number in self._numbers[office]:
            number = self._last_number[office] + 1
        self._last_number[office] = max(self._last_number[office], number)
        self._numbers[office].add(number)
        self._places[office] += 1
        process = new_row(
            Process,
            annex=annex,
            position=self._places[office],
            number=number,
            title=wanted.title,
            **{name: plain(value) for name, value in wanted.values.items()},
        )
        if wanted.behaviours:
            process.risk_presence = RiskPresence.PRESENT
        self.create(process, wanted, process.printed)
        self._by_title[office].setdefault(fold(wanted.title), process)
        self._by_number[office].setdefault(number, process)
        return process

    def _fields(self, process: Process, wanted: WantedProcess) -> None:
        values = dict(wanted.values)
        if wanted.uid == process.uid:
            values.setdefault("title", wanted.title)
        is_risky = any(said.uid is None for said in wanted.behaviours.values())
        if is_risky and process.risk_presence == RiskPresence.TO_ASSESS:
            values["risk_presence"] = RiskPresence.PRESENT
        self.settle(process, values, wanted, process.printed, process=wanted.title)

    # phases, actions, behaviours

    def _steps(
        self, process: Process, wanted: WantedProcess, is_new: bool
    ) -> dict[int, Phase | Action]:
        """Return the row of each phase and action named, by the identity of what names it."""
        found: dict[int, Phase | Action] = {}
        phases = [] if is_new else self.register.phases[process.pk]
        matched = self._match(wanted.phases, phases)
        order = list(phases)
        before = None
        for said in wanted.phases:
            row = matched.get(id(said))
            if row is None:
                row = new_row(Phase, process=process, title=said.title, **_executed(said))
                self.create(row, wanted, said.title)
                _insert(row, order, before)
                own: list[Action] = []
            else:
                self._step(row, said, wanted)
                own = self.register.actions[row.pk]
            before = found[id(said)] = row
            found.update(self._actions(row, said, own, wanted))
        self.place(order)
        return found

    def _actions(
        self, phase: Phase, said: WantedPhase, rows: list[Action], wanted: WantedProcess
    ) -> dict[int, Phase | Action]:
        found: dict[int, Phase | Action] = {}
        matched = self._match(said.actions, rows)
        order = list(rows)
        before = None
        for one in said.actions:
            row = matched.get(id(one))
            if row is None:
                row = new_row(Action, phase=phase, title=one.title, **_executed(one))
                self.create(row, wanted, one.title)
                _insert(row, order, before)
            else:
                self._step(row, one, wanted)
            before = found[id(one)] = row
        self.place(order)
        return found

    def _step(self, row: Phase | Action, said: WantedPhase, wanted: WantedProcess) -> None:
        values: dict[str, Any] = _executed(said) if said.executor is not None else {}
        if said.uid == row.uid:
            values["title"] = said.title
        self.settle(row, values, said, row.title, process=wanted.title)

    def _match(self, wanted: list[Any], rows: list[Any]) -> dict[int, Any]:
        """Return the row of each thing wanted, by its identity: by uid, then by words."""
        by_uid = {row.uid: row for row in rows}
        free = defaultdict(list)
        found = {id(one): by_uid[one.uid] for one in wanted if one.uid in by_uid}
        taken = {row.pk for row in found.values()}
        for row in rows:
            if row.pk not in taken:
                free[row.folded].append(row)
        for one in wanted:
            text = fold(getattr(one, "title", None) or one.text)
            if id(one) not in found and free[text]:
                found[id(one)] = free[text].pop(0)
        return found

    def _behaviours(
        self,
        process: Process,
        wanted: WantedProcess,
        steps: dict[int, Phase | Action],
        is_new: bool,
    ) -> None:
        rows = [] if is_new else self.register.behaviours[process.pk]
        matched = self._match(list(wanted.behaviours.values()), rows)
        place = max((row.position for row in rows), default=0)
        for said in wanted.behaviours.values():
            row = matched.get(id(said))
            fresh = row is None
            if row is None:
                place += 1
                row = new_row(RiskBehaviour, process=process, position=place, text=said.text)
                self.create(row, wanted, said.text)
                if said.categories or said.factors:
                    self.writes.lists.append((row, said.categories, said.factors))
            elif said.uid == row.uid:
                self.settle(row, {"text": said.text}, said, row.text, process=wanted.title)
            if not fresh:
                self._words.compare(row, said, wanted.title)
            self._cover(row, said, steps, wanted, fresh)
            self._judging.judge("behaviour", row, said.assessment, wanted, fresh)

    def _cover(
        self,
        row: RiskBehaviour,
        said: WantedBehaviour,
        steps: dict[int, Phase | Action],
        wanted: WantedProcess,
        is_new: bool,
    ) -> None:
        covered = set() if is_new else self.register.covered[row.pk]
        for name, parts in (("phase", said.phases), ("action", said.actions)):
            for part in parts:
                step = steps[id(part)]
                if step.pk is None or not self._covers(covered, name, step.pk):
                    label = f"{row.text[:80]} → {step.title[:80]}"
                    self.create(new_row(Coverage, behaviour=row, **{name: step}), wanted, label)

    def _covers(self, covered: set[tuple[str, int]], name: str, step: int) -> bool:
        """Whether a step is covered; without a column of actions theirs shows on their phase."""
        if (name, step) in covered:
            return True
        is_of_actions = name == "phase" and not self._has_actions
        return is_of_actions and any(
            ("action", action.pk) in covered for action in self.register.actions[step]
        )

    def _measures(
        self, process: Process, wanted: WantedProcess, annex: Annex, is_new: bool
    ) -> None:
        for measure in wanted.measures:
            known = getattr(measure, "pk", None)
            if known and self.register.has_measure(annex, None if is_new else process, known):
                continue
            key = (annex.pk or -wanted.office.pk, known or measure)
            planned = self.register.programmed.get(key)
            if planned is None:
                self.register.last_place[key[0]] += 1
                planned = PlannedMeasure(
                    plan=self.register.plan,
                    annex=annex,
                    scope=MeasureScope.PROCESSES,
                    position=self.register.last_place[key[0]],
                )
                if isinstance(measure, Model):
                    planned.measure = measure
                self.register.programmed[key] = planned
                self.create(planned, wanted, getattr(measure, "text", "") or str(measure))
            target = new_row(MeasureTarget, planned_measure=planned, process=process)
            self.create(target, wanted, process.printed)


def _insert(row: Any, order: list[Any], before: Any) -> None:
    """Put a new row after the one before it in the file; first when there is none."""
    if order and order[-1] is before:
        order.append(row)
    else:
        order.insert(order.index(before) + 1 if before is not None else 0, row)


def _versions(processes: list[WantedProcess]) -> dict[Any, int]:
    """Return the version of each row of ours the file names, by uid."""
    said: list[Any] = []
    for process in processes:
        steps = [*process.phases, *(one for phase in process.phases for one in phase.actions)]
        behaviours = list(process.behaviours.values())
        judged = [process.assessment, *(one.assessment for one in behaviours)]
        said += [process, *steps, *behaviours, *filter(None, judged)]
    return {one.uid: one.version for one in said if one.version}


def _executed(said: WantedPhase) -> dict[str, Any]:
    role, office = said.executor or (None, None)
    return {"executor_role": plain(role), "executor_office": plain(office)}
