"""What a plan still misses before it is proposed or adopted: a table of rules, as for the annex.

To add a rule, write its function here and its row in `PLAN_RULES`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registry.enums import AnnexState
from registry.models import Annex, Office, Plan, RiskArea
from registry.readable import grouped
from risk.enums import PlanVerb
from risk.models import Chapter, Contribution
from risk.services.completeness.missing import Severity
from risk.services.completeness.plan_loading import LoadedPlan, load_plan

MOST_POINTS = 12
"""So many of a rule are said one by one: as many as there are mandatory areas, and a few more."""
BOTH = frozenset({PlanVerb.PROPOSE, PlanVerb.ADOPT})
ADOPTION = frozenset({PlanVerb.ADOPT})


@dataclass(frozen=True)
class PlanGap:
    """One thing missing: what gives the address where it is mended, and the sentence's values."""

    address: Callable[[], str]
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanRule:
    """One rule: the steps it is asked before, and whether it stops them.

    `part` is the part of the plan's page that has all it finds.
    """

    code: str
    severity: Severity
    verbs: frozenset[PlanVerb]
    find: Callable[[LoadedPlan], Iterable[PlanGap]]
    sentence: str | Promise
    source: str
    part: str = "allegati"


@dataclass(frozen=True)
class PlanPoint:
    """One sentence of the list, and the address where it is mended."""

    rule: PlanRule
    sentence: str
    address: str

    @property
    def blocks(self) -> bool:
        return self.rule.severity is Severity.BLOCKS


def plan_page(plan: Plan, part: str = "") -> str:
    """Return the address of the plan's page, or of a part of it."""
    address = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    return f"{address}#{part}" if part else address


def no_annex(loaded: LoadedPlan) -> Iterable[PlanGap]:
    if not loaded.required_annexes:
        yield PlanGap(partial(plan_page, loaded.plan, "allegati"))


