"""Categories and factors of behaviours the register has already: what a file says of them counts.

A filled cell is the whole list: what it says otherwise is a change. An entry a person left out says
nothing, and takes nothing away.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from registry.services.history import FieldChange
from risk.models import RiskBehaviour
from risk.services.imports.shapes import RowChange

if TYPE_CHECKING:
    from risk.services.imports.comparing import Comparing
    from risk.services.imports.wanted import WantedBehaviour

NAMES = ("categories", "factors")


class Words:
    """Compares the lists of one behaviour after the other; read at once when first needed."""

    def __init__(self, comparing: "Comparing") -> None:
        self._comparing = comparing
        self._keys: dict[str, dict[int, list[int]]] = {}
        self._rows: dict[str, dict[int, Any]] = {}

    def compare(self, row: RiskBehaviour, said: "WantedBehaviour", process: str) -> None:
        """Note the lists of a behaviour that the file changes."""
        changes = []
        writes = self._comparing.writes
        for name in NAMES:
            if not getattr(said, name):
                continue
            before = self._of(name)[row.pk]
            wanted = [one.pk for one in getattr(said, name)]
            if name in said.left_out:
                wanted = [*before, *(key for key in wanted if key not in before)]
            if set(wanted) == set(before):
                continue
            label = str(row._meta.get_field(name).verbose_name)
            changes.append(FieldChange(label, self._named(name, before), self._named(name, wanted)))
            writes.changed[RiskBehaviour][row.pk] = row
            writes.words[name][row.pk] = wanted
        if changes:
            self._comparing.preview.changed.append(
                RowChange(
                    row._meta.model_name or "",
                    row.text[:200],
                    self._comparing.office,
                    process[:200],
                    tuple(changes),
                )
            )

    def _of(self, name: str) -> dict[int, list[int]]:
        if name not in self._keys:
            field = RiskBehaviour._meta.get_field(name)
            through = field.remote_field.through._default_manager
            annexes = [row.pk for row in self._comparing.register.annexes.values() if row.pk]
            pairs = through.filter(riskbehaviour__process__annex__in=annexes).order_by("pk")
            found = self._keys[name] = defaultdict(list)
            other = field.m2m_reverse_field_name()
            for row, key in pairs.values_list("riskbehaviour_id", other):
                found[row].append(key)
        return self._keys[name]

    def _named(self, name: str, keys: list[int]) -> str:
        if name not in self._rows:
            model = RiskBehaviour._meta.get_field(name).related_model
            self._rows[name] = model._default_manager.in_bulk()
        return "; ".join(str(self._rows[name][key]) for key in keys)
