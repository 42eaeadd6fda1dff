"""The trail: records chained by their digests, of every act and of the rows it touched."""

from registry.trail.chain import write
from registry.trail.records import (
    INVITATION,
    PERSONS,
    PLACE,
    ROLES,
    bind_gone_rows,
    bind_row,
    place_digest,
    written_models,
)

__all__ = [
    "INVITATION",
    "PERSONS",
    "PLACE",
    "ROLES",
    "bind_gone_rows",
    "bind_row",
    "place_digest",
    "write",
    "written_models",
]
