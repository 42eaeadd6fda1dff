"""The layouts of registers as data: what each may mean by a head, and what it must have.

`catalogo` is the office catalogue, `tabella` the merged table of processes, phases and risks (of
each a published one is in fixtures/demo), `registro` a register with one row per process or risk
and its assessment (the "Allegato B" of small towns, the P×I tables), `schede` one block of labels
per process.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from risk.workbooks.fields import FIELDS, INDICATOR, INDICATOR_HEADS, bare

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Layout:
    """`own_heads` are meant before those all layouts share; `needs` are groups of fields, of each

    of which one must be there (a name ending in ":" stands for all indicators).
    """

    name: str
    label: str | Promise
    own_heads: dict[str, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...]

    def satisfied_by(self, fields: set[str]) -> bool:
        """Return whether a table with these fields can be of this layout."""
        kinds = fields | {INDICATOR for name in fields if name.startswith(INDICATOR)}
        return all(any(name in kinds for name in group) for group in self.needs)


_PROCESS = ("processo", "processi", "processo attività", "attività processo", "procedimento")

# Where a table fits several, the first is meant.
LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "tabella",
            _("tabella processi, fasi e rischi"),
            {
                "macroprocess": ("processi", "processo"),
                "process_title": ("attività", "processo attività", "attività del processo"),
            },
            (("process_title",), ("phase", "action"), ("behaviours", "measures", "level")),
        ),
        Layout(
            "registro",
            _("registro dei rischi con la valutazione"),
            {"process_title": (*_PROCESS, "attività", "sottoprocessi procedimenti", "processi")},
            (
                ("process_title", "process_number"),
                ("behaviours", "level", "result", "probability", INDICATOR),
            ),
        ),
        Layout(
            "catalogo",
            _("catalogo dei processi"),
            {"process_title": _PROCESS},
            (
                ("process_title",),
                ("function", "macroprocess", "risk_area", "office", "process_kind", "phase"),
            ),
        ),
    )
}
SCHEDE = "schede"
NAMES = (AUTO, *LAYOUTS, SCHEDE)


def heads_of(layout: Layout | None, indicators: dict[str, str]) -> dict[str, str]:
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
    for field in FIELDS.values():
        for text in (str(field.label), *field.heads):
            heads.setdefault(bare(text), field.name)
    return heads
