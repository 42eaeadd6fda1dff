"""The files an installation keeps beside its database, by store as the settings name them.

Static files come with the program. What is being uploaded, and the cache, are of nobody a moment
later.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ptpct.backup.folder import FileEntry, NewFolder
from ptpct.backup.refusals import BackupRefusedError
from registry.services.database_files import DatabaseStorage
from risk.models import Evidence
from risk.services.monitoring.evidence_files import name_of

FOLDER = "files"
KEPT_FOR_GOOD = ("evidence",)
"""Stores of what nobody could ask for again; the other files are of a day."""
_CHUNK = 1 << 20


def kept_stores() -> dict[str, Storage]:
    """Return the stores whose files go into a backup, by name: those in the database are rows."""
    stores = {name: storages[name] for name in settings.STORAGES if name != "staticfiles"}
    return {name: store for name, store in stores.items() if not isinstance(store, DatabaseStorage)}


def stores_in_database() -> dict[str, Storage]:
    """Return the stores whose files are rows, by name."""
    names = settings.STORAGES.keys() - kept_stores().keys() - {"staticfiles"}
    return {name: storages[name] for name in sorted(names)}


def bring_files(*, bucket: str = "") -> int:
    """Copy what is kept for good from a folder of this host, from the database, and from a bucket
    where one is named, to where files stand now; return how many.

    For an installation whose files move. What is there already stays, and so does what is copied.
    """
    count = 0
    for alias in KEPT_FOR_GOOD:
        there = storages[alias]
        places = [
            FileSystemStorage(location=settings.VAR_DIR / alias),
            DatabaseStorage(store=alias),
            *([_in_bucket(bucket, alias)] if bucket else []),
        ]
        for before in places:
            for name in files_of(before):
                if not there.exists(name):
                    with before.open(name) as file:
                        there.save(name, file)
                    count += 1
    return count


def missing_evidence() -> list[str]:
    """Return the names of the files that proofs name and that are not where files stand now."""
    digests = Evidence.objects.exclude(file_digest="").order_by("file_digest")
    there = set(files_of(storages["evidence"]))
    named = map(name_of, digests.values_list("file_digest", flat=True).distinct())
    return [name for name in named if name not in there]


def _in_bucket(bucket: str, alias: str) -> Storage:
    """Return a store of a bucket that answers where that of now would (`PTPCT_S3_ENDPOINT`)."""
    # its libraries have a list of their own
    kind = import_string("ptpct.s3_files.BucketStorage")
    options = {"endpoint_url": settings.S3_ENDPOINT} if settings.S3_ENDPOINT else {}
    return kind(bucket_name=bucket, location=alias, **options)


def files_of(store: Storage, folder: str = "") -> Iterator[str]:
    """Give the names of all files of a store."""
    try:
        folders, names = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        yield from files_of(store, str(PurePosixPath(folder, name)))


def copy_stores(folder: NewFolder) -> int:
    """Copy every file of every store into the folder of a backup; return how many.

    After the database: what a row names was there before the row. A file that goes meanwhile was
    about to.
    """
    count = 0
    for alias, store in kept_stores().items():
        for name in files_of(store):
            try:
                opened = store.open(name)
            except FileNotFoundError:
                continue
            with opened, folder.new_file(f"{FOLDER}/{alias}/{name}") as file:
                for piece in opened.chunks(_CHUNK):
                    file.write(piece)
            count += 1
    return count


def size_of_stores() -> int:
    """Return the bytes of all files of all stores."""
    total = 0
    for store in kept_stores().values():
        for name in files_of(store):
            try:
                total += store.size(name)
            except FileNotFoundError:
                continue
    return total


def check_empty(files: dict[str, FileEntry]) -> None:
    """Refuse stores that hold a file which is not that of the backup, to the byte.

    Those that are were put there by a restore that did not come to its end.
    """
    for alias, store in kept_stores().items():
        for name in files_of(store):
            entry = files.get(f"{FOLDER}/{alias}/{name}")
            if entry is None or entry != _entry_of(store, name):
                told = {"name": name, "store": alias}
                raise BackupRefusedError(
                    _("Il posto non è vuoto: fra i file di «%(store)s» c’è già %(name)s.") % told
                )


def _entry_of(store: Storage, name: str) -> FileEntry:
    digest, size = hashlib.sha256(), 0
    with store.open(name) as file:
        for piece in file.chunks(_CHUNK):
            digest.update(piece)
            size += len(piece)
    return FileEntry(size, digest.hexdigest())


def restore_stores(
    source: Path, files: dict[str, FileEntry], *, known: dict[str, Storage] | None = None
) -> tuple[list[tuple[str, str]], int]:
    """Put the files of a backup back; return those put, as store and name, and how many there are.

    Into the stores beside the database, unless others are `known`. A file that is there already
    stays: `check_empty` has compared it.
    """
    put, count = [], 0
    known = kept_stores() if known is None else known
    for path in files:
        parts = PurePosixPath(path).parts
        if len(parts) < 3 or parts[0] != FOLDER or parts[1] not in known:
            continue
        store, name = known[parts[1]], str(PurePosixPath(*parts[2:]))
        count += 1
        if store.exists(name):
            continue
        with (source / path).open("rb") as file:
            stored = store.save(name, File(file))
        put.append((parts[1], stored))
    return put, count


def remove(put: list[tuple[str, str]]) -> None:
    """Take away again what `restore_stores` has put."""
    for alias, name in put:
        storages[alias].delete(name)
