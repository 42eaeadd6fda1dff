"""Addresses of a plan: its way, its lists and its figures."""

from django.urls import path

from risk.views.annexes import history
from risk.views.plans import (
    acts,
    chapters,
    comparison,
    consultation,
    contributions,
    document,
    edition,
    edition_days,
    making,
    objectives,
    offices,
    page,
    weight,
)

_PLAN = "piani/<slug:ipa_code>/<slug:title>"
_CHAPTER = f"{_PLAN}/capitoli/<uuid:uid>"
_HEARD = f"{_PLAN}/consultazione"
_OBJECTIVE = f"{_PLAN}/obiettivi/<uuid:uid>"
_INDICATOR = f"{_OBJECTIVE}/indicatori/<uuid:row>"

urlpatterns = [
    path("ente/<slug:ipa_code>/nuovo-piano/", making.new, name="plan_new"),
    path(f"{_PLAN}/dati/", making.data, name="plan_data"),
    path(f"{_PLAN}/", page.page, name="plan"),
    path(f"{_PLAN}/passo/conferma/", page.ask, name="plan_ask"),
    path(f"{_PLAN}/adozione/", acts.adopt, name="plan_adopt"),
    path(f"{_PLAN}/conferma/", acts.confirm, name="plan_confirm"),
    path(f"{_PLAN}/nuova-edizione/", edition.copy, name="plan_copy"),
    path(f"{_PLAN}/togli/", edition.discard, name="plan_discard"),
    path(f"{_PLAN}/giorni/", edition_days.days, name="plan_days"),
    path(f"{_PLAN}/metodi/", acts.methods, name="plan_methods"),
    path(f"{_PLAN}/allegati/", acts.annex_open, name="plan_annex_open"),
    path(f"{_PLAN}/uffici/<several_act:act>/", offices.several, name="plan_several"),
    path(
        f"{_PLAN}/scadenze/<deadline_kind:kind>/<day:day>/", offices.deadline, name="plan_deadline"
    ),
    path(f"{_PLAN}/esoneri/<uuid:uid>/", acts.exempt, name="plan_exempt"),
    path(f"{_PLAN}/adottato.<str:suffix>", acts.issue_file, name="plan_file"),
    path(f"{_PLAN}/documento/", document.document, name="plan_document"),
    path(f"{_PLAN}/documento/emblema/", document.emblem, name="plan_emblem"),
    path(f"{_PLAN}/documento/<uuid:uid>/", document.document, name="plan_choice_document"),
    path(f"{_PLAN}/documento/parti/", document.parts, name="plan_parts"),
    path(f"{_PLAN}/documento/parti/<uuid:uid>/", document.parts, name="plan_choice"),
    path(f"{_PLAN}/documento.<str:suffix>", document.text, name="plan_text"),
    path(
        f"{_PLAN}/documento/<uuid:uid>/testo.<str:suffix>", document.text, name="plan_choice_text"
    ),
    path(f"{_PLAN}/pacchetto/", acts.pack, name="plan_pack"),
    path(f"{_PLAN}/processi/", page.processes, name="plan_processes"),
    path(f"{_PLAN}/comportamenti/", page.behaviours, name="plan_behaviours"),
    path(f"{_PLAN}/misure/", page.measures, name="plan_measures"),
    path(f"{_PLAN}/capitoli/", chapters.chapters, name="plan_chapters"),
    path(f"{_PLAN}/capitoli/prepara/", chapters.prepare, name="plan_chapters_prepare"),
    path(f"{_PLAN}/capitoli/nuovo/", chapters.new, name="plan_chapter_new"),
    path(f"{_CHAPTER}/", chapters.chapter, name="plan_chapter"),
    path(f"{_CHAPTER}/revisione/", chapters.review, name="plan_chapter_review"),
    path(f"{_CHAPTER}/tieni/", chapters.keep, name="plan_chapter_keep"),
    path(f"{_HEARD}/", contributions.contributions, name="plan_contributions"),
    path(
        f"{_HEARD}/indirizzo/",
        consultation.open_address,
        name="plan_consultation_open",
    ),
    path(f"{_HEARD}/ritiro/", consultation.withdraw, name="plan_consultation_withdraw"),
    path(f"{_HEARD}/pdf/", consultation.draw, name="plan_consultation_draw"),
    path(f"{_HEARD}/righe/<slug:kind>/", contributions.rows, name="plan_contribution_rows"),
    path(f"{_HEARD}/nuovo/", contributions.new, name="plan_contribution_new"),
    path(
        f"{_HEARD}/contributi/<uuid:uid>/",
        contributions.contribution,
        name="plan_contribution",
    ),
    path(f"{_PLAN}/obiettivi/", objectives.objectives, name="plan_objectives"),
    path(f"{_PLAN}/obiettivi/nuovo/", objectives.new, name="plan_objective_new"),
    path(f"{_OBJECTIVE}/", objectives.objective, name="plan_objective"),
    path(f"{_OBJECTIVE}/tieni/", objectives.keep, name="plan_objective_keep"),
    path(f"{_OBJECTIVE}/indicatori/", objectives.indicator_add, name="objective_indicator_add"),
    path(f"{_INDICATOR}/", objectives.indicator_save, name="objective_indicator"),
    path(f"{_INDICATOR}/togli/", objectives.indicator_remove, name="objective_indicator_remove"),
    path(f"{_PLAN}/storia/", history.of_plan, name="plan_history"),
    path(f"{_PLAN}/peso/", weight.weight, name="plan_weight"),
    path(f"{_PLAN}/confronto/", comparison.comparison, name="plan_comparison"),
    path(f"{_PLAN}/confronto/pdf/", comparison.document, name="plan_comparison_document"),
    path("emissioni/<uuid:uid>/confronto/", comparison.issues, name="issue_comparison"),
    path(f"{_PLAN}/quadro/", page.figures, name="plan_figures"),
    path("allegati/<uuid:uid>/quadro/", page.figures_of_annex, name="figures"),
]
