"""The summary for citizens: the high risks of a plan in plain words."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.readable import grouped
from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_process,
)
from risk.content.plan_facts import AnnexFacts, MeasureFacts, PlanFacts, ProcessFacts
from risk.content.typography import capital
from risk.content.values import Entry, LevelLabel
from risk.enums import Tone


def summary(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return how many processes have which level, what is done everywhere, then each high risk."""
    if not any(annex.processes for annex in facts.annexes):
        return ()
    wide = {one.uid for one in facts.wide}
    high = [pair for pair in facts.ranked if pair[1].is_high]
    return (
        _counts(facts, len(high)),
        *((_everywhere(facts),) if facts.wide else ()),
        *(_risk(annex, process, wide) for annex, process in high),
    )


def _counts(facts: PlanFacts, high: int) -> PartSection:
    counts: Counter[tuple[str, LevelLabel | None]] = Counter()
    for _annex, process in facts.ranked:
        level = process.level and LevelLabel(process.level.label, process.level.tone)
        word = _("rischio assente") if process.is_without_risk else _("non ancora valutati")
        counts["" if level else word, level] += 1
    total = counts.total()
    sentence = ngettext(
        "L’amministrazione ha descritto %(n)s processo.",
        "L’amministrazione ha descritto %(n)s processi.",
        total,
    ) % {"n": grouped(total)}
    told = ngettext(
        "%(n)s ha un livello di rischio alto.", "%(n)s hanno un livello di rischio alto.", high
    ) % {"n": grouped(high)}
    if not high:
        told = _nobody(facts)
    columns = (
        PartColumn("livello", _("Livello di rischio"), is_fixed=True),
        PartColumn("processi", _("Processi"), is_fixed=True),
    )
    rows = tuple(
        (PartCell((capital(word),) if word else (), level=level), PartCell((grouped(count),)))
        for (word, level), count in counts.items()
    )
    title = _("Quanti sono i rischi")
    return PartSection(
        title, paragraphs=(f"{sentence} {told}",), table=PartTable(title, columns, rows)
    )


def _nobody(facts: PlanFacts) -> str:
    """Return that no level is high; where no method says which are, that."""
    levels = [process.level for _annex, process in facts.processes if process.level]
    if levels and all(level.tone == Tone.NEUTRAL for level in levels):
        return _(
            "Il metodo usato non dice quali livelli sono alti: la graduatoria ha tutti i processi."
        )
    return _("Nessuno ha un livello di rischio alto.")


def _everywhere(facts: PlanFacts) -> PartSection:
    lines = tuple(_what(one) for one in facts.wide)
    return PartSection(
        _("Che cosa si fa in tutti gli uffici"),
        paragraphs=(_("Queste misure valgono ovunque, e le schede le ripetono."), *lines),
    )


def _risk(annex: AnnexFacts, process: ProcessFacts, wide: set[str]) -> PartSection:
    own = [one for one in process.measures if one.uid not in wide]
    specific = [one for one in own if one.is_specific] or own
    if specific:
        done = tuple(_what(one) for one in specific)
    elif process.measures:
        done = (_("Le misure di tutti gli uffici."),)
    else:
        done = (_("Le misure non sono ancora indicate."),)
    also = "; ".join(one.title for one in own if one not in specific)
    entries = [
        Entry(_("Ufficio"), (annex.office,)),
        Entry(_("Che cosa può succedere"), process.behaviours or (_("Non ancora descritto."),)),
        Entry(_("Che cosa si fa"), done),
    ]
    if also:
        entries.append(Entry(_("Valgono anche"), (also,)))
    return PartSection(
        title=process.title,
        link=PartLink(_("Scheda n. %s") % process.numbered, to_process(process.uid)),
        level=process.level,
        entries=tuple(entries),
    )


def _what(measure: MeasureFacts) -> str:
    """Return what is done, by when and by whom, as one sentence."""
    said = measure.title.rstrip(".")
    if measure.due_on:
        said = _("%(what)s, entro il %(day)s") % {
            "what": said,
            "day": measure.due_on.strftime("%d/%m/%Y"),
        }
    elif measure.steps:
        said = f"{said}: {'; '.join(one.said.rstrip('.') for one in measure.steps)}"
    else:
        said = _("%s, senza ancora una data") % said
    if measure.responsible:
        return _("%(what)s. Se ne occupa: %(who)s.") % {"what": said, "who": measure.responsible}
    return _("%s. Chi se ne occupa non è ancora indicato.") % said
