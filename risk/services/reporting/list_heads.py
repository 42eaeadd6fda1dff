"""By what the heads of the lists of the risk room sort (`registry.services.sorting`)."""

from collections.abc import Iterable

from django.db.models import Case, OuterRef, Subquery

from registry.enums import AnnexState, PlanState, ProcessKind, RiskPresence
from registry.services.sorting import Heads, in_order_of, text_of
from risk.enums import (
    DerivedOutcome,
    ImportState,
    MeasureCharacter,
    MeasureScope,
    PlanVerb,
    StartState,
    Verb,
)
from risk.judgements import SuitabilityJudgement
from risk.models import EventCategory, Level

ANNEX_STATES = (
    *(AnnexState.DRAFT, AnnexState.RETURNED, AnnexState.SUBMITTED),
    *(AnnexState.APPROVED, AnnexState.VALIDATED, AnnexState.ISSUED),
)
"""The states of an annex in the order of its way."""

EXECUTED: Heads = {
    "processo": ("number", "folded"),
    "ufficio": ("annex__office__folded",),
    "piano": ("annex__plan__folded",),
}
IMPORTS: Heads = {
    "file": ("filename",),
    "quando": ("at",),
    "chi": ("by__last_name", "by__first_name"),
    "ufficio": ("office__folded",),
    "stato": (in_order_of("state", ImportState.values),),
}
LIBRARY: Heads = {
    "processo": ("folded",),
    "area": ("risk_area__code", "risk_area__folded"),
    "tipo": (in_order_of("kind", ProcessKind.values),),
    "fasi": ("phase_count",),
    "comportamenti": ("behaviour_count",),
    "proprietario": ("administration__folded",),
}
BEHAVIOURS: Heads = {
    "ufficio": ("process__annex__office__folded",),
    "processo": ("process__number", "process__folded"),
    "comportamento": ("folded",),
    "categorie": (
        Subquery(
            EventCategory.objects.filter(behaviours=OuterRef("pk"))
            .order_by("folded")
            .values("folded")[:1]
        ),
    ),
}
MEASURES: Heads = {
    "misura": ("measure__folded",),
    "carattere": (in_order_of("measure__character", MeasureCharacter.values),),
    "ufficio": ("annex__office__folded",),
    "ambito": (in_order_of("scope", MeasureScope.values),),
    "responsabile": ("responsible_role__folded", "responsible_office__folded"),
    "stato": (in_order_of("start_state", StartState.values),),
    "scadenza": ("next_on",),
}
ANSWERED: Heads = {"piano": ("plan__first_year", "plan__title"), **MEASURES}
SUITABILITIES: Heads = {
    "misura": ("measure__folded",),
    "ufficio": ("annex__office__folded",),
    "esito": (in_order_of("outcome", DerivedOutcome.values),),
    "idoneita": (in_order_of("judgement", SuitabilityJudgement.values),),
}
ROUND: Heads = {
    "ufficio": ("folded",),
    "misure": ("measures",),
    "da_compilare": ("to_answer",),
    "restituite": ("returned",),
    "compilate": ("answered",),
    "confermate": ("confirmed",),
    "verificate": ("verified",),
}
TRANSITIONS: Heads = {
    "quando": ("at",),
    "passo": (in_order_of("verb", Verb.values),),
    "da": (in_order_of("from_state", ANNEX_STATES),),
    "a": (in_order_of("to_state", ANNEX_STATES),),
    "chi": ("by__last_name", "by__first_name"),
    "motivo": (text_of("reason"),),
}
PLAN_TRANSITIONS: Heads = {
    **TRANSITIONS,
    "passo": (in_order_of("verb", PlanVerb.values),),
    "da": (in_order_of("from_state", PlanState.values),),
    "a": (in_order_of("to_state", PlanState.values),),
}


def process_heads(levels: Iterable[Level]) -> Heads:
    """Return the heads of the processes of a plan; the rows come from `with_level`."""
    return {
        "ufficio": ("annex__office__folded",),
        "processo": ("number", "folded"),
        "area": ("risk_area__code", "risk_area__folded"),
        "macroprocesso": ("macroprocess__function__folded", "macroprocess__folded"),
        "rischio": (in_order_of("risk_presence", RiskPresence.values),),
        "livello": (_by_level(levels),),
    }


def map_heads(levels: Iterable[Level]) -> Heads:
    """Return the heads of the map of an annex; the rows come from `with_level`."""
    return {
        "numero": ("number",),
        "processo": ("folded",),
        "tipo": (in_order_of("kind", ProcessKind.values),),
        "macroprocesso": ("macroprocess__folded",),
        "area": ("risk_area__code", "risk_area__folded"),
        "rischio": (in_order_of("risk_presence", RiskPresence.values),),
        "livello": (_by_level(levels),),
        "funzione": ("macroprocess__function__folded",),
    }


def _by_level(levels: Iterable[Level]) -> Case:
    """Return the place of the level of a row: the lightest first."""
    return in_order_of(
        "level_id", [level.pk for level in sorted(levels, key=lambda one: one.ordinal)]
    )
