"""Addresses of the treatment of a process and of the programming of a measure."""

from django.urls import path

from risk.views.treatment import answered, page, programme, proposals, repeated

_TREATMENT = "processi/<uuid:uid>/trattamento"
_MEASURE = "misure/<uuid:uid>"
_ROWS = f"{_MEASURE}/<programme_rows:word>"

urlpatterns = [
    path(f"{_TREATMENT}/", page.treatment, name="treatment"),
    path(f"{_TREATMENT}/generale/", page.add_general, name="measure_general"),
    path(f"{_TREATMENT}/aggiungi/", page.add_on_rows, name="measure_add"),
    path(f"{_TREATMENT}/<uuid:measure>/togli/", page.remove, name="measure_remove"),
    path("allegati/<uuid:uid>/misure-ripetute/", repeated.of_annex, name="repeated"),
    path(
        "piani/<slug:ipa_code>/<slug:title>/misure-ripetute/",
        repeated.of_plan,
        name="plan_repeated",
    ),
    path("misure/", answered.answered, name="answered"),
    path(
        "misure/uffici/<slug:ipa_code>/<int:office>/",
        answered.answered_by_office,
        name="answered_office",
    ),
    path(f"{_MEASURE}/", programme.programme, name="programme"),
    path(f"{_MEASURE}/proposta/", proposals.proposal, name="proposal_decide"),
    path(
        "piani/<slug:ipa_code>/<slug:title>/proposte/", proposals.proposals, name="plan_proposals"
    ),
    path(f"{_MEASURE}/oggetti/", programme.reach, name="programme_reach"),
    path(f"{_ROWS}/", programme.add, name="programme_add"),
    path(f"{_ROWS}/<uuid:row>/", programme.save, name="programme_row"),
    path(f"{_ROWS}/<uuid:row>/togli/", programme.remove, name="programme_remove"),
]
