"""How far one step of a measure is, as whoever answers for it says."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registry.forms.whole_page import of_row
from risk.forms.monitoring.steps import StepStateForm
from risk.models import RoundItem
from risk.services.monitoring.answers import answers_for
from risk.views.monitoring.answers import SAVED


@require_POST
def step(request, uid, row):
    """Save how far a step of a measure is."""
    rows = RoundItem.objects.visible_to(request.user).select_related(*SAVED)
    item = get_object_or_404(
        rows.prefetch_related("planned_measure__steps", "step_states"), uid=uid
    )
    found = next((one for one in item.planned_measure.steps.all() if one.uid == row), None)
    if found is None:
        raise Http404
    if not answers_for(request.user, item):
        raise PermissionDenied
    form = StepStateForm(of_row(request.POST, f"fase-{row}"), item=item, step=found)
    saved = form.submit(by=request.user)
    if request.htmx:
        return render(request, "registry/_saved.html", {"form": form})
    if saved is not None:
        messages.success(request, _("Salvato."))
    else:
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(wrong) or _("Non salvato: rileggi la risposta."))
    return redirect("risk:round_office", item.round.uid, item.office_id)
