"""One act on many rows of an annex: proposed first, confirmed as it was shown, taken back whole."""

from risk.services.mapping.bulk.fields import (
    apply_area,
    apply_executor,
    apply_kind,
    apply_macroprocess,
    apply_presence,
    propose_area,
    propose_executor,
    propose_kind,
    propose_macroprocess,
    propose_presence,
)
from risk.services.mapping.bulk.judgements import apply_judgement, propose_judgement
from risk.services.mapping.bulk.levels import apply_level, propose_level
from risk.services.mapping.bulk.measures import apply_measure, propose_measure
from risk.services.mapping.bulk.proposals import (
    BulkChange,
    BulkDone,
    BulkProposal,
    ProposalChangedError,
)

__all__ = [
    "BulkChange",
    "BulkDone",
    "BulkProposal",
    "ProposalChangedError",
    "apply_area",
    "apply_executor",
    "apply_judgement",
    "apply_kind",
    "apply_level",
    "apply_macroprocess",
    "apply_measure",
    "apply_presence",
    "propose_area",
    "propose_executor",
    "propose_judgement",
    "propose_kind",
    "propose_level",
    "propose_macroprocess",
    "propose_measure",
    "propose_presence",
]
