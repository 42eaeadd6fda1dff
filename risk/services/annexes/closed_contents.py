"""Is a closed annex still what was submitted, approved or issued? Read again, and compared."""

from collections.abc import Iterator

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Max, Prefetch
from django.utils.translation import gettext as _

from registry.enums import OPEN_ANNEX_STATES, AnnexState
from registry.models import Annex
from risk.content.canonical import digest_like
from risk.content.past import named_as_at, with_plan_as_at
from risk.content.reading import AnnexContent, read_annex
from risk.content.texts import UnresolvedField
from risk.models import Measure, PlannedMeasure, Transition


def closed_content_findings() -> Iterator[str]:
    """Yield in Italian which closed annexes are not any more what their last transition was of.

    Offices and the body may be called otherwise since: they are read by the names of that moment.
    Until its plan is adopted, so is what belongs to the whole plan: a closed annex is judged by
    what it contains. Only the words of a listed measure have no other keeper than the plan: where
    they changed before its adoption nothing can be said.
    """
    newest = Transition.objects.order_by().values("annex").annotate(last=Max("pk"))
    moves = Transition.objects.filter(pk__in=newest.values("last"))
    annexes = Annex.objects.with_names().exclude(state__in=OPEN_ANNEX_STATES)
    annexes = annexes.prefetch_related(Prefetch("transitions", moves, to_attr="last_moves"))
    for annex in annexes.order_by("pk").iterator(chunk_size=50):
        last = next(iter(annex.last_moves), None)
        if last is not None and last.digest and not _is_as_then(annex, last):
            yield _(
                "L’allegato «%(annex)s» è chiuso, e il suo contenuto non è quello del passo "
                "del %(at)s (codice di controllo %(digest)s)."
            ) % {"annex": annex, "at": f"{last.at:%d/%m/%Y}", "digest": last.digest}


def _is_as_then(annex: Annex, last: Transition) -> bool:
    content = named_as_at(read_annex(annex), last.at)
    if _digest(content, last) == last.digest:
        return True
    if annex.plan.is_adopted and annex.state == AnnexState.ISSUED:
        # it was compared with what was adopted, and nothing of that changes any more
        return False
    try:
        then = _digest(with_plan_as_at(content, last.at), last)
    except ObjectDoesNotExist:
        # what a measure of then names is in no list any more
        return True
    return then == last.digest or _words_changed(annex, last)


def _digest(content: AnnexContent, last: Transition) -> str:
    try:
        return digest_like(last.digest, content)
    except UnresolvedField:
        return ""


def _words_changed(annex: Annex, last: Transition) -> bool:
    """Tell whether words of a listed measure changed that only the whole plan programmes."""
    wide = PlannedMeasure.history.filter(plan=annex.plan_id, annex__isnull=True)
    changed = Measure.history.filter(history_date__gt=last.at, history_type="~")
    return changed.filter(id__in=wide.values("measure")).exists()
