"""What a validator says of a PDF by both standards it claims: PDF/A-2a and PDF/UA-1.

Where the validator is known to be wrong, or not to look, something else does: the length of each
stream is read from the bytes, a file that carries others is looked at without them and each of
them alone, and long tables are asked for and read by us as well (`tests.long_tables`).
"""

import io
import re

import pikepdf
from page import SafetyLimits, ValidationProfile, validate_pdf_bytes

from tests.long_tables import faults_of_long_tables

PROFILES = (ValidationProfile.PDF_A_2A, ValidationProfile.PDF_UA_1)
LIMITS = SafetyLimits(max_table_grid_rows=100_000, max_table_grid_cells=1_000_000)
"""A table is looked at however long it is; by itself the validator gives up at 1,024 rows."""
# It takes the end of a compressed stream for a line end where its last byte is one.
_WRONG_ALARM = "STREAM-LENGTH"
_STREAM = re.compile(rb"obj\s*<<((?:(?!\bobj\b).)*?)>>\s*stream\r?\n", re.DOTALL)
_LENGTH = re.compile(rb"/Length (\d+)(?! \d+ R)")


def faults(pdf: bytes) -> list[str]:
    """Return what breaks PDF/A-2a or PDF/UA-1 in a PDF, and in each PDF it carries."""
    alone, carried = _parted(pdf)
    found = [*streams_of_wrong_length(pdf), *_told(alone), *faults_of_long_tables(alone)]
    return found + [fault for one in carried for fault in faults(one)]


def streams_of_wrong_length(pdf: bytes) -> list[str]:
    """Return the streams of a PDF that do not end where their `Length` says."""
    found, place = [], 0
    while begun := _STREAM.search(pdf, place):
        length = _LENGTH.search(begun[1])
        place = begun.end() + int(length[1] if length else 0)
        if not length or not re.match(rb"\r?\n?endstream\b", pdf[place : place + 12]):
            found.append(f"stream at byte {begun.start()}")
    return found


def _parted(pdf: bytes) -> tuple[bytes, list[bytes]]:
    """Return a PDF without the files it carries, and these."""
    with pikepdf.open(io.BytesIO(pdf)) as book:
        carried = [one.get_file().read_bytes() for one in book.attachments.values()]
        if not carried:
            return pdf, []
        del book.Root.Names.EmbeddedFiles, book.Root.AF
        alone = io.BytesIO()
        book.save(alone, deterministic_id=True)
    return alone.getvalue(), carried


def _told(pdf: bytes) -> list[str]:
    return [
        f"{profile.value}: {failure.rule_id} {failure.message}"
        for profile in PROFILES
        for failure in validate_pdf_bytes(pdf, profile=profile, limits=LIMITS).failures
        if _WRONG_ALARM not in failure.rule_id
    ]
