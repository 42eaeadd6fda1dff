"""Files that came by mail: base64, PEM and S/MIME messages, as bytes again."""

import base64
import binascii
import email
import email.policy
import re
from email.message import Message

from asn1crypto import pem
from django.utils.translation import gettext as _

from registry.readable import grouped
from risk.services.verification.values import UnreadableFileError

MOST_PARTS = 20
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")
_MIME_HEAD = re.compile(rb"\A(?:[A-Za-z0-9-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*)+\r?\n")
_HEAD_BYTES = 16_384


def is_base64(content: bytes) -> bool:
    """Tell whether a file is an envelope in base64: the first bytes of every envelope say so."""
    return content.lstrip()[:2] == b"MI" and _BASE64.fullmatch(content) is not None


def from_base64(content: bytes) -> bytes:
    """Return the bytes of a file in base64. Raises `UnreadableFileError`."""
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error as error:
        raise UnreadableFileError(_("Il file è in base64, ma incompleto.")) from error


def is_pem(content: bytes) -> bool:
    """Tell whether a file is PEM."""
    return content.lstrip()[:11] == b"-----BEGIN "


def from_pem(content: bytes) -> bytes:
    """Return the bytes of the envelope in a PEM file. Raises `UnreadableFileError`."""
    try:
        kind, _headers, data = pem.unarmor(content.lstrip())
    except (ValueError, TypeError) as error:
        raise UnreadableFileError(_("Il file PEM non si lascia leggere.")) from error
    if kind not in ("PKCS7", "CMS", "PKCS #7 SIGNED DATA"):
        raise UnreadableFileError(_("Il file PEM non è una busta firmata."))
    return data


def is_message(content: bytes) -> bool:
    """Tell whether a file is a MIME message: it begins with headers, one of which says so."""
    head = _MIME_HEAD.match(content[:_HEAD_BYTES])
    return bool(head) and re.search(rb"(?im)^Content-Type:", head[0]) is not None


def parts_of(content: bytes) -> list[tuple[str, bytes]]:
    """Return name and bytes of each part of a message that is no text around them.

    Raises `UnreadableFileError` for one without, or with more than `MOST_PARTS`.
    """
    try:
        message = email.message_from_bytes(content, policy=email.policy.compat32)
        parts = list(_parts(message))
    # a stranger's message: a part that cannot be read is no document
    except (ValueError, LookupError, TypeError, AssertionError) as error:
        raise UnreadableFileError(_("Il messaggio non si lascia leggere.")) from error
    if not parts:
        raise UnreadableFileError(_("Il messaggio non contiene file."))
    if len(parts) > MOST_PARTS:
        raise UnreadableFileError(
            _("Il messaggio contiene più di %(count)s file.") % {"count": grouped(MOST_PARTS)}
        )
    return parts


def _parts(message: Message) -> list[tuple[str, bytes]]:
    found = []
    for part in message.walk():
        if part.is_multipart() or len(found) > MOST_PARTS:
            continue
        data = part.get_payload(decode=True)
        # the text of the mail is none of its files; OpenSSL writes a file without any headers
        is_text = part.get_content_maintype() == "text" and not part.get_filename()
        if isinstance(data, bytes) and data and (not is_text or data.startswith(b"%PDF-")):
            found.append((str(part.get_filename() or ""), data))
    return found
