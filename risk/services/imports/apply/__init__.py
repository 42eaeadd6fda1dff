"""Stage seven: what a preview said is written, whole, as one act; and taken back."""

from risk.services.imports.apply.acts import annexes_of, apply_import, may_undo, undo_import

__all__ = ["annexes_of", "apply_import", "may_undo", "undo_import"]
