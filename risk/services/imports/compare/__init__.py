"""Stage six: what a file says beside what the register holds, as a set of changes."""

from collections.abc import Callable, Sequence
from typing import Any

from registry.models import Annex, Plan
from risk.services.imports.compare.changes import ChangeSet
from risk.services.imports.compare.checks import (
    note_lost_ids,
    refuse_ex_officio,
    refuse_misplaced,
    tell_missing_rows,
)
from risk.services.imports.compare.comparison import Comparison
from risk.services.imports.compare.register import Register
from risk.services.imports.ledger import Ledger
from risk.services.imports.resolve.resolved import ResolvedFile

__all__ = ["ChangeSet", "compare"]


def compare(
    files: Sequence[ResolvedFile],
    *,
    plan: Plan,
    by: Any,
    may_change: Callable[[Annex], bool],
    may_open: bool,
    ledger: Ledger,
) -> ChangeSet:
    """Return what taking some files into a plan would do; nothing is written.

    `by` is the person whose rights count, None for the installation itself. `may_change` says
    whether they may change an annex, `may_open` whether an annex that is missing may be opened.
    """
    changes = ChangeSet(ledger)
    offices = {one.office.pk: one.office for file in files for one in file.processes}
    register = Register(plan=plan, offices=list(offices.values()))
    comparison = Comparison(register, changes, may_change=may_change, may_open=may_open)
    comparison.compare(files)
    for file in files:
        note_lost_ids(changes, file)
        refuse_misplaced(changes, register, file)
        tell_missing_rows(changes, register, file)
    refuse_ex_officio(changes, by=by)
    return changes
