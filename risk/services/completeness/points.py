"""What an annex still misses: a table of rules, and the list of Italian sentences they give.

The same list is shown on the page and obeyed by every step of the workflow. A rule blocks the steps
of the annex, or only warns; an open remark blocks the one step it was made for.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Phase, Process
from risk.content.kept import Gap, KeptAnnex, KeptProcess
from risk.content.reading import AnnexContent
from risk.enums import Verb
from risk.services.completeness import levels, remarks, rules, texts


class Severity(StrEnum):
    """Whether a gap stops the annex, or only makes somebody look twice."""

    BLOCKS = "blocks"
    WARNS = "warns"


class Page(StrEnum):
    """The page that says a gap beside the place where it is mended, besides the list of all.

    It also says what a rule looks at: the rows that a process sheet reads, or the whole annex.
    """

    DESCRIPTION = "description"
    """The first part of the process sheet, which is saved by itself."""
    SHEET = "sheet"
    """The rows of the process sheet."""
    LIST = "list"
    """The list of all, alone."""


SHEET_PAGES = frozenset({Page.DESCRIPTION, Page.SHEET})


@dataclass(frozen=True)
class Rule:
    """One rule: `sentence` is Italian with %(name)s places, `source` the act that asks for it.

    `find` is given some processes where a process sheet says the gap, else their content, and looks
    at each by itself: what it finds is kept. `weigh`, where there is one, is given the annex and
    all that was found in its processes, and says what of it is missing now.
    """

    code: str
    severity: Severity
    page: Page
    find: Callable[..., Iterable[Gap]]
    sentence: str | Promise
    source: str
    weigh: Callable[[KeptAnnex, Sequence[Gap]], Iterable[Gap]] | None = None
    weigh_all: Callable[[Sequence[KeptAnnex], Sequence[Gap]], Iterable[tuple[int, Gap]]] | None = (
        None
    )
    """Instead of `weigh` where something is read from the database: of many annexes at once."""
    looks_for_words: bool = False
    """Whether `find` is given what is looked for in the texts as well."""

    def found(self, content: AnnexContent, words: texts.SoughtWords) -> Iterable[Gap]:
        """Return what the rule finds in processes as they were read."""
        if self.looks_for_words:
            return self.find(content, words)
        return self.find(content.processes if self.page in SHEET_PAGES else content)

    def gaps(self, annex: KeptAnnex) -> Iterator[Gap]:
        """Yield the gaps of one annex."""
        return (gap for _key, gap in self.gaps_of([annex]))

    def gaps_of(self, annexes: Sequence[KeptAnnex]) -> Iterator[tuple[int, Gap]]:
        """Yield the gaps of annexes, from what is kept of their processes, with the annex’s key.

        One query where the rule reads something else, of however many annexes.
        """
        if self.weigh_all is not None:
            found = [gap for annex in annexes for gap in annex.findings.get(self.code, ())]
            yield from self.weigh_all(annexes, found)
            return
        for annex in annexes:
            gaps = annex.findings.get(self.code, [])
            for gap in gaps if self.weigh is None else self.weigh(annex, gaps):
                yield annex.annex.pk, gap


@dataclass(frozen=True)
class MissingPoint:
    """One sentence of the list; `anchor` is where it is mended on the sheet of `process`.

    Of hundreds a page shows some: sentence and process are made for who asks.

    `verb` is the one step it stops, empty for every step that asks for a complete annex; `remark`
    is the uid of the remark it tells of, if it does.
    """

    rule: Rule
    gap: Gap

    @property
    def place(self) -> Process | KeptProcess | None:
        """The process it is found in, as the rule was given it: what it takes to know which."""
        return self.gap.process

    @cached_property
    def process(self) -> Process | None:
        place = self.place
        return place.process if isinstance(place, KeptProcess) else place

    @cached_property
    def sentence(self) -> str:
        # filled after gettext: a translation must be found before the values are in it
        return str(self.rule.sentence) % self.gap.values

    @property
    def anchor(self) -> str:
        return self.gap.anchor

    @property
    def verb(self) -> str:
        return self.gap.verb

    @property
    def remark(self) -> uuid.UUID | None:
        return self.gap.remark

    @property
    def full_sentence(self) -> str:
        """The sentence with its process: how it stands alone."""
        return f"{self.process.printed}: {self.sentence}" if self.process else self.sentence

    @property
    def blocks(self) -> bool:
        """Whether it stops the submission."""
        return self.stops(Verb.SUBMIT)

    def stops(self, verb: Verb) -> bool:
        """Return whether it stops one step."""
        return self.rule.severity is Severity.BLOCKS and self.verb in ("", verb)


blocks = partial(Rule, severity=Severity.BLOCKS)
warns = partial(Rule, severity=Severity.WARNS)

_PNA = "PNA 2019, All. 1"

RULES: tuple[Rule, ...] = (
    blocks(
        code="annex-empty",
        page=Page.LIST,
        find=rules.nothing,
        sentence=_("L’allegato non ha processi."),
        source=_PNA,
        weigh=rules.no_process,
    ),
    blocks(
        code="process-area",
        page=Page.DESCRIPTION,
        find=rules.no_risk_area,
        sentence=_("Manca l’area di rischio."),
        source="PNA 2019, All. 1, tabella 3",
    ),
    blocks(
        code="process-macroprocess",
        page=Page.DESCRIPTION,
        find=rules.no_macroprocess,
        sentence=_("Manca il macroprocesso."),
        source=_PNA,
    ),
    blocks(
        code="process-kind",
        page=Page.DESCRIPTION,
        find=rules.no_kind,
        sentence=_("Manca il tipo di processo."),
        source=_PNA,
    ),
    warns(
        code="process-phases",
        page=Page.SHEET,
        find=rules.no_phase,
        sentence=_("Il processo non è scomposto in fasi."),
        source=_PNA,
    ),
    warns(
        code="phase-executor",
        page=Page.SHEET,
        find=rules.phase_without_executor,
        sentence=_("La fase «%(phase)s» non ha un esecutore."),
        source=_PNA,
    ),
    blocks(
        code="presence-open",
        page=Page.DESCRIPTION,
        find=rules.risk_to_assess,
        sentence=_("La presenza del rischio è ancora da accertare."),
        source="PNA 2019, All. 1; testo finale dell’allegato",
    ),
    blocks(
        code="presence-reason",
        page=Page.DESCRIPTION,
        find=rules.absent_without_reason,
        sentence=_("Il rischio è assente, ma manca il motivo."),
        source=_PNA,
    ),
    blocks(
        code="presence-behaviour",
        page=Page.SHEET,
        find=rules.present_without_behaviour,
        sentence=_("Il rischio è presente, ma non è descritto alcun comportamento a rischio."),
        source=_PNA,
    ),
    blocks(
        code="behaviour-coverage",
        page=Page.SHEET,
        find=rules.behaviour_covers_nothing,
        sentence=_("Il comportamento «%(behaviour)s» non è legato ad alcuna fase o azione."),
        source="Testo finale dell’allegato",
    ),
    blocks(
        code="assessment-level",
        page=Page.LIST,
        find=rules.risk_without_level,
        sentence=_("Il rischio è presente, ma non è valutato."),
        source=_PNA,
    ),
    blocks(
        code="assessment-motivation",
        page=Page.LIST,
        find=rules.level_without_motivation,
        sentence=_("Il livello «%(level)s» è senza motivazione."),
        source=_PNA,
    ),
    blocks(
        code="motivation-copied",
        page=Page.LIST,
        find=rules.unread_copies,
        sentence=_(
            "Il giudizio di «%(subject)s» è copiato: motivazioni da rileggere e confermare: "
            "%(count)s."
        ),
        source=_PNA,
    ),
    # files bring one motivation for a whole assessment: old ones must not be stopped by this
    warns(
        code="rating-motivation",
        page=Page.LIST,
        find=rules.grade_without_motivation,
        sentence=_("La misura dell’indicatore «%(indicator)s» è senza motivazione."),
        source=_PNA,
    ),
    warns(
        code="motivation-repeated",
        page=Page.LIST,
        find=rules.every_motivation,
        sentence=_("La stessa motivazione è ripetuta in più processi (%(processes)s)."),
        source=_PNA,
        weigh=rules.repeated,
    ),
    warns(
        code="behaviour-repeated",
        page=Page.LIST,
        find=rules.every_behaviour,
        sentence=_("Lo stesso comportamento è ripetuto in più processi (%(processes)s)."),
        source=_PNA,
        weigh=rules.repeated,
    ),
    blocks(
        code="treatment-none",
        page=Page.LIST,
        find=rules.risk_without_measure,
        sentence=_("Il rischio è presente, ma non è prevista alcuna misura."),
        source=_PNA,
    ),
    warns(
        code="treatment-specific",
        page=Page.LIST,
        find=rules.high_level_without_specific_measure,
        sentence=_("Il livello è «%(level)s», ma non è prevista alcuna misura specifica."),
        source=_PNA,
    ),
    blocks(
        code="level-lowered",
        page=Page.LIST,
        find=levels.unexplained_levels,
        sentence=_(
            "Il livello di «%(subject)s» è sceso da «%(before)s» a «%(now)s», ma nessuna misura è "
            "prevista su questo processo o sulle sue parti."
        ),
        source="PNA 2019, All. 1, par. 4.2 (criterio di prudenza) e 4.3 (rischio residuo)",
        weigh_all=levels.lowered_without_measure,
    ),
    blocks(
        code="measure-responsible",
        page=Page.LIST,
        find=rules.measure_without_responsible,
        sentence=_("La misura «%(measure)s» non ha un responsabile."),
        source=_PNA,
        weigh=rules.once_a_measure,
    ),
    blocks(
        code="measure-term",
        page=Page.LIST,
        find=rules.measure_without_term,
        sentence=_("La misura «%(measure)s» non ha tempi di attuazione."),
        source=_PNA,
        weigh=rules.once_a_measure,
    ),
    blocks(
        code="measure-indicator",
        page=Page.LIST,
        find=rules.measure_without_indicator,
        sentence=_("La misura «%(measure)s» non ha un indicatore di attuazione."),
        source="PNA 2019, All. 1, tabella 5",
        weigh=rules.once_a_measure,
    ),
    blocks(
        code="remark-open",
        page=Page.LIST,
        find=rules.nothing,
        sentence=_("Osservazione aperta, blocca il passo «%(step)s»: «%(text)s»"),
        source="Osservazioni sull’allegato",
        weigh_all=remarks.open_remarks,
    ),
    warns(
        code="text-repealed",
        page=Page.LIST,
        find=texts.repealed_article,
        looks_for_words=True,
        sentence=_("È citato «%(reference)s», abrogato dal %(day)s. %(advice)s"),
        source="L. 190/2012, art. 1, c. 8 (aggiornamento annuale)",
        weigh=rules.once_a_measure,
    ),
    warns(
        code="text-person",
        page=Page.LIST,
        find=texts.person_named,
        looks_for_words=True,
        sentence=_("È scritto il nome di una persona («%(person)s»): indica il ruolo."),
        source="Reg. (UE) 2016/679, art. 5 (minimizzazione dei dati)",
        weigh=rules.once_a_measure,
    ),
)


def findings_in(
    content: AnnexContent, words: texts.SoughtWords
) -> dict[int, dict[str, list[tuple[str, dict]]]]:
    """Return what each rule finds in processes as they were read, by key and code: to be kept."""
    findings: dict[int, dict[str, list[tuple[str, dict]]]] = defaultdict(dict)
    for rule in RULES:
        for gap in rule.found(content, words):
            if gap.process is not None:
                of_process = findings[gap.process.pk].setdefault(rule.code, [])
                of_process.append((gap.anchor, gap.values))
    return findings


def missing_points(annex: KeptAnnex) -> list[MissingPoint]:
    """Return what an annex misses, in the order of its processes, what blocks first.

    One query for each rule that reads something else than the annex.
    """
    points = [MissingPoint(rule, gap) for rule in RULES for gap in rule.gaps(annex)]
    points.sort(key=lambda point: (point.place.position if point.place else 0, not point.blocks))
    return points


def blocking_points(annex: KeptAnnex, verb: Verb = Verb.SUBMIT) -> list[MissingPoint]:
    """Return only what stops one step of the annex, the submission unless said."""
    return [point for point in missing_points(annex) if point.stops(verb)]


def count_blocking(annexes: Sequence[KeptAnnex], verbs: Mapping[int, Verb]) -> Counter[int]:
    """Return by the key of each annex how many points stop the step it is asked about.

    As many queries for many annexes as for one; nothing is put into words.
    """
    counts: Counter[int] = Counter()
    for rule in RULES:
        if rule.severity is Severity.BLOCKS:
            for key, gap in rule.gaps_of(annexes):
                counts[key] += gap.verb in ("", verbs[key])
    return counts


def sheet_notes(process: Process, pages: Collection[Page] = SHEET_PAGES) -> dict[str, list[str]]:
    """Return the missing points said on the pages of a process, by the id of their place.

    The rows of the process are read; there is no query.
    """
    notes: dict[str, list[str]] = {}
    if process.is_retired:
        return notes
    for rule in RULES:
        if rule.page in pages:
            for gap in rule.find((process,)):
                notes.setdefault(gap.anchor, []).append(str(rule.sentence) % gap.values)
    return notes


def phase_notes(phase: Phase) -> list[str]:
    """Return what a phase misses, as its row on the sheet says it; at most one query."""
    if rules.has_executor(phase):
        return []
    rule = next(rule for rule in RULES if rule.find is rules.phase_without_executor)
    return [str(rule.sentence) % {"phase": phase.title}]
