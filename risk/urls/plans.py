"""Addresses of a plan: its way, its lists and figures, and what is published of it."""

from django.urls import path

from risk.views import missing, plan_acts, plans, published, workbooks

_PLAN = "piani/<slug:ipa_code>/<slug:title>"
_PUBLISHED = "pubblicati/<slug:ipa_code>/<slug:title>"

urlpatterns = [
    path(f"{_PLAN}/", plans.page, name="plan"),
    path(f"{_PLAN}/adozione/", plan_acts.adopt, name="plan_adopt"),
    path(f"{_PLAN}/conferma/", plan_acts.confirm, name="plan_confirm"),
    path(f"{_PLAN}/nuova-edizione/", plan_acts.copy, name="plan_copy"),
    path(f"{_PLAN}/metodi/", plan_acts.methods, name="plan_methods"),
    path(f"{_PLAN}/allegati/", plan_acts.annex_open, name="plan_annex_open"),
    path(f"{_PLAN}/esoneri/<uuid:uid>/", plan_acts.exempt, name="plan_exempt"),
    path(f"{_PLAN}/adottato.<str:suffix>", plan_acts.issue_file, name="plan_file"),
    path("pubblicati/", published.plans, name="published"),
    path(f"{_PUBLISHED}/", published.plan, name="published_plan"),
    path(f"{_PUBLISHED}/piano.<str:suffix>", published.plan_file, name="published_file"),
    path(f"{_PLAN}/processi/", plans.processes, name="plan_processes"),
    path(f"{_PLAN}/comportamenti/", plans.behaviours, name="plan_behaviours"),
    path(f"{_PLAN}/misure/", plans.measures, name="plan_measures"),
    path(f"{_PLAN}/<layout:layout>.xlsx", workbooks.plan_workbook, name="plan_workbook"),
    path(
        f"{_PLAN}/<layout:layout>/foglio/",
        workbooks.prepare_plan_workbook,
        name="prepare_plan_workbook",
    ),
    path(f"{_PLAN}/vuoto/<layout:layout>.xlsx", workbooks.empty_workbook, name="empty_workbook"),
    path(f"{_PLAN}/quadro/", plans.figures, name="plan_figures"),
    path("allegati/<uuid:uid>/quadro/", plans.figures_of_annex, name="figures"),
    path("allegati/<uuid:uid>/mancanze/", missing.missing, name="missing"),
]
