"""Stage five: texts become the rows of lists they stand for; what stands for none is asked."""

from risk.services.imports.resolve.lists import ListLookup
from risk.services.imports.resolve.processes import resolve
from risk.services.imports.resolve.resolved import ResolvedFile

__all__ = ["ListLookup", "ResolvedFile", "resolve"]
