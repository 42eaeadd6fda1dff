"""Short entries of a sheet in shared lines, as paper has them: pure.

Most of what a measure is asked is answered in a word or two. Nothing is left out: each entry says
its label, the first of a line at its head and the others before what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from risk.content.values import Entry, SheetAssessment

LINE = 96
"""Characters that stand in one line beside a label, in the type of entries."""


@dataclass(frozen=True, slots=True)
class DatedAssessment(SheetAssessment):
    """An assessment whose day stands in its head; `dated` says it with its label."""

    dated: str = ""


def in_shared_lines(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries with neighbours that are short as a rule in one line, where it holds them.

    What such an entry lists stands in its line too. The last of a line is joined first, so that
    what is left alone is the first, which may well be long.
    """
    rows: list[Entry] = []
    groups = _groups()
    below = 0
    for entry in reversed(entries):
        text, group = _in_line(entry), groups.get(entry.label, 0)
        if not (group and 0 < len(text) <= LINE):
            rows.append(entry)
            below = 0
            continue
        if group == below:
            more = f"{text} · {small(rows[-1].word)}: {rows[-1].lines[0]}"
            if len(more) <= LINE:
                rows.pop()
                text = more
        rows.append(replace(entry, lines=(text,)))
        below = group
    return tuple(reversed(rows))


def with_day_in_head(assessment: SheetAssessment) -> SheetAssessment:
    """Return an assessment whose day stands in its head, one without a day as it is."""
    label = _("Data della valutazione")
    days = [entry for entry in assessment.entries if entry.label == label and entry.lines]
    if not days:
        return assessment
    return DatedAssessment(
        uid=assessment.uid,
        method=assessment.method,
        moment=assessment.moment,
        level=assessment.level,
        entries=tuple(entry for entry in assessment.entries if entry not in days),
        ratings=assessment.ratings,
        dated=f"{small(label)}: {days[0].lines[0]}",
    )


def small(label: str) -> str:
    """Return a label as it stands within a line."""
    return label[:1].lower() + label[1:]


def _groups() -> dict[str, int]:
    """Return the labels of what is short as a rule, by the group that may share a line."""
    groups = (
        (_("Tipo di processo"), _("Area di rischio")),
        (_("Procedimento amministrativo"), _("Digitalizzazione")),
        (_("Fasi e azioni interessate"),),
        (_("Categorie di evento rischioso"),),
        (_("Fattori abilitanti"),),
        (_("Obiettivo del piano"),),
        (_("Tipologia"), _("Ambito"), _("Stato di attuazione al 1° gennaio")),
        (_("Soggetto responsabile"), _("Monitoraggio")),
    )
    return {label: place for place, group in enumerate(groups, start=1) for label in group}


def _in_line(entry: Entry) -> str:
    """Return what an entry says in one line: how often before how, several kinds one by one."""
    mark = ": " if entry.label == _("Monitoraggio") else "; "
    return mark.join(entry.lines)
