"""The back office of the risk room."""

from risk.admin import (
    assessments,
    behaviours,
    catalogues,
    editions,
    library,
    measures,
    methods,
    remarks,
    texts,
)

__all__ = [
    "assessments",
    "behaviours",
    "catalogues",
    "editions",
    "library",
    "measures",
    "methods",
    "remarks",
    "texts",
]
