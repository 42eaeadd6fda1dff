"""Guards of the risk room: a behaviour, a rating, a measure never reach over their own border."""

from registry.guards import OTHER_BODY, Guard, body_of, fixed, same
from risk.guards.freezing import changed

_BEHAVIOUR_PROCESS = "SELECT process_id FROM risk_riskbehaviour WHERE id = NEW.behaviour_id"
_SCOPE = "SELECT scope FROM risk_plannedmeasure WHERE id = NEW.planned_measure_id"
_MEASURE_ANNEX = "SELECT annex_id FROM risk_plannedmeasure WHERE id = NEW.planned_measure_id"
_ASSESSMENT_METHOD = "SELECT method_id FROM risk_assessment WHERE id = NEW.assessment_id"
_PLAN_BODY = "SELECT administration_id FROM registry_plan WHERE id = NEW.plan_id"

_NOT_OF_PROCESS = "la fase o l’azione non appartiene al processo del comportamento."
_NOT_OF_ANNEX = "l’oggetto della misura appartiene a un altro allegato."

_TARGET_ANNEX = {
    "process": "SELECT annex_id FROM registry_process WHERE id = NEW.process_id",
    "phase": "SELECT r.annex_id FROM registry_process r JOIN registry_phase f "
    "ON f.process_id = r.id WHERE f.id = NEW.phase_id",
    "action": "SELECT r.annex_id FROM registry_process r JOIN registry_phase f "
    "ON f.process_id = r.id JOIN registry_action x ON x.phase_id = f.id WHERE x.id = NEW.action_id",
    "behaviour": "SELECT r.annex_id FROM registry_process r JOIN risk_riskbehaviour b "
    "ON b.process_id = r.id WHERE b.id = NEW.behaviour_id",
}

