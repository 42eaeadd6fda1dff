"""One value for many rows: area, macroprocess, kind and presence of risk of processes, executor of
phases.

Each is proposed, and applied as it was confirmed, in one act (docs/decisions/0061).
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.acts import act
from registry.enums import ProcessKind, RiskPresence
from registry.models import Annex, ExecutorRole, Macroprocess, Office, Phase, Process, RiskArea
from registry.services.bulk import update_in_bulk
from registry.services.ordering import lock_open_annex
from risk.services.mapping.bulk.proposals import (
    NOTHING,
    BulkChange,
    BulkDone,
    BulkProposal,
    confirmed,
    read_again,
)

EXECUTORS = ("executor_role", "executor_office")


def propose_area(*, processes: Sequence[Process], area: RiskArea) -> BulkProposal:
    """Say what giving one area to many processes changes."""
    return _proposal(processes, lambda row: (str(row.risk_area or NOTHING), area.printed))


def apply_area(
    *, annex: Annex, processes: Sequence[Process], area: RiskArea, digest: str, by: Any
) -> BulkDone:
    """Give one area to the processes; one act. Raises `ProposalChangedError`, `ValidationError`."""
    return _write_values(
        kind="bulk-area",
        annex=annex,
        rows=processes,
        values={"risk_area": area},
        propose=lambda rows: propose_area(processes=rows, area=area),
        digest=digest,
        by=by,
        related=("risk_area",),
    )


def propose_macroprocess(
    *, processes: Sequence[Process], macroprocess: Macroprocess
) -> BulkProposal:
    """Say what giving one macroprocess to many processes changes."""
    return _proposal(
        processes, lambda row: (str(row.macroprocess or NOTHING), macroprocess.printed)
    )


def apply_macroprocess(
    *,
    annex: Annex,
    processes: Sequence[Process],
    macroprocess: Macroprocess,
    digest: str,
    by: Any,
) -> BulkDone:
    """Give one macroprocess to the processes; one act. Raises as `apply_area`."""
    return _write_values(
        kind="bulk-macroprocess",
        annex=annex,
        rows=processes,
        values={"macroprocess": macroprocess},
        propose=lambda rows: propose_macroprocess(processes=rows, macroprocess=macroprocess),
        digest=digest,
        by=by,
        related=("macroprocess__function",),
    )


def propose_kind(*, processes: Sequence[Process], kind: ProcessKind) -> BulkProposal:
    """Say what making many processes primary, or supporting, changes."""
    return _proposal(
        processes, lambda row: (row.get_kind_display() or NOTHING, str(ProcessKind(kind).label))
    )


def apply_kind(
    *, annex: Annex, processes: Sequence[Process], kind: ProcessKind, digest: str, by: Any
) -> BulkDone:
    """Give one kind to the processes; one act. Raises as `apply_area`."""
    return _write_values(
        kind="bulk-kind",
        annex=annex,
        rows=processes,
        values={"kind": kind},
        propose=lambda rows: propose_kind(processes=rows, kind=kind),
        digest=digest,
        by=by,
    )


def propose_presence(
    *, processes: Sequence[Process], presence: RiskPresence, reason: str
) -> BulkProposal:
    """Say what finding the risk of many processes present, or absent, for one reason changes.

    Without a reason those keep theirs whose presence is so already; of the others the reason there
    was is of another finding, and goes.
    """

    def shown(row: Process) -> tuple[str, str]:
        after = reason or (row.risk_presence_reason if row.risk_presence == presence else "")
        before = _presence(row.risk_presence, row.risk_presence_reason)
        return before, _presence(presence, after)

    return _proposal(processes, shown)


def apply_presence(
    *,
    annex: Annex,
    processes: Sequence[Process],
    presence: RiskPresence,
    reason: str,
    digest: str,
    by: Any,
) -> BulkDone:
    """Say of the processes whether there is a risk, and why; one act.

    Raises as `apply_area`, and `ValidationError` for an absent risk without a reason.
    """
    if presence == RiskPresence.ABSENT and not reason.strip():
        raise ValidationError(_("Scrivi perché il rischio è assente."))
    return _write_values(
        kind="bulk-presence",
        annex=annex,
        rows=processes,
        values={"risk_presence": presence, "risk_presence_reason": reason},
        propose=lambda rows: propose_presence(processes=rows, presence=presence, reason=reason),
        digest=digest,
        by=by,
    )


def propose_executor(
    *, phases: Sequence[Phase], role: ExecutorRole | None, office: Office | None
) -> BulkProposal:
    """Say what giving many phases one executor changes; what is None stays as it is."""

    def shown(row: Phase) -> tuple[str, str]:
        after = (role or row.executor_role, office or row.executor_office)
        told = ", ".join(str(part) for part in after if part is not None)
        return row.printed_executor or NOTHING, told or NOTHING

    return _proposal(phases, shown)


def apply_executor(
    *,
    annex: Annex,
    phases: Sequence[Phase],
    role: ExecutorRole | None,
    office: Office | None,
    digest: str,
    by: Any,
) -> BulkDone:
    """Give the phases one executor: a role, an office or both; one act. Raises as `apply_area`."""
    given = zip(EXECUTORS, (role, office), strict=True)
    return _write_values(
        kind="bulk-executor",
        annex=annex,
        rows=phases,
        values={name: value for name, value in given if value is not None},
        propose=lambda rows: propose_executor(phases=rows, role=role, office=office),
        digest=digest,
        by=by,
        related=EXECUTORS,
    )


def _presence(presence: str, reason: str) -> str:
    label = str(RiskPresence(presence).label)
    return f"{label}: {reason}" if reason else label


def _proposal(rows: Sequence[Any], shown: Callable[[Any], tuple[str, str]]) -> BulkProposal:
    """Return what changes, given how a row reads before and after."""
    return BulkProposal(tuple(BulkChange(row, *shown(row)) for row in rows))


def _write_values(
    *,
    kind: str,
    annex: Annex,
    rows: Sequence[Any],
    values: dict[str, Any],
    propose: Callable[[Sequence[Any]], BulkProposal],
    digest: str,
    by: Any,
    related: Sequence[str] = (),
) -> BulkDone:
    """Write the same values into the rows that are as they were shown."""
    with act(kind, by=by) as opened:
        locked = lock_open_annex(annex)
        for value in values.values():
            _refuse_other_body(value, annex=locked)
        proposal = propose(read_again(rows, annex=locked, related=related))
        changes, left = confirmed(proposal, digest)
        for change in changes:
            for name, value in values.items():
                setattr(change.row, name, value)
        update_in_bulk([one.row for one in changes], fields=list(values), opened=opened)
        return BulkDone(opened, len(changes), left)


def _refuse_other_body(value: Any, *, annex: Annex) -> None:
    own = (None, annex.plan.administration_id)
    if getattr(value, "administration_id", None) not in own:
        raise ValidationError(_("La voce scelta appartiene a un’altra amministrazione."))
