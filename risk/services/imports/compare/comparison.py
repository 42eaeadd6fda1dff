"""What a file says beside what the register holds: rows to write, and why some cannot be."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from registry.enums import RiskPresence
from registry.models import Action, Annex, Phase, Process
from registry.normalise import fold
from registry.services.new_rows import new_row
from risk.models import Coverage, RiskBehaviour
from risk.services.imports.compare.assessments import AssessmentComparison
from risk.services.imports.compare.changes import ChangeSet, RowChange, made_or_none
from risk.services.imports.compare.emptied import EmptiedCells, MissingMeasures, named_above
from risk.services.imports.compare.lists import LISTS, ListComparison
from risk.services.imports.compare.matching import insert_behind, matched_rows
from risk.services.imports.compare.measures import MeasureComparison
from risk.services.imports.compare.register import Register, by_codes, by_folded
from risk.services.imports.ledger import Choice, Question, QuestionKind
from risk.services.imports.parse.parsed import FileRow
from risk.services.imports.resolve.resolved import (
    ResolvedBehaviour,
    ResolvedFile,
    ResolvedProcess,
    ResolvedStep,
)
from risk.services.imports.resolve.suggestions import NEW, are_unlike
from risk.workbooks.fields import MEASURES

Steps = dict[int, Phase | Action]
"""The row of each phase and action of the file, by the identity of what names it."""


class Comparison:
    """Compares one process of the file after the other, and fills the change set."""

    def __init__(
        self,
        register: Register,
        changes: ChangeSet,
        *,
        may_change: Callable[[Annex], bool],
        may_open: bool,
    ) -> None:
        self._register = register
        self._changes = changes
        self._may_change = may_change
        self._may_open = may_open
        self._has_actions = True
        self._above: Mapping[UUID, UUID] = {}
        self._emptied = EmptiedCells(changes)
        self._assessments = AssessmentComparison(register, changes, self._emptied)
        self._lists = ListComparison(register, changes)
        self._measures = MeasureComparison(register, changes)
        self._missing = MissingMeasures(register, changes)
        self._refused: set[int] = set()
        self._named: dict[int, dict[UUID, FileRow]] = defaultdict(dict)
        self._numbers: dict[int, set[int]] = {}
        self._last_number: dict[int, int] = {}
        self._largest: dict[int, int] = defaultdict(int)
        """The largest number the file says, by office: what is given anew is free on both sides."""
        self._places: dict[int, int] = {}
        self._by_uid: dict[int, dict[Any, Process]] = {}
        self._by_number: dict[int, dict[int, Process]] = {}
        self._by_title: dict[int, dict[str, Process]] = {}
        self._by_code: dict[int, dict[str, list[Process]]] = {}

    def compare(self, files: Sequence[ResolvedFile]) -> None:
        """Compare all processes of the files."""
        processes = [process for file in files for process in file.processes]
        self._changes.read_bases(self._register.rows(), _versions(processes))
        for process in processes:
            number = process.parsed.number or 0
            self._largest[process.office.pk] = max(self._largest[process.office.pk], number)
        for file in files:
            self._has_actions, self._above = "action" in file.fields, named_above(file.ids)
            self._missing.has_them = bool(file.ids and MEASURES.keys() & file.fields)
            for process in file.processes:
                annex = self._annex(process)
                if annex is not None:
                    self._process(process, annex)
        self._emptied.ask()
        self._missing.tell()
        for office, annex in self._register.annexes.items():
            if self._named[office]:
                for row in self._register.processes[annex.pk]:
                    if row.retired_on is None and row.uid not in self._named[office]:
                        told = RowChange("process", row.printed, annex.office.name)
                        self._changes.only_in_register.append(told)

    # annexes and processes

    def _annex(self, said: ResolvedProcess) -> Annex | None:
        office = said.office
        if office.pk in self._refused:
            return None
        annex = self._register.annexes.get(office.pk)
        if annex is not None and office.pk in self._places:
            return annex
        reason = ""
        if annex is None:
            if not self._may_open:
                reason = _("L’ufficio «%(office)s» non ha un allegato: lo apre il RPCT.")
            else:
                annex = Annex(plan=self._register.plan, office=office)
                self._changes.annexes.append(annex)
                self._register.annexes[office.pk] = annex
        elif not annex.is_open:
            reason = _("L’allegato di «%(office)s» non è aperto: non si può modificare.")
        elif not self._may_change(annex):
            reason = _("L’allegato di «%(office)s» non è fra quelli che puoi modificare.")
        if reason:
            self._refused.add(office.pk)
            self._changes.refuse(said, reason % {"office": office.name}, "office")
            return None
        if office.pk not in self._places:
            self._index(office.pk, annex)
        return annex

    def _index(self, office: int, annex: Annex) -> None:
        rows = self._register.processes[annex.pk] if annex.pk else []
        in_use = [row for row in rows if row.retired_on is None]
        self._numbers[office] = {row.number for row in rows}
        self._last_number[office] = max(self._numbers[office], default=0)
        self._places[office] = max((row.position for row in rows), default=0)
        self._by_uid[office] = {row.uid: row for row in in_use}
        self._by_number[office] = {row.number: row for row in in_use}
        self._by_title[office] = by_folded(in_use)
        self._by_code[office] = by_codes(in_use)

    def _process(self, said: ResolvedProcess, annex: Annex) -> None:
        row, is_known = self._found(said)
        if not is_known:
            return
        named = self._named[said.office.pk]
        is_new = row is None
        if row is None:
            row = self._new_process(said, annex)
        elif first := named.get(row.uid):
            reason = _(
                "Il processo «%(title)s» è scritto due volte nel file: la prima in "
                "«%(sheet)s», riga %(row)d."
            )
            told = {"title": said.parsed.title[:120], "sheet": first.sheet, "row": first.row}
            self._changes.refuse(said, reason % told, "process_title")
            return
        else:
            self._fields(row, said)
        named[row.uid] = said.parsed.row
        steps = self._steps(row, said, is_new)
        behaviours = self._behaviours(row, said, steps, is_new)
        self._measures.compare(row, said, annex, behaviours, is_new)
        if not is_new:
            self._missing.look(row, said, self._above_of(row, said))
        self._assessments.compare("process", row, said.assessment, said, is_new)
        self._assessments.compare_residual("process", row, said.residual, said, is_new)

    def _found(self, said: ResolvedProcess) -> tuple[Process | None, bool]:
        """Return the process meant, None for a new one; False while a person has to say which."""
        office, parsed = said.office.pk, said.parsed
        if parsed.uid and parsed.uid in self._by_uid[office]:
            return self._by_uid[office][parsed.uid], True
        same_number = self._by_number[office].get(parsed.number) if parsed.number else None
        same_title = self._by_title[office].get(fold(parsed.title))
        if same_number is not None and same_number.folded == fold(parsed.title):
            return same_number, True
        coded = self._by_code[office].get(fold(parsed.texts.get("code", "")), ())
        for row in coded:
            if row.folded == fold(parsed.title):
                return row, True
        if same_title is not None and not self._is_twin(same_title, said):
            return same_title, True
        if same_number is None:
            return None, True
        value = f"n. {parsed.number} {parsed.title}"
        answer = self._changes.ledger.answer(QuestionKind.PROCESS, value)
        if answer.get("new"):
            return None, True
        if answer.get("is") == str(same_number.uid):
            said.values["title"] = parsed.title
            return same_number, True
        self._changes.ledger.ask(
            Question(
                kind=QuestionKind.PROCESS,
                value=value,
                reason=_("Il numero %(number)d è già di «%(title)s»: è lo stesso processo?")
                % {"number": parsed.number, "title": same_number.title[:120]},
                suggestions=(Choice(str(same_number.uid), same_number.printed),),
                place=parsed.row.key,
                may_be_new=True,
                proposed=NEW if are_unlike(parsed.title, same_number.title) else "",
            ),
            parsed.row.cells["process_title"],
        )
        return None, False

    def _is_twin(self, row: Process, said: ResolvedProcess) -> bool:
        """Return whether the file says two processes of one title, told apart by their codes."""
        code = said.parsed.texts.get("code", "")
        is_named = row.uid in self._named[said.office.pk]
        return bool(is_named and code and row.code) and fold(code) != fold(row.code)

    def _new_process(self, said: ResolvedProcess, annex: Annex) -> Process:
        office, title = said.office.pk, said.parsed.title
        number = said.parsed.number
        if number is None or number in self._numbers[office]:
            number = max(self._last_number[office], self._largest[office]) + 1
        self._last_number[office] = max(self._last_number[office], number)
        self._numbers[office].add(number)
        self._places[office] += 1
        process = new_row(
            Process,
            annex=annex,
            position=self._places[office],
            number=number,
            title=title,
            **{name: made_or_none(value) for name, value in said.values.items()},
        )
        if said.behaviours:
            process.risk_presence = RiskPresence.PRESENT
        self._changes.create(process, said, process.printed)
        self._by_title[office].setdefault(fold(title), process)
        self._by_number[office].setdefault(number, process)
        if process.code:
            self._by_code[office].setdefault(fold(process.code), []).append(process)
        return process

    def _above_of(self, process: Process, said: ResolvedProcess) -> Process | None:
        """Return the process whose cells may have been merged with those of another."""
        return self._by_uid[said.office.pk].get(self._above.get(process.uid))

    def _fields(self, process: Process, said: ResolvedProcess) -> None:
        values = dict(said.values)
        if said.parsed.uid == process.uid:
            values.setdefault("title", said.parsed.title)
            self._emptied.keep_fields(process, said, values, self._above_of(process, said))
        is_risky = any(one.parsed.uid is None for one in said.behaviours)
        if is_risky and process.risk_presence == RiskPresence.TO_ASSESS:
            values["risk_presence"] = RiskPresence.PRESENT
        self._changes.settle(process, values, said.parsed, said, process.printed)

    # phases, actions, behaviours

    def _steps(self, process: Process, said: ResolvedProcess, is_new: bool) -> Steps:
        """Return the row of each phase and action named."""
        found: Steps = {}
        phases = [] if is_new else self._register.phases[process.id]
        matched = matched_rows(said.phases, phases)
        order = list(phases)
        before = None
        for one in said.phases:
            row = matched.get(id(one))
            if row is None:
                title = one.parsed.title
                row = new_row(Phase, process=process, title=title, **_executed(one))
                self._changes.create(row, said, title)
                insert_behind(row, order, before)
                own: list[Action] = []
            else:
                self._step(row, one, said)
                own = self._register.actions[row.id] if one.actions else []
            before = found[id(one.parsed)] = row
            if one.actions:
                found.update(self._actions(row, one, own, said))
        self._changes.place(order)
        return found

    def _actions(
        self, phase: Phase, step: ResolvedStep, rows: list[Action], said: ResolvedProcess
    ) -> Steps:
        found: Steps = {}
        matched = matched_rows(step.actions, rows)
        order = list(rows)
        before = None
        for one in step.actions:
            row = matched.get(id(one))
            if row is None:
                title = one.parsed.title
                row = new_row(Action, phase=phase, title=title, **_executed(one))
                self._changes.create(row, said, title)
                insert_behind(row, order, before)
            else:
                self._step(row, one, said)
            before = found[id(one.parsed)] = row
        self._changes.place(order)
        return found

    def _step(self, row: Phase | Action, step: ResolvedStep, said: ResolvedProcess) -> None:
        values = _executed(step)
        if step.executor == (None, None) and not self._emptied.clears_executor(row, step, said):
            values = {}
        if step.parsed.uid == row.uid:
            values["title"] = step.parsed.title
        self._changes.settle(row, values, step.parsed, said, row.title)

    def _behaviours(
        self, process: Process, said: ResolvedProcess, steps: Steps, is_new: bool
    ) -> dict[str, RiskBehaviour]:
        """Compare the behaviours of a process, and return the row of each by its folded text."""
        found: dict[str, RiskBehaviour] = {}
        rows = [] if is_new else self._register.behaviours[process.id]
        matched = matched_rows(said.behaviours, rows)
        place = max((row.position for row in rows), default=0)
        # most files say none of these
        are_judged = any(one.assessment or one.residual for one in said.behaviours)
        for one in said.behaviours:
            row = matched.get(id(one))
            fresh = row is None
            text = one.parsed.text
            if row is None:
                place += 1
                row = new_row(RiskBehaviour, process=process, position=place, text=text)
                self._changes.create(row, said, text)
                lists = [one.lists.get(name, []) for name in LISTS]
                if any(lists):
                    self._changes.linked.append((row, *lists))
            elif one.parsed.uid == row.uid:
                self._changes.settle(row, {"text": text}, one.parsed, said, row.text)
            if not fresh:
                self._lists.compare(row, one, said)
            self._cover(row, one, steps, said, fresh)
            if are_judged:
                self._assessments.compare("behaviour", row, one.assessment, said, fresh)
                self._assessments.compare_residual("behaviour", row, one.residual, said, fresh)
            found[fold(text)] = row
        return found

    def _cover(
        self,
        row: RiskBehaviour,
        one: ResolvedBehaviour,
        steps: Steps,
        said: ResolvedProcess,
        is_new: bool,
    ) -> None:
        covered = set() if is_new else self._register.covered[row.id]
        for name, parts in (("phase", one.parsed.phases), ("action", one.parsed.actions)):
            for part in parts:
                step = steps[id(part)]
                if is_new or step.id is None or not self._covers(covered, name, step.id):
                    label = f"{row.text[:80]} → {step.title[:80]}"
                    self._changes.tie(Coverage, ("behaviour", name), (row, step), said, label)

    def _covers(self, covered: set[tuple[str, int]], name: str, step: int) -> bool:
        """Whether a step is covered; without a column of actions theirs shows on their phase."""
        if (name, step) in covered:
            return True
        is_of_actions = name == "phase" and not self._has_actions
        return is_of_actions and any(
            ("action", action.id) in covered for action in self._register.actions[step]
        )


def _versions(processes: Iterable[ResolvedProcess]) -> dict[Any, int]:
    """Return the version of each row of ours the file names, by uid."""
    said: list[Any] = []
    for process in (one.parsed for one in processes):
        steps = [*process.phases, *(one for phase in process.phases for one in phase.actions)]
        behaviours = list(process.behaviours.values())
        judged = [process.assessment, *(one.assessment for one in behaviours)]
        said += [process, *steps, *behaviours, *filter(None, judged)]
    return {one.uid: one.version for one in said if one.version}


def _executed(step: ResolvedStep) -> dict[str, Any]:
    if step.executor is None:
        return {}
    role, office = step.executor or (None, None)
    return {"executor_role": made_or_none(role), "executor_office": made_or_none(office)}
