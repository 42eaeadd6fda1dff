"""Guards of the rounds of monitoring: of one plan, moved by transitions, frozen when issued.

They hang on rows that adoption froze and are written while the plan is in force, so that neither
annex nor plan is asked (docs/decisions/0085).
"""

# ruff: noqa: S608 - the names in the SQL are literals of the guards, never a person’s input

from registry.guards import OTHER_BODY, Guard, append_only, body_of, fixed, same
from risk.guards.freezing import ROWS_OF, changed

_ISSUED = "il monitoraggio è emesso: non cambia più."
_ROUND = "SELECT m.state FROM risk_monitoringround m"
_OF_ITEM = f"{_ROUND} JOIN risk_rounditem i ON i.round_id = m.id WHERE i.id = {{row}}.item_id"

ROUND_STATE_OF: dict[str, str] = {
    "risk_rounditem": f"{_ROUND} WHERE m.id = {{row}}.round_id",
    "risk_roundanswer": _OF_ITEM,
    "risk_stepstate": _OF_ITEM,
    "risk_measurement": _OF_ITEM,
    "risk_evidence": _OF_ITEM,
    "risk_roundcheck": _OF_ITEM,
}
"""Tables a round freezes when it is issued, and the SQL for the state of the round of a row."""

WRITTEN_ONCE = ("risk_measurement", "risk_evidence", "risk_roundcheck")
"""Those of them whose rows never change anyhow."""

_ASKED = ("plan_id", "kind", "situation_on", "coverage", "level_id", "criteria", "uid")
_LAST_MOVE = (
    "SELECT 1 FROM risk_roundtransition t WHERE t.round_id = OLD.id AND t.from_state = OLD.state "
    "AND t.to_state = NEW.state "
    "AND t.id = (SELECT MAX(id) FROM risk_roundtransition WHERE round_id = OLD.id)"
)
_ITEM_MEASURE = "SELECT planned_measure_id FROM risk_rounditem WHERE id = NEW.item_id"


def _frozen(table: str, state: str) -> tuple[Guard, ...]:
    """Return guards of one table; they hold the round, so that it is not being issued meanwhile."""
    held = f"{state.removeprefix('SELECT ')} FOR SHARE OF m"
    events = ("INSERT",) if table in WRITTEN_ONCE else tuple(ROWS_OF)
    return tuple(
        Guard(
            f"{table}_frozen_{event.lower()}",
            table,
            " OR ".join(f"({state.format(row=row)}) = 'issued'" for row in ROWS_OF[event]),
            _ISSUED,
            events=(event,),
            holds=tuple(held.format(row=row) for row in ROWS_OF[event]),
        )
        for event in events
    )


