"""Guards of the approvals: written while an annex waits for its head, and never again."""

# ruff: noqa: S608 - the names in the SQL are literals of the guards, never a person’s input

from registry.guards import Guard, append_only
from risk.guards.freezing import is_adopted

_STATE = (
    f"SELECT CASE WHEN {is_adopted('e.state')} THEN 'adopted' ELSE a.state END "
    "FROM registry_annex a JOIN registry_plan e ON e.id = a.plan_id "
    "JOIN registry_process p ON p.annex_id = a.id "
    "WHERE p.id = NEW.process_id"
)

GUARDS = (
    *append_only("risk_approval"),
    Guard(
        "risk_approval_of_a_submitted_annex",
        "risk_approval",
        f"({_STATE}) <> 'submitted'",
        "un processo si approva mentre l’allegato è trasmesso.",
        events=("INSERT",),
        holds=(f"{_STATE.removeprefix('SELECT ')} FOR SHARE OF a, e",),
    ),
    Guard(
        "registry_process_approved_stays",
        "registry_process",
        "EXISTS (SELECT 1 FROM risk_approval a WHERE a.process_id = OLD.id)",
        "un processo che è stato approvato si archivia con il motivo, non si elimina.",
        events=("DELETE",),
    ),
)
