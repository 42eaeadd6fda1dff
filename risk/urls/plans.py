"""Addresses of the lists and figures of a plan."""

from django.urls import path

from risk.views import missing, plans

_PLAN = "piani/<slug:ipa_code>/<slug:title>"

urlpatterns = [
    path(f"{_PLAN}/processi/", plans.processes, name="plan_processes"),
    path(f"{_PLAN}/comportamenti/", plans.behaviours, name="plan_behaviours"),
    path(f"{_PLAN}/misure/", plans.measures, name="plan_measures"),
    path(f"{_PLAN}/quadro/", plans.figures, name="plan_figures"),
    path("allegati/<uuid:uid>/quadro/", plans.figures_of_annex, name="figures"),
    path("allegati/<uuid:uid>/mancanze/", missing.missing, name="missing"),
]
