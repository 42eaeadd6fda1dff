"""Addresses of the rounds of monitoring."""

from django.urls import path

from risk.views.monitoring import (
    answers,
    drafts,
    facts,
    follow_ups,
    items,
    report,
    rounds,
    samples,
    steps,
    suitability,
    yearly,
)

_PLAN = "piani/<slug:ipa_code>/<slug:title>/monitoraggi"
_YEAR = "piani/<slug:ipa_code>/<slug:title>"
_ROUND = "monitoraggi/<uuid:uid>"
_OFFICE = f"{_ROUND}/uffici/<int:office>"
_ITEM = "risposte/<uuid:uid>"

urlpatterns = [
    path(f"{_PLAN}/", rounds.rounds, name="plan_rounds"),
    path(f"{_PLAN}/nuovo/", rounds.new, name="plan_round_new"),
    path(f"{_YEAR}/idoneita/", suitability.plan_suitability, name="plan_suitability"),
    path(f"{_YEAR}/stato-di-attuazione/", yearly.state, name="plan_state"),
    path(f"{_YEAR}/fatti/", facts.facts, name="plan_facts"),
    path("fatti/<uuid:uid>/", facts.fact, name="fact"),
    path(f"{_YEAR}/riesame/", yearly.review, name="plan_review"),
    path(f"{_YEAR}/documenti-dell-anno/", yearly.prepare, name="plan_year_prepare"),
    path("misure/<uuid:uid>/idoneita/", suitability.suitability, name="suitability"),
    path(f"{_ROUND}/", rounds.page, name="round"),
    path(f"{_ROUND}/modifica/", drafts.change, name="round_change"),
    path(f"{_ROUND}/elimina/", drafts.remove, name="round_remove"),
    path(f"{_ROUND}/passo/conferma/", rounds.ask, name="round_ask"),
    path(f"{_ROUND}/chi-risponde/", rounds.assign, name="round_assign"),
    path(f"{_ROUND}/campione/", samples.sample, name="round_sample"),
    path(f"{_ROUND}/campione/popolazione.txt", samples.population, name="round_population"),
    path(f"{_ROUND}/seguiti/", follow_ups.follow_ups, name="round_follow_ups"),
    path("seguiti/<uuid:uid>/", follow_ups.follow_up, name="follow_up"),
    path(f"{_ROUND}/relazione/", report.page, name="round_report"),
    path(f"{_ROUND}/relazione/prepara/", report.prepare, name="round_report_prepare"),
    path(f"{_ROUND}/rettifica/", report.correct, name="round_correct"),
    path(
        "monitoraggi/emissioni/<uuid:uid>.<str:suffix>", report.issue_file, name="round_issue_file"
    ),
    path(f"{_OFFICE}/scheda/", report.office_sheet, name="round_office_sheet"),
    path(f"{_OFFICE}/", answers.office, name="round_office"),
    path(f"{_OFFICE}/conferma/", answers.confirm, name="round_confirm"),
    path(f"{_ITEM}/", items.item, name="round_item"),
    path(f"{_ITEM}/misurazioni/<uuid:row>/", items.measure, name="round_measure"),
    path(f"{_ITEM}/attuazione/<uuid:row>/", steps.step, name="round_step"),
    path(f"{_ITEM}/prove/", items.prove, name="round_prove"),
    path("prove/<uuid:uid>/file/", items.evidence_file, name="round_evidence_file"),
    path(f"{_ITEM}/verifica/", items.check, name="round_check"),
]
