"""What stands after the issued bytes of a PDF: signatures and nothing else, or changes.

The revisions are read with pyHanko, which bounds what a stranger's file may unpack. A file counts
as signed when every revision after the issued bytes ends in a signature whose byte range starts at
0 and reaches the end of that revision, and when the revisions add signature fields, validation
data and document time stamps only (ISO 32000-2, 12.8; docs/decisions/0039). A revision of
validation data alone (PAdES-B-LT) needs no signature of its own: it shows nothing.
"""

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from risk.services.verification.names import name_in
from risk.services.verification.values import Addition, Appended, Change

MOST_REVISIONS = 60
_END_BYTES = 100
_START = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF\s*\Z")
_LAST_EOF = re.compile(rb"%%EOF(\r\n|\r|\n)?")


def read_appended(content: bytes, *, issued: int) -> Appended:
    """Return what was added to a PDF whose first `issued` bytes are an issue; they are not all.

    Never raises: what cannot be read is a change like another.
    """
    end = _end_of_last(content, issued)
    if end == issued:
        return Appended(changes=(Change(Addition.BYTES),))
    try:
        appended = _Reading(content[:end], issued).appended()
    # a stranger's bytes: whatever the library stumbles over, they are no signature
    except Exception:
        return Appended(changes=(Change(Addition.UNREADABLE),))
    if end < len(content):
        changes = (*appended.changes, Change(Addition.BYTES))
        return Appended(**{**vars(appended), "changes": changes})
    return appended


def _end_of_last(content: bytes, issued: int) -> int:
    """Return where the last revision ends: after the line of its end mark."""
    at = content.rfind(b"%%EOF", issued)
    match = _LAST_EOF.match(content, at) if at >= 0 else None
    return match.end() if match else issued


def _start_of_last(content: bytes, end: int) -> int | None:
    """Return where the cross-references of the revision that ends here begin, as it says."""
    match = _START.search(content, max(end - _END_BYTES, 0), end)
    return int(match[1]) if match else None


@dataclass
class _Signature:
    """A signature field that is filled: from which revision, up to which byte, whose."""

    revision: int
    end: int
    signer: str
    is_time_stamp: bool
    widget: Any


@dataclass
class _Reading:
    """One file while it is read."""

    content: bytes
    issued: int
    reader: Any = field(init=False)
    base: int = field(init=False)

    def __post_init__(self) -> None:
        from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

        # not strict: poppler's signatures carry objects of generation 1
        self.reader = PdfFileReader(BytesIO(self.content), strict=False)
        self.base = self._base()

    def appended(self) -> Appended:
        from risk.services.verification.revisions import RevisionStep, pages_of  # noqa: PLC0415

        xrefs = self.reader.xrefs
        last = xrefs.total_revisions - 1
        if last - self.base > MOST_REVISIONS:
            return Appended(changes=(Change(Addition.OTHER),))
        signatures = self._signatures()
        changes: dict[Addition, set[Any]] = {}
        has_validation_data = False
        for revision in range(self.base + 1, last + 1):
            step = RevisionStep(self.reader, revision, base=self.base)
            for kind, refs in step.changes().items():
                changes.setdefault(kind, set()).update(refs)
            has_validation_data |= step.has_validation_data
            is_covered = any(self._covers(one, revision) for one in signatures)
            if not is_covered and not step.is_validation_data_alone:
                changes.setdefault(Addition.OPEN_END, set())
        if not signatures and not changes:
            changes[Addition.OPEN_END] = set()
        pages = pages_of(self.reader, changes, [one.widget for one in signatures])
        return Appended(
            signers=tuple(one.signer for one in signatures if not one.is_time_stamp),
            time_stamps=sum(one.is_time_stamp for one in signatures),
            has_validation_data=has_validation_data,
            boxes=pages.boxes,
            changes=tuple(Change(kind, pages.of(refs)) for kind, refs in changes.items()),
        )

    def _base(self) -> int:
        """Return the revision the issued bytes end with. Raises `ValueError` when there is none.

        A file whose chain does not lead there shows another document than the issued one.
        """
        start, xrefs = _start_of_last(self.content, self.issued), self.reader.xrefs
        for revision in range(xrefs.total_revisions):
            if xrefs.get_startxref_for_revision(revision) == start:
                break
        else:
            raise ValueError("the issued revision is not in the chain")
        for number in range(xrefs.total_revisions):
            place = xrefs.get_xref_container_info(number)
            if number <= revision and place.end_location > self.issued:
                raise ValueError("an issued revision stands among the appended bytes")
            if number > revision and place.start_location < self.issued:
                raise ValueError("an appended revision stands among the issued bytes")
        return revision

    def _signatures(self) -> list[_Signature]:
        from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415
        from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature  # noqa: PLC0415

        found = []
        for name, _value, reference in enumerate_sig_fields(self.reader, filled_status=True):
            embedded = EmbeddedPdfSignature(self.reader, reference.get_object(), name)
            if embedded.signed_revision <= self.base:
                continue
            is_stamp = embedded.sig_object_type == "/DocTimeStamp"
            found.append(
                _Signature(
                    revision=embedded.signed_revision,
                    end=self._end_of(embedded.byte_range),
                    signer="" if is_stamp else name_in(embedded.signed_data, embedded.signer_info),
                    is_time_stamp=is_stamp,
                    widget=reference,
                )
            )
        return found

    def _end_of(self, byte_range: Any) -> int:
        """Return the byte a range reaches when it leaves out nothing but the signature, else 0."""
        if len(byte_range) != 4 or byte_range[0] != 0:
            return 0
        _start, first, second, length = (int(number) for number in byte_range)
        hole = self.content[first:second]
        is_hole = re.fullmatch(rb"<[0-9A-Fa-f\s]*>", hole)
        return second + length if is_hole and second + length <= len(self.content) else 0

    def _covers(self, signature: _Signature, revision: int) -> bool:
        """Tell whether a signature of a revision reaches its end, which is that of a PDF."""
        if signature.revision != revision or not signature.end:
            return False
        xrefs = self.reader.xrefs
        is_last = revision == xrefs.total_revisions - 1
        if is_last and signature.end != len(self.content):
            return False
        start = _start_of_last(self.content, signature.end)
        reaches = xrefs.get_xref_container_info(revision).end_location <= signature.end
        return reaches and start == xrefs.get_startxref_for_revision(revision)
