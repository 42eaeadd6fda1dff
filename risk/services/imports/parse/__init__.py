"""Stage four: the cells of tables become rows, and rows processes with what hangs on them."""

from risk.services.imports.parse.processes import ParseKnowledge, parse_processes
from risk.services.imports.parse.rows import parse_rows

__all__ = ["ParseKnowledge", "parse_processes", "parse_rows"]
