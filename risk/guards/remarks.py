"""Guards of remarks and answers: what was said stays as it was said, and closed is closed.

They live on when their annex is closed, so they are not frozen with it (docs/decisions/0019). An
annex that has moved is never deleted, and neither is what was remarked on it.
"""

# ruff: noqa: S608 - the names in the SQL are literals of the guards, never a person’s input

from registry.guards import Guard
from risk.guards.freezing import changed

_SAID = ("uid", "annex_id", "row_kind", "row_uid", "row_label", "text", "blocks", "by_id", "at")
_SAID_MESSAGE = "un’osservazione non si modifica: si chiude, e se ne fa un’altra."
_STAYS = "le osservazioni su un allegato trasmesso restano."

GUARDS = (
    Guard(
        "risk_remark_never_changes",
        "risk_remark",
        # a process that goes leaves its remarks behind; it is never another one
        f"{changed(*_SAID)} OR (NEW.process_id IS NOT NULL AND ({changed('process_id')}))",
        _SAID_MESSAGE,
        events=("UPDATE",),
    ),
    Guard(
        "risk_remark_closed_for_ever",
        "risk_remark",
        f"OLD.closed_at IS NOT NULL AND ({changed('closed_at', 'closed_by_id')})",
        "un’osservazione chiusa non si riapre.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_remark_stays",
        "risk_remark",
        "EXISTS (SELECT 1 FROM risk_transition t WHERE t.annex_id = OLD.annex_id)",
        _STAYS,
        events=("DELETE",),
    ),
    Guard(
        "risk_remarkanswer_after_closing",
        "risk_remarkanswer",
        "(SELECT r.closed_at FROM risk_remark r WHERE r.id = NEW.remark_id) IS NOT NULL",
        "a un’osservazione chiusa non si risponde.",
        events=("INSERT",),
    ),
    Guard(
        "risk_remarkanswer_never_changes",
        "risk_remarkanswer",
        "1 = 1",
        "una risposta non si modifica.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_remarkanswer_stays",
        "risk_remarkanswer",
        "EXISTS (SELECT 1 FROM risk_transition t JOIN risk_remark r ON r.annex_id = t.annex_id "
        "WHERE r.id = OLD.remark_id)",
        _STAYS,
        events=("DELETE",),
    ),
)
