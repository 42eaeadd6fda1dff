"""What a file says of itself: the digest of an issue, printed on it or among its metadata.

Whoever saves an issued PDF again with another program keeps words and metadata and changes every
byte. What is found here confirms nothing.
"""

import re
from io import BytesIO

from django.utils.translation import gettext as _

MOST_PAGES = 2
"""Of a PDF that are read: every page of an issue prints the digest."""
MOST_CLAIMS = 200
_MOST_TEXT = 8 * 1024 * 1024
# overlapping: on paper the digest runs into the "256" before it once blanks are left out
_DIGEST = re.compile(r"(?=([0-9a-f]{64}))")
_DIGEST_IN_BYTES = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_LOOKED_AT = 4096
_HEAD = 1024


def is_pdf(content: bytes) -> bool:
    """Tell whether a file is a PDF: readers look for its first words among the first thousand."""
    return b"%PDF-" in content[:_HEAD]


def claims_of(content: bytes) -> tuple[tuple[str, ...], str]:
    """Return the digests a PDF or a text names, in their order, and why it could not be asked.

    What is neither names none; the second is a sentence, "" where all was read.
    """
    if is_pdf(content):
        return _of_pdf(content)
    if b"\0" in content[:_LOOKED_AT]:
        return (), ""
    found = (match[0].decode() for match in _DIGEST_IN_BYTES.finditer(content[:_MOST_TEXT]))
    return tuple(dict.fromkeys(found))[:MOST_CLAIMS], ""


def _of_pdf(content: bytes) -> tuple[tuple[str, ...], str]:
    from pypdf import PdfReader  # noqa: PLC0415

    texts: list[str] = []
    note = ""
    # a stranger's file: whatever the library stumbles over, it claims nothing more
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return (), _("Il PDF si apre con una password, e non è stato letto.")
        texts += [str(value) for value in (reader.metadata or {}).values()]
        for page in reader.pages[:MOST_PAGES]:
            # a line of paper may break the digest
            texts.append("".join(page.extract_text().split()))
    except Exception:
        note = _("Il PDF non si lascia leggere per intero: può essere incompleto o danneggiato.")
    found = (match[1] for text in texts for match in _DIGEST.finditer(text))
    return tuple(dict.fromkeys(found))[:MOST_CLAIMS], note
