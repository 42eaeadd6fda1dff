"""Long work of the risk room: issues, PDFs and workbooks, acts on several annexes, plans, imports.

Each kind has a function that asks for it and one that does it; what must be refused at once is
refused by the first.
"""

from registry.services.jobs import register_kind
from risk.tasks import annexes, answer_books, desk, imports, monitoring, plans
from risk.tasks.annexes import (
    ask_issue,
    ask_marked,
    ask_paper,
    ask_text,
    ask_workbook,
    job_of_issue,
)
from risk.tasks.answer_books import ask_books, ask_reading, ask_taking, ask_taking_back
from risk.tasks.desk import ask_several
from risk.tasks.imports import ask_import, ask_preview, ask_undo
from risk.tasks.monitoring import ask_correction, ask_report, ask_round_issue, ask_year_paper
from risk.tasks.plans.editions import ask_copy, ask_discard
from risk.tasks.plans.whole import (
    ask_adoption,
    ask_comparison,
    ask_document,
    ask_draft,
    ask_open_data,
    ask_pack,
    ask_plan_text,
    ask_plan_workbook,
    documents_of,
)

__all__ = [
    "ask_adoption",
    "ask_books",
    "ask_comparison",
    "ask_copy",
    "ask_correction",
    "ask_discard",
    "ask_document",
    "ask_draft",
    "ask_import",
    "ask_issue",
    "ask_marked",
    "ask_open_data",
    "ask_pack",
    "ask_paper",
    "ask_plan_text",
    "ask_plan_workbook",
    "ask_preview",
    "ask_reading",
    "ask_report",
    "ask_round_issue",
    "ask_several",
    "ask_taking",
    "ask_taking_back",
    "ask_text",
    "ask_undo",
    "ask_workbook",
    "ask_year_paper",
    "documents_of",
    "job_of_issue",
]

for kind in (
    *annexes.KINDS,
    *plans.KINDS,
    *monitoring.KINDS,
    *imports.KINDS,
    *answer_books.KINDS,
    *desk.KINDS,
):
    register_kind(kind)
