"""Taking a file into the register: whole or not at all, and the person sees why."""

from risk.services.imports.files import discard_import, start_import
from risk.services.imports.previewing import preview_import
from risk.services.imports.shapes import Preview
from risk.services.imports.taking import ImportRefusedError, take_import, undo_import

__all__ = [
    "ImportRefusedError",
    "Preview",
    "discard_import",
    "preview_import",
    "start_import",
    "take_import",
    "undo_import",
]
