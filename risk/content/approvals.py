"""Whether the approval that stands was given by whoever had edited last (docs/decisions/0020)."""

from registry.enums import AnnexState
from registry.models import Annex
from risk.enums import Verb
from risk.models import AnnexIssue

_APPROVED = (AnnexState.APPROVED, AnnexState.VALIDATED, AnnexState.ISSUED)


def annex_is_one_person(annex: Annex) -> bool:
    """Return whether an annex is approved, and by its last editor."""
    if annex.state not in _APPROVED:
        return False
    return _last_approval(annex.transitions.all())


def issue_is_one_person(issue: AnnexIssue) -> bool:
    """Return whether the approval an issue was made on was given by the last editor.

    Transitions are never changed, and those after the first issue of this content do not count: a
    reprint says for ever what the issue said.
    """
    moves = issue.annex.transitions.all()
    issued = moves.filter(verb=Verb.ISSUE, digest=issue.data_digest).order_by("id").first()
    return _last_approval(moves.filter(id__lt=issued.pk) if issued else moves)


def _last_approval(moves) -> bool:
    last = moves.filter(verb=Verb.APPROVE).order_by("-id").first()
    return last is not None and last.is_one_person
