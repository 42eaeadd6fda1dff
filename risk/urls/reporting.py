"""Addresses of published plans and their open data; others keep them, so they never change."""

from django.urls import path

from risk.views.reporting import consultation, open_data, pages, published, reviews, rounds, states

_BODY = "pubblicati/<slug:ipa_code>"
_PLAN = f"{_BODY}/<slug:title>"

_ROUND = f"{_PLAN}/monitoraggi/<uuid:uid>"
_STATE = f"{_PLAN}/stato-di-attuazione/<int:year>"
_REVIEW = f"{_PLAN}/riesame/<int:year>"
_DRAFT = "consultazione/<str:token>"

urlpatterns = [
    path("consultazione/conferma/<str:signed>/", consultation.confirm, name="consultation_confirm"),
    path(f"{_DRAFT}/", consultation.draft, name="consultation"),
    path(f"{_DRAFT}/bozza.pdf", consultation.paper, name="consultation_paper"),
    path(f"{_DRAFT}/parti/<slug:name>/", consultation.part, name="consultation_part"),
    path(f"{_DRAFT}/uffici/<uuid:uid>/", consultation.annex, name="consultation_annex"),
    path(f"{_DRAFT}/contributo/", consultation.contribute, name="consultation_contribute"),
    path("pubblicati/", published.plans, name="published"),
    path(f"{_PLAN}/", published.plan, name="published_plan"),
    path(f"{_PLAN}/piano.<str:suffix>", published.plan_file, name="published_file"),
    path(f"{_PLAN}/parti/<slug:name>/", pages.part, name="published_part"),
    path(f"{_PLAN}/confronto/", pages.comparison, name="published_comparison"),
    path(f"{_PLAN}/allegati/<int:number>/", pages.annex, name="published_annex"),
    path(f"{_PLAN}/allegati/<int:number>.pdf", pages.annex_file, name="published_annex_file"),
    path(f"{_ROUND}/", rounds.page, name="published_round"),
    path(f"{_ROUND}/relazione.pdf", rounds.paper, name="published_round_paper"),
    path(f"{_ROUND}/dati.json", rounds.data, name="published_round_data"),
    path(f"{_ROUND}/popolazione.txt", rounds.population, name="published_round_population"),
    path(f"{_ROUND}/dati/<slug:name>.csv", rounds.table, name="published_round_table"),
    path(f"{_STATE}/", states.page, name="published_state"),
    path(f"{_STATE}/stato.pdf", states.paper, name="published_state_paper"),
    path(f"{_STATE}/dati.json", states.data, name="published_state_data"),
    path(f"{_STATE}/dati/<slug:name>.csv", states.table, name="published_state_table"),
    path(f"{_REVIEW}/", reviews.page, name="published_review"),
    path(f"{_REVIEW}/riesame.pdf", reviews.paper, name="published_review_paper"),
    path(f"{_REVIEW}/dati.json", reviews.data, name="published_review_data"),
    path("pubblicati/schema-piano-1.json", open_data.schema, name="open_data_schema"),
    path(f"{_BODY}/traccia.txt", published.trail_head, name="trail_head"),
    path(f"{_BODY}/catalogo.jsonld", open_data.catalogue, name="open_data_catalogue"),
    path(f"{_PLAN}/dati.json", open_data.whole, name="open_data"),
    path(f"{_PLAN}/dati/<slug:name>.csv", open_data.table, name="open_data_table"),
    path(f"{_PLAN}/dcat.jsonld", open_data.record, name="open_data_record"),
]
