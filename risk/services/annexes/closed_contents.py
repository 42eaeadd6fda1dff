"""Is a closed annex still what was submitted, approved or issued? Read again, and compared."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from registry.enums import OPEN_ANNEX_STATES
from registry.models import Administration, Annex, Office
from risk.content.canonical import content_digest
from risk.content.reading import AnnexContent, read_annex
from risk.content.texts import UnresolvedField
from risk.models import PlanMethod, PlannedMeasure, TextBlock, Transition


def closed_content_findings() -> Iterator[str]:
    """Yield in Italian which closed annexes are not any more what their last transition was of.

    Offices and the body may be called otherwise since: they are read by the names of that moment.
    Until its plan is adopted a measure or a text of the whole plan may change what an annex prints:
    where one did, nothing is said, as the next move will refuse it.
    """
    annexes = Annex.objects.with_names().exclude(state__in=OPEN_ANNEX_STATES)
    for annex in annexes.order_by("pk").iterator(chunk_size=50):
        last = annex.transitions.order_by("-pk").first()
        if last is None or not last.digest:
            continue
        if _digest_then(annex, last) != last.digest and not _changed_by_plan(annex, last.at):
            yield _(
                "L’allegato «%(annex)s» è chiuso, e il suo contenuto non è quello del passaggio "
                "del %(at)s (impronta %(digest)s)."
            ) % {"annex": annex, "at": f"{last.at:%d/%m/%Y}", "digest": last.digest}


def _digest_then(annex: Annex, last: Transition) -> str:
    """Return the digest of an annex with the names of the moment of a transition; "" without."""
    content = read_annex(annex)
    offices = [office for office in _offices(content) if office is not None]
    _name_as_then(Office, offices, last.at)
    _name_as_then(Administration, [annex.plan.administration], last.at)
    try:
        return content_digest(content)
    except UnresolvedField:
        return ""


def _offices(content: AnnexContent) -> Iterator[Office | None]:
    yield content.annex.office
    for process in content.processes:
        for phase in process.phases.all():
            yield phase.executor_office
            for action in phase.actions.all():
                yield action.executor_office
    for measures in content.measures.values():
        for measure in measures:
            yield measure.responsible_office
            for step in measure.steps.all():
                yield step.responsible_office


def _name_as_then(model: Any, rows: list[Any], at: datetime.datetime) -> None:
    past = model.history.filter(id__in={row.pk for row in rows}, history_date__lte=at)
    names = dict(past.order_by("history_id").values_list("id", "name"))
    for row in rows:
        row.name = names.get(row.pk, row.name)


def _changed_by_plan(annex: Annex, at: datetime.datetime) -> bool:
    """Tell whether something of the whole plan has changed since what an annex prints."""
    plan, body = annex.plan_id, annex.plan.administration_id
    texts = Q(plan=plan) | Q(plan__isnull=True, administration=body)
    texts |= Q(plan__isnull=True, administration__isnull=True)
    wide = Q(plan=plan, annex__isnull=True)
    return any(
        model.history.filter(which, history_date__gt=at).exists()
        for model, which in ((PlannedMeasure, wide), (TextBlock, texts), (PlanMethod, Q(plan=plan)))
    )
