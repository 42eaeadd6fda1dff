"""Guards of what is said of a chapter: approvals and remarks stay as they were written.

Remarks live on after the adoption, as those on an annex do; approvals end with it
(`risk.guards.plans`).
"""

from registry.guards import Guard, append_only
from risk.guards.freezing import changed

GUARDS = (
    *append_only("risk_chapterapproval"),
    *append_only("risk_chapterremarkanswer"),
    Guard(
        "risk_chapterremarkanswer_after_closing",
        "risk_chapterremarkanswer",
        "(SELECT r.closed_at FROM risk_chapterremark r WHERE r.id = NEW.remark_id) IS NOT NULL",
        "a un’osservazione chiusa non si risponde.",
        events=("INSERT",),
    ),
    Guard(
        "risk_chapterremark_never_changes",
        "risk_chapterremark",
        changed("uid", "chapter_id", "text", "blocks", "by_id", "at"),
        "un’osservazione non si modifica: si chiude, e se ne fa un’altra.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_chapterremark_closed_for_ever",
        "risk_chapterremark",
        f"OLD.closed_at IS NOT NULL AND ({changed('closed_at', 'closed_by_id', 'reply')})",
        "un’osservazione chiusa non si riapre.",
        events=("UPDATE",),
    ),
    Guard(
        "risk_chapterremark_stays",
        "risk_chapterremark",
        "1 = 1",
        "un’osservazione su un capitolo non si elimina.",
        events=("DELETE",),
    ),
)
