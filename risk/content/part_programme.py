"""The programme of the measures of a plan: by deadline, and by who answers for them."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.normalise import fold
from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_process,
)
from risk.content.plan_facts import AnnexFacts, MeasureFacts, PlanFacts, ProcessFacts, StepFacts

PROGRAMME_COLUMNS = (
    PartColumn("entro", gettext_lazy("Entro"), is_fixed=True),
    PartColumn("cosa", gettext_lazy("Che cosa si fa"), is_fixed=True),
    PartColumn("misura", gettext_lazy("Misura")),
    PartColumn("chi", gettext_lazy("Chi ne risponde")),
    PartColumn("dove", gettext_lazy("Dove")),
)


@dataclass(frozen=True, slots=True)
class _Reach:
    """A measure and the processes it reaches; a wide one reaches all of the plan."""

    measure: MeasureFacts
    is_wide: bool = False
    processes: list[tuple[AnnexFacts, ProcessFacts]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A step of a measure, or the measure itself while it has none."""

    due_on: datetime.date | None
    who: str
    cells: dict[str, PartCell]


def programme(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the steps of all measures by deadline, then a section for each who answers."""
    reaches = list(_reaches(facts))
    known = _answerers(facts, [reach.measure for reach in reaches])
    lines = [line for reach in reaches for line in _lines(reach, known)]
    if not lines:
        return ()
    lines.sort(key=lambda line: (line.due_on is None, line.due_on or datetime.date.max))
    groups = _answering(lines, [annex.office for annex in facts.annexes])
    return (
        _section(_("Per scadenza"), lines, without=""),
        *(
            _section(
                _("Risponde: %s") % (who or _("non ancora indicato")),
                own,
                # who it is in an office stands beside what they answer for
                without="" if _differ(own, who) else "chi",
            )
            for who, own in groups
        ),
    )


def _answerers(facts: PlanFacts, measures: list[MeasureFacts]) -> Callable[[str], bool]:
    """Return what tells whether words are somebody who answers for something in the plan.

    An office of it or somebody in one, or whoever is said elsewhere to answer, with their office.
    """
    steps = (step.responsible for measure in measures for step in measure.steps if step.due_on)
    said = {fold(one) for one in (*(measure.responsible for measure in measures), *steps)}
    offices = {fold(one.office) for one in (*facts.annexes, *facts.exempt)}
    offices |= {one.rpartition(", ")[2] for one in said}
    within = tuple(f", {office}" for office in offices if office)

    def is_known(words: str) -> bool:
        folded = fold(words)
        return folded in said or folded in offices or folded.endswith(within)

    return is_known


def _answering(lines: list[_Line], offices: Iterable[str]) -> list[tuple[str, list[_Line]]]:
    """Return the lines by who answers for them, those of nobody last.

    Two spellings of the same words are one; whoever of an office answers, it is that office.
    """
    known = sorted({fold(one): one for one in offices}.items(), key=lambda pair: -len(pair[0]))
    groups: dict[str, tuple[str, list[_Line]]] = {}
    for line in lines:
        key, name = fold(line.who), line.who
        for folded, office in known:
            if key == folded or key.endswith(f", {folded}"):
                key, name = folded, office
                break
        groups.setdefault(key, (name, []))[1].append(line)
    return [groups[key] for key in sorted(groups, key=lambda key: (not key, key))]


def _differ(lines: list[_Line], who: str) -> bool:
    return any(fold(line.who) != fold(who) for line in lines)


def _reaches(facts: PlanFacts) -> Iterable[_Reach]:
    found = {one.uid: _Reach(one, is_wide=True) for one in facts.wide}
    for annex, process in facts.processes:
        for measure in process.measures:
            reach = found.setdefault(measure.uid, _Reach(measure))
            reach.processes.append((annex, process))
    return found.values()


def _lines(reach: _Reach, known: Callable[[str], bool]) -> Iterator[_Line]:
    measure, where = reach.measure, _where(reach)
    none = StepFacts(_("fasi e tempi non ancora indicati"), None, measure.responsible)
    for step in (one.answered_by(known) for one in measure.steps or (none,)):
        # a day that is no end of a step stands in its words
        day = step.due_on.strftime("%d/%m/%Y") if step.due_on else _("senza data")
        yield _Line(
            due_on=step.due_on,
            who=step.responsible,
            cells={
                "entro": PartCell((day,)),
                "cosa": PartCell((step.said,)),
                "misura": PartCell((measure.title,)),
                "chi": PartCell((step.responsible,) if step.responsible else ()),
                "dove": where,
            },
        )


def _where(reach: _Reach) -> PartCell:
    if reach.is_wide:
        return PartCell((_("tutti gli uffici"),))
    by_annex: dict[str, list[tuple[AnnexFacts, ProcessFacts]]] = {}
    for annex, process in reach.processes:
        by_annex.setdefault(annex.uid, []).append((annex, process))
    annexes = [rows[0][0] for rows in by_annex.values()]
    links = [link for rows in by_annex.values() for link in _links(rows, reach.measure)]
    return PartCell(tuple(annex.office for annex in annexes), links=tuple(links))


def _links(
    rows: list[tuple[AnnexFacts, ProcessFacts]], measure: MeasureFacts
) -> Iterator[PartLink]:
    """Yield a link to each sheet; to the first alone, which programs it, where all are reached."""
    annex = rows[0][0]
    risky = sum(not one.is_without_risk for one in annex.processes)
    if len(rows) == risky > 1:
        first = rows[0][1]
        # one put on all of them may leave out a process without risk, which an office’s does not
        all_of_it = _("tutto l’ufficio, scheda n.\N{NO-BREAK SPACE}%s")
        each = _("tutti i processi a rischio, scheda n.\N{NO-BREAK SPACE}%s")
        told = (all_of_it if measure.is_of_office else each) % first.numbered
        yield PartLink(told, to_process(first.uid))
        return
    for _annex, process in rows:
        yield PartLink(_("n.\N{NO-BREAK SPACE}%s") % process.numbered, to_process(process.uid))


def _section(title: str, lines: Iterable[_Line], *, without: str) -> PartSection:
    columns = tuple(one for one in PROGRAMME_COLUMNS if one.name != without)
    rows = tuple(tuple(line.cells[one.name] for one in columns) for line in lines)
    return PartSection(title, table=PartTable(title, columns, rows))
