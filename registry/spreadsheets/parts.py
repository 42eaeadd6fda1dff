"""The parts of a zipped file (XLSX, ODS, DOCX), opened without trusting what it says of itself."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets import limits
from registry.spreadsheets.workbook import UnreadableFile

_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1


class Parts:
    """The parts of one zipped file; the unpacked bytes of all that is read are counted together."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise broken() from error
        entries = self._zip.infolist()
        if len(entries) > limits.PARTS:
            raise too_large()
        if sum(entry.file_size for entry in entries) > limits.UNPACKED_BYTES:
            raise too_large()
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise protected()
        # some business programs write names with a backslash, against the norm of the format
        self._stored = {entry.filename.replace("\\", "/"): entry.filename for entry in entries}
        self.names = set(self._stored)
        self._read: dict[str, bytes] = {}
        self._unpacked = 0

    def read(self, name: str) -> bytes:
        """Return a part; raises `UnreadableFile` when it is missing, cut off, or too large.

        A document type declaration is refused: no office suite writes one, and entities declared
        there grow without end.
        """
        if name not in self._read:
            data = b"".join(self.chunks(name))
            if name.endswith((".xml", ".rels")):
                refuse_declarations(data)
            self._read[name] = data
        return self._read[name]

    def forget(self, name: str) -> None:
        """Free the memory of a part that is not needed again."""
        self._read.pop(name, None)

    def check_all(self) -> None:
        """Unpack every part once, so that what a library reads later is known to be sound."""
        for name in sorted(self.names):
            if name.endswith((".xml", ".rels")):
                self.read(name)
            else:
                for _chunk in self.chunks(name):
                    pass

    def tree(self, name: str) -> Element:
        """Return a part as an XML tree, without entities or outside references."""
        data = self.read(name)
        if data.count(b"<") > limits.TAGS:
            raise too_large()
        try:
            return SafeTree.fromstring(data, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise broken() from error

    def chunks(self, name: str) -> Iterator[bytes]:
        # The sizes a zip declares may be false, so what comes out is counted.
        try:
            with self._zip.open(self._stored.get(name, name)) as stream:
                while chunk := stream.read(_CHUNK):
                    self._unpacked += len(chunk)
                    if self._unpacked > limits.UNPACKED_BYTES:
                        raise too_large()
                    yield chunk
        except UnreadableFile:
            raise
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise broken() from error


def refuse_declarations(data: bytes) -> None:
    """Refuse XML that declares its document type, or entities: they may grow without end."""
    if _declares_a_type(data):
        raise UnreadableFile(
            _(
                "Il file contiene dichiarazioni XML che un foglio di calcolo non ha: "
                "aprilo con il tuo programma, salvalo di nuovo e riprova."
            )
        )


def _declares_a_type(data: bytes) -> bool:
    if b"\x00" in data[:64]:  # two bytes a character
        data = data.replace(b"\x00", b"")
    return b"<!DOCTYPE" in data or b"<!ENTITY" in data


def broken() -> UnreadableFile:
    """Return the refusal of a file cut off on its way, or damaged."""
    return UnreadableFile(
        _("Il file è incompleto o danneggiato: aprilo, salvalo di nuovo e riprova.")
    )


def too_large() -> UnreadableFile:
    """Return the refusal of a file that would fill the memory."""
    return UnreadableFile(
        _("Il file, una volta aperto, è troppo grande: il massimo è %(limit)s MB.")
        % {"limit": grouped(limits.UNPACKED_BYTES // (1024 * 1024))}
    )


def protected() -> UnreadableFile:
    """Return the refusal of a file that opens only with a password."""
    return UnreadableFile(
        _("Il file è protetto da una password: salvalo senza password e riprova.")
    )
