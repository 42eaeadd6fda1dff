"""How far the parts of a process have come: what the bar above its sheet marks."""

from collections.abc import Collection, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.enums import RiskPresence
from registry.models import Process
from risk.enums import MeasureCharacter, Moment
from risk.models import Assessment, MeasureTarget

_PART_OF = {
    "presenza": "descrizione",
    "fase": "fasi",
    "azione": "fasi",
    "comportamento": "comportamenti",
}
"""The part of the sheet a place is in, by the first word of its id; any other is a part itself."""


def with_ends(rows: QuerySet[Process]) -> QuerySet[Process]:
    """Return processes with `level_label`, by the default method, `is_judged` and `is_treated`.

    The level is that of the process, else the highest of its behaviours (`risk.content.levels`). A
    process is judged that has one, and no level or grade without its motivation; it is treated
    that has a measure of its own, and a specific one where a level asks for it.
    """
    judged = Assessment.objects.filter(
        method__plan_methods__plan=OuterRef("annex__plan"),
        method__plan_methods__is_default=True,
        moment=Moment.INHERENT,
        level__isnull=False,
    ).order_by("-level__ordinal")
    own = judged.filter(process=OuterRef("pk")).values("level__label")[:1]
    highest = judged.filter(behaviour__process=OuterRef("pk")).values("level__label")[:1]
    measures = MeasureTarget.objects.order_by().filter(
        Q(process=OuterRef("pk"))
        | Q(phase__process=OuterRef("pk"))
        | Q(action__phase__process=OuterRef("pk"))
        | Q(behaviour__process=OuterRef("pk"))
    )
    of_process = Q(process=OuterRef("pk")) | Q(behaviour__process=OuterRef("pk"))
    of_it = Assessment.objects.order_by().filter(of_process)
    unsaid = Q(level__isnull=False, motivation="") | Q(
        ratings__level__isnull=False, ratings__motivation=""
    )
    specific = measures.filter(planned_measure__measure__character=MeasureCharacter.SPECIFIC)
    pressing = of_it.filter(moment=Moment.INHERENT, level__needs_specific_measure=True)
    return rows.annotate(
        level_label=Coalesce(Subquery(own), Subquery(highest)),
        is_judged=Q(level_label__isnull=False) & ~Q(Exists(of_it.filter(unsaid))),
        is_treated=Q(Exists(measures)) & (~Q(Exists(pressing)) | Q(Exists(specific))),
    )


def done_parts(process: Process, notes: Mapping[str, Collection[str]]) -> dict[str, bool]:
    """Return of each part of the sheet whether nothing is missing in it, by the id of the part.

    `notes` are the missing points by the id of their place, `process` is one of `with_ends`. Where
    there is no risk, there is nothing to assess or to treat.
    """
    words = {place.partition("-")[0] for place, said in notes.items() if said}
    gaps = {_PART_OF.get(word, word) for word in words}
    is_absent = process.risk_presence == RiskPresence.ABSENT
    return {part: part not in gaps for part in ("descrizione", "fasi", "comportamenti")} | {
        "valutazione": is_absent or process.is_judged,
        "trattamento": is_absent or process.is_treated,
    }
