"""Guards that freeze an annex: while it is not open, nothing that hangs on it is written.

Old and new parent are both asked, so that nothing is carried into or out of a closed annex. Frozen
tables are listed here by name; measurements, evidence and remarks, which live on, are not
(docs/decisions/0011).
"""

# ruff: noqa: S608 - the names in the SQL are literals of the guards, never a person’s input

from registry.guards import Guard, Together, append_only

OPEN = "('draft', 'returned')"
_ADOPTED_STATES = ("adopted", "published", "confirmed", "closed")
_CLOSED_MESSAGE = (
    "l’allegato non è aperto: si modifica in bozza o dopo la restituzione, e mai dopo l’adozione."
)


def is_adopted(state: str) -> str:
    """Return SQL that is true when the state of a plan is that of an adopted one.

    Not by IN: SQLite makes a table of more than two states anew for each row that is written.
    """
    cases = " ".join(f"WHEN '{one}' THEN 1" for one in _ADOPTED_STATES)
    return f"(CASE {state} {cases} ELSE 0 END = 1)"


# an adopted plan closes all its annexes, also those that are drafts because their office is exempt
_STATE = f"SELECT CASE WHEN {is_adopted('e.state')} THEN 'adopted' ELSE a.state END FROM "
_ANNEX = f"{_STATE} registry_annex a JOIN registry_plan e ON e.id = a.plan_id "
_PROCESS = f"{_ANNEX} JOIN registry_process p ON p.annex_id = a.id "
# a measure of the whole plan has no annex: only adoption closes it
_MEASURE = (
    f"SELECT CASE WHEN {is_adopted('e.state')} THEN 'adopted' ELSE COALESCE(a.state, 'draft') END "
    "FROM risk_plannedmeasure m JOIN registry_plan e ON e.id = m.plan_id "
    "LEFT JOIN registry_annex a ON a.id = m.annex_id WHERE m.id = {row}.planned_measure_id"
)
_OF_PROCESS = f"{_PROCESS} WHERE p.id = {{row}}.process_id"
_OF_BEHAVIOUR = (
    f"{_PROCESS} JOIN risk_riskbehaviour b ON b.process_id = p.id WHERE b.id = {{row}}.{{column}}"
)

STATE_OF: dict[str, str] = {
    "registry_process": f"{_ANNEX} WHERE a.id = {{row}}.annex_id",
    "registry_phase": _OF_PROCESS,
    "risk_reconfirmation": _OF_PROCESS,
    "registry_action": (
        f"{_PROCESS} JOIN registry_phase f ON f.process_id = p.id WHERE f.id = {{row}}.phase_id"
    ),
    "risk_riskbehaviour": _OF_PROCESS,
    "risk_riskbehaviour_categories": _OF_BEHAVIOUR.replace("{column}", "riskbehaviour_id"),
    "risk_riskbehaviour_factors": _OF_BEHAVIOUR.replace("{column}", "riskbehaviour_id"),
    "risk_coverage": _OF_BEHAVIOUR.replace("{column}", "behaviour_id"),
    "risk_assessment": (
        f"{_PROCESS} WHERE p.id = COALESCE({{row}}.process_id, "
        "(SELECT b.process_id FROM risk_riskbehaviour b WHERE b.id = {row}.behaviour_id))"
    ),
    "risk_rating": (
        f"{_PROCESS} JOIN risk_assessment v ON p.id = COALESCE(v.process_id, "
        "(SELECT b.process_id FROM risk_riskbehaviour b WHERE b.id = v.behaviour_id)) "
        "WHERE v.id = {row}.assessment_id"
    ),
    "risk_plannedmeasure": (
        f"SELECT CASE WHEN {is_adopted('e.state')} THEN 'adopted' ELSE COALESCE("
        "(SELECT a.state FROM registry_annex a WHERE a.id = {row}.annex_id), 'draft') END "
        "FROM registry_plan e WHERE e.id = {row}.plan_id"
    ),
    "risk_measuretarget": _MEASURE,
    "risk_implementationstep": _MEASURE,
    "risk_progressindicator": _MEASURE,
}
"""Frozen tables, and the SQL for the state of the annex a row of each hangs on."""


def _up(rows: str, *steps: tuple[str, str, str]) -> str:
    """Return SQL from rows to their parents, each once, by steps: (column, table, its own).

    Not as a join: of rows just added nobody has statistics, and a bad plan takes seconds.
    """
    for column, table, parent in steps:
        rows = (
            f"(SELECT DISTINCT (SELECT t.{parent} FROM {table} t WHERE t.id = r.{column}) "
            f"AS {parent} FROM (SELECT DISTINCT {column} FROM {rows} n) r)"
        )
    return f"SELECT annex_id FROM {rows} r"


_TO_ANNEX = ("process_id", "registry_process", "annex_id")
_BY_BEHAVIOUR = ("behaviour_id", "risk_riskbehaviour", "process_id")
_BY_LIST = ("riskbehaviour_id", "risk_riskbehaviour", "process_id")
_ANNEXES_OF: dict[str, str] = {
    "registry_phase": _up("added", _TO_ANNEX),
    "risk_reconfirmation": _up("added", _TO_ANNEX),
    "registry_action": _up("added", ("phase_id", "registry_phase", "process_id"), _TO_ANNEX),
    "risk_riskbehaviour": _up("added", _TO_ANNEX),
    "risk_riskbehaviour_categories": _up("added", _BY_LIST, _TO_ANNEX),
    "risk_riskbehaviour_factors": _up("added", _BY_LIST, _TO_ANNEX),
    "risk_coverage": _up("added", _BY_BEHAVIOUR, _TO_ANNEX),
    # a row is of one or of the other
    "risk_assessment": f"{_up('added', _TO_ANNEX)} UNION {_up('added', _BY_BEHAVIOUR, _TO_ANNEX)}",
}
"""Frozen tables of which thousands of rows are added at once, and the SQL for their annexes."""

