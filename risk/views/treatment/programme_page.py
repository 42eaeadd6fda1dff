"""What the page of a programmed measure shows: its own fields, its rows, what it may cover."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404

from registry.enums import AliasKind
from registry.services.lookup import Index
from risk.content.adopted_names import name_as_adopted
from risk.content.earlier_rows import said_of_copies
from risk.forms.treatment import (
    IndicatorForm,
    ProgrammeForm,
    ProgrammeRowForm,
    ReachForm,
    StepForm,
    blank,
)
from risk.judgements import PROPOSING
from risk.models import (
    ImplementationStep,
    Objective,
    PlannedMeasure,
    ProgressIndicator,
    Suitability,
)
from risk.services.treatment.page import WHOLE
from risk.services.treatment.programming import add_indicator, add_step
from risk.services.treatment.reach import held_uids, named, offered_rows, sent_rows

FORMS = {
    "fasi": (ImplementationStep, StepForm, add_step),
    "indicatori": (ProgressIndicator, IndicatorForm, add_indicator),
}
"""The rows of a programming by the word in their address: model, form, and how one is added."""
NAMED = (
    "annex__office",
    "annex__plan",
    "plan__administration",
    "measure",
    "objective",
    "responsible_role",
    "responsible_office",
)
ROWS_A_PAGE = 30
"""Rows it may cover that are shown at a time."""
RESPONSIBLE = ("responsible_role", "responsible_office")


@dataclass
class Unsaved:
    """Forms of the page that stand on it as they were sent, because of what is wrong in them."""

    own: ProgrammeForm | None = None
    rows: dict[str, ProgrammeRowForm] = field(default_factory=dict)
    """By prefix: the row to add among them."""
    reach: ReachForm | None = None

    def __bool__(self) -> bool:
        return bool(self.own or self.rows or self.reach)


def planned_of(request) -> PlannedMeasure:
    """Return the measure of an address that the person may read; else Http404."""
    rows = PlannedMeasure.objects.readable_by(request.user).select_related(*NAMED)
    # asked with the measure: of a plan without any there is nothing to choose
    objectives = Objective.objects.filter(plan=OuterRef("plan"), retired_on__isnull=True)
    given = Suitability.objects.filter(said_of_copies(), replaced_by=None)
    last = given.order_by("-year", "-planned_measure").values("judgement")[:1]
    rows = rows.annotate(has_objectives=Exists(objectives), judged=Subquery(last))
    has_proposal = ExpressionWrapper(Q(judged__in=PROPOSING), BooleanField())
    rows = rows.annotate(has_proposal=has_proposal)
    return get_object_or_404(rows, uid=request.resolver_match.kwargs["uid"])


def changeable(request) -> PlannedMeasure:
    """Return the measure of an address to be changed; PermissionDenied for readers."""
    planned = planned_of(request)
    if not request.user.has_perm("registry.change_annex", planned):
        raise PermissionDenied
    return planned


def rows_of(planned: PlannedMeasure, word: str) -> list:
    """Return the steps or the indicators of a measure, in their order."""
    model = FORMS[word][0]
    rows = model.objects.filter(planned_measure=planned).order_by("position")
    return list(rows.select_related(*RESPONSIBLE) if model is ImplementationStep else rows)


def new_form(planned: PlannedMeasure, word: str, data=None, uid=None) -> ProgrammeRowForm:
    """Return the form of a row to add, empty or as it was sent."""
    model, form, _add = FORMS[word]
    row = blank(model, planned, uid)
    return form(data, instance=row, administration=planned.plan.administration)


def reach_form(
    planned: PlannedMeasure, data=None, *, number: Any = None, is_read: bool = False
) -> ReachForm | None:
    """Return the form of what a measure covers; None where it covers a plan or an office whole.

    It offers a page of rows, that with a `number`, and where it only `is_read` those it covers;
    of what was sent, the rows it speaks of.
    """
    if planned.scope in WHOLE:
        return None
    held = held_uids(planned)
    if data is None or "era" not in data:
        rows = offered_rows(planned)
        rows = rows.filter(uid__in=held) if is_read else rows
        page = Paginator(rows, ROWS_A_PAGE).get_page(number) if data is None else None
        return ReachForm(data, offered=named(planned, page or rows), held=held, page=page)
    sent = {*data.getlist("oggetti"), *data["era"].split()}
    return ReachForm(data, offered=named(planned, sent_rows(planned, sent)), held=held)


def page_context(request, planned: PlannedMeasure, unsaved: Unsaved | None = None) -> dict:
    """Return what the page shows; forms that are `unsaved` stand in the place of their rows."""
    unsaved = unsaved or Unsaved()
    administration = planned.plan.administration
    can_edit = request.user.has_perm("registry.change_annex", planned)
    name_as_adopted(planned.plan, [planned.responsible_office])
    index = Index(administration=administration)
    reach = unsaved.reach or reach_form(
        planned, number=request.GET.get("pagina"), is_read=not can_edit
    )
    return {
        "planned": planned,
        "annex": planned.annex,
        "reads_annex": request.user.has_perm("registry.view_annex", planned),
        "can_edit": can_edit,
        "form": unsaved.own or ProgrammeForm(instance=planned, administration=administration),
        "steps": _section(planned, "fasi", unsaved),
        "indicators": _section(planned, "indicatori", unsaved),
        "roles": index.rows(AliasKind.EXECUTOR_ROLE) if can_edit else (),
        "reach": reach,
    }


def _section(planned: PlannedMeasure, word: str, unsaved: Unsaved) -> dict[str, Any]:
    rows = rows_of(planned, word)
    name_as_adopted(planned.plan, [getattr(row, "responsible_office", None) for row in rows])
    form, administration = FORMS[word][1], planned.plan.administration
    shown = [form(instance=row, administration=administration) for row in rows]
    new = new_form(planned, word)
    return {
        "word": word,
        "forms": [unsaved.rows.get(one.prefix, one) for one in shown],
        "new": unsaved.rows.get(new.prefix, new),
    }