GUARDS = (
    same(
        "risk_coverage_phase_of_same_process",
        "risk_coverage",
        "SELECT process_id FROM registry_phase WHERE id = NEW.phase_id",
        _BEHAVIOUR_PROCESS,
        _NOT_OF_PROCESS,
    ),
    same(
        "risk_coverage_action_of_same_process",
        "risk_coverage",
        "SELECT f.process_id FROM registry_phase f JOIN registry_action x ON x.phase_id = f.id "
        "WHERE x.id = NEW.action_id",
        _BEHAVIOUR_PROCESS,
        _NOT_OF_PROCESS,
        only_with="action_id",
    ),
    fixed(
        "risk_riskbehaviour_stays_in_its_process",
        "risk_riskbehaviour",
        "process_id",
        "un comportamento non passa a un altro processo.",
    ),
    same(
        "risk_assessment_level_of_method",
        "risk_assessment",
        "SELECT method_id FROM risk_level WHERE id = NEW.level_id",
        "NEW.method_id",
        "il livello non appartiene al metodo della valutazione.",
    ),
    same(
        "risk_rating_indicator_of_method",
        "risk_rating",
        "SELECT method_id FROM risk_indicator WHERE id = NEW.indicator_id",
        _ASSESSMENT_METHOD,
        "l’indicatore non appartiene al metodo della valutazione.",
    ),
    same(
        "risk_rating_level_of_method",
        "risk_rating",
        "SELECT method_id FROM risk_level WHERE id = NEW.level_id",
        _ASSESSMENT_METHOD,
        "il livello non appartiene al metodo della valutazione.",
    ),
    same(
        "risk_rating_answer_of_indicator",
        "risk_rating",
        "SELECT indicator_id FROM risk_answer WHERE id = NEW.answer_id",
        "NEW.indicator_id",
        "la risposta non appartiene all’indicatore.",
    ),
    same(
        "risk_plannedmeasure_annex_of_plan",
        "risk_plannedmeasure",
        "SELECT plan_id FROM registry_annex WHERE id = NEW.annex_id",
        "NEW.plan_id",
        "l’allegato appartiene a un altro piano.",
    ),
    same(
        "risk_plannedmeasure_measure_of_same_body",
        "risk_plannedmeasure",
        _PLAN_BODY,
        body_of("risk_measure", "measure_id"),
        OTHER_BODY,
    ),
    same(
        "risk_plannedmeasure_office_of_same_body",
        "risk_plannedmeasure",
        _PLAN_BODY,
        body_of("registry_office", "responsible_office_id"),
        OTHER_BODY,
    ),
    same(
        "risk_plannedmeasure_objective_of_same_plan",
        "risk_plannedmeasure",
        "SELECT plan_id FROM risk_objective WHERE id = NEW.objective_id",
        "NEW.plan_id",
        "l’obiettivo è di un altro piano.",
        only_with="objective_id",
    ),
    Guard(
        "risk_reconfirmation_of_a_copy",
        "risk_reconfirmation",
        "EXISTS (SELECT 1 FROM registry_process p WHERE p.id = NEW.process_id "
        "AND p.origin_uid IS NULL)",
        "si riconferma un processo copiato da un’altra edizione.",
        events=("INSERT",),
    ),
    Guard(
        "risk_reconfirmation_stays_as_written",
        "risk_reconfirmation",
        "1 = 1",
        "una riconferma non si modifica.",
        events=("UPDATE",),
    ),
    fixed(
        "risk_chapter_stays_in_its_plan",
        "risk_chapter",
        "plan_id",
        "un capitolo non passa a un altro piano.",
    ),
    fixed(
        "risk_consultation_stays_in_its_plan",
        "risk_consultation",
        "plan_id",
        "una consultazione non passa a un altro piano.",
    ),
    Guard(
        "risk_contribution_stays_as_received",
        "risk_contribution",
        changed("plan_id", "number", "sender", "way", "received_on", "text"),
        "un contributo resta come è arrivato.",
        events=("UPDATE",),
    ),
    fixed(
        "risk_objective_stays_in_its_plan",
        "risk_objective",
        "plan_id",
        "un obiettivo non passa a un altro piano.",
    ),
    fixed(
        "risk_objectiveindicator_stays_in_its_objective",
        "risk_objectiveindicator",
        "objective_id",
        "un indicatore non passa a un altro obiettivo.",
    ),
    Guard(
        "risk_plannedmeasure_keeps_its_scope",
        "risk_plannedmeasure",
        "(NEW.scope <> OLD.scope OR NEW.annex_id <> OLD.annex_id) AND EXISTS "
        "(SELECT 1 FROM risk_measuretarget t WHERE t.planned_measure_id = OLD.id)",
        "l’ambito non cambia finché la misura ha oggetti.",
        events=("UPDATE",),
    ),
    same(
        "risk_planmethod_method_of_same_body",
        "risk_planmethod",
        _PLAN_BODY,
        body_of("risk_method", "method_id"),
        OTHER_BODY,
    ),
    same(
        "risk_textblock_plan_of_same_body",
        "risk_textblock",
        _PLAN_BODY,
        "NEW.administration_id",
        OTHER_BODY,
    ),
    Guard(
        "risk_measuretarget_fits_scope",
        "risk_measuretarget",
        f"({_SCOPE}) <> CASE WHEN NEW.process_id IS NOT NULL THEN 'processes' "
        "WHEN NEW.phase_id IS NOT NULL THEN 'phases' "
        "WHEN NEW.action_id IS NOT NULL THEN 'actions' ELSE 'behaviours' END",
        "l’oggetto non è dell’ambito della misura.",
    ),
    *(
        same(
            f"risk_measuretarget_{column}_of_same_annex",
            "risk_measuretarget",
            annex,
            _MEASURE_ANNEX,
            _NOT_OF_ANNEX,
            only_with=f"{column}_id",
        )
        for column, annex in _TARGET_ANNEX.items()
    ),
    same(
        "risk_progressindicator_step_of_same_measure",
        "risk_progressindicator",
        "SELECT planned_measure_id FROM risk_implementationstep WHERE id = NEW.step_id",
        "NEW.planned_measure_id",
        "la fase di attuazione appartiene a un’altra misura.",
    ),
)
