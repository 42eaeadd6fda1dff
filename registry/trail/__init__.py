"""The trail: records chained by their digests, of every act and of the rows it touched."""

from registry.trail.chain import write
from registry.trail.records import bind_gone_rows, bind_row, written_models

__all__ = ["bind_gone_rows", "bind_row", "write", "written_models"]
