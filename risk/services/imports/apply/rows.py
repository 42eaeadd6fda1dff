"""The rows of a change set, written in bulk with their history."""

from typing import Any

from registry.acts import Act
from registry.hanging import content_models
from registry.services.bulk import create_in_bulk, link_in_bulk, relink_in_bulk, update_in_bulk
from registry.services.bulk_ties import tie_in_bulk
from registry.services.ordering import put
from risk.models import RiskBehaviour
from risk.services.imports.compare.changes import ChangeSet


def write_rows(changes: ChangeSet, opened: Act) -> None:
    """Write the rows of a change set with their history, parents first."""
    for moved in changes.moved.values():
        put(moved, column="position", kind="import", by=opened.by)
    for model in content_models():
        # once in the database they need not stay in memory
        if rows := changes.created.pop(model, None):
            create_in_bulk(rows, kind="import", by=opened.by)
        if pairs := changes.tied.pop(model, None):
            tie_in_bulk(model, pairs, kind="import", by=opened.by)
    links: dict[str, dict[Any, list[int]]] = {"categories": {}, "factors": {}}
    for behaviour, categories, factors in changes.linked:
        links["categories"][behaviour] = [row.pk for row in categories]
        links["factors"][behaviour] = [row.pk for row in factors]
    link_in_bulk(links, kind="import", by=opened.by)
    for model, rows in changes.updated.items():
        update_in_bulk(list(rows.values()), fields=sorted(changes.fields[model]), opened=opened)
    relink_in_bulk(changes.updated.get(RiskBehaviour, {}).values(), changes.relinked, opened=opened)
