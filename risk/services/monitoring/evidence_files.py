"""Files that prove something: looked at by content, kept once by digest, outside the web root.

A file is on the disk before a row names it, and the row is what counts: whoever dies in between
leaves a file of nobody, which is swept after a day. A file that is there stays as it is, unless
it is damaged: what a row names is what was brought.
"""

import datetime
import hashlib
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import clock
from registry.readable import grouped
from registry.system_faults import FilesAwayError
from risk.models import Evidence

STORE = "evidence"
LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
KEEP_ORPHANS = datetime.timedelta(days=1)
_CHUNK = 1 << 16
_MEGABYTE = 1024 * 1024
# RFC 5652: the type of signed data, as it stands in the first bytes of an envelope
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class BroughtFile:
    """A file as it came: its name, and what reads it."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class CheckedFile:
    """A file that is what it says: size in bytes, SHA-256, media type."""

    name: str
    content: IO[bytes]
    size: int
    digest: str
    kind: str


def _begins(*starts: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(16).startswith(starts)


def _is_signed(file: IO[bytes]) -> bool:
    head = file.read(64)
    return head[:1] == b"\x30" and _SIGNED_DATA in head


def _is_text(file: IO[bytes]) -> bool:
    """Tell whether a file is a text of a spreadsheet or an editor: nothing in it controls."""
    content = file.read(LARGEST)
    for encoding in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            return bool(text) and all(sign.isprintable() or sign.isspace() for sign in text)
    return False


def _has_part(name: str) -> Callable[[IO[bytes]], bool]:
    """Tell whether a file is an Office document of a kind, without macros."""

    def holds(file: IO[bytes]) -> bool:
        names = set(_archive(file).namelist())
        return name in names and not any(one.endswith("vbaProject.bin") for one in names)

    return holds


def _says(kind: str) -> Callable[[IO[bytes]], bool]:
    """Tell whether a file is an OpenDocument of a kind, as its first part says."""
    return lambda file: _archive(file).read("mimetype").strip() == kind.encode()


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(file)
    if any(one.filename == "mimetype" and one.file_size > 200 for one in archive.infolist()):
        raise zipfile.BadZipFile
    return archive


KINDS: dict[str, tuple[str, Callable[[IO[bytes]], bool]]] = {
    "pdf": ("application/pdf", _begins(b"%PDF-")),
    "png": ("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "jpg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _begins(b"\xff\xd8\xff")),
    "docx": (f"{_OFFICE}wordprocessingml.document", _has_part("word/document.xml")),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _has_part("xl/workbook.xml")),
    "odt": (f"{_OPEN_DOCUMENT}text", _says(f"{_OPEN_DOCUMENT}text")),
    "ods": (f"{_OPEN_DOCUMENT}spreadsheet", _says(f"{_OPEN_DOCUMENT}spreadsheet")),
    "p7m": ("application/pkcs7-mime", _is_signed),
    "csv": ("text/csv", _is_text),
    "txt": ("text/plain", _is_text),
}
"""By the end of the name: the media type, and what looks into the content for it."""


def check_file(brought: BroughtFile) -> CheckedFile:
    """Look at a file and return it with its digest. Raises `ValidationError`, on `files`."""
    name = _plain_name(brought.name)
    ending = name.rpartition(".")[2].lower()
    told: dict[str, Any] = {"name": name, "ending": ending.upper()}
    if ending not in KINDS or "." not in name:
        told["kinds"] = ", ".join(kind.upper() for kind in KINDS)
        raise _refused(_("«%(name)s» non è di un tipo che si accetta: %(kinds)s.") % told)
    size = brought.content.seek(0, os.SEEK_END)
    if size > LARGEST:
        told |= {"size": grouped(-(-size // _MEGABYTE)), "most": grouped(LARGEST // _MEGABYTE)}
        raise _refused(_("«%(name)s» pesa %(size)s MB: al più se ne tengono %(most)s.") % told)
    if not size:
        raise _refused(_("«%(name)s» è vuoto.") % told)
    kind, is_so = KINDS[ending]
    if not _looks(is_so, brought.content):
        raise _refused(_("«%(name)s» si chiama %(ending)s, ma il contenuto è altro.") % told)
    brought.content.seek(0)
    digest = hashlib.file_digest(brought.content, "sha256").hexdigest()  # type: ignore[arg-type]
    return CheckedFile(name, brought.content, size, digest, kind)


def _looks(is_so: Callable[[IO[bytes]], bool], content: IO[bytes]) -> bool:
    """Tell whether a content is so; one that cannot be read is not."""
    content.seek(0)
    try:
        return is_so(content)
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, OSError):
        return False


def _plain_name(name: str) -> str:
    """Return a name without folders and without what cannot be seen, at most 255 long."""
    last = PurePath(name.replace("\\", "/")).name
    seen = "".join(sign for sign in last if sign.isprintable()).strip()
    return seen[-255:] or "file"


def _refused(sentence: str) -> ValidationError:
    return ValidationError({"files": sentence})


def evidence_store() -> Storage:
    """Return the store of the files; outside the web root."""
    return storages[STORE]


def name_of(digest: str) -> str:
    """Return under which name a file is kept: in a folder by the first two signs."""
    return f"{digest[:2]}/{digest}"


def keep_file(file: CheckedFile) -> None:
    """Keep a file by its digest, once; on the disk when this returns. Raises `OSError`.

    One that is there is looked at: it may have been damaged, and is then put in order. A whole one
    that a proof names is never taken away, not for a moment: whoever dies then would lose it.
    """
    kept, name = evidence_store(), name_of(file.digest)
    if kept.exists(name):
        # a file of nobody is about to be swept: from now on it is young again
        if _is_whole(kept, name, file.digest) and (
            _is_young_again(kept, name) or _is_named(file.digest)
        ):
            return
        kept.delete(name)
    file.content.seek(0)
    stored = kept.save(name, File(file.content))
    if stored != name:
        # somebody else kept the same file at the same moment
        kept.delete(stored)
    with suppress(NotImplementedError):
        _sync(kept.path(name))


def _is_young_again(kept: Storage, name: str) -> bool:
    """Let a file count as kept just now; False where it has to be kept anew for that.

    What is in no folder has the moment it was written at: it is left where that is not long ago,
    as somebody may be about to name it.
    """
    try:
        os.utime(kept.path(name))
    except NotImplementedError:
        with suppress(FileNotFoundError):
            return _kept_at(kept, name) > clock.now() - KEEP_ORPHANS / 2
        return False
    except OSError:
        return False
    return kept.exists(name)


def _is_named(digest: str) -> bool:
    return Evidence.objects.filter(file_digest=digest).exists()


def _sync(path: str) -> None:
    for place in (path, os.path.dirname(path)):
        opened = os.open(place, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _is_whole(kept: Storage, name: str, digest: str) -> bool:
    try:
        with kept.open(name) as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == digest  # type: ignore[arg-type]
    except FilesAwayError:
        raise
    except OSError:
        return False


def file_of(row: Evidence) -> bytes | None:
    """Return the file of a proof, as it was brought; None where it is lost or is another now.

    Raises `FilesAwayError` where nobody can tell now.
    """
    try:
        with evidence_store().open(name_of(row.file_digest)) as opened:
            content = opened.read()
    except FilesAwayError:
        raise
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == row.file_digest else None


def sweep_orphans(*, before: datetime.datetime | None = None) -> int:
    """Delete the files no proof names, kept since before a moment (a day ago); return how many.

    What was being written when a process was killed goes with them.
    """
    before = before or clock.now() - KEEP_ORPHANS
    kept, gone = evidence_store(), 0
    try:
        folders, _names = kept.listdir("")
    except FileNotFoundError:
        return 0
    for folder in folders:
        names = kept.listdir(folder)[1]
        named = Evidence.objects.filter(file_digest__in=names)
        known = set(named.values_list("file_digest", flat=True))
        for one in set(names) - known:
            name = f"{folder}/{one}"
            with suppress(FileNotFoundError):
                if _kept_at(kept, name) < before:
                    kept.delete(name)
                    gone += 1
    return gone


def _kept_at(kept: Storage, name: str) -> datetime.datetime:
    moment = kept.get_modified_time(name)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