GUARDS = (
    *(guard for table in WRITTEN_ONCE for guard in append_only(table)),
    *(guard for table, state in ROUND_STATE_OF.items() for guard in _frozen(table, state)),
    *append_only("risk_roundtransition"),
    *append_only("risk_roundissue"),
    *append_only("risk_roundcorrection"),
    Guard(
        "risk_roundcorrection_of_issued_round",
        "risk_roundcorrection",
        f"({_ROUND} WHERE m.id = NEW.round_id) <> 'issued'",
        "si rettifica un monitoraggio emesso.",
        events=("INSERT",),
    ),
    same(
        "risk_roundcorrection_item_of_same_round",
        "risk_roundcorrection",
        "SELECT round_id FROM risk_rounditem WHERE id = NEW.item_id",
        "NEW.round_id",
        "la misura è di un altro monitoraggio.",
        only_with="item_id",
    ),
    Guard(
        "risk_evidence_not_after_the_close",
        "risk_evidence",
        f"({_OF_ITEM.format(row='NEW')}) = 'closed'",
        "il monitoraggio è chiuso: non riceve più prove.",
        events=("INSERT",),
    ),
    *(
        Guard(
            f"risk_stepstate_closed_{event.lower()}",
            "risk_stepstate",
            " OR ".join(f"({_OF_ITEM.format(row=row)}) = 'closed'" for row in ROWS_OF[event]),
            "il monitoraggio è chiuso: le fasi restano come sono.",
            events=(event,),
        )
        for event in ROWS_OF
    ),
    fixed(
        "risk_stepstate_stays_of_its_item",
        "risk_stepstate",
        "item_id",
        "lo stato di una fase resta della sua misura.",
    ),
    fixed(
        "risk_stepstate_tells_of_its_step",
        "risk_stepstate",
        "step_id",
        "lo stato di una fase resta della sua fase.",
    ),
    same(
        "risk_stepstate_step_of_same_measure",
        "risk_stepstate",
        "SELECT planned_measure_id FROM risk_implementationstep WHERE id = NEW.step_id",
        _ITEM_MEASURE,
        "la fase è di un’altra misura.",
    ),
    *append_only("risk_suitability"),
    Guard(
        "risk_suitability_replaces_of_same_measure",
        "risk_suitability",
        "NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM risk_suitability s "
        "WHERE s.id = NEW.replaces_id AND s.planned_measure_id = NEW.planned_measure_id "
        "AND s.year = NEW.year)",
        "un giudizio ne sostituisce uno della stessa misura e dello stesso anno.",
        events=("INSERT",),
    ),
    same(
        "risk_editionproposal_of_same_body",
        "risk_editionproposal",
        "SELECT e.administration_id FROM registry_plan e JOIN risk_plannedmeasure p "
        "ON p.plan_id = e.id JOIN risk_suitability s ON s.planned_measure_id = p.id "
        "WHERE s.id = NEW.suitability_id",
        body_of("registry_plan", "plan_id"),
        OTHER_BODY,
    ),
    *append_only("risk_yearlyreview"),
    Guard(
        "risk_yearlyreview_replaces_of_same_plan",
        "risk_yearlyreview",
        "NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM risk_yearlyreview r "
        "WHERE r.id = NEW.replaces_id AND r.plan_id = NEW.plan_id AND r.year = NEW.year)",
        "un riesame ne sostituisce uno dello stesso piano e dello stesso anno.",
        events=("INSERT",),
    ),
    same(
        "risk_editionproposal_review_of_same_body",
        "risk_editionproposal",
        "SELECT e.administration_id FROM registry_plan e JOIN risk_yearlyreview r "
        "ON r.plan_id = e.id WHERE r.id = NEW.review_id",
        body_of("registry_plan", "plan_id"),
        OTHER_BODY,
        only_with="review_id",
    ),
    *append_only("risk_fact"),
    Guard(
        "risk_fact_replaces_of_same_plan",
        "risk_fact",
        "NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM risk_fact f "
        "WHERE f.id = NEW.replaces_id AND f.plan_id = NEW.plan_id)",
        "un fatto ne sostituisce uno dello stesso piano.",
        events=("INSERT",),
    ),
    same(
        "risk_fact_area_of_same_body",
        "risk_fact",
        body_of("registry_riskarea", "area_id"),
        body_of("registry_plan", "plan_id"),
        OTHER_BODY,
        only_with="area_id",
    ),
    *append_only("risk_sample"),
    *append_only("risk_sampledraw"),
    Guard(
        "risk_sample_before_the_opening",
        "risk_sample",
        f"({_ROUND} WHERE m.id = NEW.round_id) <> 'draft' OR EXISTS (SELECT 1 FROM risk_sampledraw "
        "d JOIN risk_sample s ON s.id = d.sample_id WHERE s.round_id = NEW.round_id)",
        "un campione si annuncia prima dell’estrazione.",
        events=("INSERT",),
    ),
    Guard(
        "risk_sampledraw_once_before_the_opening",
        "risk_sampledraw",
        f"({_ROUND} JOIN risk_sample s ON s.round_id = m.id WHERE s.id = NEW.sample_id) <> 'draft' "
        "OR EXISTS (SELECT 1 FROM risk_sampledraw d JOIN risk_sample s ON s.id = d.sample_id "
        "JOIN risk_sample n ON n.round_id = s.round_id "
        "WHERE n.id = NEW.sample_id AND d.uid <> NEW.uid) "
        "OR EXISTS (SELECT 1 FROM risk_sample s JOIN risk_sample n ON n.round_id = s.round_id "
        "WHERE n.id = NEW.sample_id AND s.id > n.id)",
        "un campione si estrae una volta, prima dell’apertura.",
        events=("INSERT",),
    ),
    Guard(
        "risk_monitoringround_begins_as_draft",
        "risk_monitoringround",
        "NEW.state <> 'draft'",
        "un monitoraggio nasce in bozza.",
        events=("INSERT",),
    ),
    Guard(
        "risk_monitoringround_moves_by_a_transition",
        "risk_monitoringround",
        f"NEW.state <> OLD.state AND NOT EXISTS ({_LAST_MOVE})",
        "lo stato di un monitoraggio cambia solo con un passo registrato.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_monitoringround_issued_with_its_issue",
        "risk_monitoringround",
        "NEW.state = 'issued' AND NOT EXISTS "
        "(SELECT 1 FROM risk_roundissue i WHERE i.round_id = NEW.id)",
        "un monitoraggio si emette insieme alla sua relazione.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_monitoringround_asked_stays",
        "risk_monitoringround",
        f"OLD.state <> 'draft' AND ({changed(*_ASKED)})",
        "ciò che un monitoraggio aperto chiede non cambia.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_monitoringround_frozen_update",
        "risk_monitoringround",
        "OLD.state = 'issued'",
        _ISSUED,
        events=("UPDATE",),
    ),
    Guard(
        "risk_monitoringround_moved_stays",
        "risk_monitoringround",
        "EXISTS (SELECT 1 FROM risk_roundtransition t WHERE t.round_id = OLD.id)",
        "un monitoraggio che è stato aperto non si elimina.",
        events=("DELETE",),
    ),
    same(
        "risk_rounditem_measure_of_same_plan",
        "risk_rounditem",
        "SELECT plan_id FROM risk_plannedmeasure WHERE id = NEW.planned_measure_id",
        "SELECT plan_id FROM risk_monitoringround WHERE id = NEW.round_id",
        "la misura è di un altro piano.",
    ),
    same(
        "risk_rounditem_office_of_same_body",
        "risk_rounditem",
        "SELECT e.administration_id FROM registry_plan e JOIN risk_monitoringround m "
        "ON m.plan_id = e.id WHERE m.id = NEW.round_id",
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    Guard(
        "risk_followup_never_goes",
        "risk_followup",
        "1 = 1",
        "un seguito si chiude con una prova, non si elimina.",
        events=("DELETE",),
    ),
    same(
        "risk_followup_office_of_same_body",
        "risk_followup",
        "SELECT e.administration_id FROM registry_plan e JOIN risk_monitoringround m "
        "ON m.plan_id = e.id WHERE m.id = NEW.round_id",
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    Guard(
        "risk_followup_closed_stays",
        "risk_followup",
        "OLD.closed_on IS NOT NULL",
        "il seguito è chiuso: non cambia più.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_followup_of_its_round",
        "risk_followup",
        "NEW.item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM risk_rounditem i "
        "WHERE i.id = NEW.item_id AND i.round_id = NEW.round_id AND i.office_id = NEW.office_id)",
        "il seguito è di una misura chiesta a un altro ufficio.",
    ),
    fixed(
        "risk_followup_stays_of_its_round",
        "risk_followup",
        "round_id",
        "un seguito resta del suo monitoraggio.",
    ),
    fixed(
        "risk_rounditem_stays_in_its_round",
        "risk_rounditem",
        "round_id",
        "una misura non passa a un altro monitoraggio.",
    ),
    fixed(
        "risk_rounditem_asks_of_its_measure",
        "risk_rounditem",
        "planned_measure_id",
        "una riga del monitoraggio resta della sua misura.",
    ),
    fixed(
        "risk_roundanswer_stays_of_its_item",
        "risk_roundanswer",
        "item_id",
        "una risposta resta della sua misura.",
    ),
    same(
        "risk_measurement_indicator_of_same_measure",
        "risk_measurement",
        "SELECT planned_measure_id FROM risk_progressindicator WHERE id = NEW.indicator_id",
        _ITEM_MEASURE,
        "l’indicatore è di un’altra misura.",
    ),
)