def office_without_annex(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for office in offices_without_annex(loaded):
        yield PlanGap(partial(plan_page, loaded.plan, "senza-allegato"), {"office": office.name})


def offices_without_annex(loaded: LoadedPlan) -> list[Office]:
    """Return the offices in use with no annex, neither theirs nor of an office above them."""
    covered = {row.office_id for row in loaded.annexes}
    parents = {row.pk: row.parent_id for row in loaded.offices}

    def is_covered(key: int | None) -> bool:
        seen: set[int] = set()
        while key is not None and key not in seen:
            if key in covered:
                return True
            seen.add(key)
            key = parents.get(key)
        return False

    return [row for row in loaded.offices if not is_covered(row.pk)]


def mandatory_area_unmapped(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for area in loaded.areas:
        yield PlanGap(partial(_list_of, loaded.plan, area), {"area": area.printed})


def _list_of(plan: Plan, area: RiskArea) -> str:
    address = reverse("risk:plan_processes", args=[plan.administration.ipa_code, plan.slug])
    return f"{address}?{urlencode({'area': area.code})}"


def annex_not_issued(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for annex in loaded.required_annexes:
        if annex.state != AnnexState.ISSUED:
            state = AnnexState(annex.state).said
            values = {"office": annex.printed_office_name, "state": state}
            yield PlanGap(partial(_way_of, annex), values)


def remark_open(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for annex in loaded.required_annexes:
        if annex.has_open_remarks and not annex.has_blocking_remarks:
            yield PlanGap(partial(_way_of, annex), {"office": annex.printed_office_name})


def remark_blocking(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for annex in loaded.required_annexes:
        if annex.has_blocking_remarks:
            yield PlanGap(partial(_way_of, annex), {"office": annex.printed_office_name})


def chapter_unread(loaded: LoadedPlan) -> Iterable[PlanGap]:
    # asked of an edition: one taken from elsewhere has no edition before
    if loaded.plan.origin_id is not None:
        yield from _of_chapters(loaded, lambda row: row.is_to_reread)


def chapter_unapproved(loaded: LoadedPlan) -> Iterable[PlanGap]:
    return _of_chapters(loaded, lambda row: row.blocks and not row.is_approved)


def chapter_remark_blocking(loaded: LoadedPlan) -> Iterable[PlanGap]:
    return _of_chapters(loaded, lambda row: row.has_blocking_remarks)


def chapter_remark_open(loaded: LoadedPlan) -> Iterable[PlanGap]:
    return _of_chapters(loaded, lambda row: row.has_open_remarks and not row.has_blocking_remarks)


def _of_chapters(loaded: LoadedPlan, which: Callable[[Chapter], bool]) -> Iterable[PlanGap]:
    for row in filter(which, loaded.chapters):
        yield PlanGap(partial(_chapter_page, loaded.plan, row), {"title": row.title})


def _chapter_page(plan: Plan, row: Chapter) -> str:
    return reverse("risk:plan_chapter", args=[plan.administration.ipa_code, plan.slug, row.uid])


def office_over_limit(loaded: LoadedPlan) -> Iterable[PlanGap]:
    limit = loaded.plan.administration.measures_limit
    for office, count in loaded.over_limit:
        values = {"office": office.name, "count": grouped(count), "limit": grouped(limit or 0)}
        yield PlanGap(partial(_weight_page, loaded.plan), values)


def person_over_limit(loaded: LoadedPlan) -> Iterable[PlanGap]:
    limit = loaded.plan.administration.measures_limit_person
    for one in loaded.people_over:
        values = {"person": one.name, "count": grouped(one.measures), "limit": grouped(limit or 0)}
        yield PlanGap(partial(_weight_page, loaded.plan), values)


def _weight_page(plan: Plan) -> str:
    return reverse("risk:plan_weight", args=[plan.administration.ipa_code, plan.slug])


def contribution_unanswered(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for row in loaded.unanswered:
        yield PlanGap(partial(_contribution_page, loaded.plan, row), {"number": row.number})


def _contribution_page(plan: Plan, row: Contribution) -> str:
    names = [plan.administration.ipa_code, plan.slug, row.uid]
    return reverse("risk:plan_contribution", args=names)


def proposal_undecided(loaded: LoadedPlan) -> Iterable[PlanGap]:
    for row in loaded.undecided:
        yield PlanGap(partial(_proposals_page, loaded.plan), {"measure": row.measure.label})


def review_undecided(loaded: LoadedPlan) -> Iterable[PlanGap]:
    if (review := loaded.undecided_review) is not None:
        yield PlanGap(partial(_proposals_page, loaded.plan), {"year": review.year})


def _proposals_page(plan: Plan) -> str:
    return reverse("risk:plan_proposals", args=[plan.administration.ipa_code, plan.slug])


def _way_of(annex: Annex) -> str:
    return reverse("risk:workflow", args=[annex.uid])


PLAN_RULES: tuple[PlanRule, ...] = (
    PlanRule(
        code="plan-empty",
        severity=Severity.BLOCKS,
        verbs=BOTH,
        find=no_annex,
        sentence=_("Il piano non ha allegati."),
        source="PNA 2019, All. 1",
    ),
    PlanRule(
        code="plan-annex-issued",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=annex_not_issued,
        sentence=_(
            "L’allegato di «%(office)s» è %(state)s: va emesso, oppure l’ufficio va esonerato."
        ),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-remark-blocking",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=remark_blocking,
        sentence=_("«%(office)s» ha osservazioni aperte che bloccano."),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-chapter-unread",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=chapter_unread,
        sentence=_(
            "Il capitolo «%(title)s» è quello dell’edizione precedente, parola per parola: va "
            "riletto e confermato, o cambiato."
        ),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-chapter-remark-blocking",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=chapter_remark_blocking,
        sentence=_("Il capitolo «%(title)s» ha osservazioni aperte che fermano l’adozione."),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-chapter-unapproved",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=chapter_unapproved,
        sentence=_(
            "Il capitolo «%(title)s» aspetta l’approvazione di chi non l’ha scritto per ultimo."
        ),
        source="Art. 16, comma 1, lett. l-bis), D.Lgs. 165/2001",
    ),
    PlanRule(
        code="plan-contribution-unanswered",
        severity=Severity.BLOCKS,
        verbs=ADOPTION,
        find=contribution_unanswered,
        sentence=_("Il contributo n. %(number)s alla consultazione aspetta un esito."),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-remark-open",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=remark_open,
        sentence=_("«%(office)s» ha osservazioni aperte."),
        source="PNA 2019, parte II",
    ),
    PlanRule(
        code="plan-chapter-remark-open",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=chapter_remark_open,
        sentence=_("Il capitolo «%(title)s» ha osservazioni aperte."),
        source="PNA 2019, parte II",
    ),
    # Not every body has all of them (a body that grants nothing has no area of grants): the law
    # asks to look there, so the RPCT is told and decides.
    PlanRule(
        code="plan-mandatory-area",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=mandatory_area_unmapped,
        sentence=_("Nessun processo nell’area obbligatoria «%(area)s»."),
        source="Art. 1, comma 16, L. 190/2012",
    ),
    PlanRule(
        code="plan-office-annex",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=office_without_annex,
        sentence=_("L’ufficio «%(office)s» non ha un allegato in questa edizione."),
        source="PNA 2019, All. 1",
        part="senza-allegato",
    ),
    PlanRule(
        code="plan-proposal-undecided",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=proposal_undecided,
        sentence=_(
            "Di «%(measure)s» l’edizione precedente propone un cambiamento: resta da dire se è "
            "accolto, e perché."
        ),
        source="PNA 2019, parte II (riesame)",
    ),
    PlanRule(
        code="plan-review-undecided",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=review_undecided,
        sentence=_("Su ciò che propone il riesame del %(year)s resta da decidere."),
        source="PNA 2019, parte II (riesame)",
    ),
    PlanRule(
        code="plan-measures-limit",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=office_over_limit,
        sentence=_(
            "L’ufficio «%(office)s» risponde di %(count)s misure: l’amministrazione ne vuole al "
            "più %(limit)s."
        ),
        source="PNA 2019, All. 1, par. 5 (sostenibilità delle misure)",
    ),
    PlanRule(
        code="plan-measures-limit-person",
        severity=Severity.WARNS,
        verbs=BOTH,
        find=person_over_limit,
        sentence=_(
            "%(person)s, con tutti gli uffici che dirige, risponde di %(count)s misure: "
            "l’amministrazione ne vuole al più %(limit)s."
        ),
        source="PNA 2019, All. 1, par. 5 (sostenibilità delle misure)",
    ),
)


_BLOCKING_FIRST = sorted(PLAN_RULES, key=lambda rule: rule.severity is not Severity.BLOCKS)


def plan_points(plan: Plan | LoadedPlan, *, verb: PlanVerb | None = None) -> list[PlanPoint]:
    """Return what a plan misses before a verb (before any, without one), what blocks first."""
    loaded: Any = plan if isinstance(plan, LoadedPlan) else load_plan(plan)
    return [
        _point(rule, gap)
        for rule in _BLOCKING_FIRST
        if verb is None or verb in rule.verbs
        for gap in rule.find(loaded)
    ]


def first_points(loaded: LoadedPlan, *, verb: PlanVerb | None = None) -> list[PlanPoint]:
    """Return the first `MOST_POINTS` of each rule, and after them how many more there are.

    Only those are made into sentences.
    """
    shown = []
    for rule in _BLOCKING_FIRST:
        if verb is not None and verb not in rule.verbs:
            continue
        gaps = list(rule.find(loaded))
        shown += [_point(rule, gap) for gap in gaps[:MOST_POINTS]]
        if (more := len(gaps) - MOST_POINTS) > 0:
            sentence = ngettext("… e %(n)s altro.", "… e altri %(n)s.", more) % {"n": grouped(more)}
            shown.append(PlanPoint(rule, sentence, plan_page(loaded.plan, rule.part)))
    return shown


def _point(rule: PlanRule, gap: PlanGap) -> PlanPoint:
    return PlanPoint(rule, str(rule.sentence) % gap.values, gap.address())
