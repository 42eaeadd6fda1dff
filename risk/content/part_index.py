"""The index of the offices and risk areas of a plan, and the words of its levels and methods."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.readable import grouped
from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_annex,
    to_process,
)
from risk.content.plan_facts import PlanFacts
from risk.content.values import Entry

_OFFICES = (
    PartColumn("ufficio", gettext_lazy("Ufficio"), is_fixed=True),
    PartColumn("responsabile", gettext_lazy("Responsabile"), is_fixed=True),
    PartColumn("quanti", gettext_lazy("Processi"), is_fixed=True),
    PartColumn("alti", gettext_lazy("Di rischio alto"), is_fixed=True),
)
COUNTED = frozenset({"quanti", "alti"})
"""Columns that count all processes of an office."""
_AREAS = (
    PartColumn("area", gettext_lazy("Area di rischio"), is_fixed=True),
    PartColumn("schede", gettext_lazy("Schede"), is_fixed=True),
)
WORDS = {
    gettext_lazy("Processo"): gettext_lazy(
        "Una sequenza di attività con cui l’ufficio arriva a un risultato: un’autorizzazione, un "
        "contratto, un controllo."
    ),
    gettext_lazy("Comportamento a rischio"): gettext_lazy(
        "Ciò che qualcuno potrebbe fare, in quel processo, per favorire sé o altri."
    ),
    gettext_lazy("Livello di rischio"): gettext_lazy(
        "Quanto è esposto il processo prima delle misure. È un giudizio, e la sua motivazione sta "
        "nella scheda; «derivato» vuol dire che è il più alto fra quelli dei comportamenti."
    ),
    gettext_lazy("Misura generale"): gettext_lazy(
        "Vale per tutta l’amministrazione o per più uffici: per esempio la formazione o il "
        "codice di comportamento."
    ),
    gettext_lazy("Misura specifica"): gettext_lazy(
        "È pensata per i rischi di uno o più processi determinati."
    ),
    gettext_lazy("RPCT"): gettext_lazy(
        "Il responsabile della prevenzione della corruzione e della trasparenza."
    ),
}
"""Words of the plan that a citizen may not know."""


def index(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the offices with their annexes, then the risk areas with their sheets."""
    if not facts.annexes:
        return ()
    return (_offices(facts), *_areas(facts))


def _offices(facts: PlanFacts) -> PartSection:
    rows = tuple(
        (
            PartCell(links=(PartLink(annex.office, to_annex(annex.uid)),)),
            PartCell((annex.head,)),
            PartCell((grouped(len(annex.processes)),)),
            PartCell((grouped(sum(one.is_high for one in annex.processes)),)),
        )
        for annex in facts.annexes
    )
    return PartSection(_("Uffici"), table=PartTable(_("Uffici"), _OFFICES, rows))


def _areas(facts: PlanFacts) -> tuple[PartSection, ...]:
    areas: dict[str, dict[str, list[PartLink]]] = {}
    for annex, process in facts.processes:
        offices = areas.setdefault(process.area, {})
        link = PartLink(_("n.\N{NO-BREAK SPACE}%s") % process.numbered, to_process(process.uid))
        offices.setdefault(annex.office, []).append(link)
    if not areas:
        return ()
    rows = []
    for area in sorted(areas, key=lambda name: (not name, name.casefold())):
        head = PartCell((area or _("senza area di rischio"),))
        for office, links in areas[area].items():
            rows.append((head, PartCell((office,), links=tuple(links))))
    title = _("Aree di rischio")
    return (PartSection(title, table=PartTable(title, _AREAS, tuple(rows))),)


def glossary(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the words of a plan, the levels it uses, the methods they come from."""
    if not any(annex.processes for annex in facts.annexes):
        return ()
    words = tuple(Entry(str(word), (str(meaning),)) for word, meaning in WORDS.items())
    return (PartSection(_("Parole"), entries=words), *_levels(facts), *_methods(facts))


def _levels(facts: PlanFacts) -> tuple[PartSection, ...]:
    counts = Counter(process.level.label for _annex, process in facts.ranked if process.level)
    if not counts:
        return ()
    entries = tuple(Entry(label, (_processes(count),)) for label, count in counts.items())
    told = _("I livelli usati nel piano, dal più grave.")
    return (PartSection(_("Livelli"), paragraphs=(told,), entries=entries),)


def _methods(facts: PlanFacts) -> tuple[PartSection, ...]:
    counts = Counter(method for _annex, process in facts.processes for method in process.methods)
    if not counts:
        return ()
    entries = tuple(Entry(name, (_processes(count),)) for name, count in counts.items())
    told = _("Come si è arrivati ai livelli: indicatori e valori stanno nella scheda.")
    return (PartSection(_("Metodo di valutazione"), paragraphs=(told,), entries=entries),)


def _processes(count: int) -> str:
    return ngettext("%(n)s processo", "%(n)s processi", count) % {"n": grouped(count)}
