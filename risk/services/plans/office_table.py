"""The offices of a body beside what becomes of each in the next edition, as a page asks for it.

What was chosen so far is a text of lines (`risk.services.plans.office_lines`): a page shows some
offices of it, and what it gives back takes their place. Nothing is kept before the edition is made.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from registry.models import Office, Plan, Process, TrailRecord
from registry.normalise import fold, uids_in
from risk.services.plans.office_lines import (
    BY_NUMBER,
    SAME,
    SPLIT,
    WORDS,
    ChangeLine,
    read_changes,
    written,
)


@dataclass
class OfficeRow:
    """One office of before: what was chosen for it, and why that is refused."""

    office: Office
    processes: int
    """In use, in the plan."""
    has_annex: bool
    lines: list[ChangeLine] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def change(self) -> str:
        return self.lines[0].change if self.lines else SAME

    @property
    def target(self) -> str:
        """The office it names, as typed."""
        return next((line.target for line in self.lines if line.target), "")

    @property
    def name(self) -> str:
        return self.lines[0].name if self.lines else ""

    @property
    def reason(self) -> str:
        return self.lines[0].reason if self.lines else ""

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The offices a split one goes to, each with its processes, as far as somebody said."""
        return [
            (line.target, line.processes.replace(BY_NUMBER, "").strip())
            for line in self.lines
            if line.change == SPLIT and line.processes
        ]

    @property
    def is_to_split(self) -> bool:
        """Whether its processes have no office yet."""
        return bool(self.processes) and self.change == SPLIT and not self.parts


@dataclass(frozen=True)
class SplitProcess:
    """A process of an office that is split, and the office it goes to, as typed."""

    process: Process
    target: str
    errors: Sequence[str] = ()


def office_rows(plan: Plan, lines: Iterable[ChangeLine]) -> list[OfficeRow]:
    """Return the offices of a body that are in use or have an annex in a plan, by name.

    Two statements, whatever their number.
    """
    live = Count("annexes__processes", filter=_of(plan) & Q(annexes__processes__retired_on=None))
    offices = Office.objects.filter(administration=plan.administration_id)
    shown = offices.filter(Q(retired_on=None) | Q(pk__in=plan.annexes.values("office")))
    with_annex = set(plan.annexes.values_list("office_id", flat=True))
    rows = [
        OfficeRow(office, office.live, office.pk in with_annex)
        for office in shown.annotate(live=live).order_by("folded", "pk")
    ]
    named = {fold(row.office.name): row for row in rows}
    named |= {fold(row.office.code): row for row in rows}
    for line in lines:
        if row := named.get(fold(line.office)):
            row.lines.append(line)
    return rows


def _of(plan: Plan) -> Q:
    return Q(annexes__plan=plan)


def merged(text: str, posted: Mapping[str, str], rows: Sequence[OfficeRow]) -> str:
    """Return lines in which the offices a page showed are as it gives them back.

    `posted` are the fields of the page: «cambio-», «ufficio-», «nome-», «motivo-» and the code.
    """
    given = {row.office.code: row for row in rows if f"cambio-{row.office.code}" in posted}
    kept = [line for line in read_changes(text) if line.office not in given]
    made = [one for row in given.values() for one in _lines_of(row, posted)]
    return written([*kept, *made])


def _lines_of(row: OfficeRow, posted: Mapping[str, str]) -> list[ChangeLine]:
    code = row.office.code
    change = posted[f"cambio-{code}"]
    target, name, reason = (
        " ".join(posted.get(f"{part}-{code}", "").split()) for part in ("ufficio", "nome", "motivo")
    )
    change = change if change in WORDS else SAME
    if change == SAME and not (target or name or reason):
        return []
    if change == SPLIT and row.change == SPLIT and row.parts and target == row.target:
        # whoever goes on from here has divided them already
        return [
            ChangeLine(0, code, SPLIT, line.target, name, line.processes, reason)
            for line in row.lines
        ]
    return [ChangeLine(0, code, change, target, name, "", reason)]


