"""Files of tables, read and written, whatever their format; nothing here knows the database."""

from registry.spreadsheets.delimited import escape, unescape
from registry.spreadsheets.lists import TextCSV, TextJSON, TextODS, TextXLSX
from registry.spreadsheets.workbook import UnreadableFile

__all__ = ["TextCSV", "TextJSON", "TextODS", "TextXLSX", "UnreadableFile", "escape", "unescape"]
