"""What a list of changes of offices means for a plan and its body, and the change itself.

Offices that are not named stay as they are (docs/decisions/0077).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry import clock
from registry.enums import AliasKind
from registry.models import Administration, Alias, Office, Plan, Process
from registry.models.bodies import climb
from registry.normalise import fold
from registry.services.rows import store
from risk.services.plans.homes import Homes
from risk.services.plans.office_lines import (
    BY_NUMBER,
    CLOSED,
    MERGED,
    MOVED,
    RENAMED,
    SAME,
    SPLIT,
    ChangeLine,
    OfficesRefusedError,
    line_told,
    read_changes,
)

_FURTHEST = 10_000
"""Numbers in one range: no annex has as many processes."""
_WITHOUT_USE = {
    SAME: ("target", "name", "processes"),
    RENAMED: ("target", "processes"),
    MERGED: ("name", "processes"),
    SPLIT: ("name",),
    CLOSED: ("target", "name", "processes"),
    MOVED: ("processes",),
}
"""The parts of a line that its change has no use for: written, somebody meant another."""
Sorted = Mapping[Office, Sequence[tuple[ChangeLine, Office | None]]]
"""Lines by the office they are about, each with the office it names."""


@dataclass
class OfficeChanges:
    """What a list of changes means: where things go, and what becomes of the offices."""

    homes: Homes = field(default_factory=Homes)
    renamed: dict[Office, str] = field(default_factory=dict)
    moved: dict[Office, Office | None] = field(default_factory=dict)
    closed: dict[Office, str] = field(default_factory=dict)
    """With the reason."""
    instead: dict[Office, Office] = field(default_factory=dict)
    """The office that took the place of one."""
    told: tuple[str, ...] = ()
    """Each line as it goes on the trail."""


def changes_of(plan: Plan, text: str) -> OfficeChanges:
    """Return what a typed list of changes means for the offices of a plan.

    Raises `OfficesRefusedError`, a sentence for each line that is refused, or `ValidationError`
    for what is no line; statements do not grow with the lines.
    """
    lines = read_changes(text)
    return _ChangesReader(plan, lines).read() if lines else OfficeChanges()


class _ChangesReader:
    """One list being read; `wrong` are the sentences of what is refused."""

    def __init__(self, plan: Plan, lines: Sequence[ChangeLine]) -> None:
        self.lines, self.wrong = lines, list[tuple[ChangeLine, str]]()
        self.offices = list(Office.objects.filter(administration=plan.administration_id))
        self.named: dict[str, Office] = {}
        for row in sorted(self.offices, key=lambda row: not row.is_retired):
            # a code wins over a name, an office in use over one that is not
            self.named[row.folded] = row
        self.named |= {fold(row.code): row for row in self.offices}
        self.annexes = dict(plan.annexes.values_list("office_id", "pk"))
        self.live: dict[int, list[Process]] = defaultdict(list)
        if any(line.change == SPLIT for line in lines):
            live = Process.objects.filter(annex__plan=plan, retired_on__isnull=True)
            for process in live.select_related("annex").order_by("annex_id", "position"):
                self.live[process.annex.office_id].append(process)
        self.found = OfficeChanges()

    def read(self) -> OfficeChanges:
        of_office: dict[Office, list[tuple[ChangeLine, Office | None]]] = defaultdict(list)
        for line in self.lines:
            office, target = self._office(line, line.office), None
            if line.target:
                target = self._office(line, line.target)
            if office is not None and (target is not None or not line.target):
                of_office[office].append((line, target))
        for office, lines in of_office.items():
            for line, _target in lines:
                if any(getattr(line, name) for name in _WITHOUT_USE[line.change]):
                    self._refuse(line, _("hai scritto anche ciò che questo cambio non usa."))
            self._change(office, lines)
        if not self.wrong:
            self._check_together(of_office)
        if self.wrong:
            raise OfficesRefusedError(self.wrong)
        self.found.told = tuple(
            line_told(line, office, target)
            for office, lines in of_office.items()
            for line, target in lines
        )
        return self.found

    def _office(self, line: ChangeLine, text: str) -> Office | None:
        office = self.named.get(fold(text))
        if office is None:
            self._refuse(line, _("«%s» non è un ufficio di questa amministrazione.") % text)
        return office

    def _change(self, office: Office, lines: Sequence[tuple[ChangeLine, Office | None]]) -> None:
        (line, target), *more = lines
        if more and {one.change for one, _target in lines} != {SPLIT}:
            self._refuse(more[0][0], _("è già alla riga %(n)d.") % {"n": line.number})
        elif line.change == SPLIT:
            self._split(office, lines)
        elif line.change == MERGED:
            self._merge(line, office, target)
        elif line.change == CLOSED:
            if line.reason:
                self.found.closed[office] = line.reason
            else:
                self._refuse(line, _("un ufficio si chiude con il motivo."))
        elif line.change in (RENAMED, MOVED):
            self._keep(line, office, target)

    def _keep(self, line: ChangeLine, office: Office, target: Office | None) -> None:
        if line.change == RENAMED and not line.name:
            self._refuse(line, _("scrivi la nuova denominazione."))
        if line.name:
            self.found.renamed[office] = line.name
        if line.change == MOVED:
            self.found.moved[office] = target

    def _merge(self, line: ChangeLine, office: Office, target: Office | None) -> None:
        if target is None or target == office:
            self._refuse(line, _("scrivi in quale altro ufficio confluisce."))
        elif office.pk not in self.annexes:
            self._refuse(line, _("non ha un allegato in questo piano."))
        else:
            self.found.instead[office] = target
            reason = line.reason or _("Confluito in «%s».") % target
            self.found.closed[office] = reason

    def _split(self, office: Office, lines: Sequence[tuple[ChangeLine, Office | None]]) -> None:
        own = self.live[office.pk]
        if not own:
            self._refuse(lines[0][0], _("non ha processi da dividere."))
            return
        homes: dict[int, int] = {}
        targets: list[Office] = []
        for line, target in lines:
            if target is None:
                self._refuse(line, _("scrivi a quale ufficio vanno i processi."))
                continue
            targets.append(target)
            for process in self._named(line, own):
                if process.pk in homes:
                    self._refuse(line, _("il processo %s va già altrove.") % process.number)
                homes[process.pk] = target.pk
        left = [str(row.number) for row in own if row.pk not in homes]
        if left:
            sentence = _("restano senza ufficio i processi %s.") % ", ".join(left)
            self._refuse(lines[0][0], sentence)
        if len(set(targets)) != len(targets):
            self._refuse(lines[-1][0], _("due righe dividono verso lo stesso ufficio."))
        self._put_split(office, targets, homes, lines[0][0].reason)

    def _put_split(
        self, office: Office, targets: Sequence[Office], homes: Mapping[int, int], reason: str
    ) -> None:
        old = self.found.homes
        self.found.homes = Homes(
            processes={**old.processes, **homes}, split=old.split | {office.pk}
        )
        if office not in targets:
            names = ", ".join(f"«{one}»" for one in targets)
            self.found.closed[office] = reason or _("Diviso fra %s.") % names

    def _named(self, line: ChangeLine, own: Sequence[Process]) -> list[Process]:
        """Return the processes a line names by number, range of numbers or code."""
        by_number = {row.number: row for row in own}
        by_code = {fold(row.code): row for row in own if row.code}
        found = []
        for word in filter(None, (part.strip() for part in line.processes.split(","))):
            first, sign, last = word.removeprefix(BY_NUMBER).partition("-")
            if fold(word) in by_code:
                found.append(by_code[fold(word)])
            elif first.strip().isdecimal() and (not sign or last.strip().isdecimal()):
                begin, end = int(first), int(last if sign else first)
                numbers = range(begin, min(end, begin + _FURTHEST) + 1)
                rows = [by_number[number] for number in numbers if number in by_number]
                if not rows:
                    self._refuse(line, _("«%s» non è un suo processo.") % word)
                found += rows
            else:
                self._refuse(line, _("«%s» non è un suo processo.") % word)
        if not found:
            self._refuse(line, _("scrivi quali processi vanno a quell’ufficio."))
        return found

    def _check_together(self, of_office: Sorted) -> None:
        """Refuse what each line says well and all together do not."""
        closing = set(self.found.closed)
        for lines in of_office.values():
            for line, target in lines:
                if target is not None and (target in closing or target.is_retired):
                    self._refuse(line, _("«%s» si chiude, o non è più in uso.") % target)
        parents = {row.pk: row.parent_id for row in self.offices}
        parents |= {row.pk: up.pk if up else None for row, up in self.found.moved.items()}
        for office in self.found.moved:
            if office.pk in climb(parents[office.pk], parents):
                line = of_office[office][0][0]
                self._refuse(line, _("starebbe sotto sé stesso, o sotto uno che gli sta sotto."))
        self._check_names(of_office, closing)
        homes = self.found.homes
        self.found.homes = Homes(
            merged={row.pk: target.pk for row, target in self.found.instead.items()},
            processes=homes.processes,
            split=homes.split,
            closed=frozenset(
                row.pk
                for row in closing
                if row not in self.found.instead and row.pk not in homes.split
            ),
        )

    def _check_names(self, of_office: Sorted, closing: Iterable[Office]) -> None:
        renamed = self.found.renamed
        held = {
            row.folded
            for row in self.offices
            if not row.is_retired and row not in renamed and row not in closing
        }
        for office, name in renamed.items():
            if fold(name) in held:
                self._refuse(
                    of_office[office][0][0], _("un altro ufficio ha già questa denominazione.")
                )
            held.add(fold(name))

    def _refuse(self, line: ChangeLine, why: str) -> None:
        self.wrong.append((line, why))


def change_offices(*, body: Administration, changes: OfficeChanges) -> None:
    """Rename, move and close the offices of a body, inside an open act.

    Files that know an office by its name of before, or by that of one that was merged into it, find
    it by other spellings. Raises `ValidationError` where the database refuses.
    """
    # first what closes: its name may be another one’s by now
    for office, reason in changes.closed.items():
        if not office.is_retired:
            office.retired_on, office.retired_reason = clock.today(), reason
            store(office)
    for office in {**changes.renamed, **changes.moved}:
        name = changes.renamed.get(office, office.name)
        before, office.name = office.name, name
        if office in changes.moved:
            office.parent = changes.moved[office]
        store(office)
        if fold(before) != fold(name):
            _call(body, before, office)
    for office, target in changes.instead.items():
        for alias in Alias.objects.filter(kind=AliasKind.OFFICE, office=office):
            alias.office = target
            store(alias)
        _call(body, office.name, target)


def _call(body: Administration, text: str, office: Office) -> None:
    """Let an office be found by another spelling, unless that names one already."""
    known = Alias.objects.filter(administration=body, kind=AliasKind.OFFICE, folded=fold(text))
    if not known.exists():
        note = _("Si chiamava così nell’edizione di prima.")
        store(
            Alias(administration=body, kind=AliasKind.OFFICE, text=text, office=office, note=note)
        )
