"""The forms of a map that is one form, as it is without scripts."""

from dataclasses import dataclass, field

from registry.forms.whole_page import OfWhole
from risk.forms.mapping.rows import NewProcessForm, ProcessRowForm

WHOLE = "tutte"
"""The id of the form all cells of the map belong to without scripts.

The script gives them back to the forms of their rows, whose ids their names begin with
(`risk/static/risk/grid.js`).
"""
ABOVE, BELOW, AFTER = "aggiungi", "nuovo", "dopo"
"""Where a process to add is typed: above the rows, in the last of them, in the menu of one."""


class WholeProcessRow(OfWhole, ProcessRowForm):
    """A row of the map."""

    owner = WHOLE


class WholeNewProcess(OfWhole, NewProcessForm):
    """A process to add."""

    owner = WHOLE


@dataclass
class UnsavedMap:
    """What of a map that was sent could not be saved, and is shown again as it was typed.

    Forms that were refused: of `rows` by the key of the process, of processes to add (`new`) by
    where they were typed. `notes` say something of a row, by its uid; its menu is `opened`, with
    the `reason` for which it was to be archived.
    """

    rows: dict[int, ProcessRowForm] = field(default_factory=dict)
    new: dict[str, NewProcessForm] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    opened: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows or self.new or self.notes)
