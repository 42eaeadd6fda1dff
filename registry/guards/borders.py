"""Guards of the registry: rows of one body only, rows that stay where they are."""

from registry.guards.rules import Guard, append_only, fixed, same


def body_of(table: str, column: str) -> str:
    """Return SQL for the administration of the row that NEW.`column` names in `table`."""
    # S608: the names are literals of this file, never a person's input
    return f"SELECT administration_id FROM {table} WHERE id = NEW.{column}"  # noqa: S608


_ANNEX_BODY = "SELECT administration_id FROM registry_plan WHERE id = NEW.plan_id"
_PROCESS_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "WHERE a.id = NEW.annex_id"
)
_PHASE_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "JOIN registry_process r ON r.annex_id = a.id WHERE r.id = NEW.process_id"
)
_ACTION_BODY = (
    "SELECT p.administration_id FROM registry_plan p JOIN registry_annex a ON a.plan_id = p.id "
    "JOIN registry_process r ON r.annex_id = a.id JOIN registry_phase f ON f.process_id = r.id "
    "WHERE f.id = NEW.phase_id"
)

OTHER_BODY = "la voce scelta appartiene a un’altra amministrazione."

OFFICE_CIRCLE = "un ufficio non sta sotto sé stesso, né sotto uno che gli sta sotto."
_OFFICES_ABOVE = (
    "WITH RECURSIVE above(id) AS (SELECT NEW.parent_id UNION SELECT o.parent_id "
    "FROM registry_office o JOIN above ON o.id = above.id)"
)

# a token is written with dashes in a record, and without as SQLite keeps it
_PERSON = "REPLACE(CAST(OLD.trail_token AS TEXT), '-', '')"
_TELLS_OF = (
    "t.person = OLD.trail_token "
    f"OR REPLACE(t.subject, '-', '') = 'person ' || {_PERSON} "
    f"OR REPLACE(CAST(t.detail AS TEXT), '-', '') LIKE '%' || {_PERSON} || '%'"
)

GUARDS = (
    Guard(
        "registry_office_no_circle",
        "registry_office",
        f"EXISTS ({_OFFICES_ABOVE} SELECT 1 FROM above WHERE id = NEW.id)",  # noqa: S608
        OFFICE_CIRCLE,
        # two moves at once could close a circle together
        holds=(
            "1 FROM registry_administration b WHERE b.id = NEW.administration_id FOR NO KEY UPDATE",
        ),
    ),
    fixed(
        "registry_administration_keeps_its_code",
        "registry_administration",
        "ipa_code",
        "il codice IPA di un’amministrazione non cambia: è il nome della sua catena.",
    ),
    Guard(
        "registry_user_keeps_its_token",
        "registry_user",
        "NEW.trail_token <> OLD.trail_token OR NEW.id <> OLD.id",
        "la sigla di una persona nelle registrazioni non cambia.",
        events=("UPDATE",),
    ),
    Guard(
        "registry_user_stays_on_trail",
        "registry_user",
        f"EXISTS (SELECT 1 FROM registry_trailrecord t WHERE {_TELLS_OF})",  # noqa: S608
        "chi compare nelle registrazioni non si cancella: si sospende.",
        events=("DELETE",),
    ),
    same(
        "registry_office_parent_of_same_body",
        "registry_office",
        "NEW.administration_id",
        body_of("registry_office", "parent_id"),
        OTHER_BODY,
    ),
    same(
        "registry_membership_office_of_same_body",
        "registry_membership",
        "NEW.administration_id",
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    same(
        "registry_macroprocess_function_of_same_body",
        "registry_macroprocess",
        "NEW.administration_id",
        body_of("registry_institutionalfunction", "function_id"),
        OTHER_BODY,
    ),
    same(
        "registry_annex_office_of_same_body",
        "registry_annex",
        _ANNEX_BODY,
        body_of("registry_office", "office_id"),
        OTHER_BODY,
    ),
    fixed(
        "registry_annex_stays_in_its_plan",
        "registry_annex",
        "plan_id",
        "un allegato non passa a un altro piano.",
    ),
    same(
        "registry_process_area_of_same_body",
        "registry_process",
        _PROCESS_BODY,
        body_of("registry_riskarea", "risk_area_id"),
        OTHER_BODY,
    ),
    same(
        "registry_process_macroprocess_of_same_body",
        "registry_process",
        _PROCESS_BODY,
        body_of("registry_macroprocess", "macroprocess_id"),
        OTHER_BODY,
    ),
    fixed(
        "registry_process_stays_in_its_annex",
        "registry_process",
        "annex_id",
        "un processo non passa a un altro allegato.",
    ),
    same(
        "registry_phase_office_of_same_body",
        "registry_phase",
        _PHASE_BODY,
        body_of("registry_office", "executor_office_id"),
        OTHER_BODY,
        only_with="executor_office_id",
    ),
    fixed(
        "registry_phase_stays_in_its_process",
        "registry_phase",
        "process_id",
        "una fase non passa a un altro processo.",
    ),
    same(
        "registry_action_office_of_same_body",
        "registry_action",
        _ACTION_BODY,
        body_of("registry_office", "executor_office_id"),
        OTHER_BODY,
        only_with="executor_office_id",
    ),
    *append_only("registry_trailrecord"),
    Guard(
        "registry_refusedsignin_is_swept_only",
        "registry_refusedsignin",
        "1 = 1",
        "l’indirizzo di un accesso rifiutato non cambia: si cancella allo scadere del termine.",
        events=("UPDATE",),
    ),
    Guard(
        "registry_action_stays_in_its_process",
        "registry_action",
        "(SELECT process_id FROM registry_phase WHERE id = NEW.phase_id) <> "
        "(SELECT process_id FROM registry_phase WHERE id = OLD.phase_id)",
        "un’azione non passa a un altro processo.",
        events=("UPDATE",),
    ),
)