_HELD_BY_MEASURE = (
    "1 FROM registry_annex a WHERE a.id = "
    "(SELECT annex_id FROM risk_plannedmeasure WHERE id = {row}.planned_measure_id) FOR SHARE",
    "1 FROM registry_plan e WHERE e.id = "
    "(SELECT plan_id FROM risk_plannedmeasure WHERE id = {row}.planned_measure_id) FOR SHARE",
)
_HELD: dict[str, tuple[str, ...]] = {
    "risk_plannedmeasure": (
        "1 FROM registry_annex a WHERE a.id = {row}.annex_id FOR SHARE",
        "1 FROM registry_plan e WHERE e.id = {row}.plan_id FOR SHARE",
    ),
    "risk_measuretarget": _HELD_BY_MEASURE,
    "risk_implementationstep": _HELD_BY_MEASURE,
    "risk_progressindicator": _HELD_BY_MEASURE,
}
"""Where a row may hang on a plan alone: how its annex, if any, and its plan are held."""

ROWS_OF = {"DELETE": ("OLD",), "UPDATE": ("OLD", "NEW"), "INSERT": ("NEW",)}
"""The rows there are on each event. SQLite asks first the guard that was made last: a row that is
added is refused for its own annex before it is for the one it takes the place of."""

_LAST_MOVE = (
    "SELECT 1 FROM risk_transition t WHERE t.annex_id = OLD.id AND t.from_state = OLD.state "
    "AND t.to_state = NEW.state "
    "AND t.id = (SELECT MAX(id) FROM risk_transition WHERE annex_id = OLD.id)"
)
_PRINTED = ("office_id", "plan_id", "office_name", "head_title", "head_surname", "head_name")
_ISSUED = ("annex_id", "plan_id", "number", "issued_at", "by_id", "uid") + (
    "data",
    "data_digest",
    "html",
    "pdf",
    "pdf_digest",
    "anchor",
    "content_digest",
)


def _frozen(table: str, state: str) -> tuple[Guard, ...]:
    """Return guards of one table; they hold annex and plan, in this order as every service locks
    them: whoever writes waits for a move under way, and a move for whoever is writing.
    """
    held = _HELD.get(table, _holding(state))
    rules = {row: f"({state.format(row=row)}) NOT IN {OPEN}" for row in ("OLD", "NEW")}
    together = None
    if table in _ANNEXES_OF:
        of_annex = STATE_OF["registry_process"].format(row="NEW")
        rule = f"({of_annex}) NOT IN {OPEN}"
        together = Together(_ANNEXES_OF[table], rule, _holding(of_annex))
    return tuple(
        Guard(
            f"{table}_frozen_{event.lower()}",
            table,
            " OR ".join(rules[row] for row in rows),
            _CLOSED_MESSAGE,
            events=(event,),
            holds=tuple(query.format(row=row) for row in rows for query in held),
            together=together,
        )
        for event, rows in ROWS_OF.items()
    )


def _holding(state: str) -> tuple[str, ...]:
    return (f"{state.removeprefix('SELECT ')} FOR SHARE OF a, e",)


def changed(*columns: str) -> str:
    """Return SQL that is true when one of the columns changes, to or from nothing included."""
    rules = (
        f"NEW.{name} <> OLD.{name} OR (NEW.{name} IS NULL) <> (OLD.{name} IS NULL)"
        for name in columns
    )
    return " OR ".join(rules)


GUARDS = (
    *(guard for table, state in STATE_OF.items() for guard in _frozen(table, state)),
    Guard(
        "registry_annex_begins_as_draft",
        "registry_annex",
        "NEW.state <> 'draft'",
        "un allegato nasce in bozza.",
        events=("INSERT",),
    ),
    Guard(
        "registry_annex_moves_by_a_transition",
        "registry_annex",
        f"NEW.state <> OLD.state AND NOT EXISTS ({_LAST_MOVE})",
        "lo stato di un allegato cambia solo con un passo registrato.",
        events=("UPDATE",),
    ),
    Guard(
        "registry_annex_frozen_names",
        "registry_annex",
        f"OLD.state NOT IN {OPEN} AND ({changed(*_PRINTED)})",
        _CLOSED_MESSAGE,
        events=("UPDATE",),
    ),
    Guard(
        "registry_annex_frozen_delete",
        "registry_annex",
        f"OLD.state NOT IN {OPEN}",
        _CLOSED_MESSAGE,
        events=("DELETE",),
    ),
    Guard(
        "registry_annex_moved_stays",
        "registry_annex",
        "EXISTS (SELECT 1 FROM risk_transition t WHERE t.annex_id = OLD.id)",
        "un allegato che è stato trasmesso non si elimina.",
        events=("DELETE",),
    ),
    *append_only("risk_transition"),
    Guard(
        "risk_annexissue_never_changes",
        "risk_annexissue",
        changed(*_ISSUED),
        "un’emissione non si modifica.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_annexissue_never_goes",
        "risk_annexissue",
        "1 = 1",
        "un’emissione non si cancella.",
        events=("DELETE",),
    ),
)
