"""The sample of a round: what is drawn from, which seed decides, what was drawn."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.acts import RuleRefused
from registry.forms.people import ActForm
from registry.permissions import is_rpct_of_plan
from risk.enums import RoundCoverage, RoundState
from risk.forms.monitoring.rounds import DrawForm, SampleForm
from risk.models import MonitoringRound, PlannedMeasure
from risk.scoring.sampling import RECIPE
from risk.services.monitoring.sampling import (
    announce_sample,
    announcements_of,
    below_minimum,
    draw_of,
    draw_sample,
    sample_of,
    strata_of,
)
from risk.views.monitoring.rounds import visible_round

DRAWN_SHOWN = 200


def _sampled(request, uid) -> MonitoringRound:
    """Return a round the person may see and that asks about a sample; else Http404."""
    row = visible_round(request, uid)
    if row.coverage != RoundCoverage.SAMPLE:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request, uid):
    """Show the sample of a round, or with POST announce it, or draw it."""
    row = _sampled(request, uid)
    if request.method != "POST":
        return _shown(request, row)
    if not is_rpct_of_plan(request.user, row.plan):
        raise PermissionDenied
    is_draw = "seed" in request.POST
    form = DrawForm(request.POST) if is_draw else SampleForm(request.POST)
    if form.is_valid():
        act = draw_sample if is_draw else announce_sample
        try:
            act(row=row, by=request.user, **form.cleaned_data)
        except RuleRefused as refused:
            messages.error(request, refused.messages[0])
            return redirect("risk:round_sample", uid)
        except (ValidationError, IntegrityError) as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Estratto.") if is_draw else _("Annunciato."))
            return redirect("risk:round_sample", uid)
    return _shown(request, row, form)


def _shown(request, row: MonitoringRound, sent: ActForm | None = None) -> HttpResponse:
    found = sample_of(row)
    made = draw_of(found)
    writes = is_rpct_of_plan(request.user, row.plan) and row.state == RoundState.DRAFT and not made
    is_known = found is not None and found.seed_known_on <= clock.today()
    context = {
        "round": row,
        "plan": row.plan,
        "sample": found,
        "earlier": announcements_of(row)[:-1],
        "draw": made,
        "drawn": _named(row, made.drawn.split()) if made is not None else [],
        "strata": strata_of(found) if found is not None else [],
        "below": below_minimum(found) if found is not None else "",
        "announcing": _of(SampleForm, sent) if writes else None,
        "drawing": _of(DrawForm, sent)
        if writes and (is_known or isinstance(sent, DrawForm))
        else None,
        "recipe": RECIPE,
    }
    return render(request, "risk/monitoring/sample.html", context)


def _of(kind: type[ActForm], sent: ActForm | None) -> ActForm:
    return sent if isinstance(sent, kind) else kind()


def _named(row: MonitoringRound, uids: list[str]) -> list[PlannedMeasure]:
    rows = PlannedMeasure.objects.filter(plan=row.plan_id, uid__in=uids[:DRAWN_SHOWN])
    return list(rows.select_related("measure", "annex__office").order_by("uid"))


@require_safe
def population(request, uid):
    """Give the frozen list that is drawn from, as `sha256sum` reads it."""
    found = sample_of(_sampled(request, uid))
    if found is None:
        raise Http404
    answered = HttpResponse(str(found.population), content_type="text/plain; charset=utf-8")
    answered["Content-Disposition"] = 'attachment; filename="popolazione.txt"'
    return answered
