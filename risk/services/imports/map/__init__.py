"""Stage three: which field of ours each column is, and what stands around a table says."""

from risk.services.imports.map.columns import HEADER_ROW, is_sure, map_columns, said_header_rows
from risk.services.imports.map.places import roles
from risk.services.imports.recognise.goes_on import REGISTER

__all__ = ["HEADER_ROW", "REGISTER", "is_sure", "map_columns", "roles", "said_header_rows"]
