"""What a table is described by: which roles it has, and where in the file each may be said.

A role (office, area of risk, macroprocess, process, phase, risk …) is a field of ours. It is said
by a column, by a band over the rows below, above the table (a title, a paragraph of a document), by
the name of the sheet, by a label with its value beside or below it, or by the column itself where
the table stands on its side. The layouts people name are four such descriptions: `catalogo` is the
office catalogue, `tabella` the merged table of processes, phases and risks (of each a published one
is in fixtures/demo), `registro` a register with one row per process or risk and its assessment (the
"Allegato B" of small towns, the P×I tables), `schede` labels with their values, process by process.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.workbooks.fields import FIELDS, INDICATOR, INDICATOR_HEADS, bare
from risk.workbooks.said_beside import OTHER_LANGUAGES, ROLES

AUTO = "auto"
_bare = lru_cache(maxsize=4_096)(bare)
"""Kept: the same hundreds of heads are asked for anew with each table of each file."""


class Said(StrEnum):
    """Where in a file a role is said."""

    COLUMN = "column"
    BAND = "band"
    ABOVE = "above"
    SHEET = "sheet"
    LABEL = "label"
    TURNED = "turned"
    TABLE = "table"
    """A table of its own: a person may say that it is none of the register."""


_AROUND = frozenset({Said.COLUMN, Said.BAND, Said.ABOVE, Said.SHEET})
_OF_FORMS = frozenset({Said.LABEL, Said.TURNED, Said.ABOVE, Said.SHEET})
WHOLES = ("office", "function", "risk_area", "macroprocess", "process_title")
"""Roles that hold for all rows under what says them, the widest first."""


def _wholes(*ways: frozenset[Said]) -> dict[str, frozenset[Said]]:
    """Return where the wholes are said: all in the first of `ways`, processes in the last."""
    return {**dict.fromkeys(WHOLES, ways[0]), "process_title": ways[-1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDescription:
    """One kind of table by its roles. A role that is not in `said` is said by a column.

    `own_heads` are meant before those all tables share; `needs` are groups of roles, of each of
    which one must be there (a name ending in ":" stands for all indicators). `is_row_each`: each
    row is a process of its own, and what lacks its number goes on the row above; `is_merged`:
    phases stand beside the merged cell of their process, so their border may be in doubt.
    """

    name: str
    label: str | Promise
    said: Mapping[str, frozenset[Said]]
    own_heads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ()
    is_row_each: bool = False
    is_merged: bool = False

    @property
    def is_blocks(self) -> bool:
        """Whether a process is a block of labels, not a row."""
        return Said.LABEL in self.said["process_title"]

    def satisfied_by(self, columns: set[str], elsewhere: Mapping[str, Said] | None = None) -> bool:
        """Return whether a table with these columns can be one, with what is said `elsewhere`."""
        kinds = columns | {INDICATOR for name in columns if name.startswith(INDICATOR)}
        kinds |= {name for name, where in (elsewhere or {}).items() if self.may_say(name, where)}
        return all(any(name in kinds for name in group) for group in self.needs)

    def may_say(self, name: str, where: Said) -> bool:
        """Return whether a role may be said at a place of such a table."""
        return where in self.said.get(name, (Said.COLUMN,))


_LITTLE = re.compile(r" (?:d[aei]|de[il]|dell[aeo]?|degli|nel|nell[aeo]?|sul|sull[aeo]?) ")
_PROCESS = ("processo", "processi", "processo attività", "attività processo", "procedimento")
_ONLY_COLUMN = frozenset({Said.COLUMN})

# Where a table fits several, the first is meant.
DESCRIPTIONS: dict[str, TableDescription] = {
    one.name: one
    for one in (
        TableDescription(
            name="tabella",
            label=_("tabella processi, fasi e rischi"),
            said=_wholes(_AROUND),
            own_heads={
                "macroprocess": ("processi", "processo"),
                "process_title": ("attività", "processo attività", "attività del processo"),
            },
            needs=(("process_title",), ("phase", "action"), ("behaviours", "measures", "level")),
            is_merged=True,
        ),
        TableDescription(
            name="registro",
            label=_("registro dei rischi con la valutazione"),
            said=_wholes(_AROUND),
            own_heads={
                "process_title": (*_PROCESS, "attività", "sottoprocessi procedimenti", "processi")
            },
            needs=(
                ("process_title", "process_number"),
                ("behaviours", "level", "result", "probability", INDICATOR),
            ),
        ),
        TableDescription(
            name="catalogo",
            label=_("catalogo dei processi"),
            said=_wholes(_AROUND, _ONLY_COLUMN),
            own_heads={"process_title": _PROCESS},
            needs=(
                ("process_title",),
                ("function", "macroprocess", "risk_area", "office", "process_kind", "phase"),
            ),
            is_row_each=True,
        ),
        TableDescription(
            name="schede",
            label=_("una scheda per processo"),
            said=_wholes(_OF_FORMS),
            own_heads={"process_title": _PROCESS},
        ),
    )
}
PLAINEST = "registro"
"""The kind of a table whose heads mean nothing: that which makes least of how rows follow."""
FORMS = "schede"
NAMES = (AUTO, *DESCRIPTIONS)


def heads_of(description: TableDescription | None, indicators: dict[str, str]) -> dict[str, str]:
    """Return our field by bare head: the description's own heads, indicators, the shared ones.

    Probability and impact come before an indicator that has just that label. `indicators` are
    code and label of the plan's methods; the six of ANAC 2019 are always known.
    """
    heads: dict[str, str] = {}
    if description:
        for name, texts in description.own_heads.items():
            heads.update({_bare(text): name for text in texts})
    for side in (FIELDS["probability"], FIELDS["impact"]):
        heads.update({_bare(text): side.name for text in (str(side.label), *side.heads)})
    for code, label in indicators.items():
        heads.setdefault(_bare(label), f"{INDICATOR}{code}")
        # "Complessità processo" is "Complessità del processo"
        heads.setdefault(_LITTLE.sub(" ", _bare(label)), f"{INDICATOR}{code}")
    for code, texts in INDICATOR_HEADS.items():
        for text in texts:
            heads.setdefault(_bare(text), f"{INDICATOR}{code}")
    for own in FIELDS.values():
        for text in (str(own.label), *own.heads):
            heads.setdefault(_bare(text), own.name)
    for name, texts in (*OTHER_LANGUAGES.items(), *ROLES.items()):
        for text in texts:
            heads.setdefault(_bare(text), name)
    return heads
