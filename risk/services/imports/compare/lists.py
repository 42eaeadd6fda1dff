"""Categories and factors of behaviours the register has already: what a file says of them counts.

A filled cell is the whole list: what it says otherwise is a change. An entry a person left out says
nothing, and takes nothing away.
"""

from collections import defaultdict
from typing import Any

from registry.services.history import FieldChange
from risk.models import RiskBehaviour
from risk.services.imports.compare.changes import ChangeSet
from risk.services.imports.compare.register import Register
from risk.services.imports.resolve.resolved import ResolvedBehaviour, ResolvedProcess

LISTS = ("categories", "factors")


class ListComparison:
    """Compares the lists of one behaviour after the other; read at once when first needed."""

    def __init__(self, register: Register, changes: ChangeSet) -> None:
        self._register = register
        self._changes = changes
        self._keys: dict[str, dict[int, list[int]]] = {}
        self._rows: dict[str, dict[int, Any]] = {}

    def compare(
        self, row: RiskBehaviour, said: ResolvedBehaviour, process: ResolvedProcess
    ) -> None:
        """Add the lists of a behaviour that the file changes."""
        changes = []
        for name in LISTS:
            if not said.lists.get(name):
                continue
            before = self._of(name)[row.pk]
            after = [one.pk for one in said.lists[name]]
            if name in said.left_out:
                after = [*before, *(key for key in after if key not in before)]
            if set(after) == set(before):
                continue
            label = str(row._meta.get_field(name).verbose_name)
            changes.append(FieldChange(label, self._named(name, before), self._named(name, after)))
            self._changes.relink(row, name, after)
        if changes:
            self._changes.tell_changed(row, row.text, process, changes)

    def _of(self, name: str) -> dict[int, list[int]]:
        if name not in self._keys:
            field = RiskBehaviour._meta.get_field(name)
            through = field.remote_field.through._default_manager
            annexes = [row.pk for row in self._register.annexes.values() if row.pk]
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