def told_of(plan: Plan) -> list[str]:
    """Return what became of the offices of before when an edition was opened, as the trail has it.

    Two statements; none for a plan that is no copy.
    """
    if plan.origin_id is None:
        return []
    made = plan.history.filter(history_type="+").values_list("history_change_reason", flat=True)
    _kind, _sign, uid = (made.first() or "").partition(":")
    record = TrailRecord.objects.filter(uid__in=uids_in([uid])).only("detail").first()
    return list(record.detail.get("offices", ())) if record else []


def live_processes(plan: Plan, office: Office) -> list[Process]:
    """Return the processes of an office that is split, in their order; one statement."""
    rows = Process.objects.filter(annex__plan=plan, annex__office=office, retired_on=None)
    return list(rows.order_by("position").only("number", "code", "title"))


def split_rows(
    row: OfficeRow,
    processes: Sequence[Process],
    rows: Sequence[OfficeRow],
    typed: Mapping[str, str] | None = None,
) -> list[SplitProcess]:
    """Return the processes of an office with where each goes: typed, said before, or else where
    most of them go. `rows` are all offices one may name; another is refused beside its process."""
    said, known = _said_before(row), _names_of(rows)
    given = {one.number: (typed or {}).get(str(one.number)) for one in processes}
    targets = {
        one.number: said.get(one.number, row.target) if given[one.number] is None else text.strip()
        for one in processes
        for text in [given[one.number] or ""]
    }
    # by name or by code, and in whatever letters: one office is one way to go
    first: dict[int, str] = {}
    for number, target in targets.items():
        if office := known.get(fold(target)):
            targets[number] = first.setdefault(office, target)
    return [
        SplitProcess(one, target, _errors(target, known, is_given=typed is not None))
        for one in processes
        for target in [targets[one.number]]
    ]


def _names_of(rows: Sequence[OfficeRow]) -> dict[str, int]:
    """Return what each office may be called, code before name as where a line is read."""
    names = {fold(row.office.name): row.office.pk for row in rows}
    return names | {fold(row.office.code): row.office.pk for row in rows}


def _errors(target: str, known: Collection[str], *, is_given: bool) -> Sequence[str]:
    if not target:
        return (_("scrivi a quale ufficio va."),) if is_given else ()
    if fold(target) not in known:
        return (_("«%s» non è un ufficio di questa amministrazione.") % target,)
    return ()


def _said_before(row: OfficeRow) -> dict[int, str]:
    found: dict[int, str] = {}
    for line in row.lines:
        for word in line.processes.split(","):
            first, _sign, last = word.strip().removeprefix(BY_NUMBER).strip().partition("-")
            if first.isdecimal() and (last or first).isdecimal():
                end = min(int(last or first), int(first) + 10_000)
                found |= dict.fromkeys(range(int(first), end + 1), line.target)
    return found


def divided(text: str, row: OfficeRow, rows: Sequence[SplitProcess]) -> str:
    """Return lines in which an office is split as its page says; what is empty has no office."""
    homes: dict[str, list[int]] = defaultdict(list)
    for one in rows:
        if one.target:
            homes[" ".join(one.target.split())].append(one.process.number)
    code = row.office.code
    kept = [line for line in read_changes(text) if line.office != code]
    made = [
        ChangeLine(0, code, SPLIT, target, "", _numbers(numbers), row.reason)
        for target, numbers in homes.items()
    ]
    return written([*kept, *(made or [ChangeLine(0, code, SPLIT, "", "", "", row.reason)])])


def _numbers(numbers: Sequence[int]) -> str:
    """Return numbers as a line has them, those that follow each other as a range."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(
        f"{BY_NUMBER} {first}" + (f"-{last}" if last != first else "") for first, last in ranges
    )
