"""Guards that freeze an edition: what was adopted stays, and a plan moves by its transitions only.

Rows of the annexes look at the state of their plan too (`risk.guards.freezing`); here is the rest
of the edition: the act, the annexes themselves, methods, texts, exemptions, extensions, issues.
"""

# ruff: noqa: S608 - the names in the SQL are literals of the guards, never a person’s input

from registry.guards import Guard, append_only
from risk.guards.freezing import ROWS_OF, changed, is_adopted

_MESSAGE = "il piano è adottato: una modifica è un nuovo piano di aggiornamento."
_PLAN_OF = "(SELECT e.state FROM registry_plan e WHERE e.id = {row}.plan_id)"
_PLAN_OF_ANNEX = (
    "(SELECT e.state FROM registry_plan e JOIN registry_annex a ON a.plan_id = e.id "
    "WHERE a.id = {row}.annex_id)"
)

PLAN_STATE_OF: dict[str, str] = {
    "registry_annex": _PLAN_OF,
    "risk_planmethod": _PLAN_OF,
    "risk_textblock": _PLAN_OF,
    "risk_chapter": _PLAN_OF,
    "risk_consultation": _PLAN_OF,
    "risk_contribution": _PLAN_OF,
    "risk_objective": _PLAN_OF,
    "risk_objectiveindicator": (
        "(SELECT e.state FROM registry_plan e JOIN risk_objective o ON o.plan_id = e.id "
        "WHERE o.id = {row}.objective_id)"
    ),
    "risk_exemption": _PLAN_OF_ANNEX,
    "risk_deadlineextension": _PLAN_OF_ANNEX,
}
"""Tables an adopted plan freezes, and the SQL for the state of the plan a row of each is of."""

INSERT_ONLY_BEFORE: dict[str, str] = {
    "risk_transition": _PLAN_OF_ANNEX,
    "risk_annexissue": _PLAN_OF,
    "risk_chapterapproval": (
        "(SELECT e.state FROM registry_plan e JOIN risk_chapter c ON c.plan_id = e.id "
        "WHERE c.id = {row}.chapter_id)"
    ),
    "risk_editionproposal": _PLAN_OF,
    "risk_planissue": _PLAN_OF,
    "risk_planissue_annex_issues": (
        "(SELECT e.state FROM registry_plan e JOIN risk_planissue i ON i.plan_id = e.id "
        "WHERE i.id = {row}.planissue_id)"
    ),
}
"""Tables that never change anyhow, and to which an adopted plan adds nothing."""

_LAST_MOVE = (
    "SELECT 1 FROM risk_plantransition t WHERE t.plan_id = OLD.id AND t.from_state = OLD.state "
    "AND t.to_state = NEW.state "
    "AND t.id = (SELECT MAX(id) FROM risk_plantransition WHERE plan_id = OLD.id)"
)
_ACT = (
    *("administration_id", "title", "folded", "document", "kind", "first_year", "last_year"),
    *("adopting_organ", "act_kind", "act_number", "act_date", "act_effective_on", "act_link"),
    "origin_uid",
)
_ISSUED = (
    *("plan_id", "uid", "issued_at", "by_id", "data", "data_digest", "html", "pdf", "pdf_digest"),
    "anchor",
)


def _frozen(table: str, state: str) -> tuple[Guard, ...]:
    """Return guards of one table; they hold the plan, so that it is not being adopted meanwhile."""
    rules = {row: is_adopted(state.format(row=row)) for row in ("OLD", "NEW")}
    held = f"{state.removeprefix('(SELECT ').removesuffix(')')} FOR SHARE OF e"
    return tuple(
        Guard(
            f"{table}_adopted_{event.lower()}",
            table,
            " OR ".join(rules[row] for row in rows),
            _MESSAGE,
            events=(event,),
            holds=tuple(held.format(row=row) for row in rows),
        )
        for event, rows in ROWS_OF.items()
    )


GUARDS = (
    *(guard for table, state in PLAN_STATE_OF.items() for guard in _frozen(table, state)),
    Guard(
        "registry_plan_begins_in_preparation",
        "registry_plan",
        "NEW.state <> 'preparation'",
        "un piano nasce in preparazione.",
        events=("INSERT",),
    ),
    Guard(
        "registry_plan_moves_by_a_transition",
        "registry_plan",
        f"NEW.state <> OLD.state AND NOT EXISTS ({_LAST_MOVE})",
        "lo stato di un piano cambia solo con un passo registrato.",
        events=("UPDATE",),
    ),
    Guard(
        "registry_plan_adopted_with_its_issue",
        "registry_plan",
        f"{is_adopted('NEW.state')} AND NOT EXISTS "
        "(SELECT 1 FROM risk_planissue i WHERE i.plan_id = NEW.id)",
        "un piano si adotta insieme al documento adottato.",
        events=("UPDATE",),
    ),
    Guard(
        "registry_plan_frozen_act",
        "registry_plan",
        f"{is_adopted('OLD.state')} AND ({changed(*_ACT)})",
        _MESSAGE,
        events=("UPDATE",),
    ),
    Guard(
        "registry_plan_frozen_delete",
        "registry_plan",
        f"{is_adopted('OLD.state')}",
        _MESSAGE,
        events=("DELETE",),
    ),
    Guard(
        "registry_plan_moved_stays",
        "registry_plan",
        "EXISTS (SELECT 1 FROM risk_plantransition t WHERE t.plan_id = OLD.id)",
        "un piano che ha lasciato la preparazione non si elimina.",
        events=("DELETE",),
    ),
    *append_only("risk_plantransition"),
    *append_only("risk_confirmation"),
    *append_only("risk_editionproposal"),
    Guard(
        "risk_planissue_never_changes",
        "risk_planissue",
        changed(*_ISSUED),
        "un piano adottato non si modifica.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_planissue_never_goes",
        "risk_planissue",
        "1 = 1",
        "un piano adottato non si cancella.",
        events=("DELETE",),
    ),
    *append_only("risk_planissue_annex_issues"),
    # last, as in ROWS_OF
    *(
        Guard(
            f"{table}_adopted_insert",
            table,
            is_adopted(state.format(row="NEW")),
            _MESSAGE,
            events=("INSERT",),
        )
        for table, state in INSERT_ONLY_BEFORE.items()
    ),
)
