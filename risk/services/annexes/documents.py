"""What an annex is read from: its rows, and once it is issued what was issued."""

from registry.enums import AnnexState
from registry.models import Annex
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.content.values import AnnexDocument
from risk.models import AnnexIssue
from risk.services.annexes.issues import reprint


def issue_read(annex: Annex) -> AnnexIssue | None:
    """Return the issue an issued annex is read from; None while it is not issued."""
    if annex.state != AnnexState.ISSUED:
        return None
    return annex.issues.defer("html", "pdf").order_by("-issued_at").first()


def document_of(annex: Annex) -> AnnexDocument:
    """Return what is printed of an annex: what was issued, or its rows as they are now."""
    issue = issue_read(annex)
    return reprint(issue) if issue is not None else build_document(read_annex(annex))
