"""The layouts of registers as data: what each may mean by a head, and what it must have.

`catalogo` is the office catalogue, `tabella` the merged table of processes, phases and risks (of
each a published one is in fixtures/demo), `registro` a register with one row per process or risk
and its assessment (the "Allegato B" of small towns, the P×I tables), `schede` one block of labels
per process.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.workbooks.fields import FIELDS, INDICATOR, INDICATOR_HEADS, bare
from risk.workbooks.said_beside import OTHER_LANGUAGES, ROLES

AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLayout:
    """`own_heads` are meant before those all layouts share; `needs` are groups of fields, of each

    of which one must be there (a name ending in ":" stands for all indicators). `is_row_each`:
    each row is a process of its own, and what lacks its number goes on the row above;
    `is_merged`: phases stand beside the merged cell of their process, so their border may be in
    doubt; `is_blocks`: a process is a block of labels, not a row.
    """

    name: str
    label: str | Promise
    own_heads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ()
    is_row_each: bool = False
    is_merged: bool = False
    is_blocks: bool = False

    def satisfied_by(self, fields: set[str]) -> bool:
        """Return whether a table with these fields can be of this layout."""
        kinds = fields | {INDICATOR for name in fields if name.startswith(INDICATOR)}
        return all(any(name in kinds for name in group) for group in self.needs)


_PROCESS = ("processo", "processi", "processo attività", "attività processo", "procedimento")

# Where a table fits several, the first is meant.
FILE_LAYOUTS: dict[str, FileLayout] = {
    layout.name: layout
    for layout in (
        FileLayout(
            name="tabella",
            label=_("tabella processi, fasi e rischi"),
            own_heads={
                "macroprocess": ("processi", "processo"),
                "process_title": ("attività", "processo attività", "attività del processo"),
            },
            needs=(("process_title",), ("phase", "action"), ("behaviours", "measures", "level")),
            is_merged=True,
        ),
        FileLayout(
            name="registro",
            label=_("registro dei rischi con la valutazione"),
            own_heads={
                "process_title": (*_PROCESS, "attività", "sottoprocessi procedimenti", "processi")
            },
            needs=(
                ("process_title", "process_number"),
                ("behaviours", "level", "result", "probability", INDICATOR),
            ),
        ),
        FileLayout(
            name="catalogo",
            label=_("catalogo dei processi"),
            own_heads={"process_title": _PROCESS},
            needs=(
                ("process_title",),
                ("function", "macroprocess", "risk_area", "office", "process_kind", "phase"),
            ),
            is_row_each=True,
        ),
        FileLayout(name="schede", label=_("una scheda per processo"), is_blocks=True),
    )
}
PLAINEST = "registro"
"""The layout of a table whose heads mean nothing: that which makes least of how rows follow."""
NAMES = (AUTO, *FILE_LAYOUTS)


def heads_of(layout: FileLayout | None, indicators: dict[str, str]) -> dict[str, str]:
    """Return our field by bare head: the layout's own heads, indicators, and the shared ones.

    Probability and impact come before an indicator that has just that label. `indicators` are
    code and label of the plan's methods; the six of ANAC 2019 are always known.
    """
    heads: dict[str, str] = {}
    if layout:
        for name, texts in layout.own_heads.items():
            heads.update({bare(text): name for text in texts})
    for side in (FIELDS["probability"], FIELDS["impact"]):
        heads.update({bare(text): side.name for text in (str(side.label), *side.heads)})
    for code, label in indicators.items():
        heads.setdefault(bare(label), f"{INDICATOR}{code}")
    for code, texts in INDICATOR_HEADS.items():
        for text in texts:
            heads.setdefault(bare(text), f"{INDICATOR}{code}")
    for own in FIELDS.values():
        for text in (str(own.label), *own.heads):
            heads.setdefault(bare(text), own.name)
    for name, texts in (*OTHER_LANGUAGES.items(), *ROLES.items()):
        for text in texts:
            heads.setdefault(bare(text), name)
    return heads
