"""Who edited an annex last, whatever hangs on it they wrote: that person does not approve it."""

from collections.abc import Iterator

from django.db.models import Max, Model, OuterRef, QuerySet, Subquery

from registry.hanging import content_models, paths_of
from registry.models import Annex, User


def last_editor(annex: Annex) -> User | None:
    """Return the person who last changed anything that hangs on the annex, None if nobody did.

    The moves of the workflow themselves are not edits, nor is what a command did for nobody. What
    was deleted counts by its own history, or by that of the row it went with. Two statements.
    """
    first, *others = (rows for model in content_models() for rows in _edits(model, annex))
    latest = first.union(*others, all=True).order_by("-at").first()
    return None if latest is None else User.objects.get(pk=latest["history_user"])


def _edits(model: type[Model], annex: Annex) -> Iterator[QuerySet]:
    """Yield, way by way from a model to the annex, when each person last edited a row of it."""
    history = model.history.filter(history_user__isnull=False).order_by()
    history = history.exclude(history_change_reason__startswith="annex-")
    for path in paths_of(model):
        yield _by_person(history.filter(**{path or "id": annex.pk}))
        if path == "annex" and model._meta.get_field(path).null:
            yield _by_person(_taken_away(history, annex))


def _taken_away(history: QuerySet, annex: Annex) -> QuerySet:
    """Return the history rows before which their row hung on the annex.

    A row that may be without annex may hang elsewhere by now: to take it away was an edit too.
    """
    every = history.model.objects.order_by()
    before = every.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    before = before.order_by("-history_id").values("annex")[:1]
    once_here = every.filter(annex=annex.pk).values("id")
    return history.filter(id__in=once_here).alias(was_on=Subquery(before)).filter(was_on=annex.pk)


def _by_person(history: QuerySet) -> QuerySet:
    return history.values("history_user").annotate(at=Max("history_date"))
