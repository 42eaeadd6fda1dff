"""Stage two: a file read becomes tables, each with its heads, bands, titles and first row."""

from risk.services.imports.recognise.claims import claim_outside
from risk.services.imports.recognise.registers import Knowledge, recognise

__all__ = ["Knowledge", "claim_outside", "recognise"]
