"""The parts of a plan as data: name, title, what each says. The order is that of the document.

What a part says is plain values (`risk.content.part_values`), for whoever writes the plan: as PDF,
as text document, as page.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.content.part_chapters import exempt, figures, measures
from risk.content.part_consultation import consultation
from risk.content.part_index import glossary, index
from risk.content.part_objectives import objectives
from risk.content.part_own_chapters import own_chapters
from risk.content.part_programme import PROGRAMME_COLUMNS, programme
from risk.content.part_ranking import RANKING_COLUMNS, ranking
from risk.content.part_summary import summary
from risk.content.part_values import PartColumn, PartContent, PartSection
from risk.content.plan_facts import PlanFacts, without_codes

Sections = tuple[PartSection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """A part: `sections` are made of the facts of a plan, and `empty` is said where there are none.

    `introduction` stands before them, with where its links lead (`led`) wherever they do; `columns`
    can be chosen among, where it has any, and so can the codes of processes where it
    `names_processes`. One that `is_adopted` stands in the document
    of the adoption, which says it as it was. `holds` names the only field of a plan that is said.
    """

    name: str
    title: str | Promise
    empty: str | Promise
    sections: Callable[[PlanFacts], Sections]
    introduction: str | Promise = ""
    led: str | Promise = ""
    columns: tuple[PartColumn, ...] = ()
    names_processes: bool = False
    is_adopted: bool = False
    holds: str = ""

    def content(self, facts: PlanFacts, *, is_led: bool = True) -> PartContent:
        """Return what the part says of a plan; whether its links lead to sheets and annexes."""
        sections = self.sections(facts)
        said = [self.introduction] if sections else [self.empty]
        if sections and is_led:
            said.append(self.led)
        told = " ".join(str(one) for one in said if one)
        paragraphs = (told,) if told else ()
        return PartContent(self.name, str(self.title), paragraphs, sections)


PLAN_PARTS: dict[str, PlanPart] = {
    part.name: part
    for part in (
        PlanPart(
            name="capitoli",
            title=_("Il piano"),
            empty=_("Il piano non ha capitoli scritti."),
            sections=own_chapters,
            holds="chapters",
            is_adopted=True,
        ),
        PlanPart(
            name="sintesi",
            title=_("Sintesi per i cittadini"),
            introduction=_(
                "I processi in cui il rischio di corruzione è più alto: che cosa può "
                "succedere, che cosa si fa perché non succeda, entro quando e chi se ne occupa."
            ),
            led=_("Da ognuno si va alla scheda completa."),
            empty=_("Nessun processo è ancora descritto: la sintesi si farà da sola."),
            names_processes=True,
            sections=summary,
        ),
        PlanPart(
            name="obiettivi",
            title=_("Obiettivi del piano"),
            introduction=_(
                "Che cosa il piano vuole raggiungere: da dove si parte, che cosa ci si attende "
                "ogni anno e quali misure servono a ciascun obiettivo."
            ),
            empty=_("Il piano non ha obiettivi."),
            sections=objectives,
            holds="objectives",
        ),
        PlanPart(
            name="graduatoria",
            title=_("Graduatoria dei processi"),
            introduction=_(
                "Tutti i processi, dal rischio più alto: perché il livello è quello, le misure "
                "specifiche e che cosa resta da indicare."
            ),
            empty=_("Nessun processo è ancora descritto."),
            names_processes=True,
            sections=ranking,
            columns=RANKING_COLUMNS,
        ),
        PlanPart(
            name="programma",
            title=_("Programma delle misure"),
            introduction=_(
                "Che cosa si fa ed entro quando: prima tutto per scadenza, poi per chi ne risponde."
            ),
            empty=_("Nessuna misura è ancora programmata."),
            names_processes=True,
            sections=programme,
            columns=PROGRAMME_COLUMNS,
        ),
        PlanPart(
            name="esoneri",
            title=_("Uffici esonerati"),
            empty=_("Nessun ufficio è esonerato."),
            sections=exempt,
            holds="exempt",
            is_adopted=True,
        ),
        PlanPart(
            name="misure",
            title=_("Misure di tutto il piano"),
            empty=_("Il piano non ha misure che valgono per tutti gli uffici."),
            sections=measures,
            holds="measures",
            is_adopted=True,
        ),
        PlanPart(
            name="consultazione",
            title=_("Esiti della consultazione"),
            introduction=_(
                "I contributi arrivati sulla bozza del piano, senza il nome di chi li ha mandati: "
                "che cosa se n’è fatto, perché, e che cosa è cambiato nel piano."
            ),
            empty=_("Non sono arrivati contributi sulla bozza del piano."),
            sections=consultation,
            holds="contributions",
            is_adopted=True,
        ),
        PlanPart(
            name="quadro",
            title=_("Quadro dei rischi"),
            empty=_("Non c’è ancora niente da contare."),
            sections=figures,
            holds="figures",
            is_adopted=True,
        ),
        PlanPart(
            name="uffici-e-aree",
            title=_("Uffici e aree di rischio"),
            introduction=_("Gli uffici del piano, poi le aree di rischio con le loro schede."),
            led=_("Ogni ufficio porta al suo allegato, ogni numero alla sua scheda."),
            empty=_("Il piano non ha ancora alcun allegato."),
            names_processes=True,
            sections=index,
        ),
        PlanPart(
            name="glossario",
            title=_("Glossario, livelli e metodo"),
            empty=_("Il piano non usa ancora alcun livello."),
            sections=glossary,
        ),
    )
}
"""The parts by their name, in their order."""


ANNEXES = "allegati"
"""The word for the annexes among the parts: they stand behind all others."""
PART_NAMES = (*PLAN_PARTS, ANNEXES)
CODES = "codici"
"""The word for the codes of processes among the columns of a part."""


def _choices(part: PlanPart) -> dict[str, str | Promise]:
    """Return what can be left out of a part."""
    codes = {CODES: _("Codici dei processi")} if part.names_processes else {}
    return {one.name: one.title for one in part.columns if not one.is_fixed} | codes


COLUMNS: dict[str, str | Promise] = {
    f"{part.name}.{name}": title
    for part in PLAN_PARTS.values()
    for name, title in _choices(part).items()
}
"""The columns that can be left out, by the name of their part and their own; codes among them."""


def title_of(name: str) -> str:
    """Return the title of a part, the annexes among them."""
    return str(_("Allegati degli uffici") if name == ANNEXES else PLAN_PARTS[name].title)


def parts_of(
    facts: PlanFacts,
    *,
    names: Iterable[str] | None = None,
    left_out: Collection[str] = (),
    is_adopted: bool = False,
    is_led: bool = True,
) -> tuple[PartContent, ...]:
    """Return what parts say of a plan: those of some `names`, in this order; else all that do.

    Their tables go without the columns `left_out`. Of an adopted plan those that stand in the
    document of its adoption are not said again. Where links are words alone, or there are no
    annexes to lead to (`is_led` False), nobody is told that they lead somewhere.
    """
    chosen = PLAN_PARTS if names is None else [name for name in names if name != ANNEXES]
    told = (
        _without(PLAN_PARTS[name], facts, left_out, is_led=is_led)
        for name in chosen
        if not (is_adopted and PLAN_PARTS[name].is_adopted)
    )
    return tuple(part for part in told if names is not None or part.sections)


def _without(
    part: PlanPart, facts: PlanFacts, left_out: Collection[str], *, is_led: bool
) -> PartContent:
    told = without_codes(facts) if f"{part.name}.{CODES}" in left_out else facts
    content = part.content(told, is_led=is_led)
    columns = part.columns
    kept = {one.name for one in columns if f"{part.name}.{one.name}" not in left_out}
    return content.with_columns(kept) if len(kept) < len(columns) else content
