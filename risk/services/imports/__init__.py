"""Taking a file into the register: whole or not at all, and the person sees why.

One straight line of stages, each a function from what the one before gives: read → recognise →
map → parse → resolve → compare → apply. All add to one ledger; none knows a later one.
"""

from risk.services.imports.apply import apply_import, undo_import
from risk.services.imports.preview import Preview, preview_import
from risk.services.imports.refusals import ImportRefusedError
from risk.services.imports.uploads import discard_import, start_import

__all__ = [
    "ImportRefusedError",
    "Preview",
    "apply_import",
    "discard_import",
    "preview_import",
    "start_import",
    "undo_import",
]
