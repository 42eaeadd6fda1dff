"""What an annex still misses: a table of rules, and the list of Italian sentences they give.

The same list is shown on the page and obeyed by every step of the workflow. A rule blocks the steps
of the annex, or only warns; an open remark blocks the one step it was made for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext_lazy as _

from registry.models import Phase, Process
from risk.content.kept import KeptAnnex
from risk.content.reading import AnnexContent
from risk.enums import Verb
from risk.services.completeness import levels, limits, reconfirmation, remarks, rules, texts
from risk.services.completeness.missing import SHEET_PAGES, MissingPoint, Page, Rule, Severity

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
        code="copied-unread",
        page=Page.LIST,
        find=rules.nothing,
        sentence=_(
            "Processi copiati dall’edizione precedente e non ancora riconfermati: %(count)s, di "
            "cui da decidere uno per uno: %(caused)s."
        ),
        source=f"{_PNA}, par. 6.3 (riesame periodico)",
        weigh_all=reconfirmation.unread_copies,
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
        may_tell=levels.may_be_lowered,
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
    warns(
        code="measure-objective",
        page=Page.LIST,
        find=rules.specific_measure_without_objective,
        sentence=_("La misura «%(measure)s» non serve alcun obiettivo del piano."),
        source="Linee guida PIAO, sottosezione 2.3 (obiettivi, indicatori e valori attesi)",
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
    warns(
        code="measures-limit",
        page=Page.LIST,
        find=rules.nothing,
        sentence=_(
            "L’ufficio risponde di %(count)s misure del piano: l’amministrazione ne vuole al più "
            "%(limit)s."
        ),
        source=f"{_PNA}, par. 5 (sostenibilità delle misure)",
        weigh_all=limits.over_limit,
    ),
    warns(
        code="measures-limit-person",
        page=Page.LIST,
        find=rules.nothing,
        sentence=_(
            "%(person)s, con tutti gli uffici che dirige, risponde di %(count)s misure del piano: "
            "l’amministrazione ne vuole al più %(limit)s."
        ),
        source=f"{_PNA}, par. 5 (sostenibilità delle misure)",
        weigh_all=limits.people_over_limit,
    ),
)


_ORDER = {rule.code: n for n, rule in enumerate(RULES)}


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
    return sorted(points, key=order_of)


def order_of(point: MissingPoint) -> tuple[int, bool, int]:
    """Return where a point stands in the list: by process, what blocks first, as the rules are."""
    return point.place.position if point.place else 0, not point.blocks, _ORDER[point.rule.code]


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
